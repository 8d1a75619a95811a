import json
import os
import subprocess
import sys

from django.test import SimpleTestCase

from ..servers import ROOT


class ReplicaSettingsTests(SimpleTestCase):
    """The settings as another process reads them."""

    def read(self, expression, **environment):
        return subprocess.run(  # noqa: S603 - our own settings
            [sys.executable, "-c", f"import json\nfrom franchise.settings import *\n{expression}"],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def refusal(self, **environment):
        done = self.read("", **environment)
        assert done.returncode != 0
        return done.stderr.strip().rpartition("ImproperlyConfigured: ")[2]

    def test_each_address_is_a_database_that_is_only_read(self):
        done = self.read(
            "print(json.dumps([DATABASES, DATABASE_ROUTERS, REPLICAS]))",
            DATABASE_URL="postgres://site:secret@primary/catalogue",
            DATABASE_REPLICA_URLS="postgres://site:a%2Cb@one/catalogue, postgres://site@two/catalogue",
        )
        databases, routers, replicas = json.loads(done.stdout)
        assert replicas == ["replica-1", "replica-2"]
        assert list(databases) == ["default", *replicas]
        assert routers == ["catalog.replicas.Router"]
        assert databases["replica-1"]["PASSWORD"] == "a,b"
        assert [databases[alias]["HOST"] for alias in replicas] == ["one", "two"]
        for alias in replicas:
            own, options = databases["default"]["OPTIONS"], databases[alias]["OPTIONS"]
            assert options["options"].startswith(own["options"])
            assert "default_transaction_read_only=on" in options["options"]
            assert options["connect_timeout"] <= 2

    def test_without_replicas_there_is_no_router(self):
        done = self.read("print(list(DATABASES), 'DATABASE_ROUTERS' in globals())")
        assert done.stdout == "['default'] False\n"

    def test_replicas_of_anything_but_postgresql_are_refused(self):
        replica = "postgres://site@one/catalogue"
        told = self.refusal(DATABASE_URL="sqlite:///x.sqlite3", DATABASE_REPLICA_URLS=replica)
        assert told.startswith("DATABASE_REPLICA_URLS needs a PostgreSQL in DATABASE_URL")

    def test_an_address_of_something_else_is_refused_without_telling_it(self):
        for wrong in ["sqlite:///x.sqlite3", "secret@one", "mysql://site:secret@one/catalogue"]:
            with self.subTest(wrong=wrong):
                told = self.refusal(
                    DATABASE_URL="postgres://site@primary/catalogue", DATABASE_REPLICA_URLS=wrong
                )
                assert told.startswith("DATABASE_REPLICA_URLS: replica-1 is no address of")
                assert "secret" not in told

    def test_replicas_without_the_page_cache_are_refused(self):
        told = self.refusal(
            DATABASE_URL="postgres://site@primary/catalogue",
            DATABASE_REPLICA_URLS="postgres://site@one/catalogue",
            PAGE_CACHE_MB="0",
        )
        assert "PAGE_CACHE_MB must be more than 0" in told

    def test_a_lag_shorter_than_can_be_told_is_refused(self):
        for wrong in ["2", "0", "-3", "5.5", "soon"]:
            with self.subTest(wrong=wrong):
                assert self.refusal(REPLICA_MAX_LAG=wrong).startswith("REPLICA_MAX_LAG must be")
