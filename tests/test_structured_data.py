"""JSON-LD: each page tells what it is about in words of schema.org, and gives nothing away."""

import json
import re
from io import StringIO

from django.core.management import call_command
from django.test import TestCase

from catalog.models import Portrayal, State
from tests.factories import (
    make_announcement,
    make_character,
    make_image,
    make_person,
    make_portrayal,
    make_watch_order,
    make_watch_step,
)

from .vocabulary import problems
from .world import World

HOST = "http://testserver"
_DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told_on(page):
    """The graph of a page; [] where it has none."""
    found = _DATA.findall(page)
    assert len(found) <= 1
    if not found:
        return []
    told = json.loads(found[0])
    assert told["@context"] == "https://schema.org"
    return told["@graph"]


class StructuredDataTests(World):
    def graph(self, path):
        response = self.client.get(path)
        assert response.status_code == 200
        return told_on(response.text)

    def thing(self, path, kind):
        [found] = [thing for thing in self.graph(path) if thing["@type"] == kind]
        return found

    def test_a_series(self):
        self.bosch.imdb_id, self.bosch.other_names = "tt3502248", "Harry"
        self.bosch.cover = make_image(file="images/ab/cover.jpg")
        self.bosch.ended = "2021-06"
        self.bosch.save()
        told = self.thing("/series/bosch/", "TVSeries")
        assert told["name"] == "Bosch"
        assert told["url"] == f"{HOST}/series/bosch/"
        assert told["alternateName"] == ["Harry"]
        assert (told["startDate"], told["endDate"]) == ("2014", "2021-06")
        assert told["image"] == f"{HOST}/media/images/ab/cover.jpg"
        assert told["sameAs"] == ["https://www.imdb.com/title/tt3502248/"]
        assert [season["seasonNumber"] for season in told["containsSeason"]] == [1, 2]
        titus = {
            "@type": "Person",
            "name": "Titus Welliver",
            "url": f"{HOST}/people/titus-welliver/",
        }
        assert told["actor"][0] == {
            "@type": "PerformanceRole",
            "actor": titus,
            "characterName": "Harry Bosch",
        }
        assert [person["name"] for person in told["author"]] == ["Eric Overmyer"]

    def test_a_season_and_an_episode(self):
        season = self.thing("/series/bosch/season-1/", "TVSeason")
        assert season["seasonNumber"] == 1
        assert season["partOfSeries"]["url"] == f"{HOST}/series/bosch/"
        dates = [(it["episodeNumber"], it["datePublished"]) for it in season["episode"]]
        assert dates == [(1, "2014-02-06"), (2, "2015")]
        self.pilot.runtime = 45
        self.pilot.save()
        episode = self.thing("/series/bosch/season-1/episode-1/", "TVEpisode")
        assert episode["name"] == "Pilot"
        assert episode["duration"] == "PT45M"
        assert episode["partOfSeason"]["seasonNumber"] == 1
        assert [person["name"] for person in episode["director"]] == ["Ernest Dickerson"]

    def test_a_person_a_character_and_an_organization(self):
        self.titus.born, self.titus.birth_place = "1962-03-12", "New Haven"
        self.titus.biography = "**Titus** plays [Bosch](https://example.com)."
        self.titus.save()
        person = self.thing("/people/titus-welliver/", "Person")
        assert person["birthDate"] == "1962-03-12"
        assert person["birthPlace"] == {"@type": "Place", "name": "New Haven"}
        assert person["description"] == "Titus plays Bosch."
        character = self.thing("/characters/harry-bosch/", "CreativeWork")
        assert [series["name"] for series in character["isPartOf"]] == ["Bosch", "Ballard"]
        assert self.thing("/organizations/cold-case-unit/", "Organization")["name"]

    def test_news_a_watch_order_and_lists(self):
        order = make_watch_order("Release order")
        make_watch_step(order, 1, series=self.bosch)
        make_watch_step(order, 2, season=self.first)
        news = self.thing("/news/renewed/", "NewsArticle")
        assert (news["headline"], news["datePublished"]) == ("Renewed", "2015-03")
        assert [thing["name"] for thing in news["about"]] == ["Bosch", "Titus Welliver"]
        steps = self.thing("/watch-orders/release-order/", "ItemList")["itemListElement"]
        assert [(step["position"], step["url"]) for step in steps] == [
            (1, f"{HOST}/series/bosch/"),
            (2, f"{HOST}/series/ballard/season-1/"),
        ]
        series = self.thing("/series/", "ItemList")["itemListElement"]
        assert [each["name"] for each in series] == ["Bosch", "Ballard"]

    def test_the_front_page_tells_how_to_search(self):
        site = self.thing("/", "WebSite")
        template = site["potentialAction"]["target"]["urlTemplate"]
        assert template == f"{HOST}/search/?q={{text}}"
        found = self.client.get(template.removeprefix(HOST).replace("{text}", "titus"))
        assert 'value="titus"' in found.text

    def test_the_way_to_a_page(self):
        way = self.thing("/series/bosch/season-1/episode-1/", "BreadcrumbList")
        steps = [(step["name"], step["item"]["@id"]) for step in way["itemListElement"]]
        assert steps == [
            ("The Bosch Universe", f"{HOST}/"),
            ("Series", f"{HOST}/series/"),
            ("Bosch", f"{HOST}/series/bosch/"),
            ("Season 1", f"{HOST}/series/bosch/season-1/"),
            ("Pilot", f"{HOST}/series/bosch/season-1/episode-1/"),
        ]

    def test_nothing_is_given_away(self):
        hidden = make_character("Zqhidden")
        make_portrayal(
            make_person("Zqactor"), hidden, self.bosch, [self.one], revealed_in=self.second
        )
        make_portrayal(self.titus, make_character("Zqdraft", state=State.DRAFT), self.bosch)
        make_announcement("Zqnews", body="Zqbody", revealed_in=self.second, series=[self.bosch])
        for path in (
            "/series/bosch/",
            "/series/bosch/season-1/",
            "/series/bosch/season-1/episode-1/",
            "/people/titus-welliver/",
            "/news/",
        ):
            with self.subTest(path=path):
                assert "zq" not in json.dumps(self.graph(path)).lower()
        assert "Zqbody" not in json.dumps(self.graph("/news/zqnews/"))
        assert [it["@type"] for it in self.graph("/news/zqnews/")] == ["BreadcrumbList"]
        assert Portrayal.objects.count() > 5

    def test_who_has_told_how_far_they_are_gets_none(self):
        self.client.cookies["progress"] = "bosch.1.1"
        for path in ("/series/bosch/", "/people/titus-welliver/", "/characters/"):
            assert self.graph(path) == []

    def test_texts_cannot_end_the_element(self):
        name = 'A </script><script>zq()</script> & <!-- "quoted"'
        person = make_person(name, slug="odd")
        response = self.client.get("/people/odd/")
        assert "<script>zq" not in response.text
        [told] = [thing for thing in told_on(response.text) if thing["@type"] == "Person"]
        assert told["name"] == person.name


class VocabularyTests(TestCase):
    """Every page of the real catalogue."""

    @classmethod
    def setUpTestData(cls):
        call_command("load_catalog", stdout=StringIO())

    def test_each_word_is_one_of_schema_org(self):
        sitemaps = re.findall(r"<loc>http://testserver(\S+?)</loc>", self.read("/sitemap.xml"))
        paths = [
            path
            for sitemap in sitemaps
            for path in re.findall(r"<loc>http://testserver(\S+?)</loc>", self.read(sitemap))
        ]
        assert len(paths) > 300
        kinds = set()
        for path in paths:
            graph = told_on(self.read(path))
            with self.subTest(path=path):
                told = [problem for thing in graph for problem in problems(thing)]
                assert not told, told
            kinds |= {thing["@type"] for thing in graph}
        assert kinds == {
            *("TVSeries", "TVSeason", "TVEpisode", "Person", "Organization", "CreativeWork"),
            *("NewsArticle", "BreadcrumbList", "WebSite", "ItemList"),
        }

    def read(self, path):
        response = self.client.get(path)
        assert response.status_code == 200, path
        return response.text

    def test_the_check_finds_what_is_no_word(self):
        for thing, found in [
            ({"@type": "TVShow"}, "there is no TVShow"),
            ({"@type": "TVSeries", "seasons_": 1}, "there is no such property"),
            ({"@type": "TVSeries", "numberOfSeasons": "many"}, "it takes no 'many'"),
            ({"@type": "TVSeries", "actor": {"@type": "Place"}}, "it takes no"),
            ({"@type": "Person", "birthDate": "1 May 1962"}, "it takes no"),
        ]:
            assert found in problems(thing)[0]
