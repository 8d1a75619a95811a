"""Lists of the API: narrowed as the pages are, and in pages that follow each other by cursors."""

from itertools import islice

from catalog.models import Portrayal, State
from tests.factories import (
    make_announcement,
    make_character,
    make_membership,
    make_person,
    make_portrayal,
    make_series,
    make_watch_order,
)

from ..world import World

ROOT = "/api/v1/"
HOST = "http://testserver"


class Api(World):
    def read(self, path, status=200, **options):
        response = self.client.get(f"{ROOT}{path}", **options)
        assert response.status_code == status, response.text
        problem = "application/problem+json"
        assert response["Content-Type"] == ("application/json" if status == 200 else problem)
        return response.json()

    def names(self, path, **options):
        return [row["name"] for row in self.read(path, **options)["results"]]

    def pages(self, path, by="next"):
        """Each page from ``path`` on; 50 of them are too many."""
        page = self.read(path)
        for _ in range(50):
            yield page
            if page[by] is None:
                return
            page = self.read(page[by].removeprefix(f"{HOST}{ROOT}"))
        raise AssertionError(f"{path} does not end")

    def refused(self, path):
        told = self.read(path, status=400)
        assert told["status"] == 400
        assert told["title"] == "Bad Request"
        return told["errors"]


class NarrowingTests(Api):
    def test_the_root_leads_to_every_list(self):
        told = self.read("")
        assert told["name"] == "The Bosch Universe"
        assert set(told["lists"]) == {
            *("series", "seasons", "episodes", "characters", "people", "actors", "crew"),
            *("organizations", "news", "watch-orders", "portrayals", "credits", "memberships"),
        }
        make_watch_order("Release order")
        for name, address in told["lists"].items():
            with self.subTest(name=name):
                assert self.read(address.removeprefix(f"{HOST}{ROOT}"))["count"] > 0

    def test_lists_take_the_words_of_the_pages(self):
        found = {
            "series/": ["Bosch", "Ballard"],
            "series/?sort=-date": ["Ballard", "Bosch"],
            "series/?status=ended": ["Bosch"],
            "series/?person=maggie-q&q=ball": ["Ballard"],
            "characters/?series=bosch": ["Harry Bosch", "Jerry Edgar", "Renée Ballard"],
            "characters/?series=bosch&series=ballard&match=all": ["Harry Bosch", "Renée Ballard"],
            "characters/?person=Jamie+Hector": ["Jerry Edgar"],
            "characters/?q=renee": ["Renée Ballard"],
            "actors/?series=ballard": ["Maggie Q", "Titus Welliver"],
            "crew/?department=writing&series=bosch": ["Eric Overmyer"],
            "people/?work=crew": ["Eric Overmyer", "Ernest Dickerson"],
            "organizations/?series=ballard": ["Cold Case Unit"],
            "news/?series=ballard": ["Cast"],
            "news/?person=titus-welliver": ["Renewed"],
            "episodes/?series=bosch&season=1": ["Pilot", "Second"],
            "episodes/?character=harry-bosch&series=ballard&known=episode": ["Cold"],
            "episodes/?sort=-date&year=2015": ["Second"],
            "seasons/?series=bosch": ["Season 1", "Season 2"],
            "seasons/?sort=-series&limit=1": ["Season 2"],
        }
        for path, names in found.items():
            with self.subTest(path=path):
                assert self.names(path) == names

    def test_each_list_has_what_its_page_has(self):
        for path in (
            "series/?sort=name",
            "characters/?sort=-first",
            "actors/?sort=-parts",
            "people/?sort=-credits",
            "crew/?sort=credits",
            "episodes/?sort=title",
            "organizations/?sort=-members",
            "news/?sort=name",
        ):
            with self.subTest(path=path):
                shown = self.client.get(f"/{path}").context["object_list"]
                told = self.read(f"{path}&limit=100")["results"]
                assert [row["page"] for row in told] == [
                    f"{HOST}{row.get_absolute_url()}" for row in shown
                ]

    def test_rows_that_tie_people_to_series(self):
        rows = self.read("portrayals/?series=bosch&person=titus-welliver")["results"]
        assert [(row["character"]["name"], row["kind"], row["span"]) for row in rows] == [
            ("Harry Bosch", "main", "Seasons 1–2")
        ]
        rows = self.read("portrayals/?character=harry-bosch&kind=guest")["results"]
        assert [row["series"]["name"] for row in rows] == ["Ballard"]
        billed = self.read("portrayals/?series=bosch&sort=billing")["results"]
        assert [row["billing"] for row in billed] == [1, 2, None]
        rows = self.read("credits/?job=director")["results"]
        assert [(row["person"]["name"], row["mark"]) for row in rows] == [
            ("Ernest Dickerson", "S1E1")
        ]
        assert self.read("credits/?department=writing&series=bosch")["count"] == 1
        rows = self.read("memberships/?organization=cold-case-unit")["results"]
        assert [row["character"]["name"] for row in rows] == ["Renée Ballard"]

    def test_what_is_not_known_is_told(self):
        told = {
            "series/?person=zq": ("person", "There is no person called “zq”."),
            "characters/?series=zq": ("series", "There is no series “zq”."),
            "series/?sort=zq": ("sort", "This list cannot be sorted by “zq”."),
            "series/?limit=0": ("limit", "Ask for 1 to 100 at a time."),
            "series/?limit=101": ("limit", "Ask for 1 to 100 at a time."),
            "series/?limit=x": ("limit", "Ask for 1 to 100 at a time."),
            "series/?cursor=zq": (
                "cursor",
                "This cursor was not given out for this list: start without one.",
            ),
        }
        for path, (name, words) in told.items():
            with self.subTest(path=path):
                assert self.refused(path) == [{"parameter": name, "detail": words}]
        assert (
            "There is no parameter “serie” here."
            in self.refused("people/?serie=bosch")[0]["detail"]
        )
        assert "match" in self.refused("people/?serie=bosch")[0]["detail"]
        assert "There is no field “zq”" in self.refused("people/?fields=name,zq")[0]["detail"]
        assert "does not say how far" in self.refused("people/?progress=zq")[0]["detail"]

    def test_only_what_was_asked_for(self):
        [row, _] = self.read("series/?fields=name,premiered")["results"]
        assert row == {"name": "Bosch", "premiered": "2014"}
        assert self.read("series/bosch/?fields=seasons,name").keys() == {"name", "seasons"}

    def test_drafts_are_nowhere(self):
        hidden = make_series("Zqhidden", state=State.DRAFT)
        person = make_person("Zqperson", state=State.DRAFT)
        character = make_character("Zqcharacter", state=State.DRAFT)
        make_portrayal(person, character, hidden)
        make_portrayal(person, self.harry, self.bosch, kind=Portrayal.Kind.ARCHIVE)
        make_membership(self.unit, character)
        make_announcement("Zqnews", state=State.DRAFT, series=[self.bosch])
        make_watch_order("Zqorder", state=State.DRAFT)
        for name in self.read("")["lists"]:
            with self.subTest(name=name):
                assert "zq" not in self.client.get(f"{ROOT}{name}/?limit=100").text.lower()


class CursorTests(Api):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        for number in range(23):
            # Half of them alike, and half without a date.
            date = ["2020", "2021-05", None, None][number % 4]
            make_series(f"Many {number // 2:02}", premiered=date)

    def test_every_order_goes_through_all_there_is_and_back(self):
        orders = {
            "series": ["date", "-date", "name", "-name", "episodes", "-episodes"],
            "episodes": ["date", "-date", "title", "-title"],
            "people": ["name", "-credits"],
            "characters": ["first", "-first", "billing"],
            "portrayals": ["entered", "-entered", "billing", "-billing"],
        }
        for name, sorts in orders.items():
            for sort in sorts:
                with self.subTest(name=name, sort=sort):
                    self.walk(f"{name}/?sort={sort}")

    def walk(self, path):
        key = "page" if "portrayals" not in path else "span"
        whole = self.read(f"{path}&limit=100")
        rows = whole["results"]
        assert whole["next"] is None
        assert whole["previous"] is None
        pages = list(self.pages(f"{path}&limit=2"))
        assert [row for page in pages for row in page["results"]] == rows
        assert whole["count"] == len(rows) == pages[0]["count"]
        back = list(self.pages(pages[-2]["next"].removeprefix(f"{HOST}{ROOT}"), by="previous"))
        turned = [row for page in reversed(back) for row in page["results"]]
        assert [row[key] for row in turned] == [row[key] for row in rows]

    def test_what_is_entered_before_does_not_move_what_follows(self):
        first, second = islice(self.pages("series/?sort=name&limit=3"), 2)
        make_series("Aaa")
        follows = self.read(first["next"].removeprefix(f"{HOST}{ROOT}"))
        assert follows["results"] == second["results"]

    def test_a_cursor_is_for_its_list_and_order_alone(self):
        cursor = self.read("series/?sort=name&limit=3")["next"].partition("cursor=")[2]
        cursor = cursor.partition("&")[0]
        for path in ("series/", "people/?sort=name", "series/?sort=-name"):
            with self.subTest(path=path):
                sign = "&" if "?" in path else "?"
                [error] = self.refused(f"{path}{sign}cursor={cursor}")
                assert error["parameter"] == "cursor"
        assert len(self.refused(f"series/?sort=name&cursor={cursor[:-1]}")) == 1

    def test_the_way_far_down_reads_no_more_rows(self):
        """The same statements, and none that counts off what came before."""
        *_, last = self.pages("series/?sort=name&limit=2")
        address = last["previous"].removeprefix(HOST)
        with self.assertNumQueries(5) as asked:
            self.client.get(address)
        assert not [query for query in asked.captured_queries if "OFFSET" in query["sql"]]
