"""A database of the first schema, with rows of all kinds in it, on its way to the present one."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import TransactionTestCase

from catalog.history.recording import recording
from catalog.models import LikelyDuplicate, PendingImport, Person, UploadedSheet
from catalog.models.duplicates import Likeness
from catalog.models.search_index import TABLE as TERMS

from .exporters.everything import make_everything, make_what_waits
from .factories import make_person, make_suggestion
from .servers import ROOT, database_url

OLDER = "older"  # the alias of its connection
FIRST = ("catalog", "0001_the_domain")

# What migrations, and rebuild_search, work out from other rows. All else was entered by somebody.
WORKED_OUT = {
    "catalog_searchentry": {"names", "body", "text"},
    "catalog_searchword": {"word", "backwards"},
}
GATE = "shown_from"

# Columns that are there no longer, and what rows of then had in them. None of it was entered.
TAKEN_AWAY = {"catalog_searchentry": {"state": "draft", "publish_at": None}}

# Migrations hand out more of them, under keys that come as they come.
PERMISSIONS = {"auth_permission", "auth_group", "auth_group_permissions"}


class UpgradeTests(TransactionTestCase):
    """The rows are those of the test's own database, as far as each schema had room for them."""

    def setUp(self):
        folder = Path(self.enterContext(TemporaryDirectory()))
        self.enterContext(self.settings(MEDIA_ROOT=folder / "media"))
        # Django lets a test ask no database that it has not named.
        self.enterContext(patch.object(type(self), "databases", {"default", OLDER}))
        self.older = self.enterContext(another_database(folder))
        make_everything()
        make_what_waits()
        make_what_editors_leave()

    def test_nothing_that_the_first_version_held_is_lost_on_the_way_to_the_present_one(self):
        leaves = MigrationExecutor(self.older).loader.graph.leaf_nodes()
        self.migrate(*(leaf for leaf in leaves if leaf[0] != "catalog"), FIRST)
        self.fill({})
        for step in self.steps():
            before = contents(self.older)
            self.migrate(step)
            with self.subTest(step=step[1]):
                assert_nothing_lost(before, contents(self.older))
            self.fill(before)
        with self.subTest("all of it, and the gates, as if they had been made today"):
            self.assert_as_made_today(*({*contents(connection)} - {*WORKED_OUT} - PERMISSIONS))
            self.older.check_constraints()
        with self.subTest("permissions"):
            self.assert_may("Editor", "publish_series", "merge_person", "view_suggestion")
            self.assert_may("Contributor", "add_person", "delete_portrayal")
        with self.subTest("what search reads, after the command for it"):
            self.rebuild_search()
            self.assert_as_made_today(*WORKED_OUT, TERMS)

    def migrate(self, *targets):
        state = MigrationExecutor(self.older).migrate([*targets])
        self.models = state.apps.get_models(include_auto_created=True)

    def steps(self):
        """The migrations that are still to come, in their order."""
        executor = MigrationExecutor(self.older)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        return [(migration.app_label, migration.name) for migration, _ in plan]

    def fill(self, before):
        """Write what editors had, into the tables and columns that were not there ``before``.

        Not into tables that have been filled by the migration.
        """
        with transaction.atomic(self.older.alias), self.older.cursor() as cursor:
            for table, (columns, rows) in contents(self.older).items():
                if table not in before and not rows:
                    insert(cursor, table, columns)
                elif new := {*columns} - {*before.get(table, (columns,))[0]} - worked_out(table):
                    update(cursor, table, sorted(new))
            # New rows get keys of their own.
            for sql in self.older.ops.sequence_reset_sql(no_style(), self.models):
                cursor.execute(sql)

    def rebuild_search(self):
        """Of both, since words of names that nobody bears any longer go only then."""
        call_command("rebuild_search", verbosity=0)
        self.older.close()
        subprocess.run(
            [sys.executable, "manage.py", "rebuild_search", "--verbosity=0"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": database_url(self.older)},
            check=True,
        )

    def assert_as_made_today(self, *tables):
        """Row for row and column for column."""
        for table in sorted(tables):
            columns = columns_of(connection, table)
            assert columns_of(self.older, table) == columns, table
            made = rows_of(connection, table, columns)
            assert rows_of(self.older, table, columns) == made, table

    def assert_may(self, group, *codenames):
        with self.older.cursor() as cursor:
            cursor.execute(
                "SELECT codename FROM auth_permission "
                "JOIN auth_group_permissions ON permission_id = auth_permission.id "
                "JOIN auth_group ON group_id = auth_group.id WHERE auth_group.name = %s",
                [group],
            )
            assert {*codenames} <= {codename for (codename,) in cursor.fetchall()}


def assert_nothing_lost(before, after):
    """Every table is still there, with every row and all that was entered."""
    for table, (columns, _) in before.items():
        assert table in after, table
        gone = {*columns} - {*after[table][0]}
        assert gone <= {*TAKEN_AWAY.get(table, ())}, (table, gone)
        kept = [name for name in columns if name not in gone | worked_out(table)]
        had, has = only(kept, *before[table]), only(kept, *after[table])
        if table in PERMISSIONS:
            has = [row for row in has if row in {*had}]
        assert had == has, table


def make_what_editors_leave():
    """History, what waits for an answer, and accounts."""
    anna = get_user_model().objects.create_superuser("anna", password="some words")
    person = Person.objects.get(slug="maggie-q")
    with recording(anna, "She said so"):
        person.birth_place = "Honolulu, Hawaii"
        person.save()
    with recording(anna, "Entered by mistake") as record:
        record.delete([make_person("Nobody")])
    make_suggestion(person, "born", "1979-05-23")
    LikelyDuplicate.objects.create(
        person=person,
        other_person=Person.objects.get(slug="mitzi-roberts"),
        why=Likeness.ONE_LETTER,
        dismissed=True,
    )
    PendingImport.objects.keep(anna, b"an answer of TVmaze")
    UploadedSheet.objects.keep(anna, "people", "people.csv", {"cells": ["Ünal"]})


# Rows as they are stored --------------------------------------------------------------------------


@contextmanager
def another_database(folder):
    """A connection to a database without a table in it, of the kind that the tests run on."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        name = str(folder / "older.sqlite3")
    else:
        name = f"{settings['NAME']}_older"
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
    connections.settings[OLDER] = {**settings, "NAME": name}
    try:
        yield connections[OLDER]
    finally:
        connections[OLDER].close()
        del connections[OLDER], connections.settings[OLDER]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')


def contents(database):
    """{table: (its columns, its rows)} of all that Django has models for, in a fixed order."""
    found = {}
    with database.cursor() as cursor:
        tables = database.introspection.table_names(cursor)
    for table in tables:
        # SQLite keeps tables of its own, such as its statistics.
        if table != "django_migrations" and not table.startswith((TERMS, "sqlite_")):
            columns = columns_of(database, table)
            found[table] = (columns, rows_of(database, table, columns))
    return found


def columns_of(database, table):
    with database.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')  # noqa: S608 - a name of our own
        return sorted(column[0] for column in cursor.description)


def rows_of(database, table, columns):
    names = ", ".join(f'"{name}"' for name in columns)
    with database.cursor() as cursor:
        cursor.execute(f'SELECT {names} FROM "{table}"')  # noqa: S608 - names of our own
        return sorted(map(plain, cursor.fetchall()), key=repr)


def plain(row):
    return tuple(bytes(it) if isinstance(it, memoryview) else it for it in row)


def only(kept, columns, rows):
    """The ``rows`` with the columns ``kept`` alone."""
    places = [columns.index(name) for name in kept]
    return sorted((tuple(row[place] for place in places) for row in rows), key=repr)


def worked_out(table):
    return WORKED_OUT.get(table, set()) | {GATE}


def insert(cursor, table, columns):
    """Write the rows that the test's own database has in ``table``."""
    old = TAKEN_AWAY.get(table, {})
    shared = [name for name in columns if name not in old]
    names = [*shared, *(name for name in columns if name in old)]
    rows = [
        [*row, *(old[name] for name in names[len(shared) :])]
        for row in rows_of(connection, table, shared)
    ]
    told = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(["%s"] * len(names))
    if rows:
        cursor.executemany(f'INSERT INTO "{table}" ({told}) VALUES ({marks})', rows)  # noqa: S608


def update(cursor, table, columns):
    """Write what the test's own database has in the ``columns`` of ``table``."""
    told = ", ".join(f'"{name}" = %s' for name in columns)
    rows = rows_of(connection, table, [*columns, "id"])
    cursor.executemany(f'UPDATE "{table}" SET {told} WHERE id = %s', rows)  # noqa: S608
