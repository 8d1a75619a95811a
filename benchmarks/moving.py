"""What it takes to move a catalogue: python benchmarks/moving.py [--sizes 10000,100000]

Makes up catalogues, exports each, loads it into an empty database of either kind, and exports that
again: the two exports must be the same to the byte. Prints seconds and the most memory that each
command had, as a table; README.md says how that is measured.
"""

import argparse
import filecmp
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import environment
import growth
from report import as_commands, put_between

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000, 100_000)
_START, _END = "<!-- table: moving.py --write fills it in -->", "<!-- end of table -->"


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
    with tempfile.TemporaryDirectory(prefix="catalogue-moving-") as folder, ExitStack() as stack:
        for people in options.sizes:
            rows += moved(Path(folder), people, options.databases, stack)
    table = as_commands(rows)
    print(table)
    if options.write:
        put_between(ROOT / "benchmarks" / "README.md", _START, _END, table)
    return 0


def moved(folder, people, databases, stack):
    """[label, seconds, megabytes] of each step of taking a catalogue out and in."""
    source = f"sqlite:///{folder}/made-{people}.sqlite3"
    first = folder / f"first-{people}"
    run(folder, source, "migrate", "--verbosity=0")
    run(folder, source, "make_catalog", f"--people={people}", "--yes", "--verbosity=0")
    yield f"{people:,} people: export", *run(folder, source, "export_catalog", first, "--all")
    for database in databases:
        name = growth.DATABASES[database]
        try:
            target = growth.ADDRESSES[database](folder, [people], stack)[people]
        except growth.NoServerError as error:
            yield f"{people:,} people: {name}, {error}", None, None
            continue
        run(folder, target, "migrate", "--verbosity=0")
        yield f"{people:,} people: load into {name}", *run(folder, target, "load_catalog", first)
        second = folder / f"second-{database}-{people}"
        spent = run(folder, target, "export_catalog", second, "--all")
        yield f"{people:,} people: export from {name}", *spent
        refuse_differences(first, second)


def run(folder, address, *arguments):
    """Seconds, and megabytes of memory at most, of one command in a process of its own."""
    # The commands' errors are worth reading here.
    env = environment.of_a_site(folder) | {"DATABASE_URL": address, "LOG_LEVEL": "ERROR"}
    growth.say(f"{arguments[0]} on {address.partition(':')[0]}")
    start = time.monotonic()
    command = [sys.executable, ROOT / "manage.py", *map(str, arguments)]
    child = subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{arguments[0]} failed: see above.")
    # Linux tells kilobytes, macOS bytes.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return time.monotonic() - start, usage.ru_maxrss / unit


def refuse_differences(first, second):
    names = sorted(path.name for path in first.iterdir() if path.is_file())
    others = sorted(path.name for path in second.iterdir() if path.is_file())
    _, *different = filecmp.cmpfiles(first, second, names, shallow=False)
    if names != others or any(different):
        sys.exit(f"The two exports differ: {different}")


if __name__ == "__main__":
    sys.exit(main())
