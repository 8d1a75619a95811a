"""What TVmaze tells, as values of the fields of our models; without what it does not speak of."""

from ...models import PartialDate, Series
from ...models.text import fold
from .reading import STATUSES
from .told import UNTOLD

# TVmaze has fewer words for where a series stands: what one of its words may mean.
_ALSO_MEANS = {
    Series.Status.ENDED: {Series.Status.CANCELLED},
    Series.Status.ANNOUNCED: {Series.Status.IN_PRODUCTION, Series.Status.UPCOMING},
}


def of_series(show, row=None) -> dict:
    told = {
        "name": show.name,
        "tvmaze_id": show.id,
        "synopsis": _text(show.synopsis),
        "network": show.network,
        "premiered": _day(show.premiered),
        "ended": _day(show.ended),
        "country": _text(show.country),
        "language": _text(show.language),
        "imdb_id": _text(show.imdb_id),
        "tvdb_id": show.tvdb_id,
    }
    status = STATUSES.get(show.status)
    if status and not (row and row.status in _ALSO_MEANS.get(status, ())):
        told["status"] = status
    return _told(told)


def of_season(season) -> dict:
    return _told(
        {
            "name": _text(season.name),
            "premiered": _day(season.premiered),
            "synopsis": _text(season.synopsis),
            "network": season.network,
        }
    )


def of_episode(episode) -> dict:
    return _told(
        {
            "name": _text(episode.name),
            "tvmaze_id": episode.id,
            "aired": _day(episode.aired),
            "runtime": episode.runtime,
            "synopsis": _text(episode.synopsis),
        }
    )


def of_person(person) -> dict:
    return _told(
        {
            "name": person.name,
            "tvmaze_id": person.id,
            "born": _day(person.born),
            "died": _day(person.died),
        }
    )


def of_character(character) -> dict:
    return {"name": character.name, "tvmaze_id": character.id}


def is_called(row, name) -> bool:
    """Whether ``name`` is one of the names of ``row`` already."""
    return fold(name) in forms_of(row)


def forms_of(row) -> set[str]:
    """The folded names of an entry or an episode."""
    return {
        fold(name) for name in (row.name, getattr(row, "full_name", ""), *row.also_known_as) if name
    }


def _told(values):
    return {name: value for name, value in values.items() if value is not UNTOLD}


def _text(value):
    return "" if value is None else value


def _day(value):
    return PartialDate(value) if isinstance(value, str) else value
