"""Filters that combine: what they find, what they count, and the address that says so."""

import re
from functools import cache
from urllib.parse import parse_qsl, unquote, urlencode

from catalog.models import State
from tests.factories import (
    make_character,
    make_credit,
    make_episode,
    make_job,
    make_person,
    make_portrayal,
    make_season,
    make_series,
)
from tests.world import World


class CombiningTests(World):
    def test_what_each_list_finds(self):
        for address, names in {
            "/actors/?series=bosch": ["Jamie Hector", "Maggie Q", "Titus Welliver"],
            "/actors/?series=bosch&series=ballard&match=all": ["Maggie Q", "Titus Welliver"],
            "/actors/?series=ballard&kind=guest": ["Titus Welliver"],
            "/actors/?series=bosch&series=ballard&match=all&kind=main": [],
            "/actors/?character=renee-ballard": ["Maggie Q"],
            "/crew/?job=director": ["Ernest Dickerson"],
            "/crew/?series=bosch&job=writer": ["Eric Overmyer"],
            "/crew/?department=writing": ["Eric Overmyer", "Ernest Dickerson"],
            "/crew/?series=bosch&series=ballard&match=all": ["Ernest Dickerson"],
            "/crew/?series=bosch&series=ballard&match=all&job=writer": [],
            "/people/?series=ballard&work=crew": ["Ernest Dickerson"],
            "/people/?series=ballard": ["Ernest Dickerson", "Maggie Q", "Titus Welliver"],
            "/people/?work=acting&q=maggie": ["Maggie Q"],
            "/characters/?person=titus-welliver": ["Harry Bosch"],
            "/characters/?organization=cold-case-unit": ["Renée Ballard"],
            "/characters/?first=bosch&series=ballard": ["Harry Bosch", "Renée Ballard"],
            "/characters/?kind=guest": ["Harry Bosch", "Renée Ballard"],
            "/characters/?series=bosch&kind=guest": ["Renée Ballard"],
            "/episodes/?season=1": ["Pilot", "Second", "Cold"],
            "/episodes/?series=bosch&year=2015": ["Second"],
            "/series/?person=ernest-dickerson&status=ended": ["Bosch"],
            "/news/?person=titus-welliver": ["Renewed"],
            "/news/?character=renee-ballard": ["Cast"],
            "/news/?year=2015&kind=renewal": ["Renewed"],
            "/organizations/?series=ballard": ["Cold Case Unit"],
        }.items():
            with self.subTest(address=address):
                assert self.names(address) == names

    def test_counts_are_what_choosing_the_option_would_give(self):
        # Many options lead to the same list as others.
        names = cache(self.names)
        for address in [
            "/actors/",
            "/actors/?series=bosch",
            "/actors/?series=bosch&series=ballard&match=all",
            "/actors/?series=bosch&series=ballard&match=all&kind=guest",
            "/actors/?q=titus&kind=main&kind=guest",
            "/actors/?character=harry-bosch&series=ballard",
            "/crew/",
            "/crew/?series=bosch",
            "/crew/?job=writer&series=bosch&series=ballard",
            "/crew/?series=bosch&series=ballard&match=all",
            "/crew/?department=writing",
            "/people/",
            "/people/?series=ballard",
            "/people/?series=bosch&series=ballard&match=all",
            "/people/?work=crew",
            "/people/?work=acting&series=bosch&q=e",
            "/characters/",
            "/characters/?series=ballard",
            "/characters/?series=bosch&series=ballard&match=all&kind=guest",
            "/characters/?kind=guest&first=bosch",
            "/characters/?person=titus-welliver",
            "/characters/?organization=cold-case-unit&series=bosch",
            "/episodes/",
            "/episodes/?series=bosch&season=1",
            "/episodes/?character=harry-bosch&character=renee-ballard&match=all",
            "/episodes/?person=titus-welliver&year=2025",
            "/episodes/?character=harry-bosch&known=episode",
            "/episodes/?series=bosch&series=ballard&match=all",
            "/episodes/?series=bosch&series=ballard&match=all&character=harry-bosch",
            "/news/",
            "/news/?series=bosch&kind=renewal",
            "/news/?character=renee-ballard",
            "/series/",
            "/series/?person=titus-welliver&status=ended",
            "/organizations/",
            "/organizations/?series=bosch",
        ]:
            path, _, query = address.partition("?")
            chosen = parse_qsl(query)
            for facet in self.client.get(address).context["filter"].facets:
                asks_for_all = ("match", "all") in chosen and facet.match
                kept = [pair for pair in chosen if pair[0] != facet.name or asks_for_all]
                for option in facet.options if facet.form != "entry" else ():
                    query = urlencode([*dict.fromkeys([*kept, (facet.name, option.value)])])
                    with self.subTest(address=address, facet=facet.name, option=option.value):
                        assert option.count == len(names(f"{path}?{query}"))
                        assert not option.count.is_more

    def test_a_part_without_a_character_is_no_character(self):
        make_portrayal(self.jamie, None, self.ballard, kind="self")
        page = self.client.get("/characters/?series=ballard")
        assert len(page.context["object_list"]) == page.context["filter"].count == 2
        assert self.facet("/characters/", "series") == {"bosch": 3, "ballard": 2}

    def test_jobs_of_drafts_alone_are_not_offered(self):
        make_credit(self.jamie, make_series(state=State.DRAFT), make_job("Secret job", slug="s"))
        assert "Secret job" not in self.client.get("/crew/").text

    def test_with_all_the_counts_are_of_those_who_have_the_others_too(self):
        chosen = self.facet("/actors/?series=ballard&series=bosch&match=all", "series")
        assert chosen == {"bosch": 2, "ballard": 2}

    def test_what_would_leave_nothing_cannot_be_chosen(self):
        page = self.client.get("/actors/?series=ballard&kind=guest").text
        assert re.search(r'value="voice"[^>]*disabled', page)
        assert not re.search(r'value="guest"[^>]*disabled', page)


class CastOfEpisodesTests(World):
    def test_both_characters_or_either(self):
        both = "/episodes/?character=harry-bosch&character=renee-ballard"
        assert self.names(f"{both}&match=all") == ["Later", "Cold"]
        assert self.names(both) == ["Pilot", "Second", "Later", "Cold"]

    def test_says_where_only_the_season_is_known(self):
        page = self.client.get(
            "/episodes/?character=harry-bosch&character=renee-ballard&match=all"
        ).text
        later, cold = page.index(">Later<"), page.index(">Cold<")
        assert page.index("Season only") < later
        assert "Season only" not in page[later:cold]
        assert "known to be in its season" in page

    def test_can_leave_out_what_is_not_certain(self):
        assert self.names("/episodes/?character=harry-bosch&known=episode") == ["Cold"]

    def test_nobody_is_where_they_were_not_yet_seen(self):
        make_portrayal(self.titus, self.renee, self.bosch, [self.one], kind="recurring")
        assert self.names("/episodes/?character=renee-ballard&season=1&series=bosch") == []

    def test_a_person_may_be_cast_or_crew(self):
        assert self.names("/episodes/?person=ernest-dickerson") == ["Pilot"]
        assert self.names("/episodes/?person=jamie-hector") == ["Pilot", "Second"]


class AddressTests(World):
    def address(self, path):
        response = self.client.get(path)
        assert response.status_code == 302
        return unquote(response["Location"])

    def test_empty_boxes_are_dropped(self):
        sent = "/actors/?q=&series=bosch&match=&character=&kind=&sort=&page="
        assert self.address(sent) == "/actors/?series=bosch"
        assert self.address("/people/?q=&sort=") == "/people/"

    def test_a_typed_name_becomes_its_slug(self):
        assert self.address("/characters/?person=welliver") == "/characters/?person=titus-welliver"
        assert self.address("/actors/?character=RENEE") == "/actors/?character=renee-ballard"

    def test_a_name_of_several_finds_any_of_them(self):
        make_portrayal(make_person("Titus Andronicus"), make_character("Aaron"), self.bosch)
        assert self.names("/characters/?person=titus") == ["Aaron", "Harry Bosch"]
        assert "“titus” (2 people)" in self.client.get("/characters/?person=titus").text

    def test_an_unknown_name_gets_a_message(self):
        page = self.client.get("/characters/?person=nobody").text
        assert "There is no person called “nobody”." in page
        assert self.names("/characters/?person=nobody") == []

    def test_a_draft_is_no_name(self):
        for value in ["draft-person", "Draft Person"]:
            page = self.client.get(f"/characters/?person={value}").text
            assert f"There is no person called “{value}”." in page
        assert (
            "There is no series “draft-series”."
            in self.client.get("/crew/?series=draft-series").text
        )

    def test_each_chip_leads_to_the_list_without_it(self):
        page = self.client.get("/actors/?series=bosch&series=ballard&match=all&kind=guest")
        addresses = [chip.address for chip in page.context["filter"].chips]
        assert addresses == [
            "?series=ballard&kind=guest",
            "?series=bosch&kind=guest",
            "?series=bosch&series=ballard&match=all",
        ]
        assert 'href="/actors/?series=ballard&amp;kind=guest"' in page.text

    def test_what_is_wrong_is_told_above_the_results_and_can_be_taken_away(self):
        page = self.client.get("/characters/?sort=age&series=bosch&person=nobody").text
        results = page.partition('id="results"')[2]
        assert "This list cannot be sorted by “age”." in results
        assert "There is no person called “nobody”." in results
        assert 'href="/characters/"' in results
        assert "Clear all" in results
        assert 'class="chip-list__label">Series</span> Bosch' in results
        assert 'class="chip-list__chip accent-slate"' in results
        assert '<details class="filter-panel" open>' in page

    def test_too_many_entries_at_once_get_a_message(self):
        many = "&".join(f"character=c{number}" for number in range(11))
        assert "Choose 10 characters at the most." in self.client.get(f"/episodes/?{many}").text

    def test_a_page_has_one_number(self):
        for number in ["0", "01", "1_0", "%201", "%D9%A1", "-1", "last", "1%0A", "9" * 20]:
            for headers in [{}, {"HX-Request": "true", "HX-Target": "results"}]:
                with self.subTest(number=number, headers=headers):
                    path = f"/people/?page={number}"
                    assert self.client.get(path, headers=headers).status_code == 404
        response = self.client.get("/people/?page=1", headers={"HX-Request": "true"})
        assert response["HX-Push-Url"] == "/people/"

    def test_a_chip_says_when_all_are_needed(self):
        page = self.client.get("/actors/?series=bosch&series=ballard&match=all").text
        assert page.count('class="chip-list__label">Series, all of</span>') == 2

    def test_filtered_lists_are_kept_from_crawlers(self):
        page = self.client.get("/actors/?series=bosch").text
        assert '<meta name="robots" content="noindex">' in page
        assert '<link rel="canonical" href="http://testserver/actors/">' in page
        assert "noindex" not in self.client.get("/actors/").text
        robots = self.client.get("/robots.txt")
        assert robots["Content-Type"].startswith("text/plain")
        for rule in ["/*?series=", "/*&person=", "/*?sort=", "/search/"]:
            assert f"Disallow: {rule}\n" in robots.text


class SortingTests(World):
    def test_every_order_of_every_list_holds_each_row_once(self):
        for path in ["/series/", "/episodes/", "/characters/", "/actors/", "/crew/", "/people/"]:
            page = self.client.get(path)
            rows = {row.pk for row in page.context["object_list"]}
            for value, _ in page.context["filter"].sort_choices():
                with self.subTest(path=path, sort=value):
                    found = self.client.get(f"{path}?sort={value}").context["object_list"]
                    assert {row.pk for row in found} == rows
                    assert len(found) == len(rows)

    def test_orders(self):
        for address, names in {
            "/actors/?sort=-name": ["Titus Welliver", "Maggie Q", "Jamie Hector"],
            "/actors/?sort=billing&series=bosch": ["Titus Welliver", "Jamie Hector", "Maggie Q"],
            "/actors/?sort=-parts": ["Maggie Q", "Titus Welliver", "Jamie Hector"],
            "/crew/?sort=-credits": ["Ernest Dickerson", "Eric Overmyer"],
            "/characters/?sort=first": ["Harry Bosch", "Renée Ballard", "Jerry Edgar"],
            "/episodes/?sort=-date": ["Cold", "Later", "Second", "Pilot"],
            "/episodes/?sort=title": ["Cold", "Later", "Pilot", "Second"],
            "/series/?sort=name": ["Ballard", "Bosch"],
            "/news/?sort=name": ["Cast", "Renewed"],
        }.items():
            with self.subTest(address=address):
                assert self.names(address) == names

    def test_a_first_appearance_that_is_not_out_is_none(self):
        hidden = make_episode(make_season(make_series(state=State.DRAFT)), aired="1901")
        make_character("Aaron", first_appearance=hidden)
        assert self.names("/characters/?sort=first")[-2:] == ["Aaron", "Jerry Edgar"]

    def test_a_day_with_many_episodes_turns_round_too(self):
        for number in (3, 4):
            make_episode(self.first, number, name=f"E{number}", aired="2025-07-09")
        assert self.names("/episodes/?series=ballard&sort=date") == ["Cold", "E3", "E4"]
        assert self.names("/episodes/?series=ballard&sort=-date") == ["E4", "E3", "Cold"]

    def test_an_unknown_order_gets_a_message(self):
        assert "cannot be sorted by “age”" in self.client.get("/actors/?sort=age").text


class PartialTests(World):
    def test_htmx_gets_the_results_and_the_filters_alone(self):
        response = self.client.get(
            "/actors/?q=&series=ballard&kind=",
            headers={"HX-Request": "true", "HX-Target": "results"},
        )
        assert response.status_code == 200
        assert response["HX-Push-Url"] == "/actors/?series=ballard"
        assert "HX-Request" in response["Vary"]
        assert "<html" not in response.text
        assert "<title>Actors" in response.text
        assert "Maggie Q" in response.text
        assert "Jamie Hector" not in response.text
        assert re.search(r'id="facet-kind" hx-swap-oob="true"', response.text)
        assert re.search(r'id="announcement"[^>]*>2 actors<', response.text)
