"""Who in the catalogue is meant by the names of a pasted list."""

import re

from ..models.named import entries_named
from ..models.text import fold

NEW, ELSE = "new", "else"

# A key of an entry, which fits its column.
_KEY = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class Called:
    """The entries of ``model`` with one of ``names``, as their name or as another of theirs.

    ``chosen`` are pairs of a choice and a name that was written: who was chosen by key, and whoever
    has that name, are among them. Costs three statements at most; ``rows`` has them by their keys.
    """

    def __init__(self, model, names, chosen):
        written = [name for value, name in chosen if value == ELSE]
        self._by_name = entries_named(model, [*names, *written])
        self.rows = {row.pk: row for rows in self._by_name.values() for row in rows}
        keys = {int(value) for value, _ in chosen if _KEY.fullmatch(value)} - self.rows.keys()
        if keys:
            self.rows |= model.objects.in_bulk(keys)

    def named(self, name: str) -> list:
        return list(self._by_name.get(fold(name), []))

    def with_key(self, value: str):
        return self.rows.get(int(value)) if _KEY.fullmatch(value) else None


def only_one(rows):
    """The value of a choice among ``rows``: to be chosen where there are several."""
    if not rows:
        return NEW
    return str(rows[0].pk) if len(rows) == 1 else ""


def by_key(rows):
    return {str(row.pk): row for row in rows}


def labels_of(rows, in_series=()):
    """What tells entries of one name apart."""
    labels = {}
    for row in rows:
        details = [
            getattr(row, "occupation", ""),
            f"born {row.born}" if getattr(row, "born", None) else "",
            "in this series" if row.pk in in_series else "",
            row.state_mark.lower(),
        ]
        told = ", ".join(filter(None, details))
        labels[str(row.pk)] = f"{row.name} ({told})" if told else row.name
    return labels


def share_a_word(one, other):
    return bool({*fold(one).split()} & {*fold(other).split()})
