"""What is proposed for a line of a cast list, what an editor chooses, and what is written."""

import hashlib
from dataclasses import dataclass, field

from ..models import Portrayal
from ..models.text import fold
from .cast_lines import CastLine
from .naming import ELSE, NEW, by_key, labels_of

NEW_PART = "New part"
SEASON_ADDED = "Already there: the season is added"
FILLED_IN = "Already there: what is missing is filled in"
NOTHING = "Nothing to do: it is all there"
LEFT_OUT = "Left out"

MAY_NOT_SHOW = (
    "Visitors would see this at once, and you may not publish: "
    "leave it out, or ask somebody who may."
)


@dataclass(frozen=True)
class Rights:
    """What the editor may do; ``show`` is to make something visible to everybody."""

    add_people: bool = True
    add_characters: bool = True
    show: bool = True


@dataclass(frozen=True)
class Chosen:
    """What an editor chose for one line.

    ``person`` and ``character`` are "new", "else", the key of an entry as text, or "" for nothing;
    with "else" the name that was written says who it is.
    """

    is_taken: bool = True
    person: str = ""
    character: str = ""
    person_name: str = ""
    character_name: str = ""


@dataclass
class Choice:
    """Who may be meant by ``name``: rows by their keys as text; ``value`` is who is.

    It is "new" for a new draft, "" while it must be chosen, and "else" while nobody is found by
    ``sought``, the name that the editor wrote instead.
    """

    name: str
    value: str
    rows: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    sought: str = ""

    def offer(self, rows):
        self.rows |= by_key(rows)
        self.labels |= labels_of([row for row in rows if str(row.pk) not in self.labels])

    @property
    def problem(self):
        if self.value == ELSE and self.sought:
            return f"Nobody is in the catalogue as “{self.sought}”: write another name."
        if self.value == ELSE:
            return "Write who it is."
        return "" if self.value else "Choose who is meant."

    @property
    def row(self):
        return self.rows.get(self.value)

    @property
    def who(self):
        """What tells the new ones of one name from those of another, and all from old ones."""
        return (NEW, fold(self.name)) if self.value == NEW else self.value


@dataclass
class Proposal:
    """A line and what will become of it. ``part`` is the portrayal that is there already."""

    line: CastLine
    is_taken: bool = False
    person: Choice | None = None
    character: Choice | None = None
    kind: str = ""
    part: Portrayal | None = None
    outcome: str = LEFT_OUT
    problem: str = ""

    def __post_init__(self):
        """``digest`` stands for what is offered: another one says that something changed."""
        told = (
            self.line.text,
            self.person and sorted(self.person.rows),
            self.character and sorted(self.character.rows),
        )
        self.digest = hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@dataclass
class Entered:
    """What was written: the rows that are new, and the parts to which the season was added."""

    people: list = field(default_factory=list)
    characters: list = field(default_factory=list)
    added: list = field(default_factory=list)
    extended: list = field(default_factory=list)
