"""A site of its own for each class of tests: the Bosch catalogue, a database, gunicorn."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import psycopg

from scripts.postgres import ThrowAwayServer, find_binaries

from ..servers import ROOT, Server

EDITORS = [f"editor-{number}" for number in range(1, 21)]
PASSWORD = "a long phrase for a short life"

# As on a real site: what was acknowledged outlives a crash.
DURABLE = "-c fsync=on -c synchronous_commit=on -c full_page_writes=on"


class Site:
    """Inside a ``with`` block; two workers unless ``environment`` says otherwise.

    ``folder`` is its VAR_DIR, made for it unless it is given.
    """

    workers = 2

    def __init__(self, folder: Path | None = None, kind=Server, **environment):
        self.given, self.kind, self.environment = folder, kind, environment

    def __enter__(self):
        self._stack = ExitStack()
        try:
            made = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="catalogue-site-"))
            self.folder = self.given or Path(made)
            self.start_database()
            environment = {"WEB_CONCURRENCY": str(self.workers), **self.environment}
            self.server = self.kind(DATABASE_URL=self.url, **environment)
            self._stack.enter_context(self.server)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_):
        self._stack.close()

    @property
    def address(self):
        return self.server.address

    def get(self, path, **options):
        return self.server.get(path, **options)

    def manage(self, *arguments, **options):
        return subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.variables(),
            check=True,
            **options,
        )

    def started(self, *arguments):
        """A command of manage.py that goes on meanwhile."""
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.variables(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def variables(self):
        return {**os.environ, "VAR_DIR": str(self.folder), "DATABASE_URL": self.url}

    def assert_no_fault(self):
        """The log tells of no error in the code."""
        said = self.server.said()
        assert "Internal Server Error" not in said, said[said.index("Internal Server Error") :][
            :5_000
        ]

    def versions(self) -> str:
        """All that the history has of what was saved, as one text."""
        return "\n".join(
            text for (text,) in self.query("SELECT serialized_data FROM reversion_version")
        )


class OnSQLite(Site):
    name = "SQLite"

    def start_database(self):
        self.path = self.folder / "db.sqlite3"
        shutil.copyfile(_filled(), self.path)
        self.url = f"sqlite:///{self.path}"

    def query(self, sql):
        connection = sqlite3.connect(self.path, timeout=30)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def assert_whole(self):
        """Nothing in the file is damaged, and no row points to one that is not there."""
        assert self.query("PRAGMA integrity_check") == [("ok",)]
        assert self.query("PRAGMA foreign_key_check") == []


class OnPostgreSQL(Site):
    name = "PostgreSQL"

    def start_database(self):
        self.database = ThrowAwayServer(find_binaries(), DURABLE)
        self.url = self._stack.enter_context(self.database)
        fill(self)

    def query(self, sql):
        with psycopg.connect(self.url) as connection:
            return connection.execute(sql).fetchall()

    def assert_whole(self):
        """Each table can be read to its end, and each index agrees with its table."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
            connection.execute(
                "SELECT bt_index_check(pg_class.oid, true) FROM pg_class "
                "JOIN pg_am ON pg_am.oid = relam "
                "WHERE amname = 'btree' AND relkind = 'i' AND relpersistence = 'p'"
            )


def fill(site):
    """Make the tables, load the catalogue, and make an account for each of EDITORS."""
    site.manage("migrate", "--verbosity=0")
    site.manage("load_catalog", "--verbosity=0")
    site.manage(
        "shell",
        "--verbosity=0",
        "--command",
        "from django.contrib.auth.hashers import make_password\n"
        "from django.contrib.auth.models import User\n"
        f"told = dict(is_staff=True, is_superuser=True, password=make_password({PASSWORD!r}))\n"
        f"User.objects.bulk_create(User(username=name, **told) for name in {EDITORS!r})",
    )


@cache
def _filled():
    """A database on SQLite to be copied; made once."""
    folder = Path(tempfile.mkdtemp(dir=os.environ["VAR_DIR"]))
    site = OnSQLite(folder)
    site.folder, site.path = folder, folder / "db.sqlite3"
    site.url = f"sqlite:///{site.path}"
    fill(site)
    # All of it into the one file.
    site.query("PRAGMA wal_checkpoint(TRUNCATE)")
    return site.path
