"""What TVmaze tells of a show, as values of ours."""

from dataclasses import dataclass, fields, replace
from enum import Enum

from ..problems import FormError, shown


class Untold(Enum):
    """What an answer does not speak of, unlike None: what TVmaze says is unknown."""

    UNTOLD = "untold"


UNTOLD = Untold.UNTOLD
ADDRESS = "https://www.tvmaze.com/shows/{}"


@dataclass(frozen=True)
class Network:
    name: str
    url: str = ""


@dataclass(frozen=True)
class Show:
    """Dates are ISO texts of whole days. ``status`` is TVmaze's own word."""

    id: int
    name: str
    synopsis: str | Untold | None = UNTOLD
    status: str | Untold | None = UNTOLD
    network: Network | Untold | None = UNTOLD
    country: str | Untold | None = UNTOLD
    language: str | Untold | None = UNTOLD
    premiered: str | Untold | None = UNTOLD
    ended: str | Untold | None = UNTOLD
    imdb_id: str | Untold | None = UNTOLD
    tvdb_id: int | Untold | None = UNTOLD

    def __str__(self):
        return f"show {self.id}"

    @property
    def address(self) -> str:
        return ADDRESS.format(self.id)


@dataclass(frozen=True)
class Season:
    number: int
    name: str | Untold | None = UNTOLD
    premiered: str | Untold | None = UNTOLD
    synopsis: str | Untold | None = UNTOLD
    network: Network | Untold | None = UNTOLD

    def __str__(self):
        return f"season {self.number}"


@dataclass(frozen=True)
class Episode:
    """``number`` is None for specials; ``season`` is the one in which they came out."""

    id: int
    season: int
    number: int | None
    is_significant: bool
    name: str | Untold | None = UNTOLD
    aired: str | Untold | None = UNTOLD
    runtime: int | Untold | None = UNTOLD
    synopsis: str | Untold | None = UNTOLD

    def __str__(self):
        return f"episode {self.id}"

    @property
    def is_special(self) -> bool:
        return self.number is None

    @property
    def label(self) -> str:
        code = f"S{self.season} special" if self.is_special else f"S{self.season}E{self.number}"
        return f"{code} {self.name}" if isinstance(self.name, str) else code


@dataclass(frozen=True)
class Person:
    id: int
    name: str
    born: str | Untold | None = UNTOLD
    died: str | Untold | None = UNTOLD

    def __str__(self):
        return f"person {self.id}"


@dataclass(frozen=True)
class Character:
    id: int
    name: str

    def __str__(self):
        return f"character {self.id}"


@dataclass(frozen=True)
class Part:
    """Somebody plays somebody; ``character`` is None for those who are themselves."""

    person: int
    character: int | None
    is_voice: bool


@dataclass(frozen=True)
class Work:
    person: int
    job: str


@dataclass(frozen=True)
class Told:
    """All that is told of one show; ``show`` is None where only parts of it are.

    ``people`` and ``characters`` are by their ids, the rest is in the order of TVmaze.
    """

    id: int
    show: Show | None
    seasons: tuple[Season, ...]
    episodes: tuple[Episode, ...]
    people: dict[int, Person]
    characters: dict[int, Character]
    parts: tuple[Part, ...]
    works: tuple[Work, ...]

    @property
    def name(self) -> str:
        return self.show.name if self.show else f"show {self.id}"

    @property
    def address(self) -> str:
        return ADDRESS.format(self.id)


def joined(one, other):
    """What two answers tell of the same thing. Raises FormError where they contradict each other.

    What only one of them speaks of, or knows, holds.
    """
    values = {}
    for field in fields(one):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if first is UNTOLD or (first is None and second is not UNTOLD):
            values[field.name] = second
        elif second not in (UNTOLD, None, first):
            raise FormError(
                f"{field.name} is told in two ways: {_shown(first)} and {_shown(second)}. Take "
                "answers of the same day."
            )
    return replace(one, **values)


def _shown(value):
    return shown(value.name if isinstance(value, Network) else value)
