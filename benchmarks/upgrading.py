"""What an upgrade from the first schema takes: python benchmarks/upgrading.py [--sizes 100000]

Makes up a catalogue of each size on each database, takes its tables back to those of the first
version, and upgrades it as an operator does. Every column of every table is compared before and
after. Prints seconds and the most memory that each command had, as a table; README.md says how.
"""

import argparse
import hashlib
import sqlite3
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

import growth
import psycopg
from moving import run
from report import as_commands, put_between

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000, 100_000)
FIRST = "0001"
_START, _END = "<!-- table: upgrading.py --write fills it in -->", "<!-- end of upgrades -->"

# What migrations, and rebuild_search after them, work out from other rows.
WORKED_OUT = ("shown_from", "catalog_searchentry.", "catalog_searchword.", "catalog_searchterms.")
# They count something else than what was entered.
LEFT_OUT = ("auth_", "django_", "catalog_revision", "catalog_searchterms_", "sqlite_")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=growth.numbers, default=SIZES, help="people, as in 1000")
    parser.add_argument(
        "--databases", type=growth.databases, default=[*growth.DATABASES], help="sqlite, postgres"
    )
    parser.add_argument("--write", action="store_true", help="put the table into README.md")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="catalogue-upgrading-") as folder:
        for database in options.databases:
            rows += upgraded(Path(folder), database, options.sizes)
    table = as_commands(rows)
    print(table)
    if options.write:
        put_between(ROOT / "benchmarks" / "README.md", _START, _END, table)
    return 0


def upgraded(folder, database, sizes):
    """[label, seconds, megabytes] of each step of an upgrade; ends the program if a row is lost."""
    name = growth.DATABASES[database]
    with ExitStack() as stack:
        try:
            addresses = growth.ADDRESSES[database](folder, sizes, stack)
        except growth.NoServerError as error:
            yield f"{name}, {error}", None, None
            return
        for people, address in addresses.items():
            run(folder, address, "migrate", "--verbosity=0")
            run(folder, address, "make_catalog", f"--people={people}", "--yes", "--verbosity=0")
            made = digests(address)
            run(folder, address, "migrate", "catalog", FIRST, "--verbosity=0")
            first = digests(address)
            for label, command in [
                ("migrate", ["migrate", "--verbosity=0"]),
                ("rebuild search", ["rebuild_search", "--verbosity=0"]),
            ]:
                yield f"{people:,} people on {name}: {label}", *run(folder, address, *command)
            refuse_losses(made, first, digests(address))


def digests(address):
    """{table.column: (rows, SHA-256 of what they have in it)} of all that was entered."""
    if address.startswith("sqlite"):
        connecting = closing(sqlite3.connect(address.removeprefix("sqlite:///")))
        tables = "SELECT name FROM sqlite_schema WHERE type = 'table'"
    else:
        connecting = psycopg.connect(address)
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with connecting as database:
        names = [name for (name,) in database.execute(tables).fetchall()]
        found = {}
        for table in names:
            if not table.startswith(LEFT_OUT):
                found |= digests_of(database, table)
    return found


def digests_of(database, table):
    # A name of its own makes it a cursor of the server, which does not send all rows at once.
    named = {"name": "rows"} if isinstance(database, psycopg.Connection) else {}
    with closing(database.cursor(**named)) as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 - a name of our own
        columns = [column[0] for column in cursor.description]
        hashes, rows = [hashlib.sha256() for _ in columns], 0
        for row in cursor:
            rows += 1
            for digest, value in zip(hashes, row, strict=True):
                digest.update(f"{value!r}\n".encode())
    return {
        f"{table}.{column}": (rows, digest.hexdigest())
        for column, digest in zip(columns, hashes, strict=True)
    }


def refuse_losses(made, first, upgraded):
    """All that the first schema had is the same, and so is what was worked out again."""
    kept = [name for name in first if name in made and not is_worked_out(name)]
    again = [name for name in made if is_worked_out(name)]
    if lost := sorted(
        [name for name in kept if upgraded.get(name) != first[name]]
        + [name for name in again if upgraded.get(name) != made[name]]
    ):
        sys.exit(f"These columns are not as they were: {', '.join(lost)}")
    growth.say(f"{len(kept)} columns are as they were, and {len(again)} that were made anew.")


def is_worked_out(name):
    return any(part in name for part in WORKED_OUT)


if __name__ == "__main__":
    sys.exit(main())
