"""Lists with more entries than are counted or put in order: each page in its place, none deep."""

from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db import connection
from django.db.models import F
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from catalog.models import Character, Person, Portrayal
from catalog.models.counting import Bounded
from catalog.models.gate import ALWAYS
from catalog.models.text import address, fold
from catalog.views.base import LongPaginator
from tests.factories import (
    make_membership,
    make_organization,
    make_person,
    make_portrayal,
    make_series,
)

BY_NAME = ("sort_name", "pk")
# Half of them have no date.
BY_BIRTH = (F("born").asc(nulls_last=True), "sort_name", "pk")
ORDERS = [
    BY_NAME,
    ("-sort_name", "-pk"),
    BY_BIRTH,
    (F("born").desc(nulls_last=True), "sort_name", "pk"),
]


class LongPaginatorTests(TestCase):
    """Fifty people, seven to a page; some share a name."""

    @classmethod
    def setUpTestData(cls):
        for number in range(50):
            born = f"19{number}" if number % 2 and number > 9 else ""
            make_person(f"Person {number // 3:02}", born=born)

    def keys(self, order):
        return Person.objects.order_by(*order).values_list("pk", flat=True)

    def paginator(self, order, most=100):
        keys = self.keys(order)
        return LongPaginator(keys, 7, count=Bounded.of(keys.count(), most))

    def test_each_row_stands_on_one_page_in_its_place_in_every_order(self):
        for order in ORDERS:
            paginator = self.paginator(order)
            for numbers in (range(1, 9), range(8, 0, -1)):
                with self.subTest(order=order, numbers=numbers):
                    pages = {number: list(paginator.page(number)) for number in numbers}
                    in_order = [key for number in range(1, 9) for key in pages[number]]
                    assert in_order == list(self.keys(order))

    def test_the_later_half_is_read_from_the_end(self):
        paginator = self.paginator(BY_NAME)
        for number, skipped in [(1, None), (3, 14), (4, 21), (5, 15), (7, 1), (8, None)]:
            with self.subTest(number=number), CaptureQueriesContext(connection) as statements:
                list(paginator.page(number))
                (sql,) = (statement["sql"] for statement in statements)
                told = sql.partition("OFFSET ")[2]
                assert (int(told) if told else None) == skipped

    def test_a_list_that_is_cut_short_ends_where_its_count_does(self):
        paginator = self.paginator(BY_NAME, most=30)
        assert paginator.is_cut_short
        assert paginator.num_pages == 5
        last = paginator.page(5)
        assert list(last) == list(self.keys(BY_NAME)[28:30])
        assert (last.start_index(), last.end_index(), last.has_next()) == (29, 30, False)
        with self.assertRaises(EmptyPage):
            paginator.page(6)

    def test_malformed_numbers_are_none(self):
        for number in ["x", "", "0", "-1", "1.5", "01", "١", "9" * 7, None]:
            with self.subTest(number=number), self.assertRaises(PageNotAnInteger):
                self.paginator(BY_NAME).page(number)

    def test_what_went_away_since_it_was_counted_leaves_a_shorter_page(self):
        paginator = self.paginator(BY_NAME)
        Person.objects.filter(pk__in=list(self.keys(BY_NAME)[:3])).delete()
        for number in range(1, 9):
            assert len(set(paginator.page(number))) <= 7
        assert list(paginator.page(8)) == list(self.keys(BY_NAME))[-1:]

    def test_an_empty_list_has_one_empty_page(self):
        paginator = LongPaginator(Person.objects.none(), 7, count=Bounded())
        assert list(paginator.page(1)) == []


class LongListTests(TestCase):
    """More characters than are counted."""

    @classmethod
    def setUpTestData(cls):
        cls.series = make_series("Bosch")
        cls.person = make_person("Actor")
        names = [f"Role {number:04}" for number in range(5_030)]
        characters = Character.objects.bulk_create(
            Character(name=name, slug=address(name), sort_name=fold(name), shown_from=ALWAYS)
            for name in names
        )
        Portrayal.objects.bulk_create(
            Portrayal(
                person=cls.person,
                character=character,
                series=cls.series,
                kind="main",
                billing=number,
                shown_from=ALWAYS,
            )
            for number, character in enumerate(reversed(characters), 1)
        )

    def names(self, address):
        return [row.name for row in self.client.get(address).context["object_list"]]

    def test_the_last_page_says_that_the_list_goes_no_further(self):
        for path in ["/characters/", "/characters/?series=bosch"]:
            sign = "&" if "?" in path else "?"
            with self.subTest(path=path):
                page = self.client.get(f"{path}{sign}page=209")
                assert "4993–5000 of 5,000+ characters" in page.text
                assert "The list goes no further." in page.text
                assert page.context["object_list"][-1].name == "Role 4999"
                assert self.client.get(f"{path}{sign}page=210").status_code == 404
                earlier = self.client.get(f"{path}{sign}page=208").text
                assert "The list goes no further." not in earlier
        assert self.names("/characters/?sort=-name")[0] == "Role 5029"

    def test_it_is_not_sorted_by_what_must_be_worked_out(self):
        page = self.client.get("/characters/?sort=billing")
        assert "The list is too long to be sorted by billing" in page.text
        assert page.context["object_list"][0].name == "Role 0000"
        assert '<option value="" selected>Name, A to Z</option>' in page.text
        narrowed = self.client.get("/characters/?q=12&sort=billing")
        assert "too long to be sorted" not in narrowed.text

    def test_who_told_how_far_they_are_has_fewer_counted(self):
        self.client.cookies["progress"] = "bosch.all"
        page = self.client.get("/characters/")
        assert "1–24 of 500+ characters" in page.text
        assert "<b>500+</b> characters" in self.client.get("/").text
        last = self.client.get("/characters/?page=21")
        assert last.context["object_list"][-1].name == "Role 0499"
        assert "The list goes no further." in last.text

    def test_the_page_of_the_series_begins_with_the_first_billed(self):
        assert self.billings() == list(range(1, 61))
        Portrayal.objects.filter(billing__gt=40).update(billing=None)
        assert self.billings() == [*range(1, 41), *[None] * 20]
        rows = self.client.get("/series/bosch/").context["portrayals"]
        assert rows[40].character.name == "Role 0000"

    def billings(self):
        rows = self.client.get("/series/bosch/").context["portrayals"]
        told = dict(Portrayal.objects.values_list("pk", "billing"))
        return [told[row.pk] for row in rows]

    def test_options_are_counted_among_a_part_of_it(self):
        other = make_series("Ballard")
        make_portrayal(self.person, Character.objects.get(name="Role 0001"), other)
        page = self.client.get("/characters/?series=bosch")
        counts = {
            option.value: str(option.count)
            for facet in page.context["filter"].facets
            if facet.name == "kind"
            for option in facet.options
        }
        assert counts["main"].endswith("+")
        assert counts["guest"] == "None"


class OrganizationsBySeriesTests(TestCase):
    def test_each_series_tells_how_many_have_a_member_in_it(self):
        bosch, ballard = make_series("Bosch"), make_series("Ballard")
        units = [make_organization(f"Unit {number}") for number in range(3)]
        for unit, series in [(units[0], bosch), (units[1], bosch), (units[1], ballard)]:
            member = make_membership(unit).character
            make_portrayal(make_person(), member, series)
            make_portrayal(make_person(), member, series, kind="guest")
        make_membership(units[2])
        page = self.client.get("/organizations/")
        (facet,) = page.context["filter"].facets
        assert {option.value: int(option.count) for option in facet.options} == {
            "bosch": 2,
            "ballard": 1,
        }
        for slug, names in {"bosch": ["Unit 0", "Unit 1"], "ballard": ["Unit 1"]}.items():
            page = self.client.get(f"/organizations/?series={slug}")
            assert [unit.name for unit in page.context["object_list"]] == names
