"""An editor, signed in, who saves another biography every second through the admin's forms."""

import threading
import time
from html.parser import HTMLParser
from itertools import count, cycle

import requests

_EVERY = 1  # seconds
_SHOWN_WITHIN = 3
_PATIENCE = 30
_FIELD = "biography"


class EditError(Exception):
    """A save did not come through; the text says what the site answered."""


class Editor:
    """Saves inside a ``with`` block, each time another of those edited; ``saves`` counts them.

    ``edited`` are pairs: the address of a form, and of the page that shows what it saves. At the
    end of the block the page of the last save must show it: what is quick shall not be outdated.
    """

    def __init__(self, address, edited, who):
        self.address, self.who = address, who
        self._edited, self._numbers = cycle(edited), count(1)
        self._session = None

    def __enter__(self):
        if self._session is None:
            self._session = requests.Session()
            self._sign_in()
        self.saves, self._error = 0, None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()
        return self

    def __exit__(self, kind, *_):
        self._stopped.set()
        self._thread.join()
        if kind is None:
            if self._error:
                raise self._error
            self._check_shown()

    def _work(self):
        start = time.monotonic()
        for number in count(1):
            try:
                self._save(*next(self._edited))
            except (EditError, OSError) as error:
                self._error = EditError(f"an edit failed: {error}")
                return
            self.saves += 1
            if self._stopped.wait(max(start + number * _EVERY - time.monotonic(), 0)):
                return

    def _sign_in(self):
        name, password = self.who
        self._post("/admin/login/", {"username": name, "password": password})

    def _save(self, form, page):
        text = f"Came to the harbour as a child, {next(self._numbers)} winters ago."
        self._post(form, {_FIELD: text, "_save": "Save"})
        self._last = page, text

    def _check_shown(self):
        page, text = self._last
        deadline = time.monotonic() + _SHOWN_WITHIN
        while text not in requests.get(self.address + page, timeout=_PATIENCE).text:
            if time.monotonic() > deadline:
                raise EditError(f"{page} does not show what was saved {_SHOWN_WITHIN} seconds ago")
            time.sleep(0.1)

    def _post(self, path, changes):
        """Send the form at ``path`` as it is shown, but for ``changes``."""
        page = self._session.get(self.address + path, timeout=_PATIENCE)
        sent = self._session.post(
            self.address + path,
            data=[
                *((name, value) for name, value in fields_of(page.text) if name not in changes),
                *changes.items(),
            ],
            headers={"Referer": self.address + path},
            timeout=_PATIENCE,
            allow_redirects=False,
        )
        if sent.status_code != 302:
            raise EditError(f"{path} answered {sent.status_code} to what was sent")


def fields_of(page: str) -> list[tuple[str, str]]:
    """The names and values that a browser would send of the forms on ``page``."""
    reader = _Fields()
    reader.feed(page)
    return reader.fields


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields = []
        self._select = self._area = None
        # The first option of a box that takes one, which stands where none is chosen.
        self._takes_one, self._first = False, None

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        name = told.get("name")
        if tag == "input" and name and "disabled" not in told:
            kind = told.get("type", "text")
            if kind in {"submit", "button", "image", "file", "reset"}:
                return
            if kind not in {"checkbox", "radio"}:
                self.fields.append((name, told.get("value") or ""))
            elif "checked" in told:
                self.fields.append((name, told.get("value", "on")))
        elif tag == "textarea":
            self._area = [name, ""]
        elif tag == "select":
            self._select, self._first = name, None
            self._takes_one = "multiple" not in told
        elif tag == "option" and self._select:
            value = told.get("value") or ""
            if "selected" in told:
                self.fields.append((self._select, value))
                self._takes_one = False
            elif self._first is None:
                self._first = value

    def handle_data(self, data):
        if self._area:
            self._area[1] += data

    def handle_endtag(self, tag):
        if tag == "select":
            if self._select and self._takes_one and self._first is not None:
                self.fields.append((self._select, self._first))
            self._select = None
        elif tag == "textarea" and self._area:
            name, text = self._area
            # Django writes a newline first, which is none of the text.
            self.fields.append((name, text.removeprefix("\n")))
            self._area = None
