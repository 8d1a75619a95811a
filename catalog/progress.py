"""How far someone has watched, as the text of one cookie tells it."""

import re
from dataclasses import dataclass
from operator import itemgetter

COOKIE = "progress"
_A_YEAR = 365 * 24 * 60 * 60

# "?show=once" shows a page as if no progress had been told.
SHOW, ONCE = "show", "once"

# What a cookie holds, and more series than anybody follows; each is a part of every statement.
_LONGEST = 4_000
_MOST_SERIES = 200

_NUMBER = "0|[1-9][0-9]{0,3}"
_ITEM = re.compile(
    rf"(?P<slug>[-\w]{{1,110}})\.(?:(?P<all>all)|(?P<season>{_NUMBER})\.(?P<number>{_NUMBER}))",
    re.ASCII,
)
_NOTHING = "none"


@dataclass(frozen=True)
class Place:
    """The last episode seen of a series; "0.0" where it has not been started.

    ``is_end`` stands for all there is of the series, whatever may follow.
    """

    season: int = 0
    number: int = 0
    is_end: bool = False

    def __str__(self):
        return "all" if self.is_end else f"{self.season}.{self.number}"

    @property
    def is_start(self) -> bool:
        return self == START

    @property
    def label(self) -> str:
        """What the header says after the name of the series."""
        if self.is_end:
            return "all of it"
        return "not started" if self.is_start else f"S{self.season}E{self.number}"


START = Place()
END = Place(is_end=True)


@dataclass(frozen=True)
class Progress:
    """The places at which someone is, by the slugs of their series, each of which was started.

    Its text is canonical: "bosch.3.4~bosch-legacy.all", series by slug, those not started left
    out; "none" when nothing has been seen.
    """

    places: tuple[tuple[str, Place], ...] = ()

    @classmethod
    def of(cls, places: dict[str, Place]) -> "Progress":
        started = ((slug, place) for slug, place in places.items() if not place.is_start)
        return cls(tuple(sorted(started, key=itemgetter(0))))

    @classmethod
    def parse(cls, text: str) -> "Progress":
        """Read the text of a cookie; "bosch.0.0" says of a series that it was not started.

        Raises ValueError for whatever else it may hold, a series named twice included.
        """
        if text == _NOTHING:
            return cls()
        items = text.split("~")
        if len(text) > _LONGEST or len(items) > _MOST_SERIES:
            raise ValueError("This tells of more series than anybody follows.")
        places = dict(map(parse_item, items))
        if len(places) != len(items):
            raise ValueError("This names a series twice.")
        return cls.of(places)

    def __str__(self):
        return "~".join(f"{slug}.{place}" for slug, place in self.places) or _NOTHING

    def at(self, slug: str) -> Place:
        return dict(self.places).get(slug, START)

    def renamed(self, names: dict[str, str]) -> "Progress":
        """The same by the slugs that series have now; ``names`` has the new slug of each old one.

        Of a series that is told by several of its slugs, what its present one says holds.
        """
        old = [(names[slug], place) for slug, place in self.places if slug in names]
        now = [(slug, place) for slug, place in self.places if slug not in names]
        return Progress.of(dict(old + now))

    def moved(self, places: dict[str, Place]) -> "Progress":
        """The same with these places in the stead of what was told of their series."""
        return Progress.of({**dict(self.places), **places})


def keep(response, progress: Progress, *, is_secure: bool):
    """Have ``response`` set the cookie that tells ``progress``."""
    response.set_cookie(
        COOKIE,
        str(progress),
        max_age=_A_YEAR,
        secure=is_secure,
        httponly=True,
        samesite="Lax",
    )


def parse_item(text: str) -> tuple[str, Place]:
    """("bosch", Place(3, 4)) of "bosch.3.4"; raises ValueError when it cannot be read."""
    match = _ITEM.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text:.60}” does not say how far somebody is.")
    if match["all"]:
        return match["slug"], END
    return match["slug"], Place(int(match["season"]), int(match["number"]))
