"""Chance that falls the same way each time, and the fields that it decides for every kind."""

import datetime as dt
from collections import Counter
from itertools import accumulate
from random import Random

from ...models import State
from ...models.text import address, fold

# Far enough off to be still to come whenever the catalogue is looked at.
_NEVER_YET = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


class Chance(Random):
    """A stream of its own for each ``topic``: more of one kind leaves the others as they were."""

    def __init__(self, seed: int, topic: str):
        super().__init__(f"{seed} {topic}")

    def comes(self, share: float) -> bool:
        """True in ``share`` of all cases."""
        return self.random() < share

    def pick(self, items, weights):
        """One of ``items``, by their summed ``weights`` (see ``skewed``)."""
        return self.choices(items, cum_weights=weights)[0]

    def state(self) -> dict:
        """Whether an entry is out: two in a hundred are not."""
        fall = self.random()
        if fall < 0.98:
            return PUBLISHED
        if fall < 0.99:
            return {"state": State.DRAFT}
        if fall < 0.995:
            return {"state": State.IN_REVIEW}
        return SCHEDULED


PUBLISHED = {"state": State.PUBLISHED}
SCHEDULED = {"state": State.PUBLISHED, "publish_at": _NEVER_YET}
HIDDEN = ({"state": State.DRAFT}, SCHEDULED, {"state": State.IN_REVIEW})


def skewed(count: int, exponent: float, flat: int) -> list[float]:
    """Summed weights for ``count`` items, the first the heaviest, as by Zipf's law.

    The larger ``flat``, the less do the first few stand out.
    """
    return list(accumulate((rank + flat) ** -exponent for rank in range(1, count + 1)))


class Names:
    """What ``Entry.save`` makes of a name, for entries of one kind that are written in bulk."""

    def __init__(self):
        self._taken = Counter()

    def fields(self, name: str) -> dict[str, str]:
        stem = address(name)
        self._taken[stem] += 1
        number = self._taken[stem]
        return {
            "name": name,
            "slug": stem if number == 1 else f"{stem}-{number}",
            "sort_name": fold(name)[:200],
        }
