"""What a card says: what its page is about, as far as that stands open to everybody."""

import hashlib
from dataclasses import astuple, dataclass
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.urls import get_script_prefix, reverse

from ..digests import digest_of_folder
from ..models import (
    Announcement,
    Character,
    Episode,
    Organization,
    Person,
    Season,
    Series,
    WatchOrder,
    rendition_name,
)
from ..models.text import shortened

_HERE = Path(__file__).parent
_LONGEST = 200  # letters of a description
_SHARP = 600  # px of a picture


@dataclass(frozen=True)
class Card:
    """``kind`` stands above the ``title``, ``line`` below it; ``picture`` is a name in the storage.

    ``path`` is that of the page, "/series/bosch/"; ``type`` and ``description`` are told in words
    beside the picture.
    """

    path: str
    title: str
    kind: str = ""
    line: str = ""
    accent: str = Series.Accent.SLATE
    picture: str = ""
    focus: tuple[int, int] = (50, 50)
    type: str = "website"
    description: str = ""

    @cached_property
    def digest(self) -> str:
        """Of all that is drawn; another card has another address, so that each is kept for ever."""
        told = (settings.FRANCHISE_NAME, digest_of_folder(_HERE), *astuple(self)[1:7])
        return hashlib.blake2b(repr(told).encode(), digest_size=9).hexdigest()

    @property
    def address(self) -> str:
        page = self.path.removeprefix(get_script_prefix())
        return reverse("catalog:card", kwargs={"page": page, "digest": self.digest})


def card_of_page(path, heading="") -> Card:
    """Of a page that is about no single entry."""
    name = settings.FRANCHISE_NAME
    if not heading:
        return Card(path, name, description=f"{name}: series, characters, actors, crew and news.")
    return Card(path, heading, description=f"{heading} of {name}.")


def card_of_entry(entry) -> Card:
    """Of ``entry`` as its page has it; of one that an episode gives away it says nothing."""
    if getattr(entry, "revealed_in_id", None):
        return card_of_page(entry.get_absolute_url())
    return _OF_KINDS[type(entry)](entry)


def _series(series):
    seasons = f"{series.season_count} season{'' if series.season_count == 1 else 's'}"
    parts = [
        series.year_range or series.told_status,
        seasons if series.season_count else "",
        series.network.name if series.network else "",
    ]
    return Card(
        series.get_absolute_url(),
        series.name,
        kind="Series",
        line=_joined(parts),
        accent=series.accent,
        type="video.tv_show",
        description=shortened(series.synopsis or series.tagline, _LONGEST),
        **_pictured(series.cover),
    )


def _season(season):
    year = str(season.premiered.year) if season.premiered else ""
    return Card(
        season.get_absolute_url(),
        season.title,
        kind=season.series.name,
        line=year,
        accent=season.series.accent,
        description=shortened(season.synopsis, _LONGEST),
    )


def _episode(episode):
    return Card(
        episode.get_absolute_url(),
        episode.title,
        kind=f"{episode.series.name} {episode.code}",
        line=str(episode.aired or ""),
        accent=episode.series.accent,
        type="video.episode",
        description=shortened(episode.synopsis, _LONGEST),
    )


def _character(character):
    return Card(
        character.get_absolute_url(),
        character.name,
        kind="Character",
        line=character.occupation,
        description=shortened(character.biography, _LONGEST),
        **_pictured(character.image),
    )


def _person(person):
    years = [str(date.year) if date else "" for date in (person.born, person.died)]
    return Card(
        person.get_absolute_url(),
        person.name,
        kind="Person",
        line="–".join(years) if years[1] else (f"Born {years[0]}" if years[0] else ""),
        type="profile",
        description=shortened(person.biography, _LONGEST),
        **_pictured(person.image),
    )


def _organization(organization):
    return Card(
        organization.get_absolute_url(),
        organization.name,
        kind="Organization",
        description=shortened(organization.description, _LONGEST),
        **_pictured(organization.image),
    )


def _news(item):
    return Card(
        item.get_absolute_url(),
        item.name,
        kind="News",
        line=str(item.date or ""),
        type="article",
        description=shortened(item.body, _LONGEST),
    )


def _watch_order(order):
    return Card(
        order.get_absolute_url(),
        order.name,
        kind="Watch order",
        description=shortened(order.description, _LONGEST),
    )


_OF_KINDS = {
    Series: _series,
    Season: _season,
    Episode: _episode,
    Character: _character,
    Person: _person,
    Organization: _organization,
    Announcement: _news,
    WatchOrder: _watch_order,
}


def _joined(parts):
    return " · ".join(part for part in parts if part)


def _pictured(image):
    if image is None:
        return {}
    # The narrowest version that is sharp on a card is read in a fraction of the time of the whole.
    wide_enough = (int(width) for width in image.widths.split() if int(width) >= _SHARP)
    width = next(wide_enough, None)
    name = rendition_name(image.file.name, width, "webp") if width else image.file.name
    return {"picture": name, "focus": (image.focal_x, image.focal_y)}
