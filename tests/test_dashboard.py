"""The franchise at a glance, and what is next."""

from django.test import TestCase

from catalog.audience import visitor
from catalog.models import State
from catalog.progress import Progress
from catalog.views.coming import coming, next_to_see
from tests.factories import make_episode, make_season, make_series


class ComingTests(TestCase):
    def coming(self, progress=None):
        return [
            (thing.series.name, thing.title, thing.date and thing.date.iso)
            for thing in coming(visitor(progress))
        ]

    def test_dated_things_first_then_those_without_a_date(self):
        running = make_series("Running", premiered="2020", status="airing")
        make_episode(make_season(running, 1, premiered="2020"), 1, aired="2020-01-01")
        make_season(running, 2)
        make_series("Announced", status="in-production")
        dated = make_series("Dated", status="upcoming", premiered="2999-05")
        make_season(dated, 1, premiered="2999-05")
        assert self.coming() == [
            ("Dated", "Season 1", "2999-05"),
            ("Announced", "In production", None),
            ("Running", "Season 2", None),
        ]

    def test_of_a_running_season_the_next_episode(self):
        running = make_series("Running", premiered="2020", status="airing")
        season = make_season(running, 1, premiered="2020")
        make_episode(season, 1, name="First", aired="2020-01-01")
        make_episode(season, 2, name="Second", aired="2999-01-01")
        make_episode(season, 3, name="Third", aired="2999-01-08")
        make_season(running, 2)
        assert self.coming() == [
            ("Running", "S1E2 Second", "2999-01-01"),
            ("Running", "Season 2", None),
        ]
        assert self.coming(Progress.parse("running.1.1"))[0][1] == "S1E2 Episode 2"

    def test_nothing_of_what_is_over_or_hidden_or_only_lacks_its_dates(self):
        over = make_series("Over", premiered="2010", status="ended")
        make_season(over, 2)
        make_season(make_series("Draft", state=State.DRAFT), 1)
        shown = make_series("Shown", premiered="2010", status="airing")
        make_episode(make_season(shown, 1), 1, aired="2010")
        make_episode(make_season(shown, 0), 1)
        assert self.coming() == []

    def test_this_year_alone_is_no_date_to_look_forward_to(self):
        year = str(visitor().moment.year)
        series = make_series("Vague", premiered="2010", status="airing")
        make_episode(make_season(series, 1, premiered="2010"), 1, aired=year)
        assert self.coming() == []

    def test_a_season_or_a_series_may_still_come_this_year(self):
        today = visitor().today
        running = make_series("Running", premiered="2010", status="airing")
        make_season(running, 2, premiered=today.iso[:4])
        make_series("Brand new", premiered=today.iso[:7], status="upcoming")
        shown = make_series("Shown", premiered="2010", status="airing")
        make_episode(make_season(shown, 2, premiered=today.iso[:4]), 1, aired="2020")
        assert self.coming() == [
            ("Brand new", "Upcoming", today.iso[:7]),
            ("Running", "Season 2", today.iso[:4]),
        ]

    def test_a_season_without_a_date_is_told_by_its_episode(self):
        running = make_series("Running", premiered="2010", status="airing")
        make_episode(make_season(running, 2), 1, name="Back", aired="2999-01-01")
        assert self.coming() == [("Running", "S2E1 Back", "2999-01-01")]


class NextToSeeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.bosch = make_series("Bosch", premiered="2014")
        for season in (1, 2):
            row = make_season(cls.bosch, season)
            for number in (1, 2):
                make_episode(row, number, name=f"Title {season}{number}", aired="2014")
        make_episode(make_season(cls.bosch, 0), 1, aired="2014")
        make_episode(make_season(make_series("Other")), 1)

    def next(self, progress):
        return [episode.code for episode in next_to_see(visitor(Progress.parse(progress)))]

    def test_is_the_first_unseen_episode_of_each_series_that_was_started(self):
        assert self.next("bosch.1.1") == ["S1E2"]
        assert self.next("bosch.1.2") == ["S2E1"]
        assert self.next("bosch.2.2") == []
        assert self.next("bosch.all") == []
        assert self.next("none") == []
        assert next_to_see(visitor()) == []

    def test_is_none_that_was_not_shown_yet(self):
        make_episode(make_season(self.bosch, 3), 1, aired="2999-01-01")
        assert self.next("bosch.2.2") == []
