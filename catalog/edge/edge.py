from threading import Event, Lock

from django.db import Error
from django.utils import timezone

from .. import replicas
from ..cacheable import SAFE_METHODS
from .asking import asked_of, known_parameters
from .evidence import Evidence
from .memory import Memory
from .pages import Page
from .tally import Tally
from .watch import Watch

# What operators read in the header X-Cache.
HIT, MISS, STALE, BYPASS = "hit", "miss", "stale", "bypass"

# Of the memory, for the pages of visitors who have told how far they are: whoever makes up
# progresses does not push out what everybody else sees.
_OWN = 1 / 4

# Who asks for a page that somebody is making waits for it; longer than that, only if it hangs.
_PATIENCE = 10  # seconds


class Edge:
    """Answers what everybody may see from memory, and hands on the rest to ``application``.

    A page is kept for the version of the catalogue at which it was made, and is made of what was
    asked for alone (``Asked``). ``size`` is what all pages may take, in bytes; each process has
    its own.
    """

    def __init__(self, application, size: int):
        self.application = application
        self.watch = Watch()
        self.memory = Memory(size - int(size * _OWN))
        self.own_memory = Memory(int(size * _OWN))
        self.tally = Tally((HIT, MISS, STALE, BYPASS), (self.memory, self.own_memory))
        self._being_made = {}
        self._renewing = Lock()

    def __call__(self, environ, start_response):
        asked = asked_of(environ)
        present = self.watch.present() if asked is not None else None
        if present is None:
            return self._hand_on(environ, start_response)
        memory = self.memory if asked.progress is None else self.own_memory
        page = memory.get(asked)
        mark = HIT
        if page is None or page.version != present.version:
            if page is None and known_parameters(asked.path) is None:
                return self._hand_on(environ, start_response)
            mark, page, other = self._anew(asked, present, memory, page, environ)
            if page is None:
                return self._send(other, mark, environ, start_response)
        return self._answer(page, mark, asked, memory, environ, start_response)

    # Answers ------------------------------------------------------------------------------------

    def _answer(self, page, mark, asked, memory, environ, start_response):
        told = environ.get("HTTP_IF_NONE_MATCH")
        if told is not None and page.is_what(told):
            unchanged = "304 Not Modified", page.not_modified, b""
            return self._send(unchanged, mark, environ, start_response)
        size = page.size
        headers, body = page.body_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if page.size != size:
            memory.weigh(asked, page)
        return self._send((page.status, headers, body), mark, environ, start_response)

    def _send(self, answer, mark, environ, start_response):
        status, headers, body = answer
        self.tally.count(mark)
        start_response(status, [*headers, ("X-Cache", mark)])
        return [body] if body and environ["REQUEST_METHOD"] == "GET" else []

    def _hand_on(self, environ, start_response):
        """Let ``application`` answer the request as it came."""
        self.tally.count(BYPASS)

        def start(status, headers, *error):
            return start_response(status, [*headers, ("X-Cache", BYPASS)], *error)

        answer = self.application(environ, start)
        if environ["REQUEST_METHOD"] not in SAFE_METHODS:
            # What it has changed is seen here at once.
            self.watch.look_again()
        return answer

    # Making pages -------------------------------------------------------------------------------

    def _anew(self, asked, present, memory, outdated, environ):
        """(mark, page, None), or (mark, None, (status, headers, body)) of what is not kept."""
        if outdated is not None and not self.watch.is_answered:
            # To try and fail would take long where a machine has gone without a word.
            return STALE, outdated, None
        if outdated is None or not present.still_allows(outdated.version):
            return self._make_once(asked, present, memory, outdated, environ)
        # A change does not become a rush: one page after the other is made anew.
        if not self._renewing.acquire(blocking=False):
            return STALE, outdated, None
        try:
            return self._make_once(asked, present, memory, outdated, environ)
        finally:
            self._renewing.release()

    def _make_once(self, asked, present, memory, outdated, environ):
        """Make the page, or wait for whoever is making it."""
        mine = Event()
        made = self._being_made.setdefault(asked, mine)
        if made is not mine:
            made.wait(_PATIENCE)
            page = memory.get(asked)
            if page is not None and page.version >= present.version:
                return HIT, page, None
            return self._make(asked, present, memory, page or outdated, environ)
        try:
            return self._make(asked, present, memory, outdated, environ)
        finally:
            del self._being_made[asked]
            made.set()

    def _make(self, asked, present, memory, outdated, environ):
        if outdated is not None and _still_holds(outdated, present):
            outdated.version = present.version
            return HIT, outdated, None
        evidence, status, headers, body = self._ask_application(asked, environ, present.alias)
        if status.startswith("5") and replicas.is_lost(present.alias):
            lost, present = present.alias, self.watch.present_without(present.alias)
            if present.alias != lost:
                answer = self._ask_application(asked, environ, present.alias)
                evidence, status, headers, body = answer
        if status.startswith("5") and outdated is not None:
            return STALE, outdated, None
        if not _is_kept(status, headers):
            # What has gone does not come back when something breaks.
            memory.forget(asked)
            return MISS, None, (status, headers, body)
        page = Page(present.version, evidence, status, headers, body, asked.size)
        memory.keep(asked, page)
        return MISS, page, None

    def _ask_application(self, asked, environ, alias):
        """(evidence, status, headers, body) of what Django makes of the database ``alias``."""
        moment = timezone.now()
        evidence = Evidence(moment)
        told = []
        with replicas.reading_from(alias), evidence.gathering():
            environ = asked.environ(environ, moment)
            parts = self.application(environ, lambda *answer: told.append(answer[:2]))
            try:
                body = b"".join(parts)
            finally:
                if hasattr(parts, "close"):
                    parts.close()
        return evidence, *told[-1], body


def _still_holds(page, present):
    """Whether nothing that ``page`` was made of has changed since."""
    # Between two versions with the same end there is no moment at which anything comes out.
    if page.version.until != present.version.until:
        return False
    try:
        return page.evidence.still_holds(present.alias, timezone.now())
    except Error:
        return False


def _is_kept(status, headers):
    """Whether the answer is a page for all who ask for the same, and not for one of them."""
    told = {name.lower(): value for name, value in headers}
    return (
        status.startswith("200 ")
        and "set-cookie" not in told
        and "no-store" not in told.get("cache-control", "")
    )
