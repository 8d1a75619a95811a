"""Facts that the shipped catalogue must hold, whoever edits its files."""

import re
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from catalog.models import (
    Announcement,
    Character,
    Credit,
    Episode,
    Membership,
    Organization,
    Person,
    Portrayal,
    SearchEntry,
    Season,
    Series,
    SeriesLink,
    Source,
    State,
    WatchOrder,
)

DATA = Path(__file__).parent.parent / "catalog" / "data" / "bosch"

# Mirrors, spun copies and content farms: a fact that only they tell stands without a source.
NO_SOURCES = (
    "am1.news",
    "ammewaruy.pages.dev",
    "buzznovahub.com",
    "daily8.com",
    "elasticbeanstalk.com",
    "internewscast.com",
    "likelist.pro",
    "subslikescript.com",
    "toparticles5.blogspot.com",
    "tv-calendar.com",
    "viennakerfoot.com",
    "washingtonnewsday.com",
    "wikiclassic.com",
    "winenfood.com",
    "zxc.wiki",
)
WORDS_OF_NOTES = re.compile(
    r"contradict|(not|un)[- ]?(verified|confirmed)|confidence|\b(todo|fixme|tbc|tbd)\b|source says",
    re.IGNORECASE,
)


class BoschTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        call_command("load_catalog", verbosity=0)

    def crew(self, series, job):
        return {
            credit.person.name
            for credit in Credit.objects.filter(series__slug=series, job__slug=job)
        }

    def test_the_franchise_is_four_series(self):
        assert list(Series.objects.in_release_order().values_list("slug", flat=True)) == [
            "bosch",
            "bosch-legacy",
            "ballard",
            "bosch-start-of-watch",
        ]

    def test_series_that_were_never_made_are_not_among_them(self):
        for slug in ("untitled-j-edgar", "lincoln-lawyer", "the-lincoln-lawyer"):
            assert not Series.objects.filter(slug__contains=slug).exists()

    def test_seasons_and_episodes_are_complete(self):
        counts = {}
        for season in Season.objects.all():
            counts.setdefault(season.series.slug, {})[season.number] = season.episodes.count()
        assert counts == {
            "bosch": {1: 10, 2: 10, 3: 10, 4: 10, 5: 10, 6: 10, 7: 8},
            "bosch-legacy": {1: 10, 2: 10, 3: 10},
            "ballard": {1: 10, 2: 0},
        }
        assert Episode.objects.count() == 108

    def test_people_characters_and_news_are_all_there(self):
        assert Person.objects.count() >= 160
        assert Character.objects.count() >= 100
        assert Portrayal.objects.count() >= 130
        assert Announcement.objects.count() == 43

    def test_three_watch_orders_come_with_it(self):
        orders = WatchOrder.objects.all()
        assert [(order.slug, order.arrangement) for order in orders] == [
            ("release-order", "by-release"),
            ("story-order", "by-hand"),
            ("just-ballard", "by-hand"),
        ]
        assert [order.steps.count() for order in orders] == [6, 13, 5]
        for order in orders:
            assert order.sources.exists()
            assert order.state == State.PUBLISHED
            for step in order.steps.all():
                assert step.reason, f"{order}, {step}"

    def test_all_of_it_is_published_and_findable(self):
        for model in (Series, Person, Character, Organization, Announcement):
            assert not model.objects.exclude(state=State.PUBLISHED).exists()
            kind = model._meta.model_name
            assert SearchEntry.objects.filter(kind=kind).count() == model.objects.count()
        assert SearchEntry.objects.filter(kind="episode").count() == 108

    def test_titles_that_nobody_knows_stay_blank(self):
        unknown = {
            f"{episode.series.slug} {episode.code}" for episode in Episode.objects.filter(name="")
        }
        assert unknown == {
            "bosch-legacy S3E4",
            "bosch-legacy S3E7",
            "bosch-legacy S3E8",
            "ballard S1E7",
            "ballard S1E9",
        }

    def test_ballard_is_a_spin_off_of_bosch_legacy_on_prime_video(self):
        ballard = Series.objects.get(slug="ballard")
        link = SeriesLink.objects.get(from_series=ballard, kind="spin-off")
        assert link.to_series.name == "Bosch: Legacy"
        assert f"{link.episode.series.slug} {link.episode.code}" == "bosch-legacy S3E10"
        assert ballard.network.name == "Prime Video"

    def test_renee_ballard(self):
        ballard = Character.objects.get(slug="renee-ballard")
        assert ballard.name == "Renée Ballard"
        assert {part.person.name for part in ballard.portrayals.all()} == {"Maggie Q"}
        assert ballard.first_appearance.series.slug == "bosch-legacy"
        assert ballard.first_appearance.code == "S3E10"
        assert ballard.inspired_by.name == "Mitzi Roberts"

    def test_mitzi_roberts_inspires_advises_and_appears_as_herself(self):
        roberts = Person.objects.get(slug="mitzi-roberts")
        assert "Mitzi Hartert-Roberts" in roberts.also_known_as
        assert roberts.credits.filter(series__slug="ballard", job__slug="consultant").exists()
        part = roberts.portrayals.get()
        assert (part.series.slug, part.kind, part.character) == ("bosch", "self", None)
        assert [episode.code for episode in part.episodes.all()] == ["S1E3"]

    def test_kurt_dockweiler_was_recast(self):
        parts = Portrayal.objects.filter(character__slug="kurt-dockweiler")
        assert {part.person.name for part in parts} == {"Will Chase", "David Denman"}

    def test_harry_bosch_has_three_actors(self):
        parts = Portrayal.objects.filter(character__slug="harry-bosch")
        assert {part.person.name for part in parts} == {
            "Titus Welliver",
            "Quinn Welliver",
            "Cameron Monaghan",
        }
        boy = parts.get(person__slug="quinn-welliver")
        assert [(episode.series.slug, episode.code) for episode in boy.episodes.all()] == [
            ("bosch", "S3E6")
        ]
        rookie = parts.get(person__slug="cameron-monaghan")
        assert (rookie.series.slug, rookie.announced) == ("bosch-start-of-watch", True)

    def test_the_makers_of_ballard(self):
        assert {"Michael Alaimo", "Kendall Sherwood"} <= self.crew("ballard", "co-showrunner")
        assert {"Michael Alaimo", "Kendall Sherwood", "Michael Connelly"} <= self.crew(
            "ballard", "executive-producer"
        )
        assert "Michael Connolly" in Person.objects.get(slug="michael-connelly").also_known_as

    def test_the_cold_case_unit_has_a_leader_and_volunteers(self):
        unit = Organization.objects.get(name="LAPD Cold Case Unit")
        assert "Cold Case Division" in unit.also_known_as
        leader = Membership.objects.get(organization=unit, standing="leader")
        assert leader.character.name == "Renée Ballard"
        assert Membership.objects.filter(organization=unit, standing="volunteer").exists()

    def test_every_person_has_a_part_in_it(self):
        for person in Person.objects.prefetch_related(
            "portrayals", "credits", "inspired_characters", "announcements"
        ):
            assert (
                person.portrayals.all()
                or person.credits.all()
                or person.inspired_characters.all()
                or person.announcements.all()
            ), person.slug

    def test_sources_are_such_as_a_reader_would_trust(self):
        for source in Source.objects.all():
            host = urlsplit(source.url).hostname or ""
            assert not host.endswith(NO_SOURCES), source.slug
            assert not source.publisher.lower().startswith("public"), source.slug

    def test_no_text_reads_like_a_note_of_the_editors(self):
        for file in sorted(DATA.glob("*.json")):
            found = WORDS_OF_NOTES.search(file.read_text(encoding="utf-8"))
            assert not found, f"{file.name}: {found and found[0]}"

    def test_loading_it_again_changes_nothing(self):
        out = StringIO()
        with CaptureQueriesContext(connection) as queries:
            call_command("load_catalog", stdout=out)
        statements = [query["sql"].split()[0] for query in queries]
        # PostgreSQL hands out long answers in parts, by a cursor that is declared.
        assert {*statements} <= {"SELECT", "DECLARE", "SAVEPOINT", "RELEASE"}
        assert out.getvalue().startswith("Unchanged: all ")
