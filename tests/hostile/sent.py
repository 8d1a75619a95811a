"""A request as a stranger sends it, and what must hold of every answer to it."""

import gzip
import shlex
import time
import traceback
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote

import brotli
from django.core.signals import got_request_exception
from django.db import transaction

from catalog.cacheable import SAFE_METHODS

from .world import AHEAD, BEHIND, HIDDEN, UNSEEN

_LONGEST = 2  # seconds
# A busy machine is no reason for a test to fail: only what is slow each time is slow.
_TRIES = 3

_UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: lambda body: body}
_OF_TEXT = ("text/", "application/json")

_PROTECTING = {
    "cross-origin-opener-policy",
    "permissions-policy",
    "referrer-policy",
    "x-content-type-options",
}
_OF_PAGES = {"content-security-policy", "x-frame-options"}
# For load balancers, not for browsers, so without these.
_HEALTH = "/health/"


# The headers whose variables have no prefix.
_BARE = {"Content-Length", "Content-Type"}


@dataclass(frozen=True, repr=False)
class Sent:
    """``target`` as it stands in the first line; the values of ``headers`` as latin-1."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def __repr__(self):
        return f"<{self.method:.20} {self.target:.200}>"  # command() tells the whole

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def is_behind(self) -> bool:
        """Whether the visitor has told how far they are, and wants to be told no more."""
        cookies = [value for name, value in self.headers if name == "Cookie"]
        return cookies == [f"progress={BEHIND}"] and "show" not in self.target

    def environ(self) -> dict:
        """As a server hands it on."""
        path, _, query = self.target.partition("?")
        environ = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
        }
        for name, value in self.headers:
            variable = name.upper().replace("-", "_")
            environ[variable if name in _BARE else f"HTTP_{variable}"] = value
        return environ

    def command(self) -> str:
        """What sends it to a site on one's own machine, in a shell."""
        words = ["curl", "--include", "--path-as-is", "--globoff", "--request", self.method]
        for name, value in self.headers:
            words += ["--header", f"{name}: {value}"]
        words.append(f"http://127.0.0.1:8000{self.target}")
        command = " ".join(map(shlex.quote, words))
        if not self.body:
            return command
        octal = "".join(f"\\{byte:03o}" for byte in self.body)
        return f"printf '{octal}' | {command} --data-binary @-"


class Asking:
    """Sends to a ``visitor`` of the hostile world, and looks at every answer."""

    def __init__(self, visitor):
        self.visitor = visitor
        self.number = 0

    def __call__(self, sent):
        """The answer to ``sent``; raises AssertionError if it is none that a stranger may get."""
        self.number += 1
        errors = []

        def note(sender, **_):
            errors.append(traceback.format_exc())

        got_request_exception.connect(note)
        try:
            answer = self._within_time(sent)
            _look_at(answer, sent)
        except Exception as error:
            for text in errors:
                error.add_note(text)
            error.add_note(f"Sent again:\n\n    {sent.command()}\n")
            raise
        finally:
            got_request_exception.disconnect(note)
        return answer

    def _within_time(self, sent):
        for _ in range(_TRIES):
            start = time.perf_counter()
            answer = self._ask(sent)
            seconds = time.perf_counter() - start
            if seconds < _LONGEST:
                return answer
        raise AssertionError(f"It took {seconds:.1f} s.")

    def _ask(self, sent):
        if sent.method in SAFE_METHODS:
            return self.visitor.send(sent.environ())
        # Each finds the same: no sign-in is locked by those before it.
        with transaction.atomic():
            answer = self.visitor.send(sent.environ())
            transaction.set_rollback(True)
        return answer


def _look_at(answer, sent):
    assert answer.status < 500, f"It was answered {answer.status}."
    headers = {name.lower(): value for name, value in answer.headers.items()}
    for name, value in headers.items():
        assert value.isascii(), f"{name}: {value!r}"
        assert value.isprintable(), f"{name}: {value!r}"
    content_type = headers.get("content-type", "")
    if answer.status != 304 and not sent.path.startswith(_HEALTH):
        needed = _PROTECTING | (_OF_PAGES if content_type.startswith("text/html") else set())
        assert headers.keys() >= needed, f"It lacks {needed - headers.keys()}."
    if not content_type.startswith(_OF_TEXT) or sent.method == "HEAD":
        return
    text = _UNPACK[headers.get("content-encoding")](answer.body).decode()
    assert HIDDEN not in text, "It tells of what is not out."
    assert UNSEEN in sent.target or UNSEEN not in text, "It leads to what is not out."
    if sent.is_behind:
        assert AHEAD not in text, "It tells of what comes later."
    if content_type.startswith("text/html"):
        assert "<zq" not in text.lower(), "It has an element that was sent."
        assert '"zqa=' not in text, "It has an attribute that was sent."
        assert "'zqa=" not in text, "It has an attribute that was sent."
