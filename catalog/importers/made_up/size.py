"""How large a made-up catalogue is, by the number of its people."""

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

# Of fewer people, the most prolific would be all there is.
LEAST_PEOPLE = 10
# What the one person has whose page is the longest, and the share of acting in it.
_MOST_CREDITS = 3_000
_MOST_PARTS = 400
_NAMESAKES = 40


@dataclass(frozen=True)
class Size:
    """How many rows of each kind there are for ``people`` people, LEAST_PEOPLE or more.

    The kinds grow at different speeds, as they do on real sites: a hundred times the people
    are in ten times the series.
    """

    people: int

    @property
    def most_rows(self) -> int:
        """The rows of the kinds that have nearly all of them: ``MANY`` in __init__.py."""
        return self.people + self.characters + self.portrayals + self.credits

    @property
    def published_series(self) -> int:
        return max(4, round(4 * sqrt(self.people / 1_000)))

    @property
    def hidden_series(self) -> int:
        """Drafts and the like; they come on top."""
        return max(2, self.published_series // 10)

    @cached_property
    def episodes(self) -> list[int]:
        """For each series, the hidden ones last; the first has the most."""
        weights = [
            1 / sqrt(rank) for rank in range(1, self.published_series + self.hidden_series + 1)
        ]
        total = 10_000 * (self.people / 100_000) ** 0.7
        return [max(8, round(total * weight / sum(weights))) for weight in weights]

    @property
    def namesakes(self) -> int:
        """The people who share one name."""
        return min(_NAMESAKES, self.people // 4)

    @property
    def characters(self) -> int:
        return max(8, self.people // 2)

    @property
    def most_parts(self) -> int:
        """The parts of the most prolific person."""
        return min(_MOST_PARTS, 2 * self.people // 5)

    @property
    def most_credits(self) -> int:
        """Parts and crew work of the most prolific person together."""
        return min(_MOST_CREDITS, 3 * self.people)

    @property
    def portrayals(self) -> int:
        """Those of all others come to two a person."""
        return 2 * self.people + self.most_parts

    @property
    def credits(self) -> int:
        """Those of all others come to three a person."""
        return 3 * self.people + self.most_credits - self.most_parts

    @property
    def organizations(self) -> int:
        return max(3, self.people // 200)

    @property
    def memberships(self) -> int:
        return self.characters // 10

    @property
    def facts(self) -> int:
        return self.characters // 5

    @property
    def relationships(self) -> int:
        return self.characters // 10

    @property
    def announcements(self) -> int:
        return max(10, self.people // 50)

    @property
    def sources(self) -> int:
        return max(5, self.people // 100)
