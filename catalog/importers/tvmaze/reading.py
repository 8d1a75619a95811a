"""Reads the objects of an answer: each is held to its form, and told of by what it is."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from ...models import Series
from ..problems import FormError, shown
from .shapes import Shape
from .summaries import as_markdown
from .told import UNTOLD, Character, Episode, Network, Part, Person, Season, Show, Work

_LARGEST_NUMBER = 9_999
_LARGEST_ID = 2**31 - 1
_LONGEST_SUMMARY = 20_000
_IMDB = re.compile(r"tt\d{7,9}", re.ASCII)
_LONGEST_ADDRESS = 500
_is_web_address = URLValidator(schemes=("http", "https"))
# What TVmaze calls an episode whose title is not known yet.
_NO_TITLE = {"tba", "tbd", "tbc"}

# "To Be Determined" says that it has been on and that nobody knows whether it goes on.
STATUSES = {
    "Running": Series.Status.AIRING,
    "Ended": Series.Status.ENDED,
    "In Development": Series.Status.ANNOUNCED,
    "To Be Determined": None,
}


def show(shape: Shape) -> Show:
    network = _network(shape)
    externals = shape.inner("externals") or None
    found = Show(
        id=shape.key(),
        name=shape.name(),
        synopsis=_summary(shape),
        status=_status(shape),
        network=network,
        country=_country(shape),
        language=shape.text("language", 80),
        premiered=shape.day("premiered"),
        ended=shape.day("ended"),
        imdb_id=_imdb(externals),
        tvdb_id=externals.number("thetvdb", 1, _LARGEST_ID) if _is_told(externals) else UNTOLD,
    )
    if isinstance(found.premiered, str) and isinstance(found.ended, str):
        _require_order(found.premiered, found.ended, "premiered", "ended")
    return found


def season(shape: Shape) -> Season:
    number = shape.number("number", 0, _LARGEST_NUMBER)
    if not isinstance(number, int):
        raise FormError("has no number.")
    return Season(
        number=number,
        name=shape.text("name", 200),
        premiered=shape.day("premiereDate"),
        synopsis=_summary(shape),
        network=_network(shape),
    )


def episode(shape: Shape) -> Episode:
    of = shape.number("season", 0, _LARGEST_NUMBER)
    if not isinstance(of, int):
        raise FormError("has no season.")
    kind = shape.text("type", 100)
    number = shape.number("number", 0, _LARGEST_NUMBER)
    is_special = not isinstance(number, int) or str(kind).endswith("special")
    name = shape.text("name", 200)
    return Episode(
        id=shape.key(),
        season=of,
        number=None if is_special else number,
        is_significant=kind != "insignificant_special",
        name=None if isinstance(name, str) and name.lower() in _NO_TITLE else name,
        aired=shape.day("airdate"),
        # 0 minutes stand for nothing that is known.
        runtime=shape.number("runtime", 0, _LARGEST_NUMBER) or _nothing(shape, "runtime"),
        synopsis=_summary(shape),
    )


def person(shape: Shape) -> Person:
    found = Person(
        id=shape.key(), name=shape.name(), born=shape.day("birthday"), died=shape.day("deathday")
    )
    if isinstance(found.born, str) and isinstance(found.died, str):
        _require_order(found.born, found.died, "birthday", "deathday")
    return found


def part(shape: Shape) -> tuple[Part, Person, Character | None]:
    who = _of(shape, "person", person)
    whom = None
    if not shape.flag("self"):
        whom = _of(shape, "character", lambda inner: Character(id=inner.key(), name=inner.name()))
    return Part(who.id, whom and whom.id, shape.flag("voice")), who, whom


def work(shape: Shape) -> tuple[Work, Person]:
    job = shape.text("type", 100)
    if not isinstance(job, str):
        raise FormError("has no type, which is the job.")
    who = _of(shape, "person", person)
    return Work(who.id, job), who


def show_of(shape: Shape) -> int | None:
    """The id of the show of an episode, where the answer links to it; older ones do not."""
    links = shape.inner("_links") or None
    to = links.inner("show") if _is_told(links) else None
    address = to.raw_text("href") if _is_told(to) else None
    match = isinstance(address, str) and re.search(r"/shows/(\d{1,10})$", address, re.ASCII)
    return int(match[1]) if match else None


def _of(shape, name, read):
    inner = shape.inner(name)
    if not _is_told(inner):
        raise FormError(f"has no {name}.")
    try:
        return read(inner)
    except FormError as error:
        raise FormError(f"{name}: {error.why}") from None


def _is_told(value):
    return value is not UNTOLD and value is not None


def _nothing(shape, name):
    return None if shape.has(name) else UNTOLD


def _summary(shape):
    html = shape.raw_text("summary")
    if not isinstance(html, str):
        return html
    if len(html) > _LONGEST_SUMMARY:
        raise FormError(f"summary is longer than {_LONGEST_SUMMARY:,} characters.")
    try:
        return as_markdown(html) or None
    except FormError as error:
        raise FormError(f"summary {error.why}") from None


def _status(shape):
    word = shape.text("status", 80)
    if isinstance(word, str) and word not in STATUSES:
        raise FormError(f"status {shown(word)} is not one of: {', '.join(STATUSES)}.")
    return word


def _network(shape):
    """The network, or the web channel of what no network has; many shows have only one of them."""
    for name in ("network", "webChannel"):
        inner = shape.inner(name)
        if not _is_told(inner):
            continue
        try:
            return Network(inner.name(longest=120), _address(inner.raw_text("officialSite")))
        except FormError as error:
            raise FormError(f"{name}: {error.why}") from None
    return None if shape.has("network", "webChannel") else UNTOLD


def _address(value):
    """What no browser could open is left out: nobody needs it."""
    try:
        _is_web_address(value)
    except ValidationError:
        return ""
    return value if len(value) <= _LONGEST_ADDRESS else ""


def _country(shape):
    for name in ("network", "webChannel"):
        inner = shape.inner(name)
        of = inner.inner("country") if _is_told(inner) else None
        if _is_told(of):
            return of.text("name", 80)
    return None if shape.has("network", "webChannel") else UNTOLD


def _imdb(externals):
    if not _is_told(externals):
        return UNTOLD
    value = externals.text("imdb", 100)
    if isinstance(value, str) and not _IMDB.fullmatch(value):
        raise FormError(f"externals: imdb must read like tt3502248, not {shown(value)}.")
    return value


def _require_order(first, last, *names):
    if last < first:
        raise FormError(f"{names[1]} ({last}) is before {names[0]} ({first}).")
