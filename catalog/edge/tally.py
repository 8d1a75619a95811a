"""How often the page cache could help; told in the log once a minute."""

import logging
import time
from threading import Lock

_EVERY = 60  # seconds

_log = logging.getLogger(__name__)


class Tally:
    """Counts answers by what the header X-Cache said of them.

    ``memories`` are those whose pages are told of in the same line.
    """

    def __init__(self, marks, memories):
        self._counts = dict.fromkeys(marks, 0)
        self._memories = memories
        self._lock = Lock()
        self._told_at = time.monotonic()

    def count(self, mark: str):
        with self._lock:
            self._counts[mark] += 1
            passed = time.monotonic() - self._told_at
            if passed < _EVERY:
                return
            counts = dict(self._counts)
            self._counts = dict.fromkeys(counts, 0)
            self._told_at += passed
        _log.info(
            "Page cache: %s in %d s; %d pages in %.1f MB of %.1f",
            ", ".join(f"{number} {mark}" for mark, number in counts.items()),
            passed,
            sum(map(len, self._memories)),
            sum(memory.used for memory in self._memories) / 2**20,
            sum(memory.size for memory in self._memories) / 2**20,
        )
