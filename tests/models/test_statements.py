"""A statement that is written once says each time what the query behind it would."""

import datetime as dt

from django.db import connection
from django.db.models import Prefetch
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.audience import Audience, editor, visitor
from catalog.models import Announcement, Character, Episode, Person, Portrayal, Season, Series
from catalog.models.statements import Counts, Statement
from catalog.progress import Progress
from tests.factories import (
    make_announcement,
    make_character,
    make_episode,
    make_person,
    make_portrayal,
    make_season,
    make_series,
)


def visible(audience):
    return Series.objects.visible_to(audience)


class Builder:
    """Counts how often it is asked for a queryset."""

    def __init__(self, build):
        self.build = build
        self.times = 0

    def __call__(self, audience, **told):
        self.times += 1
        return self.build(audience, **told)


class StatementTests(TestCase):
    def test_is_written_once_for_all_visitors(self):
        build = Builder(
            lambda audience, slug: Series.objects.visible_to(audience).filter(slug=slug)
        )
        statement = Statement(build)
        bosch, ballard = make_series("Bosch"), make_series("Ballard")
        assert statement(visitor(), slug="bosch") == [bosch]
        assert statement(visitor(), slug="ballard") == [ballard]
        assert statement.first(visitor(), slug="nobody") is None
        assert build.times == 1

    def test_gives_no_more_than_was_asked_for(self):
        # Where rows are distinct, the database has to give what they are sorted by too.
        statement = Statement(
            lambda audience: (
                Series.objects.visible_to(audience).order_by("name").distinct().values_list("slug")
            )
        )
        make_series("Bosch")
        assert statement(visitor()) == [("bosch",)]

    def test_asks_the_database_each_time(self):
        statement = Statement(visible)
        assert statement(visitor()) == []
        series = make_series()
        with CaptureQueriesContext(connection) as asked:
            assert statement(visitor()) == [series]
        assert len(asked) == 1

    def test_goes_by_the_moment_of_its_audience(self):
        now = timezone.now()
        statement = Statement(visible)
        series = make_series(publish_at=now + dt.timedelta(hours=1))
        assert statement(Audience(moment=now)) == []
        assert statement(Audience(moment=now + dt.timedelta(hours=2))) == [series]

    def test_goes_by_the_day_of_its_audience(self):
        statement = Statement(lambda audience: Season.objects.visible_to(audience).coming(audience))
        season = make_season(premiered="2030-06-15")
        for day, expected in [("2030-06-14", [season]), ("2030-06-16", [])]:
            moment = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
            assert statement(Audience(moment=moment)) == expected, day

    def test_asks_anew_for_an_editor_and_for_a_progress(self):
        build = Builder(visible)
        statement = Statement(build)
        draft = make_series(state="draft")
        assert statement(visitor()) == []
        assert statement(editor()) == [draft]
        assert statement(visitor(Progress.parse("none"))) == []
        assert statement(visitor()) == []
        assert build.times == 3

    def test_takes_a_row_and_what_stands_in_it(self):
        statement = Statement(
            lambda audience, episode: Episode.objects.visible_to(audience).after(episode)
        )
        first = make_season(number=1)
        second = make_season(first.series, 2)
        episodes = [make_episode(first, 1), make_episode(first, 2), make_episode(second, 1)]
        make_episode(make_season(), 3)
        assert statement(visitor(), episode=episodes[0]) == episodes[1:]
        assert statement(visitor(), episode=episodes[1]) == episodes[2:]

    def test_takes_any_number_of_keys(self):
        statement = Statement(
            lambda audience, keys: Series.objects.visible_to(audience).filter(pk__in=keys)
        )
        series = [make_series(f"Series {number}") for number in range(3)]
        for number in (3, 0, 1):
            keys = [each.pk for each in series[:number]]
            assert statement(visitor(), keys=keys) == series[:number]

    def test_asks_postgresql_for_keys_by_an_array_which_it_need_not_join(self):
        if connection.vendor != "postgresql":
            self.skipTest("SQLite has no arrays.")
        statement = Statement(
            lambda audience, keys: Series.objects.visible_to(audience).filter(pk__in=keys)
        )
        series = make_series()
        with CaptureQueriesContext(connection) as asked:
            assert statement(visitor(), keys=[series.pk]) == [series]
        assert "unnest" not in asked[0]["sql"]

    def test_finds_nothing_at_a_number_that_no_database_has(self):
        statement = Statement(lambda audience, number: Season.objects.filter(number=number))
        season = make_season(number=3)
        assert statement(visitor(), number=3) == [season]
        assert statement(visitor(), number=10**30) == []

    def test_refuses_what_it_has_no_parameter_for(self):
        statement = Statement(lambda audience, number: Season.objects.filter(number=number))
        with self.assertRaisesMessage(TypeError, "number, a float"):
            statement(visitor(), number=1.5)

    def test_cuts_a_page_and_counts_the_rest(self):
        statement = Statement(
            lambda audience: Series.objects.visible_to(audience).order_by("-sort_name"),
            dressed=lambda audience: Series.objects.select_related("network"),
        )
        series = [make_series(f"Series {number}") for number in range(5)]
        for audience in (visitor(), editor()):
            assert statement.cut(0, 2, audience) == ([series[4], series[3]], 5)
            assert statement.cut(2, 4, audience) == ([series[2], series[1]], 5)
            assert statement.cut(6, 8, audience) == ([], 0)

    def test_gives_values_as_the_queryset_does(self):
        make_series("Bosch", accent="amber")
        flat = Statement(lambda audience: Series.objects.values_list("slug", flat=True))
        pairs = Statement(lambda audience: Series.objects.values_list("slug", "accent"))
        named = Statement(lambda audience: Series.objects.values("slug"))
        assert flat(visitor()) == ["bosch"]
        assert pairs(visitor()) == [("bosch", "amber")]
        assert named(visitor()) == [{"slug": "bosch"}]


class RelatedTests(TestCase):
    """What a queryset would prefetch is written once too."""

    def assert_same(self, build, attribute, statements):
        statement = Statement(build)
        statement(visitor())
        with CaptureQueriesContext(connection) as asked:
            rows = statement(visitor())
        assert len(asked) == statements
        expected = [(row, getattr(row, attribute)) for row in build(visitor())]
        assert [(row, getattr(row, attribute)) for row in rows] == expected
        return rows

    def test_of_many_to_one(self):
        star, extra = make_person("Star"), make_person("Extra")
        for number in range(4):
            make_portrayal(star, series=make_series(premiered=str(2010 + number)))
        make_portrayal(extra)
        parts = Portrayal.objects.order_by("-series__premiered", "pk")

        def build(audience):
            shown = Prefetch("portrayals", parts.all()[:3], to_attr="shown")
            return Person.objects.order_by("name").prefetch_related(shown)

        rows = self.assert_same(build, "shown", statements=2)
        assert [len(row.shown) for row in rows] == [1, 3]
        with self.assertNumQueries(0):
            assert rows[1].shown[0].person is rows[1]

    def test_of_many_to_many(self):
        both = [make_series("Bosch"), make_series("Ballard")]
        make_announcement("Both", series=both)
        make_announcement("One", series=both[:1])
        make_announcement("None")
        rows = self.assert_same(Announcement.objects.for_list, "shown_series", statements=2)
        assert sorted(len(row.shown_series) for row in rows) == [0, 1, 2]

    def test_of_one_to_many(self):
        episode = make_episode()
        make_character("Known", first_appearance=episode)
        make_character("Unknown")

        def build(audience):
            shown = Prefetch("first_appearance", Episode.objects.visible_to(audience))
            return Character.objects.order_by("name").prefetch_related(shown)

        rows = Statement(build)(visitor())
        with self.assertNumQueries(0):
            assert [row.first_appearance for row in rows] == [episode, None]


class CountsTests(TestCase):
    def test_counts_all_in_one_statement_up_to_its_bound(self):
        counts = Counts(
            most=2,
            series=lambda audience: Series.objects.visible_to(audience).values("pk"),
            people=lambda audience: Person.objects.visible_to(audience).values("pk"),
        )
        for _ in range(3):
            make_series()
        make_series(state="draft")
        make_person()
        for audience in (visitor(), visitor(), editor()):
            with CaptureQueriesContext(connection) as asked:
                found = counts(audience)
            assert len(asked) == 1
            assert {name: str(number) for name, number in found.items()} == {
                "series": "2+",
                "people": "1",
            }
