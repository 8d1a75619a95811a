"""The feed of the news, as feed readers read it."""

import datetime as dt
import re
from xml.etree import ElementTree

import feedparser

from catalog.models import Announcement, State
from tests.factories import make_announcement

from .world import World

FEED = "/feeds/news.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


class FeedTests(World):
    def read(self, address=FEED, **options):
        response = self.client.get(address, **options)
        assert response.status_code == 200
        assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
        # With the header, as a reader has it.
        found = feedparser.parse(
            response.content, response_headers={"content-type": response["Content-Type"]}
        )
        assert not found.bozo, found.get("bozo_exception")
        return found

    def titles(self, address=FEED, **options):
        return [entry.title for entry in self.read(address, **options).entries]

    def test_it_has_what_is_out_the_newest_first(self):
        make_announcement("Draft", state=State.DRAFT)
        make_announcement("Today", date="2025-07-09")
        assert self.titles() == ["Today", "Renewed", "Cast"]

    def test_it_is_narrowed_as_the_list_is(self):
        assert self.titles(f"{FEED}?series=ballard") == ["Cast"]
        assert self.titles(f"{FEED}?series=ballard&series=bosch") == ["Renewed", "Cast"]
        assert self.titles(f"{FEED}?person=titus-welliver") == ["Renewed"]
        assert self.titles(f"{FEED}?character=renee-ballard") == ["Cast"]
        assert self.titles(f"{FEED}?kind=renewal&sort=name&page=7") == ["Renewed"]
        assert self.titles(f"{FEED}?kind=obituary") == []
        empty = f"{FEED}?kind=obituary"
        assert self.client.get(empty).content == self.client.get(empty).content

    def test_what_it_cannot_be_narrowed_to_is_not_found(self):
        for query in ("series=nothing", "kind=nothing", "person=nobody-of-this-name", "year=%00"):
            with self.subTest(query=query):
                assert self.client.get(f"{FEED}?{query}").status_code == 404

    def test_it_says_what_it_is_and_where(self):
        feed = self.read(f"{FEED}?series=ballard").feed
        assert feed.title == "The Bosch Universe: news of Ballard"
        links = {link.rel: link.href for link in feed.links}
        assert links["self"] == "http://testserver/feeds/news.atom?series=ballard"
        assert links["alternate"] == "http://testserver/news/?series=ballard"
        assert feed.author == "The Bosch Universe"

    def test_an_entry_tells_all_of_its_news(self):
        item = make_announcement(
            "A “second” season & more",
            body="**Maggie Q** stays.\n\n- one\n- <script>zq</script>",
            date="2025-10-07",
            kind="renewal",
            series=[self.ballard],
            people=[self.maggie],
        )
        entry = self.read().entries[0]
        assert entry.title == "A “second” season & more"
        assert entry.link == f"http://testserver/news/{item.slug}/"
        assert "<strong>Maggie Q</strong> stays." in entry.summary
        assert "&lt;script&gt;" in entry.summary
        assert "Renewal, 7 October 2025, Ballard, Maggie Q" in entry.summary
        assert [tag.term for tag in entry.tags] == ["Renewal", "Ballard"]
        assert entry.published == "2025-10-07T00:00:00+00:00"
        assert entry.updated[:10] == f"{item.updated_at:%Y-%m-%d}"

    def test_an_entry_stays_the_same_when_its_address_changes(self):
        before = {entry.title: entry.id for entry in self.read().entries}
        item = Announcement.objects.get(name="Renewed")
        item.slug = "another-address"
        item.save()
        after = self.read().entries
        assert {entry.title: entry.id for entry in after} == before
        assert "http://testserver/news/another-address/" in [entry.link for entry in after]

    def test_it_gives_nothing_away_whatever_was_told(self):
        make_announcement("Somebody dies", revealed_in=self.second, series=[self.bosch])
        for progress in (None, "bosch.all", "bosch.1.1"):
            with self.subTest(progress=progress):
                if progress:
                    self.client.cookies["progress"] = progress
                assert self.titles() == ["Renewed", "Cast"]
        del self.client.cookies["progress"]

    def test_what_xml_has_no_place_for_is_left_out(self):
        make_announcement("A\x0bB\ufffe", body="C\x1fD", date="2025-07-09")
        entry = self.read().entries[0]
        assert entry.title == "AB"
        assert "CD" in entry.summary

    def test_it_is_what_the_standard_of_atom_asks_for(self):
        """RFC 4287, sections 4.1.1 and 4.1.2."""
        root = ElementTree.fromstring(self.client.get(FEED).content)  # noqa: S314 - our own
        for element in [root, *root.findall(f"{ATOM}entry")]:
            for name in ("id", "title", "updated"):
                [found] = element.findall(ATOM + name)
                assert found.text
            moment = dt.datetime.fromisoformat(element.find(f"{ATOM}updated").text)
            assert moment.tzinfo is not None
        ids = [found.text for found in root.iter(f"{ATOM}id")]
        assert len({*ids}) == len(ids)
        assert all(re.match("(tag|https?):", found) for found in ids)
        assert root.find(f"{ATOM}author/{ATOM}name") is not None

    def test_pages_lead_to_it(self):
        everything = '<link rel="alternate" type="application/atom+xml"'
        assert f'{everything} title="News" href="/feeds/news.atom">' in self.client.get("/").text
        for path, query in [
            ("/news/?series=ballard", "series=ballard"),
            ("/series/ballard/", "series=ballard"),
            ("/people/maggie-q/", "person=maggie-q"),
            ("/characters/harry-bosch/", "character=harry-bosch"),
        ]:
            with self.subTest(path=path):
                assert f'href="/feeds/news.atom?{query}"' in self.client.get(path).text
