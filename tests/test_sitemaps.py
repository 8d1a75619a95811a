"""The sitemaps, read with a parser of XML, and what each page tells search engines of itself."""

import datetime as dt
from html.parser import HTMLParser
from unittest.mock import patch
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

from django.contrib.auth import get_user_model

from catalog import sitemaps
from catalog.history import recording
from catalog.models import State
from tests.factories import (
    make_announcement,
    make_fact,
    make_image,
    make_person,
    make_watch_order,
)

from .world import World

NAMESPACE = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
}
HOST = "http://testserver"
KINDS = {
    "pages": ["/", "/series/", "/people/", "/timeline/"],
    "series": ["/series/ballard/"],
    "seasons": ["/series/bosch/season-2/"],
    "episodes": ["/series/ballard/season-1/episode-1/"],
    "characters": ["/characters/harry-bosch/"],
    "people": ["/people/titus-welliver/"],
    "organizations": ["/organizations/cold-case-unit/"],
    "news": ["/news/renewed/"],
    "watch-orders": ["/watch-orders/release-order/"],
}


class SitemapWorld(World):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.order = make_watch_order("Release order")

    def read(self, address):
        response = self.client.get(address)
        assert response.status_code == 200, address
        assert response["Content-Type"] == "application/xml"
        return ElementTree.fromstring(response.content)  # noqa: S314 - our own

    def told(self, address):
        """{address: when it changed last} of a sitemap, or of the index."""
        return {
            each.findtext("s:loc", namespaces=NAMESPACE): each.findtext(
                "s:lastmod", namespaces=NAMESPACE
            )
            for each in self.read(address)
        }


class SitemapTests(SitemapWorld):
    def test_the_index_leads_to_each_kind(self):
        told = self.told("/sitemap.xml")
        assert [*told] == [f"{HOST}/sitemap-{kind}.xml" for kind in KINDS]
        for kind, moment in told.items():
            assert kind.endswith("pages.xml") or dt.datetime.fromisoformat(moment).tzinfo

    def test_each_address_in_them_answers_and_is_its_own(self):
        for kind, paths in KINDS.items():
            told = self.told(f"/sitemap-{kind}.xml")
            with self.subTest(kind=kind):
                assert {HOST + path for path in paths} <= told.keys()
            for address in told:
                page = self.client.get(address.removeprefix(HOST))
                with self.subTest(address=address):
                    assert page.status_code == 200
                    assert Head.of(page).canonical == address

    def test_nothing_that_is_not_out_or_gives_an_episode_away(self):
        make_announcement("Harry dies", revealed_in=self.second)
        make_person("Somebody else", state=State.IN_REVIEW)
        self.client.cookies["progress"] = "bosch.all"
        every = " ".join(address for kind in KINDS for address in self.told(f"/sitemap-{kind}.xml"))
        for hidden in ("draft", "somebody-else", "harry-dies"):
            assert hidden not in every

    def test_a_page_is_as_young_as_what_hangs_on_it(self):
        anna = get_user_model().objects.create_superuser("anna")
        before = self.told("/sitemap-characters.xml")
        with recording(anna, "A fact"):
            make_fact(self.harry, "He likes jazz")
        after = self.told("/sitemap-characters.xml")
        harry, jerry = f"{HOST}/characters/harry-bosch/", f"{HOST}/characters/jerry-edgar/"
        assert after[harry] > before[harry]
        assert after[jerry] == before[jerry]
        assert self.told("/sitemap.xml")[f"{HOST}/sitemap-characters.xml"] >= after[harry]

    def test_pictures_are_told_with_the_page_that_shows_them(self):
        make_person("Mimi Rogers", image=make_image(file="images/ab/mimi.jpg"))
        pictures = self.read("/sitemap-people.xml").findall(".//image:loc", NAMESPACE)
        assert [each.text for each in pictures] == [f"{HOST}/media/images/ab/mimi.jpg"]

    def test_a_long_kind_has_several_pages(self):
        with patch.object(sitemaps.PersonPages, "limit", 2):
            pages = [it for it in self.told("/sitemap.xml") if "people" in it]
            assert pages[1] == f"{HOST}/sitemap-people.xml?p=2"
            found = [address for page in pages for address in self.told(page.removeprefix(HOST))]
        assert sorted(found) == sorted(self.told("/sitemap-people.xml"))
        assert len({*found}) == len(found)

    def test_what_there_is_not_is_not_found(self):
        for path in ("/sitemap-nothing.xml", "/sitemap-people.xml?p=9", "/sitemap-people.xml?p=x"):
            assert self.client.get(path).status_code == 404

    def test_it_takes_few_statements_however_many_entries(self):
        self.client.get("/sitemap-people.xml")
        with self.assertNumQueries(3):  # the last change, how many there are, and they themselves
            self.client.get("/sitemap-people.xml")

    def test_robots_are_led_to_it(self):
        robots = RobotFileParser()
        robots.parse(self.client.get("/robots.txt").text.splitlines())
        assert robots.site_maps() == [f"{HOST}/sitemap.xml"]
        for paths in KINDS.values():
            for path in paths:
                assert robots.can_fetch("*", HOST + path), path
        assert not robots.can_fetch("*", f"{HOST}/admin/")


class Head(HTMLParser):
    """What a page tells of itself: ``title``, ``description``, ``canonical``, ``language``."""

    def __init__(self):
        super().__init__()
        self.title = self.description = self.canonical = self.language = ""
        self.titles = 0
        self._is_title = False

    @classmethod
    def of(cls, response):
        head = cls()
        head.feed(response.text.partition("</head>")[0])
        return head

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "html":
            self.language = told.get("lang", "")
        elif tag == "title":
            self._is_title = True
            self.titles += 1
        elif tag == "meta" and told.get("name") == "description":
            self.description = told["content"]
        elif tag == "link" and told.get("rel") == "canonical":
            self.canonical = told["href"]

    def handle_endtag(self, tag):
        self._is_title = False

    def handle_data(self, data):
        if self._is_title:
            self.title += data


class HeadTests(SitemapWorld):
    def test_each_page_has_a_title_and_a_description_of_its_own(self):
        titles = {}
        for kind in KINDS:
            for address in self.told(f"/sitemap-{kind}.xml"):
                head = Head.of(self.client.get(address.removeprefix(HOST)))
                with self.subTest(address=address):
                    assert head.titles == 1
                    assert head.title.endswith("The Bosch Universe")
                    assert titles.setdefault(head.title, address) == address
                    assert head.description.strip(" .")
                    assert head.language == "en"
