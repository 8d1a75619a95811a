"""What every contender shows: three made-up series, each with 25 in its cast and 10 episodes.

Needs no Django. The same at every run.
"""

from datetime import date
from itertools import product
from typing import NamedTuple

_FIRST = ("Ada", "Bela", "Cleo", "Dario", "Edda", "Faris", "Greta", "Hugo", "Ines", "Jonas")
_LAST = ("Abend", "Birk", "Corvo", "Dahl", "Ekman", "Fontaine", "Grau", "Holm", "Ivers", "Jansson")
_ROLES = ("Detective", "Sergeant", "Captain", "Doctor", "Judge")
_TITLES = ("Ashes", "Bridges", "Cold Water", "Daybreak", "Echoes")
_TITLES += ("Fault Lines", "Ghost Light", "High Tide", "Iron", "Juries")
_PEOPLE_OF_A_SERIES = 25
KINDS = {"main": "Main cast", "recurring": "Recurring", "guest": "Guest"}
# The sections of the catalogue that the navigation of every contender leads to.
SECTIONS = ("Series", "Episodes", "Characters", "Actors", "Crew", "Organizations", "News")
SECTIONS += ("Timeline", "Crossovers", "Watch orders")


class Part(NamedTuple):
    person: str
    person_slug: str
    role: str
    role_slug: str
    kind: str  # a key of KINDS
    biography: str


class Episode(NamedTuple):
    number: int
    name: str
    aired: str  # ISO 8601
    synopsis: str


class Show(NamedTuple):
    name: str
    slug: str
    network: str
    premiered: str
    synopsis: str
    cast: tuple[Part, ...]
    episodes: tuple[Episode, ...]


def _slug(name):
    return name.lower().replace(" ", "-")


def _shows():
    names = [f"{first} {last}" for last, first in product(_LAST, _FIRST)]
    for number, name in enumerate(("Harbour Lights", "The Long Pier", "Night Ferry")):
        people = names[number * _PEOPLE_OF_A_SERIES :][:_PEOPLE_OF_A_SERIES]
        yield Show(
            name=name,
            slug=_slug(name),
            network="Channel Nine",
            premiered=f"{2014 + number}-02-13",
            synopsis=f"{name} follows the detectives of a harbour town through their cases, one a "
            "season, and through what these cases do to the town and to themselves.",
            cast=tuple(_part(person, place) for place, person in enumerate(people)),
            episodes=tuple(_episode(place, title, number) for place, title in enumerate(_TITLES)),
        )


def _part(person, place):
    role = f"{_ROLES[place % len(_ROLES)]} {person.split()[1]} {person.split()[0][0]}"
    return Part(
        person=person,
        person_slug=_slug(person),
        role=role,
        role_slug=_slug(role),
        kind="main" if place < 8 else "recurring" if place < 16 else "guest",
        biography=f"{role} came to the harbour as a child and has never quite left it.",
    )


def _episode(place, title, number):
    return Episode(
        number=place + 1,
        name=title,
        aired=f"{2014 + number}-03-{place + 1:02}",
        synopsis=f"A case at the docks leads to {title.lower()}, and to somebody's door.",
    )


def day(text: str) -> str:
    """An ISO date as a page says it, "13 February 2014"."""
    return f"{date.fromisoformat(text):%-d %B %Y}"


def words_of_season(show: Show) -> tuple[str, ...]:
    """What the page of its season must hold, in this order; ``>…</a>`` is what a link says."""
    found = [*_links(SECTIONS), *_links([show.name]), "Season 1", show.network, "10 episodes"]
    for episode in show.episodes:
        found += [f"S1E{episode.number}", *_links([episode.name]), day(episode.aired)]
    return (*found, *_words_of_cast(show, span=""))


def words_of_series(show: Show) -> tuple[str, ...]:
    """The same of its own page."""
    found = [*_links(SECTIONS), show.name, "Ended", show.network, "10 episodes", show.synopsis]
    found += [day(show.premiered), *_links(["Season 1"]), "10 episodes"]
    return (*found, *_words_of_cast(show, span="Season 1"), "No credits known yet")


def _words_of_cast(show, span):
    kind = None
    for part in show.cast:
        if part.kind != kind:
            kind = part.kind
            yield KINDS[kind]
        yield from _links([part.person, part.role])
        yield span


def _links(names):
    return [f">{name}</a>" for name in names]


SHOWS = tuple(_shows())
# The pages that are asked for: of its season, with 25 in the cast and 10 episodes, and its own.
SHOW = SHOWS[0]
SERIES = f"/series/{SHOW.slug}/"
SEASON = f"{SERIES}season-1/"
