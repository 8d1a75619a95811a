"""A page costs as many statements at 50 rows as at 5."""

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from catalog.models import Source, WatchOrder
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

# Three for the rows (their number, the keys of a page, the rows themselves), one for each prefetch,
# one for the options of each filter, and one for the counts of all of them. Where a filter is in
# use, its own options are counted apart, among what the others leave.
LISTS = {
    "/series/": 6,
    "/episodes/": 8,
    "/characters/": 8,
    "/actors/": 7,
    "/crew/": 8,
    "/people/": 7,
    "/organizations/": 5,
    "/news/": 7,
    # One more for the columns; narrowed, one for whether there are too many to sort by series.
    "/crossovers/": 7,
    "/crossovers/people/": 8,
    "/search/?q=crowd": 2,
    "/characters/?series=crowd&q=crowd": 10,
    "/people/?series=crowd&q=crowd": 9,
    "/episodes/?series=crowd": 10,
    "/news/?series=crowd": 9,
    "/crossovers/?series=crowd&q=crowd": 9,
    # The parts and the crew work of a series are asked one after the other.
    "/crossovers/people/?series=crowd&q=crowd": 11,
    "/organizations/?series=crowd": 6,
    # Not filtered: their number and the rows with their tallies.
    "/watch-orders/": 2,
}

DETAILS = {
    # A crew is two: the keys in their order, then the rows of the page. So is a cast, unless the
    # whole series has no more parts than a page: at five rows it is one.
    "/series/crowd/": 9,
    "/series/crowd/season-1/": 8,
    "/series/crowd/season-1/episode-2/": 10,
    "/characters/crowd-hero/": 8,
    "/people/crowd-star/": 9,
    "/organizations/crowd-unit/": 4,
    "/news/crowd-news/": 5,
    # The order, the keys of its steps, those, what they lead to (one for each kind), sources.
    "/watch-orders/crowd-order/": 7,
    "/watch-orders/crowd-release/": 5,
    # The order and its places come on top; what is beside is looked up instead of the ordinary
    # neighbours, once for seasons and once for episodes.
    "/series/crowd-1/?order=crowd-order": 10,
    "/series/crowd/season-1/?order=crowd-release": 10,
    "/series/crowd/season-1/episode-2/?order=crowd-release": 11,
    "/series/crowd/season-2/?order=crowd-order": 11,
    "/series/crowd/season-1/episode-2/?order=crowd-order": 12,
    "/": 12,
    "/progress/": 4,
    # The options of its filter, series, seasons, links, news, and the series of the news.
    "/timeline/": 6,
    "/timeline/?view=table": 6,
    "/timeline/?series=crowd": 6,
}

# The state of the catalogue, and then as on the pages; without the counts of the options. Whoever
# asks the API has no page to be led to, so that its rows bring along all they tell.
API = {
    "/api/v1/": 1,
    "/api/v1/series/": 5,
    "/api/v1/seasons/": 5,
    "/api/v1/episodes/": 7,
    "/api/v1/characters/": 8,
    "/api/v1/people/": 5,
    "/api/v1/actors/": 5,
    "/api/v1/crew/": 6,
    "/api/v1/organizations/": 5,
    "/api/v1/news/": 9,
    "/api/v1/watch-orders/": 4,
    "/api/v1/portrayals/": 5,
    "/api/v1/credits/": 6,
    "/api/v1/memberships/": 4,
    "/api/v1/characters/?series=crowd&q=crowd": 10,
    "/api/v1/series/crowd/": 5,
    "/api/v1/series/crowd/season-1/": 3,
    "/api/v1/series/crowd/season-1/episode-2/": 3,
    "/api/v1/characters/crowd-hero/": 7,
    "/api/v1/people/crowd-star/": 4,
    "/api/v1/organizations/crowd-unit/": 4,
    "/api/v1/news/crowd-news/": 6,
    "/api/v1/watch-orders/crowd-order/": 8,
    "/api/v1/watch-orders/crowd-release/": 5,
}


class Crowd:
    """A catalogue in which everything that can be many is there ``size`` times."""

    size = 0

    @classmethod
    def setUpTestData(cls):
        network = make_network()
        series = make_series("Crowd", network=network)
        season = make_season(series)
        hero = make_character("Crowd hero", inspired_by=make_person())
        star = make_person("Crowd star")
        unit = make_organization("Crowd unit", parent=make_organization())
        kind = make_relationship_kind()
        source = make_source()
        news = make_announcement("Crowd news", series=[series], people=[star], characters=[hero])
        jobs = [make_job() for _ in range(3)]
        order = make_watch_order("Crowd order")
        make_watch_order("Crowd release", arrangement=WatchOrder.Arrangement.BY_RELEASE)
        for number in range(1, cls.size + 1):
            other_series = make_series(f"Crowd {number}", network=network)
            other_season = make_season(other_series)
            own_season = make_season(series, number + 1, network=network)
            episode = make_episode(season, number, aired="2025-03-27")
            character = make_character(f"Crowd character {number}", first_appearance=episode)
            person = make_person(f"Crowd person {number}")
            portrayals = [
                make_portrayal(person, character, series, [season], [episode]),
                make_portrayal(person, hero, other_series, [other_season]),
                make_portrayal(star, character, other_series, [other_season]),
                make_portrayal(star, character, series, [season], revealed_in=episode),
            ]
            credits = [
                make_credit(person, series, jobs[0], episode=episode),
                make_credit(person, series, jobs[1], season=season),
                make_credit(star, other_series, jobs[2]),
                make_credit(star, series, jobs[0], episode=episode),
            ]
            make_relationship(hero, character, kind, revealed_in=episode)
            make_membership(unit, character, revealed_in=episode if number % 2 else None)
            make_membership(make_organization(f"Crowd unit {number}"), hero)
            make_organization(f"Crowd division {number}", parent=unit)
            make_fact(hero, f"Fact {number}", revealed_in=episode)
            make_series_link(series, other_series, episode=episode)
            item = make_announcement(
                f"Crowd item {number}", series=[series], people=[star], characters=[hero]
            )
            news.people.add(person)
            news.characters.add(character)
            news.series.add(other_series)
            make_watch_order(f"Crowd order {number}")
            for step, target in enumerate(
                [{"series": other_series}, {"season": own_season}, {"episode": episode}]
            ):
                make_watch_step(order, 3 * number + step, **target)
            own = make_source()
            for sourced in [episode, character, person, *portrayals, *credits, item, hero, star]:
                sourced.sources.add(source, own)
            order.sources.add(source, own)

    def test_lists_keep_their_budget(self):
        self.assert_budgets(LISTS)

    def test_details_keep_their_budget(self):
        self.assert_budgets(DETAILS)

    def test_the_api_keeps_its_budget(self):
        self.assert_budgets(API)

    def test_a_progress_costs_the_api_two_more(self):
        """Series renamed since, and what has been seen."""
        self.client.cookies["progress"] = "crowd.1.2"
        self.assert_budgets({path: spent + 2 for path, spent in API.items()})

    def test_a_progress_costs_three_more(self):
        """Series renamed since, what has been seen, and the names of its series for the header."""
        self.client.cookies["progress"] = "crowd.1.2"
        budgets = {path: spent + 3 for path, spent in {**LISTS, **DETAILS}.items()}
        # The front page and the watch orders say where to go on as well.
        for path in ["/", "/watch-orders/crowd-order/", "/watch-orders/crowd-release/"]:
            budgets[path] += 1
        self.assert_budgets(budgets)

    def assert_budgets(self, budgets):
        for path, budget in budgets.items():
            with self.subTest(path=path):
                with CaptureQueriesContext(
                    connection,
                ) as statements:
                    response = self.client.get(path)
                assert response.status_code == 200
                spent = len(statements)
                asked = "\n".join(query["sql"][:150] for query in statements.captured_queries)
                assert spent <= budget, f"{path} spent {spent} of {budget}:\n{asked}"

    def test_the_crowd_is_there(self):
        assert Source.objects.count() == self.size + 1
        shown = self.client.get("/series/crowd/").context["portrayals"]
        assert len(shown) == min(2 * self.size, 60)


class FiveRowsTests(Crowd, TestCase):
    size = 5


class FiftyRowsTests(Crowd, TestCase):
    size = 50
