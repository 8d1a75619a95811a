from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase, override_settings

from .edge.visitor import Visitor
from .servers import Server


class HealthTests(TransactionTestCase):
    def test_a_process_that_serves_is_live_and_ready(self):
        for path, status in [("/health/live", "live"), ("/health/ready", "ready")]:
            with self.subTest(path=path):
                response = self.client.get(path)
                assert response.status_code == 200
                assert response.json() == {"status": status}
                assert response["Cache-Control"] == "no-store"
                assert self.client.head(path).status_code == 200
                assert self.client.post(path).status_code == 405

    @override_settings(SECURE_SSL_REDIRECT=True)
    def test_it_answers_over_plain_http_and_by_address(self):
        assert self.client.get("/health/live", headers={"host": "10.1.2.3"}).status_code == 200
        assert self.client.get("/health/ready", headers={"host": "10.1.2.3"}).status_code == 200

    def test_asking_whether_it_is_live_asks_no_database(self):
        with self.assertNumQueries(0):
            assert Visitor().get("/health/live").status == 200

    def test_asking_whether_it_is_ready_takes_one_statement(self):
        with self.assertNumQueries(1):
            assert self.client.get("/health/ready").status_code == 200

    def test_a_database_of_an_older_version_is_not_ready(self):
        newest = MigrationRecorder.Migration.objects.filter(app="catalog").latest("name")
        newest.delete()
        self.addCleanup(MigrationRecorder.Migration.objects.create, app="catalog", name=newest.name)
        response = self.client.get("/health/ready")
        assert response.status_code == 503
        assert response.json()["status"] == "not ready"
        assert "1 migrations are not applied" in response.json()["why"]

    def test_a_database_of_a_newer_version_is_ready(self):
        MigrationRecorder.Migration.objects.create(app="catalog", name="9999_from_tomorrow")
        self.addCleanup(MigrationRecorder.Migration.objects.filter(name__startswith="9999").delete)
        assert self.client.get("/health/ready").status_code == 200


class WithoutDatabaseTests(TransactionTestCase):
    """A server whose database is nowhere to be found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        nowhere = {
            "sqlite": "sqlite:////nowhere/at/all.sqlite3",
            "postgresql": "postgres://nobody@127.0.0.1:9/nothing",
        }
        cls.server = cls.enterClassContext(Server(DATABASE_URL=nowhere[connection.vendor]))

    def test_it_is_live_but_not_ready(self):
        assert self.server.get("/health/live").status_code == 200
        answer = self.server.get("/health/ready")
        assert answer.status_code == 503
        assert answer.json()["why"] == "The database does not answer."

    def test_a_page_says_so_in_words(self):
        answer = self.server.get("/series/")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "5"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "cannot be read just now" in answer.text
        assert "Traceback" not in self.server.said()
