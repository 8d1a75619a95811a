"""Makers of rows. Each gives a published, valid row; say only what the test is about."""

from itertools import count

from catalog.models import (
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Image,
    Job,
    Membership,
    Network,
    Organization,
    Person,
    Portrayal,
    Relationship,
    RelationshipKind,
    Season,
    Series,
    SeriesLink,
    Source,
    State,
    Suggestion,
    WatchOrder,
    WatchStep,
)

_numbers = count(1)


def _entry(model, name, fields):
    fields.setdefault("state", State.PUBLISHED)
    return model.objects.create(name=name or f"{model.__name__} {next(_numbers)}", **fields)


def make_network(name=None, **fields):
    number = next(_numbers)
    fields.setdefault("slug", f"network-{number}")
    return Network.objects.create(name=name or f"Network {number}", **fields)


def make_series(name=None, **fields):
    return _entry(Series, name, fields)


def make_season(series=None, number=1, **fields):
    return Season.objects.create(series=series or make_series(), number=number, **fields)


def make_episode(season=None, number=1, **fields):
    return Episode.objects.create(season=season or make_season(), number=number, **fields)


def make_series_link(from_series, to_series, kind=SeriesLink.Kind.SPIN_OFF, **fields):
    return SeriesLink.objects.create(
        from_series=from_series, to_series=to_series, kind=kind, **fields
    )


def make_person(name=None, **fields):
    return _entry(Person, name, fields)


def make_character(name=None, **fields):
    return _entry(Character, name, fields)


def make_fact(character=None, text=None, **fields):
    return CharacterFact.objects.create(
        character=character or make_character(), text=text or f"Fact {next(_numbers)}.", **fields
    )


def make_relationship_kind(phrase="ally of", reverse_phrase=None):
    return RelationshipKind.objects.create(
        slug=f"kind-{next(_numbers)}", phrase=phrase, reverse_phrase=reverse_phrase or phrase
    )


def make_relationship(character=None, other=None, kind=None, **fields):
    return Relationship.objects.create(
        character=character or make_character(),
        other=other or make_character(),
        kind=kind or make_relationship_kind(),
        **fields,
    )


def make_organization(name=None, **fields):
    return _entry(Organization, name, fields)


def make_membership(organization=None, character=None, **fields):
    return Membership.objects.create(
        organization=organization or make_organization(),
        character=character or make_character(),
        **fields,
    )


def make_portrayal(person=None, character=None, series=None, seasons=(), episodes=(), **fields):
    """A role in a series; a new character unless ``kind="self"``."""
    if character is None and fields.get("kind") != Portrayal.Kind.SELF:
        character = make_character()
    portrayal = Portrayal.objects.create(
        person=person or make_person(),
        character=character,
        series=series or make_series(),
        **{"kind": Portrayal.Kind.MAIN, **fields},
    )
    portrayal.seasons.set(seasons)
    portrayal.episodes.set(episodes)
    return portrayal


def make_job(name=None, **fields):
    number = next(_numbers)
    fields.setdefault("slug", f"job-{number}")
    fields.setdefault("department", Job.Department.PRODUCTION)
    return Job.objects.create(name=name or f"Job {number}", **fields)


def make_credit(person=None, series=None, job=None, **fields):
    return Credit.objects.create(
        person=person or make_person(),
        series=series or make_series(),
        job=job or make_job(),
        **fields,
    )


def make_announcement(name=None, series=(), people=(), characters=(), **fields):
    announcement = _entry(Announcement, name, fields)
    announcement.series.set(series)
    announcement.people.set(people)
    announcement.characters.set(characters)
    return announcement


def make_image(alt_text=None, **fields):
    """A row without files, as if it had been uploaded."""
    number = next(_numbers)
    content_hash = fields.setdefault("content_hash", f"{number:064x}")
    return Image.objects.create(
        **{
            "file": f"images/{content_hash[:2]}/{content_hash}.jpg",
            "width": 1600,
            "height": 900,
            "widths": "160 320 640 1280",
            "has_avif": True,
            "alt_text": alt_text or f"Picture {number}",
            "credit": "A. Photographer",
            "licence": "CC BY-SA 4.0",
            **fields,
        }
    )


def make_source(title=None, **fields):
    number = next(_numbers)
    fields.setdefault("slug", f"source-{number}")
    fields.setdefault("publisher", "Variety")
    return Source.objects.create(title=title or f"Source {number}", **fields)


def make_watch_order(name=None, **fields):
    return _entry(WatchOrder, name, fields)


def make_watch_step(order=None, position=1, **fields):
    return WatchStep.objects.create(order=order or make_watch_order(), position=position, **fields)


def make_suggestion(row, field="name", value="Theirs", **fields):
    """Another value for the field of ``row``, a row of those that get suggestions."""
    fields.setdefault("words", str(value))
    if "source" not in fields:
        fields["source"] = make_source()
    return Suggestion.objects.create(
        **{row._meta.model_name: row}, field=field, value=value, **fields
    )
