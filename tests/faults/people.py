"""Those who use a site while it breaks: many visitors, one who looks closely, and editors."""

import subprocess
import threading
import time
from collections import Counter
from itertools import count
from typing import NamedTuple

import requests

from benchmarks.side_by_side import wrk
from benchmarks.side_by_side.editing import fields_of

from .site import EDITORS, PASSWORD

_PATIENCE = 30  # seconds
_NUMBERS = count(1)


class Visitors:
    """Ask for one page over and over, with wrk, for ``seconds``; inside a ``with`` block.

    After it: ``answered``, ``failed`` (answers that are no 200), and ``broken``, requests that got
    no answer. ``anew`` has each request come over a connection of its own.
    """

    def __init__(self, address, seconds, *, anew=False):
        headers = {"Connection": "close"} if anew else {}
        self.command = wrk.command(address, seconds, headers)

    def __enter__(self):
        self._process = subprocess.Popen(  # noqa: S603 - the benchmark's own command
            self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        time.sleep(0.5)  # until they are there
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self._process.kill()
        output, _ = self._process.communicate()
        if kind is None:
            told = wrk.told(output)
            self.answered, self.failed = told["requests"], told["status"]
            self.broken = sum(told[name] for name in ("connect", "read", "write", "timeout"))


class Seen(NamedTuple):
    """An answer: when, by the monotonic clock, its status, 0 for none, and how long it took."""

    moment: float
    status: int
    took: float
    headers: dict
    text: str


class Watcher:
    """Asks for a page every 50 ms, each time by an address that nobody has asked for before."""

    def __init__(self, site, path="/search/?q={}"):
        self.site, self.path, self.seen = site, path, []

    def __enter__(self):
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self._thread.join()

    def since(self, moment):
        return [seen for seen in list(self.seen) if seen.moment >= moment]

    def _watch(self):
        while not self._stopped.wait(0.05):
            moment = time.monotonic()
            status, headers, text = 0, {}, ""
            try:
                answer = self.site.get(self.path.format(next(_NUMBERS)), allow_redirects=False)
                status, headers, text = answer.status_code, answer.headers, answer.text
            except requests.RequestException:
                pass
            self.seen.append(Seen(moment, status, time.monotonic() - moment, headers, text))


class Editors:
    """So many inside a ``with`` block; each saves biographies of somebody of their own.

    ``saved`` are the texts that the site has acknowledged, ``refused`` counts all other answers by
    their status, 0 for none.
    """

    def __init__(self, site, number=3, pause=0.05):
        self.site, self.number, self.pause = site, number, pause
        self.saved, self.refused, self.pages = [], Counter(), []

    def __enter__(self):
        sql = f"SELECT id FROM catalog_person ORDER BY id LIMIT {self.number:d}"  # noqa: S608
        people = self.site.query(sql)
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(name, person))
            for name, (person,) in zip(EDITORS, people, strict=False)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def lost(self):
        """The acknowledged texts of which the history knows nothing."""
        versions = self.site.versions()
        return [text for text in self.saved if text not in versions]

    def _work(self, name, person):
        session, number = None, 0
        path = f"{self.site.address}/admin/catalog/person/{person}/change/"
        while not self._stopped.wait(self.pause):
            number += 1
            text = f"Told by {name} as number {number} of many."
            try:
                session = session or signed_in(self.site, name)
                answer = save(session, path, biography=text)
            except RefusedError as refused:
                answer = refused.answer
            except requests.RequestException:
                self.refused[0] += 1
                continue
            if answer.status_code == 302:
                self.saved.append(text)
            else:
                self.refused[answer.status_code] += 1
                self.pages.append(answer.text)


class RefusedError(Exception):
    """Signing in gave another ``answer`` than it should."""

    def __init__(self, answer):
        super().__init__(answer.status_code)
        self.answer = answer


def signed_in(site, name=EDITORS[0]):
    """A session of an editor."""
    session = requests.Session()
    answer = save(
        session, f"{site.address}/admin/login/", username=name, password=PASSWORD, next="/admin/"
    )
    if answer.status_code != 302:
        raise RefusedError(answer)
    return session


def save(session, address, **values):
    """Send the form at ``address`` as it is shown, but for ``values``; gives the answer."""
    shown = session.get(address, timeout=_PATIENCE)
    if shown.status_code != 200:
        return shown
    data = [pair for pair in fields_of(shown.text) if pair[0] not in values]
    return session.post(
        address,
        data=[*data, *values.items()],
        headers={"Referer": address},
        timeout=_PATIENCE,
        allow_redirects=False,
    )
