"""The calendar, as a program reads it that people subscribe with."""

import datetime as dt

import icalendar

from tests.factories import make_episode, make_season, make_series

from .world import World

CALENDAR = "/calendar.ics"


class CalendarTests(World):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.third = make_season(cls.bosch, 3)
        make_episode(cls.third, 1, name="Third", aired="2017-04-21")
        make_episode(cls.third, 2, name="Last", aired="2017-04-28")

    def read(self, address=CALENDAR):
        response = self.client.get(address)
        assert response.status_code == 200
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert all(len(line) <= 75 for line in response.content.split(b"\r\n"))
        return icalendar.Calendar.from_ical(response.content)

    def events(self, address=CALENDAR):
        return [(event.start, str(event["summary"])) for event in self.read(address).events]

    def test_it_has_the_episodes_whose_day_is_known(self):
        assert self.events() == [
            (dt.date(2014, 2, 6), "Bosch S1E1: Pilot (series premiere)"),
            (dt.date(2017, 4, 21), "Bosch S3E1: Third (season premiere)"),
            (dt.date(2017, 4, 28), "Bosch S3E2: Last (series finale)"),
            (dt.date(2025, 7, 9), "Ballard S1E1: Cold (series premiere)"),
        ]

    def test_the_last_episode_so_far_is_no_finale(self):
        make_episode(self.first, 2, name="More", aired="2025-07-16")
        assert (dt.date(2025, 7, 16), "Ballard S1E2: More") in self.events()
        make_episode(make_season(self.ballard, 2), 1, aired="2026-07")
        assert (dt.date(2025, 7, 16), "Ballard S1E2: More (season finale)") in self.events()

    def test_a_season_and_a_series_without_episodes_have_their_premieres(self):
        make_season(self.ballard, 2, premiered="2026-12-24")
        make_season(self.ballard, 3, premiered="2027")
        make_series("Start of Watch", premiered="2027-01-31", status="announced")
        make_series("Later Still", premiered="2027-02", status="announced")
        assert self.events("/calendar.ics?kind=premiere")[-2:] == [
            (dt.date(2026, 12, 24), "Ballard: Season 2 (season premiere)"),
            (dt.date(2027, 1, 31), "Start of Watch (series premiere)"),
        ]

    def test_it_is_narrowed_as_the_list_of_episodes_is(self):
        assert len(self.events("/calendar.ics?series=ballard")) == 1
        assert len(self.events("/calendar.ics?series=bosch&season=3&sort=title")) == 2
        assert len(self.events("/calendar.ics?person=maggie-q")) == 1
        assert len(self.events("/calendar.ics?year=2017")) == 2
        [(_, finale)] = self.events("/calendar.ics?kind=finale")
        assert finale == "Bosch S3E2: Last (series finale)"
        assert self.client.get("/calendar.ics?series=nothing").status_code == 404

    def test_an_event_takes_the_whole_day_and_leaves_it_free(self):
        event = self.read().events[0]
        assert event.end == dt.date(2014, 2, 7)
        assert event["dtstart"].params["VALUE"] == "DATE"
        assert event["transp"] == "TRANSPARENT"
        assert event["url"] == "http://testserver/series/bosch/season-1/episode-1/"
        assert [str(name) for name in event.categories] == ["Bosch", "Series premiere"]

    def test_an_event_stays_the_same_whatever_changes(self):
        before = [str(event["uid"]) for event in self.read().events]
        self.bosch.slug, self.bosch.name = "another", "Another, \\ with; marks\nand lines"
        self.bosch.save()
        book = self.read()
        assert [str(event["uid"]) for event in book.events] == before
        assert len({*before}) == len(before)
        assert book.events[0]["summary"].startswith("Another, \\ with; marks\nand lines S1E1")
        assert self.client.get(CALENDAR).content == self.client.get(CALENDAR).content

    def test_it_says_what_it_is(self):
        book = self.read("/calendar.ics?series=ballard")
        assert book["x-wr-calname"] == "The Bosch Universe: Ballard"
        assert book["url"] == "http://testserver/calendar.ics?series=ballard"
        assert book["version"] == "2.0"

    def test_it_is_the_same_for_everybody(self):
        shown = self.client.get(CALENDAR).content
        self.client.cookies["progress"] = "bosch.1.1"
        assert self.client.get(CALENDAR).content == shown

    def test_drafts_are_not_in_it(self):
        draft = make_series("Hidden", state="draft", premiered="2027-01-31")
        make_episode(make_season(draft, 1), 1, aired="2027-01-31")
        assert "Hidden" not in self.client.get(CALENDAR).text

    def test_pages_lead_to_it(self):
        assert 'href="/calendar.ics?series=ballard"' in self.client.get("/series/ballard/").text
        assert 'href="/calendar.ics"' in self.client.get("/episodes/").text
