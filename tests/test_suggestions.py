"""What the boxes of the lists suggest: names, each with what the list would have with it."""

from urllib.parse import quote

from tests.factories import make_person, make_portrayal
from tests.world import World


class SuggestionsWithinAListTests(World):
    def suggested(self, text, kind, within):
        path = f"/search/suggest/?q={quote(text)}&kind={kind}&within={quote(within)}"
        response = self.client.get(path)
        assert response.status_code == 200
        return response.json()["suggestions"]

    def counts(self, text, kind, within):
        found = self.suggested(text, kind, within)
        return {suggestion["slug"]: suggestion.get("count") for suggestion in found}

    def test_each_tells_how_many_entries_the_list_would_have(self):
        for text, kind, within in [
            ("t", "person", "/characters/"),
            ("m", "person", "/characters/?series=ballard"),
            ("t", "person", "/characters/?series=ballard&kind=main"),
            ("e", "person", "/episodes/"),
            ("j", "person", "/episodes/?series=bosch&season=1"),
            ("h", "character", "/actors/"),
            ("b", "character", "/actors/?series=bosch&series=ballard&match=all"),
            ("r", "character", "/episodes/?character=harry-bosch&match=all"),
            ("h", "character", "/episodes/?character=renee-ballard&year=2025"),
            ("t", "person", "/series/"),
            ("e", "person", "/series/?status=ended"),
            ("t", "person", "/news/?series=bosch"),
            ("r", "character", "/news/"),
        ]:
            found = self.suggested(text, kind, within)
            assert found, within
            for suggestion in found:
                with self.subTest(within=within, slug=suggestion["slug"]):
                    mark = "&" if "?" in within else "?"
                    chosen = f"{within}{mark}{kind}={suggestion['slug']}"
                    number = len(self.names(chosen))
                    # Of several without "all", each option counts for itself.
                    if "match" not in within and f"{kind}=" in within:
                        number = len(
                            self.names(within.replace("renee-ballard", suggestion["slug"]))
                        )
                    assert suggestion["count"] == str(number)
                    assert suggestion["is_empty"] is (number == 0)

    def test_those_that_would_leave_nothing_come_last(self):
        for number in range(12):
            make_person(f"Magda {number}")
        assert self.counts("ma", "person", "/characters/") == {
            "maggie-q": "1",
            **{f"magda-{number}": "0" for number in [0, 1, 10, 11, 2, 3, 4]},
        }

    def test_without_a_list_nothing_is_counted(self):
        for within in [
            "",
            "/",
            "/nowhere/",
            "/people/maggie-q/",
            "/search/?q=x",
            "/characters/?series=nowhere",
            "https://elsewhere.example/characters/",
            "characters/",
            "/organizations/",
            "\x00",
            "/characters/?person=%00",
            "x" * 5_000,
        ]:
            with self.subTest(within=within[:40]):
                assert self.counts("maggie", "person", within) == {"maggie-q": None}

    def test_no_draft_is_suggested_or_counted(self):
        draft = "/characters/?series=draft-series"
        assert self.counts("draft", "person", "/characters/") == {}
        assert self.counts("jamie", "person", draft) == {"jamie-hector": None}
        assert self.counts("jamie", "person", "/characters/?series=ballard") == {
            "jamie-hector": "0"
        }

    def test_asks_as_much_for_many_as_for_few(self):
        path = "/search/suggest/?q=extra&kind=person&within=/characters/%3Fseries=bosch"
        extras = [make_person(f"Extra {number}") for number in range(30)]
        for asked in (extras[:1], extras[1:]):
            for extra in asked:
                make_portrayal(extra, self.harry, self.bosch, kind="guest", billing=9)
            with self.assertNumQueries(6):
                assert self.client.get(path).status_code == 200


class MatchTests(World):
    def test_any_and_all_tell_what_they_would_leave(self):
        page = self.client.get("/actors/?series=bosch&series=ballard").text
        assert '<option value="">any of them (3)</option>' in page
        assert '<option value="all">all of them (2)</option>' in page
        page = self.client.get("/actors/?series=bosch&series=ballard&kind=main").text
        assert '<option value="all" disabled>all of them (0)</option>' in page
        assert '<option value="all">all of them</option>' in self.client.get("/actors/").text


class TextTests(World):
    def test_a_list_says_that_it_looks_at_names_and_leads_to_the_texts(self):
        page = self.client.get("/episodes/?q=pi%26lot").text
        assert "Only titles are looked at here" in page
        assert 'href="/search/?q=pi%26lot&amp;kind=episode"' in page
        assert "are looked at here" not in self.client.get("/episodes/").text
