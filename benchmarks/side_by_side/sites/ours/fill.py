"""Writes what the benchmark shows into the empty database in DATABASE_URL, and who edits it.

Prints JSON: the addresses of all pages; of the forms that the editor saves, each with that of the
page that shows it; and who the editor is.
"""

import json

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - Django has its settings only now
from django.core.management import call_command  # noqa: E402
from django.urls import reverse  # noqa: E402

from benchmarks.side_by_side.content import SHOWS  # noqa: E402
from catalog.models import (  # noqa: E402
    Character,
    Episode,
    Network,
    Person,
    Portrayal,
    Season,
    Series,
    State,
)

EDITOR, PASSWORD = "editor", "for the benchmark only"


def fill():
    network = Network.objects.create(name=SHOWS[0].network, slug="channel-nine")
    for show in SHOWS:
        yield from fill_with(show, network)


def fill_with(show, network):
    """The rows of ``show`` that have a page."""
    series = Series.objects.create(
        name=show.name,
        slug=show.slug,
        state=State.PUBLISHED,
        status=Series.Status.ENDED,
        network=network,
        premiered=show.premiered,
        synopsis=show.synopsis,
    )
    season = Season.objects.create(series=series, number=1)
    yield from (series, season)
    for episode in show.episodes:
        yield Episode.objects.create(season=season, **episode._asdict())
    for billing, part in enumerate(show.cast, start=1):
        person = Person.objects.create(
            name=part.person,
            slug=part.person_slug,
            state=State.PUBLISHED,
            biography=part.biography,
        )
        character = Character.objects.create(
            name=part.role, slug=part.role_slug, state=State.PUBLISHED, biography=part.biography
        )
        portrayal = Portrayal.objects.create(
            person=person, character=character, series=series, kind=part.kind, billing=billing
        )
        portrayal.seasons.set([season])
        yield from (person, character)


def form_of(row):
    return reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk])


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    rows = list(fill())
    call_command("rebuild_search", verbosity=0)
    get_user_model().objects.create_superuser(EDITOR, password=PASSWORD)
    characters = [row for row in rows if isinstance(row, Character)]
    print(
        json.dumps(
            {
                "pages": [row.get_absolute_url() for row in rows],
                "edited": [(form_of(row), row.get_absolute_url()) for row in characters],
                "editor": [EDITOR, PASSWORD],
            }
        )
    )
