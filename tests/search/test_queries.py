"""One table of what people type and what they mean, the same on every database."""

import html
import re

from django.core.management import call_command
from django.test import TestCase

from catalog.models import State
from tests.factories import make_character, make_episode, make_person, make_season, make_series

# What is typed, and what the page lists first.
FIRST = {
    "bosch": ["/series/bosch/", "/characters/harry-bosch/", "/characters/maddie-bosch/"],
    "Bosch: Legacy": ["/series/bosch-legacy/"],
    "renee": ["/characters/renee-ballard/"],
    "RENÉE": ["/characters/renee-ballard/"],
    "Rene\u0301e": ["/characters/renee-ballard/"],
    "  ballard   renee ": ["/characters/renee-ballard/"],
    "renée's": ["/characters/renee-ballard/"],
    "harry bosch": ["/characters/harry-bosch/", "/series/bosch/"],
    "bosch harry": ["/characters/harry-bosch/"],
    "hieronymus": ["/characters/harry-bosch/"],
    "ballard": ["/series/ballard/", "/characters/jenny-ballard/", "/characters/renee-ballard/"],
    "bos": [
        "/series/bosch/",
        "/series/bosch-legacy/",
        "/series/bosch-start-of-watch/",
        "/characters/harry-bosch/",
    ],
    "connolly": ["/people/michael-connelly/"],
    "mich conn": ["/people/michael-connelly/"],
    "titus": ["/people/titus-welliver/"],
    "WELLIVER, Titus": ["/people/titus-welliver/"],
    "oshea": ["/characters/rick-oshea/"],
    "o'shea": ["/characters/rick-oshea/"],
    "o’shea": ["/characters/rick-oshea/"],
    "O SHEA": ["/characters/rick-oshea/"],
    "s3e10": ["/series/bosch-legacy/season-3/episode-10/", "/series/bosch/season-3/episode-10/"],
    "3x10": ["/series/bosch-legacy/season-3/episode-10/", "/series/bosch/season-3/episode-10/"],
    "season 3 episode 10": [
        "/series/bosch-legacy/season-3/episode-10/",
        "/series/bosch/season-3/episode-10/",
    ],
    "bosch legacy s3 e10": ["/series/bosch-legacy/season-3/episode-10/"],
    "dig down": ["/series/bosch-legacy/season-3/episode-10/"],
    "DIG DO": ["/series/bosch-legacy/season-3/episode-10/"],
    "tis the season": ["/series/bosch/season-1/episode-1/"],
    "always never": ["/series/bosch-legacy/season-1/episode-10/"],
    "lapd": ["/organizations/lapd/"],
    "cold case unit": ["/organizations/lapd-cold-case-unit/"],
    "start of watch": ["/series/bosch-start-of-watch/"],
    "maggie": ["/people/maggie-q/"],
    "maggie-q": ["/people/maggie-q/"],
}

# What is typed, and what the page asks whether it was meant.
MEANT = {
    "ballrad": "ballard",
    "weliver": "welliver",
    "titus weliver": "titus welliver",
    "Ballrad Renee": "ballard renee",
    "micheal connelly": "michael connelly",
    "hieronimus": "hieronymus",
    "bsoch": "bosch",
}

# What must not hurt, by what it is.
NOTHING = {
    "a quotation mark": '"',
    "an asterisk": "*",
    "a bracket": "(",
    "a minus": "-",
    "a colon": ":",
    "a caret": "^bosch:",
    "NUL": "\x00",
    "NUL inside": "bo\x00sch",
    "blank": " \t\n",
    "nothing": "",
    "emoji": "🕵️‍♀️🚔",
    "right to left": "שלום \u202eabc\u202c",
    "Arabic": "بوش",
    "Chinese": "博斯",
    "5,000 letters": "b" * 5_000,
    "200 letters": "b" * 200,
    "50 words": "bosch " * 33,
    "only punctuation": "?!—…,.;:'’",
    "wildcards": "%_%",
    "a backslash": "\\",
    "SQL": "'; DROP TABLE catalog_searchentry; --",
    "SQL of a union": '" UNION SELECT password FROM auth_user --',
    "a tsquery": "bosch & !harry | (a <-> b):*",
    "FTS5": 'NEAR("a" "b", 5) OR name : bosch*',
    "a lone accent": "\u0301",
    "digits": "9" * 150,
    "an episode beyond all": "s9999e9999",
}


def listed(page):
    """The addresses of what a search page lists, in their order."""
    return re.findall(r'<h3 class="search-result__name"><a href="([^"]*)">', page)


def meant(page):
    found = re.search(r'class="did-you-mean">Did you mean <a href="[^"]*">(.*?)</a>', page)
    return html.unescape(found[1]) if found else None


class BoschQueryTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        call_command("load_catalog", verbosity=0)

    def ask(self, text, **more):
        response = self.client.get("/search/", {"q": text, **more})
        assert response.status_code == 200
        return response.text

    def test_the_thing_itself_comes_first(self):
        for text, first in FIRST.items():
            with self.subTest(text=text):
                assert listed(self.ask(text))[: len(first)] == first

    def test_the_thing_itself_is_suggested_first(self):
        for text, first in FIRST.items():
            with self.subTest(text=text):
                answer = self.client.get("/search/suggest/", {"q": text}).json()
                found = [suggestion["url"] for suggestion in answer["suggestions"]]
                assert found[: len(first)] == first
                assert len(found) <= 8

    def test_a_slip_is_asked_about(self):
        for text, word in MEANT.items():
            with self.subTest(text=text):
                page = self.ask(text)
                assert "Nothing found" in page
                assert meant(page) == word
                assert listed(self.ask(word)), "what is offered finds something"

    def test_what_is_right_is_not_asked_about(self):
        for text in [*FIRST, "homicide"]:
            with self.subTest(text=text):
                assert meant(self.ask(text)) is None

    def test_what_nobody_should_type_gets_a_page(self):
        for what, text in NOTHING.items():
            with self.subTest(what=what):
                page = self.ask(text)
                assert "<h1>Search</h1>" in page
                assert self.client.get("/search/suggest/", {"q": text}).status_code == 200
        assert listed(self.ask("bosch")), "and nothing was dropped"

    def test_words_of_query_languages_are_words(self):
        assert "/series/ballard/" in listed(self.ask("NOT"))
        assert listed(self.ask("a AND")) == listed(self.ask("and a"))
        assert listed(self.ask("bosch*")) == listed(self.ask("bosch"))
        assert listed(self.ask('"harry bosch"')) == listed(self.ask("harry bosch"))

    def test_what_a_card_says_is_searched_too(self):
        assert "/characters/jerry-edgar/" in listed(self.ask("detective edgar"))
        assert "/characters/rick-oshea/" in listed(self.ask("district attorney oshea"))

    def test_a_code_is_that_of_one_episode_of_each_series(self):
        found = listed(self.ask("s1e1"))
        assert len(found) == 3
        assert all(path.endswith("/season-1/episode-1/") for path in found)
        assert len(listed(self.ask("bosch legacy s1", kind="episode"))) == 10

    def test_results_come_by_kind_with_their_numbers(self):
        page = self.ask("ballard")
        kinds = re.findall(
            r'class="search-section__title" id="kind-(\w+)">\S+ '
            r'<span class="search-section__count">(\d+) results?<',
            page,
        )
        tabs = re.findall(
            r'href="\?q=ballard&amp;kind=(\w+)">\S+ <span class="search-kinds__count">(\d+)', page
        )
        assert set(kinds) <= set(tabs)
        assert {kind for kind, _ in tabs} == {
            "series",
            "character",
            "person",
            "organization",
            "episode",
            "announcement",
        }
        for kind, number in tabs:
            with self.subTest(kind=kind):
                found, page_number = [], 1
                while len(found) < int(number):
                    found += listed(self.ask("ballard", kind=kind, page=page_number))
                    page_number += 1
                assert len(set(found)) == int(number)

    def test_the_words_are_marked_in_names_and_texts(self):
        page = self.ask("renee volun")
        assert "<mark>Renée</mark>" in page
        assert re.search(r"<mark>[Vv]olunteers?</mark>", page)

    def test_pages_follow_each_other_and_end(self):
        first = listed(self.ask("bosch", kind="episode"))
        second = listed(self.ask("bosch", kind="episode", page=2))
        assert len(first) == 20
        assert not set(first) & set(second)
        for page in ["6", "0", "-1", "x", "9" * 30]:
            with self.subTest(page=page):
                asked = {"q": "bosch", "kind": "episode", "page": page}
                assert self.client.get("/search/", asked).status_code == 404

    def test_an_unknown_kind_is_told(self):
        assert "There is no kind of result called “gadget”" in self.ask("bosch", kind="gadget")
        answer = self.client.get("/search/suggest/", {"q": "bosch", "kind": "gadget"})
        assert answer.json() == {"suggestions": []}

    def test_suggestions_of_one_kind(self):
        answer = self.client.get("/search/suggest/", {"q": "b", "kind": "character"}).json()
        assert {suggestion["kind"] for suggestion in answer["suggestions"]} == {"character"}
        harry = self.client.get("/search/suggest/", {"q": "har bos", "kind": "character"}).json()
        assert harry["suggestions"][0]["slug"] == "harry-bosch"


class NameTests(TestCase):
    """Names of other shapes than those of the Bosch universe."""

    def found(self, text):
        answer = self.client.get("/search/suggest/", {"q": text}).json()
        return [suggestion["name"] for suggestion in answer["suggestions"]]

    def test_each_is_found_in_every_form_in_which_people_type_it(self):
        for name, typed in {
            "Nikolaj Coster-Waldau": ["coster waldau", "coster-waldau", "costerwaldau"],
            "Łukasz Żal": ["lukasz zal", "ŁUKASZ"],
            "Mads Brügger Ødegård": ["brugger odegard", "ødegård"],
            "Hans Weiß": ["weiss", "WEISS", "weiß"],
            "Jean-Claude Van Damme": ["van damme", "jean claude", "jeanclaude"],
            "Björk Guðmundsdóttir": ["gudmundsdottir", "bjork"],
            "D'Angelo Barksdale": ["dangelo", "d’angelo", "d angelo"],
            "J. K. Simmons": ["jk simmons", "j.k. simmons", "j k simmons"],
            "Ștefan Çelik": ["stefan", "celik"],
            "Đorđe Ιωάννης": ["dorde", "ιωαννης", "ΙΩΆΝΝΗΣ"],
            "Юлия Пересильд": ["юлия", "ПЕРЕСИЛЬД"],
            "菊地凛子": ["菊地凛子", "菊地"],
        }.items():
            make_person(name)
            for text in typed:
                with self.subTest(name=name, text=text):
                    assert name in self.found(text)

    def test_equals_come_in_the_order_of_their_folded_names(self):
        for name in ["Zoe Crowd", "Élan Crowd", "Eli Crowd", "de Crowd", "Oa Crowd", "O'Nan Crowd"]:
            make_character(name)
        in_order = ["de Crowd", "Élan Crowd", "Eli Crowd", "Oa Crowd", "O'Nan Crowd", "Zoe Crowd"]
        assert self.found("crowd") == in_order

    def test_a_name_changed_is_found_by_the_new_one_alone(self):
        person = make_person("Jane Smith", other_names="Janet Jones")
        assert self.found("janet") == ["Jane Smith"]
        person.name, person.other_names = "Ann Brown", ""
        person.save()
        assert self.found("brown ann") == ["Ann Brown"]
        assert self.found("janet") == self.found("smith") == []
        person.delete()
        assert self.found("brown") == []

    def test_an_episode_follows_the_name_of_its_series(self):
        series = make_series("Cagney")
        make_episode(make_season(series, 2), 3, name="Pilot")
        assert self.found("cagney s2e3") == ["Pilot"]
        series.name = "Lacey"
        series.save()
        assert self.found("lacey 2x3") == ["Pilot"]
        assert "Pilot" not in self.found("cagney")

    def test_drafts_are_neither_found_nor_counted_nor_offered(self):
        person = make_person("Quentin Xylander", state=State.DRAFT)
        assert self.found("quentin") == []
        for text in ["quentin", "quentinn"]:
            page = self.client.get("/search/", {"q": text}).text
            assert "Nothing found" in page
            assert meant(page) is None
        person.state = State.PUBLISHED
        person.save()
        assert self.found("quentin") == ["Quentin Xylander"]
        assert meant(self.client.get("/search/", {"q": "quentinn"}).text) == "quentin"
