"""A catalogue with one of everything, and how tests take it out and in again."""

import datetime as dt
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.test import TestCase, override_settings

from catalog.importers.catalog_form import KIND_OF, WRITING_ORDER
from catalog.models import (
    Image,
    PersonLink,
    Portrayal,
    Redirect,
    SeriesLink,
    State,
    WatchOrder,
    WatchStep,
)
from catalog.pictures.keeping import keep
from catalog.pictures.making import make
from tests.factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_membership,
    make_network,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
    make_series_link,
    make_source,
    make_watch_order,
    make_watch_step,
)
from tests.pictures.made import gradient, uploaded

# What breaks files, lines, columns and careless code.
ODD = (
    'A “quoted" \\ line,\r\nanother\ttab\n\n  שלום עולם, null NULL None nan {"a": [1]} '
    "<b>&amp;</b> 😀 e\u0301 \u2028 =1+1"
)


def store_picture(alt_text, mode="RGB", **fields):
    """A picture as an upload stores it, with its files."""
    kind, name = ("PNG", "photo.png") if mode == "RGBA" else ("JPEG", "photo.jpg")
    size = fields.pop("size", (300, 200))
    seen = gradient(*size, mode="RGB")
    if mode == "RGBA":
        seen.putalpha(gradient(*size).getchannel("R"))
    picture = make(uploaded(seen, name, kind))
    keep(picture)
    image = Image(alt_text=alt_text, credit="A. Photographer", licence="CC BY-SA 4.0", **fields)
    picture.describe(image)
    image.save()
    return image


def make_everything(*, with_pictures=True):
    """Every field of every kind of row has something to say in at least one row."""
    source = make_source("Ballard is here", slug="variety-ballard", publisher="Variety")
    source.url, source.published = "https://variety.com/ballard", "2025-07"
    source.accessed = dt.date(2025, 8, 1)
    source.save()
    other = make_source(ODD.splitlines()[0][:100], slug="null", publisher="None")
    network = make_network("Prime Video", slug="prime-video", url="https://prime.example/")
    portrait = poster = None
    if with_pictures:
        portrait = store_picture("Maggie Q", source_url="https://pictures.example/1")
        poster = store_picture("A poster", "RGBA", size=(500, 700), focal_x=10, focal_y=0)
    director = make_job("Director", slug="director", department="directing", rank=0)
    person = make_person(
        "Maggie Q",
        slug="maggie-q",
        other_names="Margaret Quigley\nMaggie Quigley",
        born="1979-05-22",
        died="2099",
        birth_place="Honolulu",
        biography=ODD,
        image=portrait,
        imdb_id="nm0702572",
        tmdb_id=21045,
        tvdb_id=0,
        tvmaze_id=13821,
        wikidata_id="Q232307",
    )
    PersonLink.objects.create(person=person, label="Web site", url="https://z.example/")
    PersonLink.objects.create(person=person, label="Another", url="https://a.example/")
    person.sources.set([source, other])
    model = make_person("Mitzi Roberts", slug="mitzi-roberts")
    bosch = make_series("Bosch", slug="bosch", status="ended", premiered="2014", ended="2021")
    ballard = make_series(
        "Ballard",
        slug="ballard",
        other_names="Untitled",
        tagline="Old cases.",
        synopsis="Long.\n\nText.",
        status="airing",
        network=network,
        premiered="2025-07-09",
        ended="2026",
        accent="violet",
        cover=poster,
        based_on="novels",
        country="United States",
        language="English",
        production_companies="Fabel\nHieronymus",
        opening_theme="None",
        imdb_id="tt1234567",
        tmdb_id=1,
        tvdb_id=2,
        tvmaze_id=3,
        wikidata_id="Q1",
    )
    ballard.sources.set([source])
    specials = make_season(bosch, 0)
    pilot = make_episode(make_season(bosch, 1), 1, name="Pilot")
    special = make_episode(specials, 0, name="Special")
    season = make_season(
        ballard,
        1,
        name="The first",
        network=network,
        premiered="2025-07",
        synopsis="Text.",
        source_novels="The Late Show",
    )
    season.sources.set([source])
    first = make_episode(
        season,
        1,
        name="Library of Lost Souls",
        other_names="Library",
        aired="2025-07-09",
        runtime=44,
        synopsis="Text.",
        source_novels="The Late Show",
        imdb_id="tt7654321",
        tmdb_id=4,
        tvdb_id=5,
        tvmaze_id=6,
        wikidata_id="Q2",
    )
    first.sources.set([source])
    second = make_episode(season, 2)
    make_episode(season, 10, name="Dig Down")
    link = make_series_link(
        ballard, bosch, SeriesLink.Kind.SPIN_OFF, episode=pilot, note="A back door."
    )
    link.sources.set([source])
    kind = make_relationship_kind("daughter of", "parent of")
    kind.slug = "daughter"
    kind.save()
    renee = make_character(
        "Renée Ballard",
        slug="renee-ballard",
        full_name="Renée Ballard the First",
        other_names="Ren",
        occupation="Detective",
        biography="Text.",
        image=portrait,
        inspired_by=model,
        first_appearance=pilot,
        tvmaze_id=7,
    )
    renee.sources.set([source])
    tutu = make_character("Tutu", slug="tutu")
    for text, revealed_in in [("She surfs.", second), ("A fact before another.", None)]:
        fact = make_fact(renee, text, revealed_in=revealed_in)
        fact.sources.set([source])
    bond = make_relationship(renee, tutu, kind, note="Or granddaughter.", revealed_in=first)
    bond.sources.set([source])
    lapd = make_organization("LAPD", slug="lapd")
    unit = make_organization(
        "Cold Case Unit",
        slug="cold-case-unit",
        other_names="Unit",
        description="Text.",
        image=portrait,
        parent=lapd,
    )
    unit.sources.set([source])
    member = make_membership(
        unit,
        renee,
        standing="leader",
        role="Head",
        former=True,
        started="2024",
        ended="2025",
        revealed_in=first,
    )
    member.sources.set([source])
    part = make_portrayal(
        person,
        renee,
        ballard,
        [season],
        [first, second],
        kind=Portrayal.Kind.GUEST,
        announced=True,
        first_episode=first,
        last_episode=second,
        billing=1,
        credited_as="M. Q",
        note="Text.",
        revealed_in=pilot,
    )
    part.sources.set([source])
    make_portrayal(model, None, ballard, kind=Portrayal.Kind.SELF)
    make_portrayal(model, tutu, bosch, seasons=[specials], episodes=[special])
    for episode in (second, first):
        credit = make_credit(model, ballard, director, episode=episode, note="Text.")
        credit.sources.set([source])
    make_credit(model, ballard, director)
    make_credit(model, ballard, director, season=season)
    make_credit(person, ballard, director, episode=first)
    news = make_announcement(
        "Ballard premieres",
        [ballard],
        [person],
        [renee],
        slug="ballard-premieres",
        date="2025-07-09",
        kind="premiere",
        body=ODD,
        revealed_in=first,
        publish_at=dt.datetime(2025, 7, 9, 12, 0, 0, 123456, tzinfo=dt.UTC),
    )
    news.sources.set([source])
    make_announcement("News without a date", slug="undated")
    order = make_watch_order(
        "Story order", slug="story", description="Text.", arrangement="by-hand", rank=0
    )
    order.sources.set([source])
    make_watch_step(order, 3, series=ballard, importance=WatchStep.Importance.OPTIONAL)
    make_watch_step(order, 1, episode=pilot, reason="It begins.")
    make_watch_step(order, 2, season=season)
    make_watch_order("Release order", slug="release", arrangement=WatchOrder.Arrangement.BY_RELEASE)
    for target, old in [
        ({"series": ballard}, "old"),
        ({"character": renee}, "old"),
        ({"person": person}, "old"),
        ({"organization": unit}, "old"),
        ({"announcement": news}, "older"),
        ({"watch_order": order}, "aged"),
    ]:
        Redirect.objects.create(old_slug=old, **target)


def make_what_waits():
    """What visitors do not see yet, one of each state; none of its words may leave."""
    make_person("Waiting Draft", slug="waiting-draft", state=State.DRAFT)
    make_person("Waiting Review", slug="waiting-review", state=State.IN_REVIEW)
    make_person(
        "Waiting Moment", slug="waiting-moment", publish_at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
    )


def empty():
    """Delete every row of the catalogue; the next ones get other keys."""
    Redirect.objects.all().delete()
    for kind in reversed(WRITING_ORDER):
        kind.model.objects.all().delete()
    assert not any(model.objects.exists() for model in KIND_OF)


class ExportTestCase(TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        media = self.enterContext(TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=media))

    def export(self, name="export", **options):
        out = StringIO()
        call_command("export_catalog", self.folder / name, stdout=out, **options)
        return out.getvalue()

    def load(self, name="export"):
        call_command("load_catalog", self.folder / name, verbosity=0)

    def files(self, name="export"):
        """{path in the folder: its content}."""
        folder = self.folder / name
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
