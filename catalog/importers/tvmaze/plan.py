"""What would come of an import: row by row, with the questions that it leaves open."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum

from django.db import models
from django.utils.text import capfirst

NEW = "new"
LEFT_OUT = "leave-out"


class Outcome(Enum):
    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Rights:
    """What the import may do beyond drafts and what hangs on them.

    ``show`` is to change what visitors see at once, or what is in review.
    """

    add_networks: bool = True
    add_jobs: bool = True
    show: bool = False


@dataclass(frozen=True)
class Answers:
    """Who is meant, by the keys of the questions: "new", "leave-out" or the key of an entry.

    Where nothing is said, ``takes_single`` takes the one of the name, where there is exactly one
    that nothing speaks against.
    """

    takes_single: bool = False
    chosen: dict[str, str] = field(default_factory=dict)


@dataclass
class Question:
    """Whether somebody is one of those of the same name, by their keys as text.

    ``value`` is what holds: "" while it must be answered.
    """

    key: str
    model: type[models.Model]
    name: str
    detail: str
    rows: dict
    labels: dict
    value: str = ""

    @property
    def kind(self) -> str:
        return capfirst(self.model._meta.verbose_name)

    @property
    def is_single(self) -> bool:
        return len(self.rows) == 1


@dataclass(frozen=True)
class Difference:
    """Of a field what it is and what it would be, in words; "" for nothing."""

    label: str
    before: str
    after: str


@dataclass
class Planned:
    """What would come of one row.

    ``values`` are those to be set, ``suggested`` those that become suggestions instead; ``stored``
    are the suggestions that there are for these, and ``settled`` those that have no reason any
    more. ``note`` says what else there is to know.
    """

    model: type[models.Model]
    label: str
    row: models.Model | None = None
    outcome: Outcome = Outcome.SKIPPED
    note: str = ""
    values: dict = field(default_factory=dict)
    suggested: dict = field(default_factory=dict)
    stored: dict = field(default_factory=dict)
    settled: list = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    suggestions: list[Difference] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return capfirst(self.model._meta.verbose_name)

    @property
    def is_written(self) -> bool:
        return self.outcome in (Outcome.NEW, Outcome.UPDATED)

    def skip(self, why):
        self.outcome, self.note, self.values = Outcome.SKIPPED, why, {}
        self.differences = []
        return self


@dataclass
class Plan:
    """``rows`` are in the order in which they are written."""

    name: str
    address: str
    rows: list[Planned] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_answered(self) -> bool:
        return all(question.value for question in self.questions)

    @property
    def written(self) -> list[Planned]:
        return [each for each in self.rows if each.is_written]

    @property
    def suggesting(self) -> list[Planned]:
        return [each for each in self.rows if each.suggested]

    @property
    def skipped(self) -> list[Planned]:
        return [each for each in self.rows if each.outcome is Outcome.SKIPPED]

    @property
    def unchanged_with_a_note(self) -> list[Planned]:
        """Nothing comes of them, and yet there is something for an editor to look at."""
        return [
            each
            for each in self.rows
            if each.outcome is Outcome.UNCHANGED and each.note and not each.suggested
        ]

    @property
    def counts(self) -> dict[type[models.Model], Counter]:
        """How many rows of each kind come to which outcome, and have suggestions."""
        found = {}
        for each in self.rows:
            of_model = found.setdefault(each.model, Counter())
            of_model[each.outcome] += 1
            of_model["suggested"] += len(each.suggested)
        return found

    @property
    def digest(self) -> str:
        """Stands for what was asked: another one says that something changed since."""
        told = [(each.key, sorted(each.rows)) for each in self.questions]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
