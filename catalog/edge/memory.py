"""Where pages are kept: a number of bytes, from which those asked for least give way first."""

from collections import OrderedDict
from contextlib import suppress
from threading import Lock

# Of the whole, for pages that have been asked for more than once.
_PROVEN = 3 / 4
# A page that takes more of the whole than this would push out too many others.
_LARGEST = 1 / 8


class Memory:
    """Pages by what was asked for; ``size`` and ``used`` are in bytes.

    Those that were asked for again stand apart from those that were asked for once: a crawler that
    goes through a hundred thousand addresses, or makes them up, pushes out nothing that others
    come back to.
    """

    def __init__(self, size: int):
        self.size = size
        self.used = 0
        self._proven_used = 0
        self._new = OrderedDict()
        self._proven = OrderedDict()
        self._weights = {}
        self._lock = Lock()

    def __len__(self):
        return len(self._weights)

    def get(self, asked):
        """The page that is kept for ``asked``, of whatever version, or None."""
        page = self._proven.get(asked)
        if page is not None:
            with suppress(KeyError):  # it may give way at this moment
                self._proven.move_to_end(asked)
            return page
        page = self._new.get(asked)
        if page is not None:
            with self._lock:
                if self._new.pop(asked, None) is not None:
                    self._proven[asked] = page
                    self._proven_used += self._weights[asked]
                    self._make_room()
        return page

    def keep(self, asked, page):
        """Keep ``page`` in the stead of what was kept; or not at all, if it is too large."""
        with self._lock:
            shelf = self._proven if asked in self._proven else self._new
            self._remove(asked)
            if page.size <= self.size * _LARGEST:
                shelf[asked] = page
                self._weigh(asked, page)
                self._make_room()

    def forget(self, asked):
        """Keep nothing for ``asked``."""
        with self._lock:
            self._remove(asked)

    def weigh(self, asked, page):
        """Reckon with what ``page`` has grown by."""
        with self._lock:
            if self._shelf_of(asked).get(asked) is page:
                self._weigh(asked, page)
                self._make_room()

    def _shelf_of(self, asked):
        return self._proven if asked in self._proven else self._new

    def _weigh(self, asked, page):
        more = page.size - self._weights.get(asked, 0)
        self._weights[asked] = page.size
        self.used += more
        if asked in self._proven:
            self._proven_used += more

    def _remove(self, asked):
        shelf = self._shelf_of(asked)
        if shelf.pop(asked, None) is None:
            return
        weight = self._weights.pop(asked)
        self.used -= weight
        if shelf is self._proven:
            self._proven_used -= weight

    def _make_room(self):
        while self._proven_used > self.size * _PROVEN:
            asked, page = self._proven.popitem(last=False)
            self._proven_used -= self._weights[asked]
            self._new[asked] = page
        while self.used > self.size:
            self._remove(next(iter(self._new or self._proven)))
