"""One measurement on the database in DATABASE_URL; growth.py runs it. Prints JSON."""

import argparse
import json
import platform
import re
import sqlite3
from statistics import median
from time import perf_counter

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - Django has its settings only now
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from pages import pages  # noqa: E402

from catalog.progress import COOKIE  # noqa: E402

SEED = 1
EDITOR = "editor"
_STATEMENTS_OF_A_PAGE = 3

# In the plans of PostgreSQL, and in those of SQLite, whose full text is a virtual table.
_INDEX = re.compile(
    r"Index (?:Only )?Scan (?:Backward )?using (\w+)|Bitmap Index Scan on (\w+)"
    r"|USING (?:COVERING )?INDEX (\w+)|USING INTEGER (PRIMARY KEY)|(VIRTUAL TABLE INDEX)"
)
_SHORT_NAME = re.compile(r'(?:FROM|JOIN) "?(catalog_\w+)"? (?:AS )?(\w+)')
_WHOLE = re.compile(r"Seq Scan on (\w+)|^\s*SCAN (\w+)")


def static(options):
    call_command("collectstatic", verbosity=0, interactive=False)


def make(options):
    """Seconds that the catalogue took, and what it was made with."""
    call_command("migrate", verbosity=0)
    start = perf_counter()
    call_command("make_catalog", people=options.people, seed=SEED, yes=True, verbosity=0)
    seconds = perf_counter() - start
    if connection.vendor == "postgresql":
        # What it does of itself within the next minutes, and not while pages are timed.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
    return {"seconds": seconds, "version": version(), "python": platform.python_version()}


def version():
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0].split()[0]


def time_pages(options):
    """Each page's label, address, status and the milliseconds of its median run."""
    clients = Clients()
    return [
        {
            "label": page.label,
            "address": page.address,
            **timed(clients.of(page), page.address, options.runs),
        }
        for page in pages()
    ]


class Clients:
    """Visitors, and an editor for the pages that visitors do not see."""

    def __init__(self):
        self._visitor, self._viewer, self._editor = (
            Client(raise_request_exception=False) for _ in range(3)
        )
        users = get_user_model().objects
        editor = users.filter(username=EDITOR).first() or users.create_superuser(EDITOR)
        self._editor.force_login(editor)

    def of(self, page):
        if page.address.startswith("/admin/"):
            return self._editor
        if not page.progress:
            return self._visitor
        self._viewer.cookies[COOKIE] = page.progress
        return self._viewer


def timed(client, address, runs):
    status = client.get(address).status_code  # warms up too
    times = []
    for _ in range(runs if status == 200 else 0):
        start = perf_counter()
        client.get(address)
        times.append(perf_counter() - start)
    return {"status": status, "ms": 1000 * median(times) if times else None}


def plans(options):
    """For each page, by what it finds its rows, and its slowest statements with their plans."""
    clients = Clients()
    found = []
    for page in pages():
        client = clients.of(page)
        client.get(page.address)
        with CaptureQueriesContext(connection) as queries:
            client.get(page.address)
        asked = [query for query in queries if query["sql"].startswith(("SELECT", "WITH"))]
        asked.sort(key=lambda query: -float(query["time"]))
        statements = [{"sql": query["sql"], "plan": plan(query["sql"])} for query in asked]
        found.append(
            {
                "label": page.label,
                "address": page.address,
                **reads(statements),
                "statements": statements[:_STATEMENTS_OF_A_PAGE],
            }
        )
    return found


def reads(statements):
    """The indexes that the plans of ``statements`` read, and the tables they read whole."""
    indexes, whole = set(), set()
    for statement in statements:
        # SQLite calls a table by its short name in the statement.
        short = {name: table for table, name in _SHORT_NAME.findall(statement["sql"])}
        for line in statement["plan"]:
            if match := _INDEX.search(line):
                indexes.add(next(filter(None, match.groups())))
            elif match := _WHOLE.search(line):
                name = next(filter(None, match.groups()))
                whole.add(short.get(name, name))
    tables = {name for name in whole if name.startswith("catalog_")}
    return {"indexes": sorted(indexes), "whole": sorted(tables)}


def plan(sql):
    """The lines of the database's plan, indented by their depth."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (COSTS OFF) {sql}")
            return [line for (line,) in cursor.fetchall()]
    # Not through Django, for which a per cent sign in it would stand for a parameter.
    rows = connection.connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    depths, lines = {0: 0}, []
    for number, parent, _, text in rows:
        depths[number] = depths.get(parent, 0) + 1
        lines.append("  " * (depths[number] - 1) + text)
    return lines


MEASUREMENTS = {"static": static, "make": make, "pages": time_pages, "plans": plans}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=MEASUREMENTS)
    parser.add_argument("--people", type=int)
    parser.add_argument("--runs", type=int)
    options = parser.parse_args()
    print(json.dumps(MEASUREMENTS[options.what](options)))
