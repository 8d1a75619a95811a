"""Watch orders: what comes first, why, and which way previous and next lead."""

import re

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import TestCase

from catalog.models import State, WatchOrder, WatchStep
from tests.factories import (
    make_episode,
    make_season,
    make_series,
    make_source,
    make_watch_order,
    make_watch_step,
)


def by_release(name="Release order", **fields):
    return make_watch_order(name, arrangement=WatchOrder.Arrangement.BY_RELEASE, **fields)


def words_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


class OrderTestCase(TestCase):
    def targets(self, path):
        return [str(step.target) for step in self.client.get(path).context["steps"]]

    def link(self, path, rel):
        """(address, text) of the link of that kind among the neighbours, or None."""
        page = self.client.get(path)
        assert page.status_code == 200
        found = re.search(rf'<a [^>]*rel="{rel}" href="([^"]*)">(.*?)</a>', page.text)
        return found and (found[1], words_of(found[2]))

    def previous(self, path):
        return self.link(path, "prev")

    def next(self, path):
        return self.link(path, "next")

    def walk(self, path):
        """The addresses from ``path`` on, by the next links."""
        passed = [path]
        while found := self.next(passed[-1]):
            assert found[0] not in passed
            passed.append(found[0])
            # A season without episodes leads back to the season before it.
            if "episode-" in found[0] or "episode-" not in passed[-2]:
                assert self.previous(found[0])[0] == passed[-2]
        return [address.partition("?")[0] for address in passed]


class ReleaseOrderTests(OrderTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.order = by_release()
        cls.bosch = make_series("Bosch")
        cls.ballard = make_series("Ballard")

    def order_of_seasons(self):
        return self.targets("/watch-orders/release-order/")

    def test_goes_by_premiere_over_all_series(self):
        make_season(self.ballard, 1, premiered="2025-07-09")
        make_season(self.bosch, 2, premiered="2016-03-11")
        make_season(self.bosch, 1, premiered="2014-02-06")
        assert self.order_of_seasons() == [
            "Bosch, season 1",
            "Bosch, season 2",
            "Ballard, season 1",
        ]

    def test_takes_the_earliest_episode_where_no_premiere_is_known(self):
        season = make_season(self.bosch, 1)
        make_episode(season, 1)
        make_episode(season, 2, aired="2015-02-20")
        make_episode(season, 3, aired="2015-02-13")
        make_season(self.ballard, 1, premiered="2015-02-14")
        make_season(self.bosch, 2, premiered="2015-02-12")
        assert self.order_of_seasons() == [
            "Bosch, season 2",
            "Bosch, season 1",
            "Ballard, season 1",
        ]
        assert "First shown 13 February 2015" in self.client.get(self.order.get_absolute_url()).text

    def test_puts_unknown_dates_last(self):
        make_season(self.ballard, 2)
        make_season(self.bosch, 1, premiered="2999")
        assert self.order_of_seasons() == ["Bosch, season 1", "Ballard, season 2"]
        assert "Date not announced" in self.client.get(self.order.get_absolute_url()).text

    def test_equal_dates_go_by_rank_then_by_id(self):
        seasons = [make_season(self.bosch, number, premiered="2020") for number in (4, 3, 2, 1)]
        assert self.order_of_seasons() == [f"Bosch, season {number}" for number in (4, 3, 2, 1)]
        # Later in the table, earlier by rank; what has no rank comes after what has one.
        make_watch_step(self.order, 20, season=seasons[3])
        make_watch_step(self.order, 10, season=seasons[2])
        assert self.order_of_seasons() == [f"Bosch, season {number}" for number in (2, 1, 4, 3)]

    def test_equally_unknown_dates_go_by_rank_then_by_id(self):
        seasons = [make_season(self.bosch, number) for number in (3, 2, 1)]
        make_watch_step(self.order, 1, season=seasons[2])
        assert self.order_of_seasons() == [f"Bosch, season {number}" for number in (1, 3, 2)]

    def test_a_rank_never_beats_a_date(self):
        make_season(self.bosch, 1, premiered="2014")
        later = make_season(self.bosch, 2, premiered="2016")
        make_watch_step(self.order, 1, season=later)
        assert self.order_of_seasons() == ["Bosch, season 1", "Bosch, season 2"]

    def test_the_rank_in_another_order_says_nothing(self):
        make_season(self.bosch, 1, premiered="2014")
        second = make_season(self.bosch, 2, premiered="2014")
        make_watch_step(by_release("Another"), 1, season=second)
        assert self.order_of_seasons() == ["Bosch, season 1", "Bosch, season 2"]

    def test_gains_a_new_season_by_itself(self):
        make_season(self.bosch, 1, premiered="2014")
        assert len(self.order_of_seasons()) == 1
        make_season(make_series("Start of Watch"), 1, premiered="2013")
        assert self.order_of_seasons() == ["Start of Watch, season 1", "Bosch, season 1"]

    def test_a_step_adds_a_reason_and_an_importance_to_its_season(self):
        season = make_season(self.bosch, 1, premiered="2014")
        make_season(self.bosch, 2, premiered="2015")
        make_watch_step(self.order, 1, season=season, importance="skippable", reason="It begins.")
        steps = self.client.get("/watch-orders/release-order/").context["steps"]
        assert [(step.importance, step.reason) for step in steps] == [
            ("skippable", "It begins."),
            ("essential", ""),
        ]

    def test_of_two_steps_for_one_season_the_first_counts(self):
        season = make_season(self.bosch, 1)
        make_watch_step(self.order, 9, season=season, importance="optional", reason="Second")
        make_watch_step(self.order, 3, season=season, importance="skippable", reason="First")
        page = self.client.get("/watch-orders/release-order/")
        assert [step.reason for step in page.context["steps"]] == ["First"]
        (listed,) = self.client.get("/watch-orders/").context["object_list"]
        assert listed.tally == [("skippable", 1)]

    def test_a_step_of_a_series_or_an_episode_is_refused_kindly(self):
        for target in ({"series": self.bosch}, {"episode": make_episode()}):
            step = WatchStep(order=self.order, position=1, **target)
            with pytest.raises(ValidationError, match="An order by release is made of seasons"):
                step.full_clean()
        WatchStep(order=make_watch_order(), position=1, series=self.bosch).full_clean()

    def test_drafts_are_in_no_order(self):
        hidden = make_series("Secret", state=State.DRAFT)
        season = make_season(hidden, 1, premiered="2013")
        make_season(self.bosch, 1, premiered="2014")
        make_watch_step(self.order, 1, season=season, reason="Secret reason")
        assert self.order_of_seasons() == ["Bosch, season 1"]
        assert "Secret" not in self.client.get("/watch-orders/release-order/").text
        (listed,) = self.client.get("/watch-orders/").context["object_list"]
        assert (listed.step_count, listed.tally) == (1, [("essential", 1)])
        assert "step 1 of 1" in self.client.get("/series/bosch/season-1/?order=release-order").text


class HandmadeOrderTests(OrderTestCase):
    @classmethod
    def setUpTestData(cls):
        cls.order = make_watch_order("Just Ballard", description="The *shortest* way.")
        cls.legacy = make_series("Legacy")
        cls.season = make_season(cls.legacy, 3, premiered="2025-03-27")
        cls.finale = make_episode(cls.season, 10, name="Dig Down", aired="2025-04-17")
        cls.ballard = make_series("Ballard", premiered="2025-07-09")
        make_episode(make_season(cls.ballard, 1, premiered="2025-07-09"), 1)
        make_watch_step(cls.order, 30, series=cls.ballard, reason="Her own series.")
        make_watch_step(cls.order, 10, season=cls.season, importance="optional")
        make_watch_step(cls.order, 20, episode=cls.finale, reason="She appears.")

    def test_goes_by_position(self):
        assert self.targets("/watch-orders/just-ballard/") == [
            "Legacy, season 3",
            "Legacy S3E10: Dig Down",
            "Ballard",
        ]

    def test_each_step_says_what_why_and_how_important(self):
        page = self.client.get("/watch-orders/just-ballard/").text
        words = words_of(page)
        assert (
            "Step 1 Legacy Legacy, Season 3 Optional First shown 27 March 2025 1 episode" in words
        )
        assert "S3E10 Dig Down Essential First shown 17 April 2025 She appears." in words
        assert (
            "Ballard Essential First shown 9 July 2025 1 season 1 episode Her own series." in words
        )
        assert "Arranged by hand" in words

    def test_seasons_and_episodes_are_linked_so_that_the_order_is_kept(self):
        page = self.client.get("/watch-orders/just-ballard/").text
        assert 'href="/series/legacy/season-3/?order=just-ballard"' in page
        assert 'href="/series/legacy/season-3/episode-10/?order=just-ballard"' in page
        assert 'href="/series/ballard/?order=just-ballard"' in page

    def test_its_sources_are_listed(self):
        self.order.sources.add(make_source("How to watch"))
        assert "How to watch" in self.client.get("/watch-orders/just-ballard/").text

    def test_an_order_without_steps_says_so(self):
        make_watch_order("Empty")
        assert "No steps yet" in self.client.get("/watch-orders/empty/").text
        assert "No steps yet" in self.client.get("/watch-orders/").text

    def test_a_long_order_has_pages_and_leads_back_to_the_right_one(self):
        WatchOrder.objects.all().delete()
        order = make_watch_order("Long")
        for number in range(1, 203):
            make_watch_step(order, number, episode=make_episode(self.season, 100 + number))
        second = self.client.get("/watch-orders/long/?steps=2")
        assert [step.number for step in second.context["steps"]] == [201, 202]
        page = self.client.get("/series/legacy/season-3/episode-301/?order=long").text
        assert 'href="/watch-orders/long/?steps=2#step-201"' in page
        assert self.client.get("/watch-orders/long/?steps=3").status_code == 404


class ListTests(OrderTestCase):
    def test_is_empty_at_first(self):
        assert "Nothing here yet" in self.client.get("/watch-orders/").text

    def test_small_ranks_come_first(self):
        for name, rank in [("Beta", 500), ("Alpha", 500), ("Zeta", 1)]:
            make_watch_order(name, rank=rank)
        names = [order.name for order in self.client.get("/watch-orders/").context["object_list"]]
        assert names == ["Zeta", "Alpha", "Beta"]

    def test_a_card_tells_how_many_steps_of_each_importance_there_are(self):
        order = make_watch_order("Mixed", description="For *beginners*.\n\nAnd others.")
        for number, importance in enumerate(["essential", "essential", "skippable"]):
            make_watch_step(order, number, series=make_series(), importance=importance)
        make_watch_step(order, 9, series=make_series(state=State.DRAFT))
        page = self.client.get("/watch-orders/").text
        words = words_of(page)
        assert "Mixed For beginners. 3 steps, arranged by hand 2 essential 1 can be" in words

    def test_only_an_editor_sees_a_draft_and_it_is_marked(self):
        make_watch_order("Secret", state=State.DRAFT)
        assert "Secret" not in self.client.get("/watch-orders/").text
        assert self.client.get("/watch-orders/secret/").status_code == 404
        self.client.force_login(User.objects.create_superuser("editor"))
        for path in ["/watch-orders/", "/watch-orders/secret/"]:
            assert '<span class="state-mark">Draft</span>' in self.client.get(path).text


class FollowingTests(OrderTestCase):
    """Two series, whose seasons an order mixes: A1, B1 (two episodes), A2 (not yet), B2."""

    @classmethod
    def setUpTestData(cls):
        cls.alpha, cls.beta = make_series("Alpha"), make_series("Beta")
        cls.a1, cls.a2 = (make_season(cls.alpha, number) for number in (1, 2))
        cls.b1, cls.b2 = (make_season(cls.beta, number) for number in (1, 2))
        for season in (cls.a1, cls.b1, cls.b2):
            for number in (1, 2):
                make_episode(season, number, name=f"Title {number}")
        cls.order = make_watch_order("Mixed")
        for position, season in enumerate([cls.a1, cls.b1, cls.a2, cls.b2]):
            make_watch_step(cls.order, position, season=season)

    def test_a_season_leads_to_the_steps_beside_it(self):
        path = "/series/beta/season-1/?order=mixed"
        assert self.previous(path) == (
            "/series/alpha/season-1/?order=mixed",
            "Previous Alpha Season 1",
        )
        assert self.next(path) == ("/series/alpha/season-2/?order=mixed", "Next Alpha Season 2")
        assert self.previous("/series/alpha/season-1/?order=mixed") is None
        assert self.next("/series/beta/season-2/?order=mixed") is None

    def test_an_episode_leads_on_across_series(self):
        path = "/series/alpha/season-1/episode-1/?order=mixed"
        assert self.next(path)[1] == "Next S1E2 Title 2"
        path = self.next(path)[0]
        assert path == "/series/alpha/season-1/episode-2/?order=mixed"
        assert self.next(path) == (
            "/series/beta/season-1/episode-1/?order=mixed",
            "Next Beta S1E1 Title 1",
        )
        assert self.previous("/series/beta/season-1/episode-1/?order=mixed") == (
            path,
            "Previous Alpha S1E2 Title 2",
        )

    def test_a_season_without_episodes_stands_for_itself(self):
        assert self.next("/series/beta/season-1/episode-2/?order=mixed") == (
            "/series/alpha/season-2/?order=mixed",
            "Next Alpha Season 2",
        )
        assert self.previous("/series/beta/season-2/episode-1/?order=mixed") == (
            "/series/alpha/season-2/?order=mixed",
            "Previous Alpha Season 2",
        )

    def test_without_the_parameter_neighbours_are_those_of_the_series(self):
        assert self.next("/series/alpha/season-1/") == (
            "/series/alpha/season-2/",
            "Next Season 2",
        )
        assert self.next("/series/beta/season-1/episode-2/") == (
            "/series/beta/season-2/episode-1/",
            "Next S2E1 Title 1",
        )

    def test_the_page_says_where_it_is_and_leads_to_the_order_and_out_of_it(self):
        for path in ["/series/beta/season-1/", "/series/beta/season-1/episode-2/"]:
            with self.subTest(path=path):
                page = self.client.get(f"{path}?order=mixed").text
                words = words_of(page)
                assert "Following Mixed , step 2 of 4" in words
                assert 'href="/watch-orders/mixed/#step-2"' in page
                assert f'<a class="following__leave" href="{path}">' in page

    def test_crawlers_keep_the_page_without_the_order(self):
        path = "/series/beta/season-1/"
        noindex = '<meta name="robots" content="noindex">'
        page = self.client.get(f"{path}?order=mixed").text
        assert f'<link rel="canonical" href="http://testserver{path}">' in page
        assert noindex in page
        assert noindex not in self.client.get(path).text
        robots = self.client.get("/robots.txt").text
        assert "Disallow: /*?order=\n" in robots
        assert "Disallow: /*&order=\n" in robots

    def test_the_episodes_of_a_season_and_the_pages_of_its_sections_keep_the_order(self):
        for number in range(3, 70):
            make_episode(self.a1, number)
        page = self.client.get("/series/alpha/season-1/?order=mixed").text
        assert 'href="/series/alpha/season-1/episode-2/?order=mixed"' in page
        assert 'href="/series/alpha/season-1/?order=mixed&amp;episodes=2#episodes"' in page
        page = self.client.get("/series/alpha/season-1/").text
        assert 'href="/series/alpha/season-1/episode-2/"' in page
        assert 'href="/series/alpha/season-1/?episodes=2#episodes"' in page

    def test_an_order_that_is_not_there_changes_nothing(self):
        make_watch_order("Secret", state=State.DRAFT)
        make_watch_step(WatchOrder.objects.get(slug="secret"), 1, season=self.b1)
        by_release("Secret release order", state=State.DRAFT)
        make_watch_order("Elsewhere")
        make_watch_step(WatchOrder.objects.get(slug="elsewhere"), 1, season=self.a2)
        for path in ["/series/beta/season-1/", "/series/beta/season-1/episode-1/"]:
            plain = self.client.get(path).text
            for value in [
                "unknown",
                "secret",
                "secret-release-order",
                "elsewhere",
                "",
                "a%00b",
                "%ff",
                "x" * 10_000,
                "é",
            ]:
                with self.subTest(path=path, value=value[:20]):
                    page = self.client.get(f"{path}?order={value}")
                    assert page.status_code == 200
                    assert page.text == plain

    def test_an_editor_follows_a_draft(self):
        make_watch_step(make_watch_order("Secret", state=State.DRAFT), 1, season=self.b1)
        self.client.force_login(User.objects.create_superuser("editor"))
        page = self.client.get("/series/beta/season-1/?order=secret").text
        assert "step 1 of 1" in page

    def test_what_is_hidden_is_passed_over_and_not_counted(self):
        self.alpha.state = State.DRAFT
        self.alpha.save()
        path = "/series/beta/season-1/"
        assert self.previous(f"{path}?order=mixed") is None
        assert self.next(f"{path}?order=mixed")[0] == "/series/beta/season-2/?order=mixed"
        assert "step 1 of 2" in self.client.get(f"{path}?order=mixed").text
        assert self.next(f"{path}episode-2/?order=mixed")[0] == (
            "/series/beta/season-2/episode-1/?order=mixed"
        )

    def test_a_derived_order_is_followed_too(self):
        by_release()
        for season, date in [(self.b2, "2001"), (self.a1, "2002"), (self.b1, "2003")]:
            season.premiered = date
            season.save()
        path = "/series/beta/season-2/?order=release-order"
        assert self.next(path)[0] == "/series/alpha/season-1/?order=release-order"
        assert self.walk("/series/beta/season-2/episode-1/?order=release-order") == [
            "/series/beta/season-2/episode-1/",
            "/series/beta/season-2/episode-2/",
            "/series/alpha/season-1/episode-1/",
            "/series/alpha/season-1/episode-2/",
            "/series/beta/season-1/episode-1/",
            "/series/beta/season-1/episode-2/",
            "/series/alpha/season-2/",
        ]


class PlacesTests(OrderTestCase):
    """Steps of series and of single episodes, and what is in an order twice."""

    @classmethod
    def setUpTestData(cls):
        cls.series = make_series("Alpha")
        cls.first, cls.second = (make_season(cls.series, number) for number in (1, 2))
        cls.episodes = [
            make_episode(season, number)
            for season in (cls.first, cls.second)
            for number in (1, 2, 3)
        ]
        cls.order = make_watch_order("Order")

    def arrange(self, *steps):
        for position, target in enumerate(steps):
            make_watch_step(self.order, position, **{target._meta.model_name: target})

    def walk_from(self, path):
        return [
            address.removeprefix("/series/").replace("season-", "").replace("episode-", "")
            for address in self.walk(f"/series/{path}?order=order")
        ]

    def test_a_series_stands_for_all_its_seasons(self):
        other = make_episode(make_season(make_series("Beta")))
        self.arrange(other, self.series)
        assert self.walk_from("beta/season-1/episode-1/") == [
            "beta/1/1/",
            "alpha/1/1/",
            "alpha/1/2/",
            "alpha/1/3/",
            "alpha/2/1/",
            "alpha/2/2/",
            "alpha/2/3/",
        ]
        assert self.walk_from("alpha/season-1/") == ["alpha/1/", "alpha/2/"]
        for path in ["/series/alpha/season-1/", "/series/alpha/season-2/episode-2/"]:
            assert "step 2 of 2" in self.client.get(f"{path}?order=order").text

    def test_the_page_of_a_series_hands_the_order_on_to_its_seasons(self):
        other = make_season(make_series("Beta"))
        self.arrange(other, self.series)
        page = self.client.get("/series/alpha/?order=order").text
        assert "Following Order , step 2 of 2" in words_of(page)
        assert 'href="/watch-orders/order/#step-2"' in page
        assert 'href="/series/alpha/season-1/?order=order"' in page
        assert '<link rel="canonical" href="http://testserver/series/alpha/">' in page
        assert '<meta name="robots" content="noindex">' in page
        assert 'rel="next"' not in page
        for path in ["/series/beta/?order=order", "/series/alpha/?order=unknown", "/series/alpha/"]:
            page = self.client.get(path).text
            assert "Following" not in page
            assert "?order=" not in page

    def test_the_way_up_from_an_episode_keeps_the_order(self):
        self.arrange(self.series)
        page = self.client.get("/series/alpha/season-1/episode-1/?order=order").text
        assert '<li><a href="/series/alpha/season-1/?order=order">' in page
        assert '<li><a href="/series/alpha/?order=order">' in page
        page = self.client.get("/series/alpha/season-1/?order=order").text
        assert '<li><a href="/series/alpha/?order=order">' in page

    def test_a_series_without_seasons_is_a_step_but_no_stop(self):
        self.arrange(make_series("Announced"), self.first)
        assert self.previous("/series/alpha/season-1/?order=order") is None
        page = self.client.get("/series/alpha/season-1/episode-1/?order=order").text
        assert "step 2 of 2" in page

    def test_an_episode_of_its_own_step_counts_there_and_nowhere_else(self):
        self.arrange(self.first, self.episodes[2], self.second, self.episodes[4])
        assert self.walk_from("alpha/season-1/episode-1/") == [
            "alpha/1/1/",
            "alpha/1/2/",
            "alpha/1/3/",
            "alpha/2/1/",
            "alpha/2/3/",
            "alpha/2/2/",
        ]
        for path, step in [("season-1/episode-2/", 1), ("season-1/episode-3/", 2)]:
            assert f"step {step} of 4" in self.client.get(f"/series/alpha/{path}?order=order").text

    def test_a_season_stands_beside_a_single_episode(self):
        self.arrange(self.episodes[5], self.first)
        assert self.previous("/series/alpha/season-1/?order=order")[0] == (
            "/series/alpha/season-2/episode-3/?order=order"
        )

    def test_what_is_there_twice_counts_at_its_first_place(self):
        self.arrange(self.second, self.series, self.episodes[0], self.second, self.episodes[0])
        assert self.walk_from("alpha/season-2/episode-1/") == [
            "alpha/2/1/",
            "alpha/2/2/",
            "alpha/2/3/",
            "alpha/1/2/",
            "alpha/1/3/",
            "alpha/1/1/",
        ]
        assert "step 1 of 5" in self.client.get("/series/alpha/season-2/?order=order").text
        page = self.client.get("/series/alpha/season-1/episode-1/?order=order").text
        assert "step 3 of 5" in page

    def test_the_season_of_a_single_episode_is_not_in_the_order(self):
        self.arrange(self.episodes[0])
        assert "Following" not in self.client.get("/series/alpha/season-1/?order=order").text
        page = self.client.get("/series/alpha/season-1/episode-2/?order=order").text
        assert "Following" not in page
