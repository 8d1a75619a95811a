"""What is proposed for a line of a cast list, what an editor chooses, and what is written."""

from dataclasses import dataclass, field

from ..models import Portrayal
from ..models.text import fold
from .cast_lines import CastLine

NEW = "new"

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
    """What an editor chose for one line: "new", the key of an entry as text, or "" for nothing."""

    is_taken: bool = True
    person: str = ""
    character: str = ""


@dataclass
class Choice:
    """Who may be meant by ``name``: rows by their keys as text; ``value`` is who is.

    It is "new" for a new draft and "" while it must be chosen.
    """

    name: str
    value: str
    rows: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)

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


@dataclass
class Entered:
    """What was written: the rows that are new, and the parts to which the season was added."""

    people: list = field(default_factory=list)
    characters: list = field(default_factory=list)
    added: list = field(default_factory=list)
    extended: list = field(default_factory=list)
