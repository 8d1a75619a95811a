"""A statement of a public page that takes too long is cut off; nothing of the editors' is."""

from unittest import skipUnless

from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import TransactionTestCase, override_settings
from django.urls import include, path

from catalog.models import Revision
from catalog.time_limits import limit_statements
from franchise.errors import TOO_LONG, UNREACHABLE, trouble_of

from .edge.visitor import Visitor

# Some tenths of a second, and longer than any test would wait.
BRIEF, ENDLESS = 0.3, 60

ON_SQLITE = """
    WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {})
    SELECT MAX(n) FROM counted
"""

ROW_BY_ROW = "SELECT 0 UNION ALL SELECT 1 FROM ({}) AS slow"


def statement_of(seconds):
    """A statement that takes about so long; on SQLite that depends on the machine."""
    if connection.vendor == "postgresql":
        return f"SELECT pg_sleep({seconds})"
    return ON_SQLITE.format(int(seconds * 1_000_000))


def run(seconds):
    with connection.cursor() as cursor:
        cursor.execute(statement_of(seconds))
        return cursor.fetchone()


def row_by_row(request):
    """The first row is there at once, the second takes for ever."""
    with connection.cursor() as cursor:
        cursor.execute(ROW_BY_ROW.format(statement_of(ENDLESS)))
        return HttpResponse(str(cursor.fetchall()))


row_by_row.parameters = frozenset()


def brief(request):
    run(BRIEF)
    return HttpResponse("done")


brief.parameters = frozenset()  # so that the page cache keeps it


def endless(request):
    run(ENDLESS)


handler500 = "franchise.errors.server_error"
urlpatterns = [
    path("admin/brief/", brief),
    path("", include("franchise.urls")),
    path("brief/", brief),
    path("endless/", endless),
    path("row-by-row/", row_by_row),
]


class TimeLimitTestCase(TransactionTestCase):
    def tearDown(self):
        # What empties the tables after a test is no statement of a visitor's.
        with limit_statements(0):
            run(0)


class LimitTests(TimeLimitTestCase):
    def assert_cut_off(self):
        with self.assertRaises(OperationalError) as caught:
            run(ENDLESS)
        assert trouble_of(caught.exception) is TOO_LONG

    def test_what_takes_longer_is_cut_off_and_the_next_statement_runs(self):
        with limit_statements(0.05):
            for _ in range(2):
                self.assert_cut_off()
            run(0)

    def test_each_statement_has_all_of_the_time(self):
        with limit_statements(2):
            for _ in range(10):
                run(BRIEF)

    def test_without_a_limit_nothing_is_cut_off(self):
        with limit_statements(0.05):
            run(0)
        with limit_statements(0):
            run(BRIEF)
        with limit_statements(0.05):
            run(0)
        with limit_statements(0), transaction.atomic():
            run(BRIEF)

    def test_a_transaction_that_is_rolled_back_leaves_the_limit_as_it_was(self):
        with limit_statements(0.05):
            run(0)
        with limit_statements(0), transaction.atomic():
            run(BRIEF)
            transaction.set_rollback(True)
        with limit_statements(0.05):
            self.assert_cut_off()
        with limit_statements(0):
            run(BRIEF)

    def test_a_new_connection_has_the_limit_too(self):
        with limit_statements(0.05):
            run(0)
            connection.close()
            self.assert_cut_off()

    @skipUnless(connection.vendor == "postgresql", "SQLite has no connection to lose")
    def test_a_connection_that_is_lost_is_told_as_django_tells_it(self):
        run(0)
        other = connection.copy()
        self.addCleanup(other.close)
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid]
            )
        with limit_statements(0.05), self.assertRaises(OperationalError) as caught:
            run(0)
        connection.close()  # a new one is made for what follows
        assert trouble_of(caught.exception) is UNREACHABLE

    def test_other_errors_are_not_taken_for_it(self):
        with self.assertRaises(Exception) as caught, connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")
        assert trouble_of(caught.exception) is None
        assert trouble_of(OperationalError("interrupted")) is None


@override_settings(ROOT_URLCONF=__name__, STATEMENT_TIMEOUT=0.05)
class PublicPageTests(TimeLimitTestCase):
    def setUp(self):
        self.client.raise_request_exception = False

    def test_a_visitor_is_told_in_words(self):
        with self.assertLogs("franchise.errors", "WARNING") as logs:
            response = self.client.get("/endless/?q=x")
        assert response.status_code == 503
        assert "This took too long" in response.text
        assert response["Retry-After"] == "60"
        assert response["Cache-Control"] == "no-store"
        assert logs.output[0].endswith(
            "cut off: GET /endless/"
        )  # what was searched for is not told

    def test_the_admin_and_what_is_sent_take_their_time_on_the_same_connection(self):
        for _ in range(2):
            with self.assertLogs("franchise.errors", "WARNING"):
                assert self.client.get("/brief/").status_code == 503
            assert self.client.get("/admin/brief/").text == "done"
            assert self.client.post("/brief/").text == "done"

    def test_what_a_kept_page_was_made_of_is_asked_within_the_limit_too(self):
        visitor = Visitor()
        with override_settings(STATEMENT_TIMEOUT=0):
            assert visitor.get("/brief/").mark == "miss"
        Revision.objects.rise()
        visitor.edge.watch.look_again()
        with self.assertLogs("franchise.errors", "WARNING"):
            answer = visitor.get("/brief/")
        assert (answer.mark, answer.text) == ("stale", "done")

    def test_zero_limits_nothing(self):
        with override_settings(STATEMENT_TIMEOUT=0):
            assert self.client.get("/brief/").text == "done"

    @override_settings(STATEMENT_TIMEOUT=60)
    def test_pages_ask_no_more_statements_for_it(self):
        self.client.get("/")
        with self.assertNumQueries(1):
            self.client.get("/search/suggest/?q=harry")

    def test_the_page_cache_tells_of_it_too_and_keeps_nothing(self):
        visitor = Visitor()
        for _ in range(2):
            with self.assertLogs("franchise.errors", "WARNING"):
                answer = visitor.get("/row-by-row/")
            assert (answer.status, answer.mark) == (503, "miss")
            assert "This took too long" in answer.text
        assert len(visitor.edge.memory) == 0
