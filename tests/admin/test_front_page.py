import re
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from catalog.models import Image, State
from catalog.models.gaps import GAPS

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_membership,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
    make_series_link,
    make_watch_order,
)
from .client import AdminTestCase


def make_gaps():
    """Some of everything that may be missing, and some of all that waits."""
    later = timezone.now() + timedelta(days=1)
    for make in (
        make_series,
        make_character,
        make_person,
        make_organization,
        make_announcement,
        make_watch_order,
    ):
        make()
        make(state=State.DRAFT)
        make(state=State.IN_REVIEW)
        make(publish_at=later)
    series = make_series(status="airing", ended="2001")
    season = make_season(series, premiered="2003")
    make_episode(season, 1, name="Pilot", aired="2002")
    make_episode(season, 2)
    make_episode(season, 3, aired="2001")
    make_episode(make_season(series, 2), 1, aired="2002")
    make_portrayal(make_person(born="2002"), series=series)
    make_credit(series=series)
    make_fact()
    make_membership()
    make_series_link(series, make_series())
    Image.objects.create(alt_text="A man")
    one, other, ally = make_character(), make_character(), make_relationship_kind()
    make_relationship(one, other, ally)
    make_relationship(other, one, ally)
    make_relationship(one, make_character(state=State.DRAFT))
    make_person("Jane Smith")
    make_person("Jane Smith")


class FrontPageTestCase(AdminTestCase):
    def lines(self):
        """{what a line says: (its number, its address)} of what is missing."""
        groups = self.client.get("/admin/").context["missing"]
        return {
            str(line["gap"]): (line["number"], line["address"])
            for group in groups
            for line in group["lines"]
        }

    def waiting(self):
        """{(kind, state): (number, address)}."""
        return {
            (line["kind"], count["label"]): (count["number"], count["address"])
            for line in self.client.get("/admin/").context["waiting"]
            for count in line["counts"]
        }

    def allow(self, *names):
        user = get_user_model().objects.create_user("new", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        self.client.force_login(user)


class CountTests(FrontPageTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        make_gaps()

    def test_every_gap_leads_to_as_many_rows_as_it_counts(self):
        lines = self.lines()
        assert set(lines) == {str(gap) for group in GAPS.values() for gap in group}
        for words, (number, address) in lines.items():
            with self.subTest(line=words):
                assert number > 0
                assert self.client.get(address).context["cl"].result_count == number

    def test_all_that_waits_leads_to_as_many_rows_as_it_counts(self):
        waiting = self.waiting()
        assert len(waiting) == 6 * 3
        for line, (number, address) in waiting.items():
            with self.subTest(line=line):
                assert number > 0
                assert self.client.get(address).context["cl"].result_count == number

    def test_numbers_are_links(self):
        html = self.client.get("/admin/").content.decode()
        number, address = self.lines()["people without a source"]
        link = rf'<a href="{re.escape(address)}"><span>People without a source</span> <span [^>]*>'
        assert re.search(f"{link}{number}</span></a>", html)
        number, address = self.waiting()["people", "scheduled"]
        words = '<span class="visually-hidden"> people: scheduled</span>'
        self.assertInHTML(f'<a href="{escape(address)}">{number}{words}</a>', html)

    def test_each_number_costs_one_statement(self):
        lines = len(self.waiting()) + len(self.lines())
        with CaptureQueriesContext(connection) as queries:
            self.client.get("/admin/")
        counts = [query for query in queries if "COUNT(*)" in query["sql"]]
        # One more for what is suggested. The others are for the session, the user, their second
        # factor and the latest actions.
        assert (len(counts), len(queries)) == (lines + 1, lines + 5)

    def test_statements_do_not_grow_with_the_rows(self):
        self.client.get("/admin/")
        with CaptureQueriesContext(connection) as before:
            self.client.get("/admin/")
        make_gaps()
        with CaptureQueriesContext(connection) as after:
            self.client.get("/admin/")
        assert len(before) == len(after)

    def test_lists_of_other_states_are_offered_too(self):
        response = self.client.get("/admin/catalog/person/?publication=published")
        assert response.context["cl"].result_count > 0
        self.assertContains(response, "?publication=scheduled")

    def test_the_page_has_a_heading_for_each_part(self):
        html = self.client.get("/admin/").content.decode()
        content = html[html.index('id="content"') :]
        headings = re.findall(r"<(h\d)[^>]*>([^<]*)</h\d>", content)
        assert headings[:4] == [
            ("h1", "What would you like to edit?"),
            ("h2", "Not out yet"),
            ("h2", "What is missing"),
            ("h3", "Sources"),
        ]


class NothingMissingTests(FrontPageTestCase):
    def test_says_so_quietly(self):
        response = self.client.get("/admin/")
        assert self.lines() == {}
        self.assertContains(response, "None: characters nobody plays; people without a part")
        self.assertNotContains(response, "?missing=")
        self.assertNotContains(response, "?publication=")

    def test_stops_counting_at_a_thousand(self):
        season = make_season()
        for number in range(1, 3):
            make_episode(season, number)
        rows = type(season).objects.bulk_create(
            type(season)(series=season.series, number=number) for number in range(2, 1_100)
        )
        type(season.episodes.first()).objects.bulk_create(
            type(season.episodes.first())(season=row, number=1) for row in rows
        )
        number, _ = self.lines()["episodes without an air date"]
        assert str(number) == "1,000+"
        self.assertContains(self.client.get("/admin/"), "1,000+</span></a>")


class PermissionTests(FrontPageTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        make_gaps()

    def test_only_what_one_may_see_is_counted(self):
        self.allow("view_person", "change_image")
        lines = self.lines()
        assert set(lines) == {
            "people without a source",
            "people without a picture",
            "people without a part or a credit",
            "people born after the end of their series",
            "images without credit or licence",
        }
        assert {kind for kind, _ in self.waiting()} == {"people"}
        for _, address in [*lines.values(), *self.waiting().values()]:
            assert self.client.get(address).status_code == 200

    def test_what_one_may_not_see_costs_nothing(self):
        self.allow("view_person")
        with CaptureQueriesContext(connection) as queries:
            self.client.get("/admin/")
        counted = [query["sql"] for query in queries if "COUNT(*)" in query["sql"]]
        assert len(counted) == 3 + 4
        assert all('FROM "catalog_person"' in sql for sql in counted)

    def test_without_permissions_there_is_neither(self):
        self.allow()
        response = self.client.get("/admin/")
        self.assertNotContains(response, "Not out yet")
        self.assertNotContains(response, "What is missing")


class FilterTests(AdminTestCase):
    def test_a_name_that_is_none_is_refused(self):
        make_person()
        for query in ("missing=love", "publication=never", "publication=%00", "missing="):
            with self.subTest(query=query):
                response = self.client.get(f"/admin/catalog/person/?{query}")
                self.assertRedirects(response, "/admin/catalog/person/?e=1")

    def test_a_list_that_lacks_nothing_has_no_such_filter(self):
        make_watch_order()
        response = self.client.get("/admin/catalog/watchorder/")
        self.assertNotContains(response, "what is missing")
        self.assertContains(response, "?publication=scheduled")

    def test_narrows_together_with_others(self):
        make_person("One")
        make_person("Two", state=State.DRAFT)
        response = self.client.get("/admin/catalog/person/?missing=source&publication=draft")
        [row] = response.context["cl"].result_list
        assert row.name == "Two"
