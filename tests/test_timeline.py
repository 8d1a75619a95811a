"""The timeline: where things stand on its axis, what it tells, and what it keeps to itself."""

import datetime as dt
import re

from django.template.loader import render_to_string
from django.test import SimpleTestCase, TestCase

from catalog.audience import Audience
from catalog.models import Announcement, PartialDate, Series, SeriesLink, State
from catalog.timeline import Axis, Span
from catalog.views.timeline import timeline_of
from tests.factories import (
    make_announcement,
    make_episode,
    make_season,
    make_series,
    make_series_link,
)

TODAY = dt.datetime(2025, 7, 1, 12, tzinfo=dt.UTC)
LONGEST_NAME = "The Unabridged Adventures of a Detective and Her Volunteers"


def date(text):
    return PartialDate.parse(text)


def span(axis, start, end):
    return Span.on(axis, date(start), date(end))


class AxisTests(SimpleTestCase):
    year = Axis(2025, 2025)

    def test_a_date_is_as_wide_as_it_is_uncertain(self):
        assert self.year.extent(date("2025")).x == 0
        assert self.year.extent(date("2025")).width == 100
        march = self.year.extent(date("2025-03"))
        assert (march.x, march.width) == (16.164, 8.493)  # after 59 days, 31 days
        day = self.year.extent(date("2025-12-31"))
        assert (day.x, day.end) == (99.726, 100)

    def test_has_whole_years_of_their_true_length(self):
        axis = Axis(2023, 2024)
        assert axis.extent(date("2023")).width == round(365 / 731 * 100, 3)
        assert axis.extent(date("2024")).end == 100

    def test_reaches_on_to_today_when_that_is_near(self):
        today = dt.date(2025, 7, 1)
        for dates, years in [
            ([], (2025, 2025)),
            (["2024"], (2024, 2025)),
            (["2014-02", "2030"], (2014, 2030)),
            (["2001"], (2001, 2001)),
            (["1890-05-06", "1899"], (1890, 1899)),
            (["1900", "2000"], (1900, 2025)),
        ]:
            with self.subTest(dates=dates):
                axis = Axis.over([date(text) for text in dates], today)
                assert (axis.first, axis.last) == years

    def test_labels_as_many_years_as_there_is_room_for(self):
        for first, last in [(2025, 2025), (2014, 2026), (1890, 1899), (1601, 2026), (1, 9999)]:
            with self.subTest(first=first, last=last):
                ticks = Axis(first, last).ticks
                wide = [tick for tick in ticks if tick.room in {"everywhere", "wide"}]
                narrow = [tick for tick in ticks if tick.room in {"everywhere", "narrow"}]
                assert 1 <= len(narrow) <= 7
                assert 1 <= len(wide) <= 15
                assert len(ticks) <= 22
                for tick in narrow:
                    assert tick.x <= 88  # so that the number ends before the axis does

    def test_the_last_year_that_there_is(self):
        assert Axis(9999, 9999).extent(date("9999")).end == 100


class SpanTests(SimpleTestCase):
    axis = Axis(2024, 2025)

    def test_between_two_days_all_is_certain(self):
        known = span(self.axis, "2025-03-27", "2025-04-17")
        assert known.core == known.whole
        assert known.soft == ()

    def test_within_a_year_nothing_is(self):
        year = span(self.axis, "2025", "2025")
        assert year.core is None
        assert year.soft == (self.axis.extent(date("2025")),)

    def test_ends_are_as_soft_as_their_dates(self):
        known = span(self.axis, "2024-11", "2025")
        november, year = self.axis.extent(date("2024-11")), self.axis.extent(date("2025"))
        assert (known.whole.x, known.whole.end) == (november.x, year.end)
        before, after = known.soft
        # It began by the last day of November, and did not end before the first of January.
        assert known.core.x == self.axis.position(dt.date(2024, 11, 30))
        assert known.core.end == self.axis.position(dt.date(2025, 1, 2))
        assert (before.x, before.end) == (november.x, known.core.x)
        assert (after.x, after.end) == (known.core.end, year.end)

    def test_what_certainly_ended_on_a_day_did_not_begin_after_it(self):
        known = span(self.axis, "2025", "2025-03-01")
        assert known.whole.end == self.axis.position(dt.date(2025, 3, 2))
        assert known.whole.x == self.axis.position(dt.date(2025, 1, 1))
        assert known.core.x == self.axis.position(dt.date(2025, 3, 1))

    def test_a_day_is_wide_enough_to_be_seen_and_inside_the_axis(self):
        long = Axis(1890, 2025)
        for text in ["1890-01-01", "1950-06-01", "2025-12-31"]:
            with self.subTest(day=text):
                mark = span(long, text, text)
                assert mark.whole.width == 0.8
                assert mark.core == mark.whole
                assert mark.whole.x >= 0
                assert mark.whole.end <= 100


class TimelineTests(TestCase):
    """What ``timeline_of`` makes of rows."""

    def timeline(self, **arguments):
        return timeline_of(Audience(moment=TODAY), **arguments)

    def lane(self, series):
        return next(lane for lane in self.timeline().lanes if lane.series == series)

    def test_without_a_series_there_is_nothing(self):
        timeline = self.timeline()
        assert timeline.lanes == timeline.years == timeline.not_dated_yet == []

    def test_a_season_spans_from_its_premiere_to_its_last_episode(self):
        series = make_series(premiered="2024-02-03")
        season = make_season(series, premiered="2024-02-03")
        for number, aired in enumerate(["2024-02-03", "2024-03-01", None, "2024-02-10"], 1):
            make_episode(season, number, aired=aired)
        (bar,) = self.lane(series).bars
        assert (bar.span.start.iso, bar.span.end.iso) == ("2024-02-03", "2024-03-01")
        assert bar.span.soft == ()

    def test_the_sharper_of_two_dates_of_a_premiere_counts(self):
        series = make_series(premiered="2024")
        make_episode(make_season(series, premiered="2024"), aired="2024-02-03")
        lane = self.lane(series)
        assert lane.bars[0].span.start.iso == "2024-02-03"
        assert lane.premiere.date.iso == "2024-02-03"
        assert lane.premiere.is_certain

    def test_a_season_may_have_ended_as_late_as_any_of_its_episodes(self):
        season = make_season()
        for number, aired in enumerate(["2024-11-30", "2025", "2025-03-01"], 1):
            make_episode(season, number, aired=aired)
        span = self.lane(season.series).bars[0].span
        assert (span.start.iso, span.end.iso) == ("2024-11-30", "2025")

    def test_a_season_with_years_only_is_uncertain_as_a_whole(self):
        season = make_season(premiered="2024")
        make_episode(season, aired="2024")
        lane = self.lane(season.series)
        assert lane.bars[0].span.core is None
        assert lane.bars[0].span.whole == self.timeline().axis.extent(date("2024"))
        assert not lane.premiere.is_certain

    def test_what_has_no_date_stands_nowhere_on_the_axis(self):
        announced = make_series("Announced", status="announced")
        running = make_series("Running", premiered="2024", status="airing")
        make_season(running, 1, premiered="2024")
        later = make_season(running, 2)
        lane = self.lane(announced)
        assert lane.is_undated
        assert lane.bars == []
        assert lane.premiere is None
        lane = self.lane(running)
        assert [bar.season.number for bar in lane.bars] == [1]
        assert lane.undated == [later]
        assert self.timeline().has_undated
        told = [(event.title, event.series[0].name) for event in self.timeline().not_dated_yet]
        assert told == [("Series premiere", "Announced"), ("Season 2", "Running")]

    def test_many_undated_seasons_share_a_chip(self):
        series = make_series()
        for number in range(1, 8):
            make_season(series, number)
        assert [chip.label for chip in self.lane(series).chips] == ["S1", "S2", "+5"]

    def test_a_series_without_seasons_stands_at_its_own_dates(self):
        lane = self.lane(make_series(premiered="2024-05"))
        assert lane.bars[0].span.whole == self.timeline().axis.extent(date("2024-05"))
        assert lane.bars[0].season is None

    def test_only_what_is_over_has_a_finale(self):
        for status, has_finale in [("ended", True), ("cancelled", True), ("airing", False)]:
            with self.subTest(status=status):
                series = make_series(status=status)
                make_episode(make_season(series, 1), aired="2024-01-02")
                make_episode(make_season(series, 2), aired="2025-01-02")
                lane = self.lane(series)
                assert bool(lane.finale) == has_finale
                if has_finale:
                    assert lane.finale.date.iso == "2025-01-02"
                    assert lane.finale.x == lane.bars[-1].end

    def test_a_finale_is_not_guessed_from_an_earlier_season(self):
        series = make_series(status="ended")
        make_season(series, 1, premiered="2024-01-02")
        make_season(series, 2)
        assert self.lane(series).finale is None

    def test_specials_are_neither_premiere_nor_finale(self):
        series = make_series(status="ended")
        make_season(series, 0, premiered="2020-01-01")
        make_season(series, 1, premiered="2024-05-06")
        lane = self.lane(series)
        assert lane.premiere.date.iso == lane.finale.date.iso == "2024-05-06"
        make_episode(make_season(series, 2, premiered="2024-06"), aired="2024-06-07")
        make_episode(lane.bars[0].season, aired="2025-01-01")
        lane = self.lane(series)
        assert lane.finale.date.iso == "2024-06-07"
        shifts = {label.text: label.shift for label in lane.labels}
        assert shifts == {"S0": 0, "S1": 15, "S2": 14}

    def test_lanes_stand_in_release_order_and_what_is_undated_last(self):
        undated = make_series("A")
        late = make_series("B", premiered="2024")
        early = make_series("C", premiered="1899-12-31")
        assert [lane.series for lane in self.timeline().lanes] == [early, late, undated]
        tops = [lane.top for lane in self.timeline().lanes]
        assert tops == sorted(set(tops))

    def test_shows_forty_series_and_no_more(self):
        for number in range(41):
            make_season(make_series(f"Series {number:02}", premiered=f"{1980 + number}"))
        assert len(self.timeline().lanes) == 40
        assert len(self.timeline(series=Series.objects.in_release_order()).lanes) == 40
        assert len(self.timeline().strip_lanes) == 12

    def test_everything_stands_inside_the_axis(self):
        for number, (premiered, aired) in enumerate(
            [("1888", "1899-12-31"), ("1999-12-31", "2000-01-01"), ("2025-12-31", "2025-12-31")]
        ):
            series = make_series(f"Series {number}", premiered=premiered, status="ended")
            make_episode(make_season(series, premiered=premiered), aired=aired)
            make_announcement(date=premiered, series=[series])
        audience = Audience(moment=TODAY)
        news = Announcement.objects.visible_to(audience).for_timeline(audience)
        timeline = self.timeline(news=news)
        assert (timeline.axis.first, timeline.axis.last) == (1888, 2025)
        for lane in timeline.lanes:
            for bar in lane.bars:
                for extent in [bar.span.whole, bar.span.core, *bar.span.soft]:
                    if extent:
                        assert 0 <= extent.x <= extent.end <= 100.001
            assert 0 <= lane.premiere.x <= lane.finale.x <= 100
        for cell in timeline.cells:
            assert 0 <= cell.extent.x < cell.extent.end <= 100.001

    def test_labels_leave_each_other_room(self):
        series = make_series(premiered="2000", status="ended")
        for number in range(26):
            make_season(series, number + 1, premiered=f"{2000 + number}-01-01")
        rooms = [label.room for label in self.lane(series).labels]
        assert "everywhere" not in rooms[:-1]
        assert len(rooms) == 26
        alone = make_season(make_series(), premiered="2010-01-01")
        assert [label.room for label in self.lane(alone.series).labels] == ["everywhere"]


class LinkTests(TestCase):
    """Lines from one lane to another."""

    @classmethod
    def setUpTestData(cls):
        cls.bosch = make_series("Bosch", status="ended")
        cls.finale = make_episode(make_season(cls.bosch), 8, name="Swan Song", aired="2023-06-25")
        cls.ballard = make_series("Ballard", premiered="2024-07-09", status="airing")
        make_season(cls.ballard, premiered="2024-07-09")
        cls.rookie = make_series("Start of Watch", status="announced")

    def elbow(self):
        (elbow,) = timeline_of(Audience(moment=TODAY)).elbows
        return elbow

    def test_specials_before_the_first_season_do_not_begin_a_series(self):
        make_series_link(self.ballard, self.bosch)
        assert not self.elbow().is_announced
        self.ballard.seasons.all().delete()
        make_season(self.ballard, 0, premiered="2023")
        make_season(self.ballard, 1, premiered="2999")
        assert self.elbow().is_announced

    def test_leaves_at_the_episode_where_it_happens(self):
        make_episode(self.finale.season, 1, aired="2023-01-02")
        middle = make_episode(self.finale.season, 2, aired="2023-03-04")
        make_series_link(self.ballard, self.bosch, episode=middle)
        elbow = self.elbow()
        axis = timeline_of(Audience(moment=TODAY)).axis
        assert elbow.x == axis.position(dt.date(2023, 3, 4))
        assert elbow.to == axis.position(dt.date(2024, 7, 9))
        assert (elbow.origin.series, elbow.offspring.series) == (self.bosch, self.ballard)
        assert not elbow.is_announced

    def test_leaves_at_the_end_where_no_day_is_known(self):
        unsure = make_episode(self.finale.season, 3, aired="2023")
        for episode in [None, unsure]:
            with self.subTest(episode=episode):
                link = make_series_link(self.ballard, self.bosch, episode=episode)
                assert self.elbow().x == self.elbow().origin.end
                link.delete()

    def test_leads_straight_down_to_what_began_before_the_end(self):
        make_series_link(self.ballard, self.bosch)
        make_episode(make_season(self.bosch, 2), aired="2025-01-01")
        assert self.elbow().x == self.elbow().to
        assert self.elbow().is_straight

    def test_leads_to_what_is_announced_without_a_date(self):
        make_series_link(self.rookie, self.bosch, SeriesLink.Kind.PREQUEL)
        assert self.elbow().is_announced
        assert self.elbow().to is None
        (told,) = [e for e in timeline_of(Audience(moment=TODAY)).not_dated_yet if e.tie]
        assert (told.tie.phrase, told.tie.other) == ("prequel to", self.bosch)

    def test_what_only_shares_a_universe_is_told_but_not_drawn(self):
        make_series_link(self.ballard, self.bosch, SeriesLink.Kind.UNIVERSE)
        timeline = timeline_of(Audience(moment=TODAY))
        assert timeline.elbows == []
        told = [event for year, events in timeline.years for event in events if event.tie]
        assert [event.date.iso for event in told] == ["2024-07-09"]


class NewsTests(TestCase):
    """Cells below the lanes."""

    def cells(self):
        audience = Audience(moment=TODAY)
        news = Announcement.objects.visible_to(audience).for_timeline(audience)
        return timeline_of(audience, news=news).cells

    def assert_apart(self, cells):
        for one in cells:
            for other in cells:
                if one is not other and one.row == other.row:
                    apart = max(one.extent.x, other.extent.x) - min(
                        one.extent.end, other.extent.end
                    )
                    assert apart > -0.01, (one.extent, other.extent)

    def test_a_date_is_as_wide_as_it_is_uncertain(self):
        make_series(premiered="2024-01-01")
        for text in ["2024", "2025-03", "2025-03-04"]:
            make_announcement(date=text)
        make_announcement()
        widths = {cell.announcement.date.iso: cell.extent.width for cell in self.cells()}
        months = {"2025-03": 4.241, "2025-03-04": 4.241}
        assert widths == {"2024": 50.068, **months}
        assert [cell.is_certain for cell in self.cells()] == [False, False, True]

    def test_many_in_one_month_are_stacked(self):
        for number in range(6):
            make_announcement(date=f"2025-03-{number + 1:02}")
        make_announcement(date="2025")
        cells = self.cells()
        assert len(cells) == 7
        assert {cell.row for cell in cells} == set(range(7))
        self.assert_apart(cells)

    def test_more_than_fit_are_merged(self):
        for number in range(40):
            make_announcement(date=f"2025-03-{number % 28 + 1:02}")
        for number in range(5):
            make_announcement(date=f"2025-{number + 3:02}")
        cells = self.cells()
        assert sum(cell.number for cell in cells) == 45
        assert max(cell.row for cell in cells) == 11
        self.assert_apart(cells)


class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.bosch = make_series("Bosch", premiered="2014-02-06", status="ended", accent="amber")
        cls.one = make_season(cls.bosch, 1, premiered="2014-02-06")
        cls.pilot = make_episode(cls.one, 1, name="Pilot", aired="2014-02-06")
        cls.last = make_episode(cls.one, 2, name="Fourth of July", aired="2015-02-13")
        cls.ballard = make_series("Ballard", premiered="2025", status="airing")
        make_season(cls.ballard, 1, premiered="2025-07")
        cls.rookie = make_series("Start of Watch", status="announced")
        cls.link = make_series_link(
            cls.ballard, cls.bosch, episode=cls.last, note="She opens a cold case."
        )
        make_series_link(cls.rookie, cls.bosch, SeriesLink.Kind.PREQUEL, note="In uniform.")
        make_announcement("Bosch renewed", date="2014-03", series=[cls.bosch])
        make_announcement("Ballard cast", date="2025-01-02", series=[cls.ballard])
        make_announcement("About them all", date="2020")

    def words(self, address="/timeline/"):
        response = self.client.get(address)
        assert response.status_code == 200
        told = response.text.partition('<section class="timeline-told"')[2].partition("</main>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", told).split())

    def test_tells_everything_in_order(self):
        words = self.words()
        told = [
            "2014 6 February 2014 Bosch Premiere Series premiere",
            "6 February 2014 to 13 February 2015 Bosch Season Season 1 , 2 episodes",
            "March 2014 Bosch News Bosch renewed",
            "2015 13 February 2015 Ballard Lineage Spin-off of Bosch ",
            "in Bosch S1E2: Fourth of July She opens a cold case.",
            "13 February 2015 Bosch Finale Series finale",
            "2020 2020 News About them all",
            "2 January 2025 Ballard News Ballard cast",
            "July 2025 Ballard Premiere Series premiere",
            "July 2025 Ballard Season Season 1",
            "Not dated yet Start of Watch Premiere Series premiere Announced",
            "Start of Watch Lineage Prequel to Bosch In uniform.",
        ]
        places = [words.find(sentence) for sentence in told]
        assert -1 not in places, told[places.index(-1)]
        assert places == sorted(places)

    def test_the_list_links_to_what_it_names(self):
        page = self.client.get("/timeline/").text.partition('<ol class="timeline-list"')[2]
        for target in [
            "/series/bosch/",
            "/series/bosch/season-1/",
            "/series/bosch/season-1/episode-2/",
            "/series/ballard/season-1/",
            "/news/bosch-renewed/",
        ]:
            assert f'href="{target}"' in page

    def test_a_table_says_the_same(self):
        page = self.client.get("/timeline/?view=table").text
        assert page.count('<th scope="col">') == 4
        assert "<caption>" in page
        assert '<ol class="timeline-list"' not in page
        rows = page.count('<tr class="timeline-cells"')
        assert rows == self.client.get("/timeline/").text.count('<div class="timeline-row ')
        assert "Not dated yet Start of Watch Premiere Series premiere" in self.words(
            "/timeline/?view=table"
        )

    def test_list_and_table_lead_to_each_other(self):
        chosen = "series=bosch&amp;series=ballard"
        for view, current, other in [
            (
                "",
                f'/timeline/?{chosen}" aria-current="page"',
                f'/timeline/?{chosen}&amp;view=table"',
            ),
            ("&view=table", f'{chosen}&amp;view=table" aria-current="page"', f'?{chosen}"'),
        ]:
            with self.subTest(view=view):
                page = self.client.get(f"/timeline/?series=ballard&series=bosch{view}").text
                assert current in page
                assert other in page

    def test_nothing_in_the_drawing_is_reached_by_keyboard(self):
        page = self.client.get("/timeline/").text
        drawing = page.partition('<div class="timeline-chart__drawing" aria-hidden="true">')[2]
        drawing = drawing.partition("timeline-chart__legend")[0]
        links = re.findall(r"<a [^>]*>", drawing)
        assert len(links) >= 8
        assert all('tabindex="-1"' in link for link in links)

    def test_the_drawing_shows_what_is_uncertain_and_what_is_announced(self):
        page = self.client.get("/timeline/").text
        assert 'fill="url(#timeline-hatch)"' in page
        assert "timeline-chart__mark--uncertain" in page
        assert "timeline-chart__link--announced" in page
        page = self.client.get("/timeline/?series=bosch").text
        assert "timeline-chart__mark--uncertain" not in page
        assert "timeline-chart--with-undated" not in page

    def test_narrows_to_series(self):
        words = self.words("/timeline/?series=ballard")
        assert "Ballard cast" in words
        assert "Spin-off of Bosch" in words
        for absent in ["Bosch renewed", "About them all", "Start of Watch", "Finale"]:
            assert absent not in words
        page = self.client.get("/timeline/?series=ballard&series=bosch").text
        assert len(re.findall(r'name="series"[^>]* checked>', page)) == 2
        assert page.count('<svg class="timeline-lane accent-') == 2
        assert "Show all series" in page

    def test_an_unknown_series_gets_a_message(self):
        for value in ["nope", "", "bosch%00", "%ff", "a" * 5_000]:
            with self.subTest(value=value[:10]):
                response = self.client.get(f"/timeline/?series={value}")
                assert response.status_code == 200
                assert ("There is no series" in response.text) == bool(value)
        assert "There is no view" in self.client.get("/timeline/?view=cube").text

    def test_crawlers_keep_the_plain_one(self):
        noindex = '<meta name="robots" content="noindex">'
        canonical = '<link rel="canonical" href="http://testserver/timeline/">'
        for address, is_kept in [
            ("/timeline/", True),
            ("/timeline/?series=bosch", False),
            ("/timeline/?view=table", False),
            ("/timeline/?series=nope", False),
        ]:
            with self.subTest(address=address):
                page = self.client.get(address).text
                assert (noindex not in page) == is_kept
                assert canonical in page
        robots = self.client.get("/robots.txt").text
        assert "Disallow: /*?view=\n" in robots
        assert "Disallow: /*&view=\n" in robots

    def test_a_note_is_told_with_its_episode_only(self):
        secret = make_series("Secret", state=State.DRAFT)
        self.link.episode = make_episode(make_season(secret), name="Hidden")
        self.link.save()
        for address in [
            "/timeline/",
            "/timeline/?view=table",
            "/series/ballard/",
            "/series/bosch/",
        ]:
            with self.subTest(address=address):
                page = self.client.get(address).text
                assert "pin-off" in page
                for absent in ["Hidden", "Secret", "She opens a cold case."]:
                    assert absent not in page

    def test_news_that_give_something_away_are_told_by_their_headline(self):
        make_announcement(
            "It came out",
            body="He did it.",
            date="2015",
            series=[self.bosch],
            revealed_in=self.last,
        )
        page = self.client.get("/timeline/").text
        assert "It came out" in page
        assert "He did it." not in page

    def test_long_names_and_many_series_are_bounded(self):
        for number in range(45):
            make_season(
                make_series(f"{LONGEST_NAME} {number}", premiered=str(1880 + number)),
                premiered=str(1880 + number),
            )
        page = self.client.get("/timeline/").text
        assert "40 series are shown here, 8 more are not." in page
        assert page.count(' name="series"') == 40
        last = self.client.get("/timeline/?series=start-of-watch").text
        assert last.count(' name="series"') == 41
        assert "Not dated yet" in last

    def test_shows_the_latest_news_only(self):
        for number in range(205):
            make_announcement(f"Item {number}", date=f"{1700 + number}")
        words = self.words()
        assert "The latest 200 news items are shown." in words
        assert "Item 204" in words
        assert "Item 4 " not in words


class StripTests(TestCase):
    """The small timeline of pages that lead to the whole one."""

    def strip(self):
        return render_to_string(
            "catalog/_timeline_strip.html", {"timeline": timeline_of(Audience(moment=TODAY))}
        )

    def test_shows_the_series_and_leads_to_the_timeline(self):
        season = make_season(make_series("Bosch", accent="amber"), premiered="2024-05-06")
        make_season(make_series("Ballard", accent="violet"), premiered="2025")
        make_series("Start of Watch", accent="crimson")
        strip = self.strip()
        assert strip.count("<a ") == 1
        assert 'href="/timeline/"' in strip
        assert 'aria-hidden="true"' in strip
        x = timeline_of(Audience(moment=TODAY)).axis.position(dt.date(2024, 5, 6))
        assert f'x="{x}%"' in strip.partition("accent-amber")[2].partition("accent-")[0]
        assert "url(#timeline-strip-hatch)" in strip.partition("accent-violet")[2]
        undated = strip.partition("accent-crimson")[2]
        assert "timeline-strip__undated" in undated
        assert "<rect" not in undated
        assert str(season.series) not in strip

    def test_costs_three_statements_or_two_with_series_at_hand(self):
        make_series_link(make_season().series, make_season().series)
        with self.assertNumQueries(3):
            self.strip()
        series = list(Series.objects.all())
        with self.assertNumQueries(2):
            timeline_of(Audience(moment=TODAY), series).elbows  # noqa: B018 - asked for its cost

    def test_without_a_series_there_is_none(self):
        assert self.strip().strip() == ""


class EmptyPageTests(TestCase):
    def test_says_that_nothing_is_there(self):
        page = self.client.get("/timeline/").text
        assert "Nothing here yet" in page
        assert '<svg class="timeline' not in page

    def test_one_series_with_one_year(self):
        make_series("Bosch", premiered="1899")
        page = self.client.get("/timeline/").text
        assert "1899" in page
        assert "timeline-filter" not in page  # nothing to choose among
        assert "Today" not in page

    def test_one_series_without_any_date(self):
        make_series("Bosch")
        page = self.client.get("/timeline/").text
        assert "Not dated yet" in page
        assert "Announced" in page


class LineageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.bosch = make_series("Bosch", premiered="2014")
        cls.legacy = make_series("Legacy", premiered="2022")
        cls.ballard = make_series("Ballard", premiered="2025")
        cls.finale = make_episode(make_season(cls.legacy, 3), 10, name="Dig Down")
        make_series_link(cls.legacy, cls.bosch, SeriesLink.Kind.SEQUEL)
        make_series_link(cls.ballard, cls.legacy, episode=cls.finale, note="Enter Renée.")
        make_series_link(cls.ballard, cls.bosch, SeriesLink.Kind.UNIVERSE)

    def words(self, slug):
        page = self.client.get(f"/series/{slug}/").text
        section = page.partition('<section class="lineage"')[2].partition("</section>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", section).split())

    def test_says_where_it_comes_from_and_what_came_of_it(self):
        assert (
            "Lineage Where it comes from Sequel to Bosch 2014 Legacy 2022 "
            "What came of it Has the spin-off Ballard 2025 "
            "in Legacy S3E10: Dig Down Enter Renée." in self.words("legacy")
        )

    def test_what_shares_the_universe_stands_apart(self):
        words = self.words("bosch")
        assert "Where it comes from" not in words
        assert "What came of it Followed by Legacy 2022" in words
        assert "Followed by Legacy 2022 Shares its universe with Ballard 2025" in words
        assert "Ballard 2025 Shares its universe with Bosch 2014" in self.words("ballard")

    def test_leads_to_the_episode_and_to_the_timeline_of_the_family(self):
        page = self.client.get("/series/ballard/").text
        assert 'href="/series/legacy/season-3/episode-10/"' in page
        family = "/timeline/?series=ballard&amp;series=legacy&amp;series=bosch"
        assert f'href="{family}"' in page
        assert self.client.get(family.replace("&amp;", "&")).status_code == 200

    def test_a_series_without_links_has_no_such_section(self):
        make_series("Alone")
        assert "Lineage" not in self.client.get("/series/alone/").text
