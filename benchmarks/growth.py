"""How the pages' times grow with the catalogue: python benchmarks/growth.py [--full]

Makes up catalogues of 1,000, 10,000 and 100,000 people, on SQLite and on a throw-away PostgreSQL,
and prints how long each kind of page takes on each; README.md says how that is measured.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import environment
import psycopg
from report import Report, plans_as_text

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from postgres import ThrowAwayServer, find_binaries  # noqa: E402 - found there only now

SIZES = (1_000, 10_000, 100_000)
FULL = 1_000_000
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def main():
    options = read_options()
    report = Report()
    with tempfile.TemporaryDirectory(prefix="catalogue-benchmark-") as folder:
        measuring = Measuring(Path(folder))
        measuring.run("static")
        for database in options.databases:
            with ExitStack() as stack:
                try:
                    addresses = ADDRESSES[database](folder, options.sizes, stack)
                except NoServerError as error:
                    report.leave_out(DATABASES[database], str(error))
                    continue
                table = report.table(DATABASES[database])
                measure(measuring, addresses, table, options.runs)
                people = max(addresses)
                plans = measuring.run("plans", addresses[people])
                table.add_plans(people, plans)
                if options.plans:
                    print(plans_as_text(table.database, people, plans), end="\n\n")
    print(report)
    if options.write:
        report.write_into(ROOT / "benchmarks" / "README.md")
    return 1 if options.check and report.is_short_of_goals else 0


def read_options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=numbers, default=SIZES, help="people, as in 1000,10000")
    parser.add_argument("--full", action="store_true", help=f"{FULL:,} people too")
    parser.add_argument(
        "--databases", type=databases, default=[*DATABASES], help="sqlite, postgres, or both"
    )
    parser.add_argument("--runs", type=int, default=9, help="how often each page is asked for")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a goal is missed")
    parser.add_argument(
        "--plans", action="store_true", help="print the plans of the largest size first"
    )
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    options = parser.parse_args()
    options.sizes = sorted({*options.sizes, *([FULL] if options.full else [])})
    return options


def numbers(text):
    return [int(number) for number in text.split(",")]


def databases(text):
    names = text.split(",")
    if unknown := {*names} - {*DATABASES}:
        raise argparse.ArgumentTypeError(f"there is no {', '.join(unknown)}: sqlite, postgres")
    return names


def measure(measuring, addresses, table, runs):
    """All catalogues are made first: what is compared is then measured within a minute or two."""
    for people, address in addresses.items():
        say(f"{table.database}, {people:,} people: making up the catalogue")
        table.add_making(people, measuring.run("make", address, people=people))
    for people, address in addresses.items():
        say(f"{table.database}, {people:,} people: asking for each page {runs} times")
        table.add_pages(people, measuring.run("pages", address, runs=runs))


def say(text):
    print(text, file=sys.stderr, flush=True)


# Databases ----------------------------------------------------------------------------------------


class NoServerError(Exception):
    pass


def on_sqlite(folder, sizes, stack):
    return {people: f"sqlite:///{folder}/people-{people}.sqlite3" for people in sizes}


def on_postgres(folder, sizes, stack):
    """One server with a database for each size; it goes with the ``stack``."""
    binaries = find_binaries()
    if binaries is None:
        raise NoServerError("not measured: no PostgreSQL server is installed here.")
    url = stack.enter_context(ThrowAwayServer(binaries))
    with psycopg.connect(url, autocommit=True) as connection:
        for people in sizes:
            connection.execute(f"CREATE DATABASE people_{people}")
    return {people: url.replace("/postgres?", f"/people_{people}?") for people in sizes}


ADDRESSES = {"sqlite": on_sqlite, "postgres": on_postgres}


class Measuring:
    """Runs measure.py in a process of its own, with the settings of a real site."""

    def __init__(self, folder):
        self.env = environment.of_a_site(folder) | {
            "DJANGO_SETTINGS_MODULE": "franchise.settings",
            "PYTHONPATH": str(ROOT),
        }

    def run(self, what, database="sqlite://:memory:", **options):
        words = [f"--{name}={value}" for name, value in options.items()]
        done = subprocess.run(
            [sys.executable, ROOT / "benchmarks" / "measure.py", what, *words],
            env=self.env | {"DATABASE_URL": database},
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
