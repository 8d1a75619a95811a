"""What is still to be done for rows that were saved together.

A save brings search rows, gates and likely duplicates up to date at once. Where thousands of rows
are saved in one transaction, that waits until all of them are there: see ``catching_up``.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

_waiting = ContextVar("waiting", default=None)


class Afterwards:
    """Keys of rows whose saves are not followed up yet; each is a set by model."""

    def __init__(self):
        self.gated = {}
        self.moments = {}  # {(model, key): shown_from before it was changed}
        self.findable = {}
        self.comparable = {}

    def follow_gate(self, row, *, is_new: bool, before):
        self.gated.setdefault(type(row), set()).add(row.pk)
        if not is_new:
            self.moments.setdefault((type(row), row.pk), before)

    def follow_search(self, rows):
        for row in rows:
            self.findable.setdefault(type(row), set()).add(row.pk)

    def follow_likeness(self, entry):
        self.comparable.setdefault(type(entry), set()).add(entry.pk)


def waiting() -> Afterwards | None:
    """Where a save leaves what follows it; None where it sees to that itself."""
    return _waiting.get()


def together():
    """A transaction for a row and what follows its save.

    Whoever saves many has one around all of them: a savepoint for each row would take as long as
    to write it.
    """
    return transaction.atomic(savepoint=waiting() is None)


@contextmanager
def left_for_later():
    """Inside, saves leave what follows them to the caller. Gives the ``Afterwards``."""
    later = Afterwards()
    token = _waiting.set(later)
    try:
        yield later
    finally:
        _waiting.reset(token)
