"""Who is in two or more series: the grid, its filters and orders, and the card of one."""

import html
import re

from django.template.loader import render_to_string
from django.test import TestCase

from catalog.audience import visitor
from catalog.models import Character, Portrayal, State
from catalog.models.gate import ALWAYS
from catalog.models.text import address, fold
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


def text_of(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


class GridTests(TestCase):
    def grid(self, path="/crossovers/", **options):
        response = self.client.get(path, **options)
        assert response.status_code == 200, response
        return response.context["grid"]

    def names(self, path="/crossovers/"):
        return [row.entry.name for row in self.grid(path).rows]

    def cells(self, name, path="/crossovers/"):
        """{series: what its cell says} of the one row of that name."""
        (row,) = (row for row in self.grid(path).rows if row.entry.name == name)
        return {
            cell.column.name: [
                (line.name, [part.text for part in line.parts]) for line in cell.lines.values()
            ]
            for cell in row.filled
        }

    def facet(self, path, name):
        facets = self.client.get(path).context["filter"].facets
        facet = next(facet for facet in facets if facet.name == name)
        return {option.value: option.count for option in facet.options}


class WhoCrossesOverTests(GridTests):
    @classmethod
    def setUpTestData(cls):
        cls.bosch = make_series("Bosch", premiered="2014")
        cls.legacy = make_series("Legacy", premiered="2022")
        cls.harry = make_character("Harry")
        cls.titus = make_person("Titus")

    def test_two_series_make_a_crossover_and_one_does_not(self):
        make_portrayal(self.titus, self.harry, self.bosch)
        make_portrayal(self.titus, self.harry, self.bosch, kind="guest")
        assert self.names() == self.names("/crossovers/people/") == []
        assert "Nobody crosses over yet" in self.client.get("/crossovers/").text
        make_portrayal(self.titus, self.harry, self.legacy)
        assert self.names() == ["Harry"]
        assert self.names("/crossovers/people/") == ["Titus"]

    def test_drafts_make_no_crossover(self):
        make_portrayal(self.titus, self.harry, self.bosch)
        make_portrayal(self.titus, self.harry, make_series(state=State.DRAFT))
        hidden = make_person("Hidden", state=State.DRAFT)
        make_portrayal(hidden, self.harry, self.legacy)
        make_credit(hidden, self.bosch)
        draft = make_character("Draft", state=State.DRAFT)
        make_portrayal(self.titus, draft, self.legacy)
        only_parts = make_person("Only parts")
        make_portrayal(only_parts, draft, self.legacy)
        make_portrayal(only_parts, draft, self.bosch)
        # A part here and a hidden part there: of Titus stands open that he is Harry in Bosch.
        assert self.names() == self.names("/crossovers/people/") == []
        make_portrayal(self.titus, self.harry, make_series("Ballard", premiered="2025"))
        for path, who in [("/crossovers/", "Titus"), ("/crossovers/people/", "Harry")]:
            (row,) = self.grid(path).rows
            assert [cell.column.name for cell in row.cells] == ["Bosch", "Ballard"]
            assert [next(iter(cell.lines.values())).name for cell in row.cells] == [who, who]
            assert not row.is_recast
            assert "Hidden" not in self.client.get(path).text

    def test_what_is_folded_makes_no_crossover_and_is_not_shown(self):
        episode = make_episode(make_season(self.legacy))
        make_portrayal(self.titus, self.harry, self.bosch)
        make_portrayal(self.titus, self.harry, self.legacy, revealed_in=episode)
        assert self.names() == self.names("/crossovers/people/") == []
        make_portrayal(self.titus, self.harry, make_series("Ballard"))
        assert self.cells("Harry").keys() == {"Bosch", "Ballard"}
        assert self.cells("Titus", "/crossovers/people/").keys() == {"Bosch", "Ballard"}
        grid = self.grid()
        assert [column.name for column in grid.columns] == ["Bosch", "Ballard"]
        assert self.facet("/crossovers/", "series")["legacy"] == 0

    def test_it_crosses_over_for_those_who_have_come_so_far(self):
        one, two = make_season(self.bosch), make_season(self.legacy)
        first, second = make_episode(one), make_episode(two)
        make_portrayal(self.titus, self.harry, self.bosch, kind="guest", episodes=[first])
        make_portrayal(make_person(), self.harry, self.legacy, kind="guest", episodes=[second])
        self.client.cookies["progress"] = "bosch.1.1"
        assert self.names() == []
        self.client.cookies["progress"] = "bosch.1.1~legacy.1.1"
        assert self.names() == ["Harry"]
        assert "Recast" in self.client.get("/crossovers/").text

    def test_a_mere_announcement_counts_and_says_so(self):
        make_portrayal(self.titus, self.harry, self.bosch, [make_season(self.bosch)])
        make_portrayal(self.titus, self.harry, self.legacy, announced=True, kind="")
        page = self.client.get("/crossovers/").text
        assert '<span class="chip">Announced</span>' in page
        assert self.cells("Harry") == {
            "Bosch": [("Titus", ["Main cast, Season 1"])],
            "Legacy": [("Titus", [""])],
        }

    def test_a_part_here_and_a_credit_there_make_a_person_cross_over(self):
        make_portrayal(self.titus, self.harry, self.bosch)
        director = make_job("Director")
        for number in (1, 2):
            episode = make_episode(make_season(self.bosch, number))
            make_credit(self.titus, self.bosch, director, episode=episode)
        assert self.names("/crossovers/people/") == []
        make_credit(self.titus, self.legacy, director)
        make_credit(make_person("Idle"), self.legacy, director)
        (row,) = self.grid("/crossovers/people/").rows
        assert row.entry == self.titus
        assert [cell.jobs for cell in row.cells] == [["Director"], ["Director"]]
        assert [len(cell.lines) for cell in row.cells] == [1, 0]

    def test_a_part_and_a_credit_in_one_series_count_once(self):
        twice, thrice = make_person("Twice"), make_person("Thrice in all")
        for series in (self.bosch, self.legacy):
            make_portrayal(twice, self.harry, series)
            make_credit(twice, series)
            make_portrayal(thrice, self.harry, series)
        make_credit(thrice, make_series("Ballard"))
        assert self.names("/crossovers/people/") == ["Thrice in all", "Twice"]
        assert self.names("/crossovers/people/?sort=series") == ["Twice", "Thrice in all"]
        assert [len(row.filled) for row in self.grid("/crossovers/people/").rows] == [3, 2]

    def test_two_credits_make_a_person_cross_over(self):
        writer = make_person("Writer")
        make_credit(writer, self.bosch)
        make_credit(writer, self.legacy)
        assert self.names("/crossovers/people/") == ["Writer"]

    def test_a_part_without_a_character_is_told_in_words(self):
        for series in (self.bosch, self.legacy):
            make_portrayal(self.titus, None, series, kind="self")
        assert self.names() == []
        assert self.cells("Titus", "/crossovers/people/") == {
            "Bosch": [("Themselves", ["As themselves"])],
            "Legacy": [("Themselves", ["As themselves"])],
        }

    def test_a_crowded_cell_names_a_few_and_says_there_are_more(self):
        for number in range(6):
            make_portrayal(self.titus, make_character(f"Role {number}"), self.bosch)
            make_credit(self.titus, self.legacy, make_job(f"Job {number}", rank=number))
        (row,) = self.grid("/crossovers/people/").rows
        acting, crew = row.cells
        assert [line.name for line in acting.lines.values()] == [f"Role {n}" for n in range(4)]
        assert crew.jobs == [f"Job {n}" for n in range(4)]
        assert acting.has_more
        assert crew.has_more
        assert self.client.get("/crossovers/people/").text.count("and more") == 2


class RecastTests(GridTests):
    """Harry: Titus in two series, young Quinn once in the first, Cameron in the last."""

    @classmethod
    def setUpTestData(cls):
        # Neither entered nor named in the order of release: what has no date comes last.
        cls.watch = make_series("Ante")
        cls.ballard = make_series("Ballard", premiered="2025")
        cls.bosch = make_series("Bosch", premiered="2014")
        cls.harry, cls.jerry = make_character("Harry"), make_character("Jerry")
        cls.titus, cls.jamie = make_person("Titus"), make_person("Jamie")
        quinn, cameron = make_person("Quinn"), make_person("Cameron")
        make_portrayal(cameron, cls.harry, cls.watch, billing=1, announced=True)
        make_portrayal(quinn, cls.harry, cls.bosch, kind="guest")
        make_portrayal(cls.titus, cls.harry, cls.ballard, kind="guest")
        make_portrayal(cls.titus, cls.harry, cls.bosch)
        make_portrayal(cls.jamie, cls.jerry, cls.bosch)
        make_portrayal(cls.jamie, cls.jerry, cls.ballard)

    def marked(self, row):
        lines = (line for cell in row.filled for line in cell.lines.values())
        return [line.name for line in lines if line.is_recast]

    def test_whoever_is_not_the_first_to_play_it_is_marked(self):
        grid = self.grid()
        assert [column.name for column in grid.columns] == ["Bosch", "Ballard", "Ante"]
        harry, jerry = grid.rows
        assert self.marked(harry) == ["Quinn", "Cameron"]
        assert [cell.is_recast for cell in harry.cells] == [True, False, True]
        assert harry.is_recast
        assert self.marked(jerry) == []
        assert not jerry.is_recast

    def test_it_is_said_in_words_in_the_row_and_in_its_cells(self):
        rows = self.client.get("/crossovers/").text.partition("<tbody>")[2].split("</tr>")
        assert "Harry 3 series Recast" in text_of(rows[0])
        assert "Quinn Recast Guest" in text_of(rows[0])
        assert rows[0].count("Recast") == 3
        assert "Recast" not in rows[1]

    def test_the_legend_is_there_for_recasts_only(self):
        legend = "marks somebody else than at first"
        assert legend in self.client.get("/crossovers/").text
        assert legend not in self.client.get("/crossovers/?person=jamie").text

    def test_recasts_alone_can_be_asked_for(self):
        assert self.names("/crossovers/?recast=recast") == ["Harry"]
        assert self.facet("/crossovers/", "recast") == {"recast": 1}
        assert self.facet("/crossovers/?person=jamie", "recast") == {"recast": 0}
        assert self.names("/crossovers/?recast=recast&person=jamie") == []
        assert "There is no casting “x”." in self.client.get("/crossovers/?recast=x").text

    def test_a_folded_actor_is_no_recast(self):
        Portrayal.objects.exclude(person=self.titus).filter(character=self.harry).update(
            revealed_in=make_episode()
        )
        assert self.names("/crossovers/?recast=recast") == []
        assert not any(row.is_recast for row in self.grid().rows)

    def test_where_somebody_is_not_it_says_so(self):
        page = self.client.get("/crossovers/").text
        assert page.count('<span class="visually-hidden">not in this series</span>') == 1

    def test_the_card_of_the_dashboard(self):
        make_portrayal(make_person(), self.jerry, self.watch, billing=1)
        third = make_character("Aaron")
        for series in (self.bosch, self.ballard):
            make_portrayal(make_person(), third, series, kind="guest")
        everyone = visitor()
        characters = Character.objects.visible_to(everyone)
        with self.assertNumQueries(2):
            harry, jerry = characters.for_dashboard(everyone)
            assert [series.name for series in harry.crossed_series] == ["Bosch", "Ballard", "Ante"]
            assert harry.is_recast
        assert (harry, jerry) == (self.harry, self.jerry)
        card = render_to_string("catalog/_crossover_card.html", {"character": harry})
        assert text_of(card) == "H Harry Bosch Ballard Ante Recast"
        assert 'href="/characters/harry/"' in card


class FilterTests(GridTests):
    @classmethod
    def setUpTestData(cls):
        cls.one = make_series("One", premiered="2001")
        cls.two = make_series("Two", premiered="2002")
        cls.three = make_series("Three", premiered="2003")
        season = make_season(cls.one)
        late = make_episode(season, 2, aired="2001-02-02")
        early = make_episode(season, 1, aired="2001-01-01")
        cls.ann = make_character("Ann", first_appearance=late)
        cls.bea = make_character("Bea", first_appearance=early)
        cls.cyd = make_character("Cyd")
        cls.only = make_character("Only", first_appearance=early)
        cls.pat, cls.quin = make_person("Pat Aronson"), make_person("Quin Aronson")
        make_portrayal(cls.pat, cls.ann, cls.one, billing=2)
        make_portrayal(cls.pat, cls.ann, cls.two, kind="guest")
        for series in (cls.one, cls.two, cls.three):
            make_portrayal(cls.quin, cls.bea, series, kind="recurring")
        make_portrayal(cls.pat, cls.cyd, cls.two, billing=1)
        make_portrayal(cls.quin, cls.cyd, cls.three)
        make_portrayal(cls.quin, cls.only, cls.one)
        cls.director = make_job("Director")
        make_credit(cls.pat, cls.three, cls.director)
        cls.crew = make_person("Rae")
        make_credit(cls.crew, cls.one, cls.director)
        make_credit(cls.crew, cls.two, cls.director)

    def test_filters_combine(self):
        for query, names in {
            "": ["Bea", "Ann", "Cyd"],
            "series=one": ["Bea", "Ann"],
            "series=one&series=three": ["Bea", "Ann", "Cyd"],
            "series=one&series=three&match=all": ["Bea"],
            "series=one&kind=main": ["Ann"],
            "series=two&kind=main": ["Cyd"],
            "person=pat-aronson": ["Ann", "Cyd"],
            "person=aronson": ["Bea", "Ann", "Cyd"],
            "person=pat-aronson&series=two&kind=guest": ["Ann"],
            "recast=recast": ["Cyd"],
            "recast=recast&series=one": [],
            "q=bea": ["Bea"],
            "q=only": [],
            "q=ann&recast=recast": [],
        }.items():
            with self.subTest(query=query):
                assert self.names(f"/crossovers/?{query}") == names

    def test_filters_of_people_combine(self):
        for query, names in {
            "": ["Pat Aronson", "Quin Aronson", "Rae"],
            "work=acting": ["Pat Aronson", "Quin Aronson"],
            "work=crew": ["Pat Aronson", "Rae"],
            "work=crew&series=three": ["Pat Aronson"],
            "work=acting&series=three": ["Quin Aronson"],
            "work=crew&kind=main": [],
            "character=cyd": ["Pat Aronson", "Quin Aronson"],
            "character=cyd&series=three": ["Quin Aronson"],
            "kind=guest": ["Pat Aronson"],
            "series=one&series=two&series=three&match=all": ["Pat Aronson", "Quin Aronson"],
            "q=rae": ["Rae"],
        }.items():
            with self.subTest(query=query):
                assert self.names(f"/crossovers/people/?{query}") == names

    def test_options_count_those_who_cross_over(self):
        assert self.facet("/crossovers/", "series") == {"one": 2, "two": 3, "three": 2}
        assert self.facet("/crossovers/", "kind")["main"] == 2
        assert self.facet("/crossovers/?q=bea", "series") == {"one": 1, "two": 1, "three": 1}
        assert self.facet("/crossovers/?recast=recast", "series") == {
            "one": 0,
            "two": 1,
            "three": 1,
        }
        people = "/crossovers/people/"
        assert self.facet(people, "series") == {"one": 3, "two": 3, "three": 2}
        assert self.facet(people, "work") == {"acting": 2, "crew": 2}
        assert self.facet(f"{people}?kind=main", "work") == {"acting": 2, "crew": 0}
        assert self.facet(f"{people}?work=crew", "kind")["main"] == 0

    def test_every_count_is_what_the_option_gives(self):
        for path in ["/crossovers/", "/crossovers/people/"]:
            for query in ["", "q=a", "series=two", "series=one&series=two&match=all", "kind=main"]:
                for facet in self.client.get(f"{path}?{query}").context["filter"].facets:
                    # One more of several adds to them, unless all of them are needed.
                    if facet.chosen and "match=all" not in query:
                        continue
                    for option in facet.options:
                        if not option.chosen:
                            with self.subTest(path=path, query=query, option=option.value):
                                with_it = f"{path}?{query}&{facet.name}={option.value}"
                                found = self.client.get(with_it).context["filter"].count
                                assert found == option.count

    def test_columns_are_the_series_of_the_page_and_those_asked_for(self):
        def columns(query):
            return [column.name for column in self.grid(f"/crossovers/?{query}").columns]

        assert columns("") == ["One", "Two", "Three"]
        assert columns("q=ann") == ["One", "Two"]
        assert columns("q=ann&series=two&series=three") == ["One", "Two", "Three"]
        assert columns("q=nobody") == []

    def test_orders(self):
        for path, names in {
            "/crossovers/?sort=series": ["Ann", "Cyd", "Bea"],
            "/crossovers/?sort=name": ["Ann", "Bea", "Cyd"],
            "/crossovers/?sort=-name": ["Cyd", "Bea", "Ann"],
            "/crossovers/?sort=first": ["Bea", "Ann", "Cyd"],
            "/crossovers/?sort=-first": ["Ann", "Bea", "Cyd"],
            "/crossovers/?sort=billing": ["Cyd", "Ann", "Bea"],
            "/crossovers/people/?sort=series": ["Rae", "Pat Aronson", "Quin Aronson"],
            "/crossovers/people/?sort=-name": ["Rae", "Quin Aronson", "Pat Aronson"],
            "/crossovers/people/?sort=billing": ["Pat Aronson", "Quin Aronson", "Rae"],
        }.items():
            with self.subTest(path=path):
                assert self.names(path) == names

    def test_equals_stay_in_one_order_over_the_pages(self):
        for number in range(60):
            twin = make_character(f"Twin {number % 3}")
            for series in (self.one, self.two):
                make_portrayal(self.quin, twin, series)
        for sort in ["", "series", "name", "-name", "first", "-first", "billing", "-billing"]:
            with self.subTest(sort=sort):
                shown = []
                for page in (1, 2, 3):
                    rows = self.grid(
                        f"/crossovers/?sort={sort}&page={page}"
                        if sort
                        else f"/crossovers/?page={page}"
                    ).rows
                    shown += [row.entry.pk for row in rows]
                assert len(shown) == len(set(shown)) == 63

    def test_the_two_grids_lead_to_each_other(self):
        for path, other in [
            ("/crossovers/", "/crossovers/people/"),
            ("/crossovers/people/", "/crossovers/"),
        ]:
            page = self.client.get(path).text
            assert f'<a href="{path}" aria-current="page">' in page
            assert f'<a href="{other}">' in page

    def test_the_address_is_the_state(self):
        response = self.client.get("/crossovers/?q=&person=quin&sort=")
        assert response["Location"] == "/crossovers/?person=quin-aronson"
        page = self.client.get("/crossovers/?recast=recast").text
        assert '<meta name="robots" content="noindex">' in page
        assert '<link rel="canonical" href="http://testserver/crossovers/">' in page
        assert "Remove filter: " in page
        assert "Disallow: /*?recast=\n" in self.client.get("/robots.txt").text

    def test_htmx_gets_the_grid_and_the_filters_alone(self):
        response = self.client.get(
            "/crossovers/?q=&series=three",
            headers={"HX-Request": "true", "HX-Target": "results"},
        )
        assert response["HX-Push-Url"] == "/crossovers/?series=three"
        assert "<html" not in response.text
        assert "<table>" in response.text
        assert 'id="facet-recast" hx-swap-oob="true"' in response.text
        assert ">2 characters</p>" in response.text
        assert "crossover-kinds" not in response.text

    def test_names_are_suggested_with_what_the_grid_would_have(self):
        path = "/search/suggest/?q=aronson&kind=person&within=/crossovers/"
        found = self.client.get(path).json()["suggestions"]
        assert {each["name"]: each["count"] for each in found} == {
            "Pat Aronson": "2",
            "Quin Aronson": "2",
        }
        path = "/search/suggest/?q=only&kind=character&within=/crossovers/people/"
        (only,) = self.client.get(path).json()["suggestions"]
        assert only["count"] == "1"


class ManyTests(GridTests):
    """More than are counted: to sort them all by the number of their series would take long."""

    @classmethod
    def setUpTestData(cls):
        cls.series = [make_series("One"), make_series("Two"), make_series("Three")]
        actor = make_person("Actor")
        names = [f"Twin {number:04}" for number in range(2_001)]
        characters = Character.objects.bulk_create(
            Character(name=name, slug=address(name), sort_name=fold(name), shown_from=ALWAYS)
            for name in names
        )
        Portrayal.objects.bulk_create(
            Portrayal(
                person=actor, character=character, series=series, kind="main", shown_from=ALWAYS
            )
            for character in characters
            for series in cls.series[:2]
        )
        make_portrayal(actor, characters[-1], cls.series[2])

    def test_they_are_sorted_by_name_unless_another_order_is_asked_for(self):
        response = self.client.get("/crossovers/")
        assert "1–24 of 2,000+ characters" in response.text
        assert '<option value="" selected>Name, A to Z</option>' in response.text
        assert self.names()[0] == "Twin 0000"
        assert "too long to be sorted" not in response.text
        assert self.names("/crossovers/?sort=-series&series=three") == ["Twin 2000"]
        response = self.client.get("/crossovers/?sort=-series&q=")
        assert response["Location"] == "/crossovers/?sort=-series"

    def test_the_pages_end_where_the_count_does_and_say_so(self):
        assert self.names("/crossovers/?page=84")[-1] == "Twin 1999"
        assert "The list goes no further." in self.client.get("/crossovers/?page=84").text
        assert "The list goes no further." not in self.client.get("/crossovers/?page=83").text
        assert self.client.get("/crossovers/?page=85").status_code == 404
        assert self.names("/crossovers/?sort=-name")[0] == "Twin 2000"
