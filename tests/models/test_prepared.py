"""PostgreSQL keeps the plans of what is asked again and again, and the answers stay the same."""

from unittest import skipUnless

from django.db import connection
from django.test import TestCase, TransactionTestCase, override_settings

from catalog.audience import visitor
from catalog.models import Person, Revision, Season, Series
from catalog.models.statements import Counts, Statement
from tests.edge.visitor import Visitor
from tests.factories import make_person, make_season, make_series, make_watch_order
from tests.world import World

PAGES = [
    "/",
    "/series/",
    "/series/bosch/",
    "/series/bosch/season-1/",
    "/series/bosch/season-1/?order=release-order",
    "/series/bosch/season-1/episode-1/",
    "/episodes/",
    "/characters/",
    "/characters/harry-bosch/",
    "/actors/?series=bosch",
    "/crew/",
    "/people/titus-welliver/",
    "/people/titus-welliver/?acting=1",
    "/organizations/",
    "/organizations/cold-case-unit/",
    "/news/",
    "/news/renewed/",
    "/timeline/",
    "/crossovers/people/",
    "/watch-orders/release-order/",
]

# What is sent for the second time is prepared.
ENOUGH = 3

on_postgresql = skipUnless(connection.vendor == "postgresql", "SQLite keeps no plans for us")


def keep_plans():
    """Have PostgreSQL keep the first plan, to the end of the test.

    By itself it makes five for their values first, and then keeps the one that seems cheaper.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode TO force_generic_plan")


def prepared():
    """How many statements are prepared, how often one was planned, and how often none had to be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), COALESCE(SUM(custom_plans), 0), COALESCE(SUM(generic_plans), 0) "
            "FROM pg_prepared_statements"
        )
        return cursor.fetchone()


class PageTests(World):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        make_watch_order("Release order", arrangement="by-release")

    def setUp(self):
        keep_plans()

    def read(self, page):
        answer = self.client.get(page)
        assert answer.status_code == 200, page
        return answer.content

    @on_postgresql
    def test_a_page_asked_for_several_times_is_planned_no_more(self):
        for page in PAGES:
            with self.subTest(page=page):
                for _ in range(ENOUGH):
                    self.read(page)
                statements, planned, kept = prepared()
                self.read(page)
                assert prepared()[:2] == (statements, planned)
                assert prepared()[2] > kept

    def test_a_page_is_the_same_as_without(self):
        with override_settings(PREPARED_STATEMENTS=False):
            expected = {page: self.read(page) for page in PAGES}
        for page in PAGES:
            with self.subTest(page=page):
                assert {self.read(page) for _ in range(ENOUGH)} == {expected[page]}

    @on_postgresql
    @override_settings(PREPARED_STATEMENTS=False)
    def test_nothing_is_prepared_where_that_is_off(self):
        before = prepared()
        for _ in range(ENOUGH):
            self.read("/series/bosch/season-1/")
        assert prepared() == before

    @on_postgresql
    def test_what_a_kept_page_was_made_of_is_asked_by_the_same_plans(self):
        reader = Visitor()
        for _ in range(ENOUGH):
            self.read("/series/bosch/season-1/")
        assert reader.get("/series/bosch/season-1/").mark == "miss"
        statements, planned, kept = prepared()
        make_person("Somebody else")
        Revision.objects.rise()
        reader.edge.watch.look_again()
        assert reader.get("/series/bosch/season-1/").mark == "hit"
        assert prepared()[:2] == (statements, planned)
        assert prepared()[2] > kept


class StatementTests(TestCase):
    def setUp(self):
        keep_plans()

    def test_what_never_changes_stands_in_the_text_with_its_percent_signs(self):
        statement = Statement(
            lambda audience, slug: (
                Person.objects.visible_to(audience).filter(name="100% 'sure' %s").filter(slug=slug)
            )
        )
        people = [make_person("100% 'sure' %s", slug=slug) for slug in ("one", "two")]
        make_person("100", slug="three")
        for _ in range(ENOUGH):
            assert statement(visitor(), slug="one") == people[:1]
            assert statement(visitor(), slug="two") == people[1:]
            assert statement(visitor(), slug="three") == []

    def test_a_word_is_found_in_any_place(self):
        statement = Statement(
            lambda audience, word: Series.objects.filter(name__icontains=word).order_by("pk")
        )
        series = [make_series(name) for name in ("Bosch", "Bosch: Legacy", "50% off")]
        for _ in range(ENOUGH):
            assert statement(visitor(), word="osch") == series[:2]
            assert statement(visitor(), word="%") == series[2:]

    @on_postgresql
    def test_numbers_and_keys_of_every_size_have_one_plan(self):
        before, *_ = prepared()
        statement = Statement(
            lambda audience, number, keys: Season.objects.filter(number=number, pk__in=keys)
        )
        season = make_season(number=3)
        for number in (3, 300, 70_000, 2**40):
            for keys in ([season.pk], [70_000, 2**40], [], list(range(100_000, 101_000))):
                found = statement(visitor(), number=number, keys=keys)
                assert found == ([season] if (number, keys) == (3, [season.pk]) else [])
        assert prepared()[0] == before + 1

    @on_postgresql
    def test_what_is_counted_is_planned_once_too(self):
        counts = Counts(series=Series.objects.visible_to)
        make_series()
        for _ in range(ENOUGH):
            assert counts(visitor()) == {"series": 1}
        _, planned, kept = prepared()
        make_series()
        assert counts(visitor()) == {"series": 2}
        assert prepared()[1:] == (planned, kept + 1)


class ConnectionTests(TransactionTestCase):
    """What happens to a connection under its prepared statements."""

    def setUp(self):
        make_season(make_series("Bosch"), 1)

    def read(self):
        for _ in range(ENOUGH):
            assert self.client.get("/series/bosch/season-1/").status_code == 200

    def alter(self, change):
        with connection.copy().cursor() as cursor:
            self.addCleanup(cursor.db.close)
            cursor.execute(f"ALTER TABLE catalog_series {change}")

    @on_postgresql
    def test_a_column_of_another_type_costs_nobody_a_page(self):
        self.read()
        session = connection.connection
        self.addCleanup(self.alter, "ALTER COLUMN tagline TYPE varchar(200)")
        self.alter("ALTER COLUMN tagline TYPE text")
        assert prepared()[0]
        self.read()
        assert connection.connection is not session

    @on_postgresql
    def test_one_more_column_changes_nothing(self):
        self.read()
        session = connection.connection
        self.addCleanup(self.alter, "DROP COLUMN rating")
        self.alter("ADD COLUMN rating integer")
        self.read()
        assert connection.connection is session

    @on_postgresql
    def test_a_new_connection_prepares_anew(self):
        self.read()
        connection.close()
        assert prepared()[0] == 0
        self.read()
        assert prepared()[0]
