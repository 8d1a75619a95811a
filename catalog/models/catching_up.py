"""Follows up the saves of very many rows, once for all of them."""

from contextlib import contextmanager

from django.db import connection, transaction

from .afterwards import left_for_later
from .duplicates import LikelyDuplicate
from .gate import refresh_gates_of
from .search import SearchEntry

_AT_ONCE = 500


@contextmanager
def catching_up(progress):
    """Saves inside are followed up at the end, in the same transaction: one must be open.

    Until then the rows are shown nowhere. ``progress`` makes a bar, as tqdm does, that counts
    the rows to be found by search and compared with others.
    """
    with left_for_later() as later:
        yield
    refresh_gates_of(later.gated, later.moments)
    if later.gated and connection.features.has_select_for_update:
        # What others wrote meanwhile can be seen only after the commit, and so can this.
        # (No partial: when it fails, Django asks for its name.)
        transaction.on_commit(lambda: refresh_gates_of(later.gated, later.moments), robust=True)
    total = sum(map(len, [*later.findable.values(), *later.comparable.values()]))
    with progress(total=total, desc="Search", unit=" rows") as bar:
        for model, keys in later.findable.items():
            for rows in _batches(model, keys):
                SearchEntry.objects.record(rows)
                bar.update(len(rows))
        for model, keys in later.comparable.items():
            for rows in _batches(model, keys):
                LikelyDuplicate.objects.look_again(rows)
                bar.update(len(rows))


def _batches(model, keys):
    keys = sorted(keys)
    for start in range(0, len(keys), _AT_ONCE):
        yield list(model.objects.filter(pk__in=keys[start : start + _AT_ONCE]).order_by("pk"))
