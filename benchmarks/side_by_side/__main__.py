"""The catalogue side by side with others: python -m benchmarks.side_by_side [--check] [--write]

Builds the contenders, asks them in turn for the same page, and prints how they compare;
benchmarks/README.md says how that is measured.
"""

import argparse
import os
import shutil
import signal
import sys
from pathlib import Path

from .contenders import CONTENDERS
from .editing import EditError
from .machine import described, version_of
from .packages import pinned
from .report import Report
from .rounds import CheckError, run
from .servers import NotHereError
from .workshop import ROOT, Workshop
from .wrk import CONNECTIONS, WrkError

_PORTS = 30


def main():
    options = read_options()
    if sys.platform != "linux":
        sys.exit("What a server takes is read from /proc as Linux has it, so this needs Linux.")
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed, and nothing can be asked without it (Debian: wrk).")
    # Being asked to stop ends the `with` block like any other end, and so what was started in it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var", "bench").resolve()
    with Workshop(folder, range(options.port, options.port + _PORTS)) as workshop:
        rows = list(offered(workshop, options.only))
        try:
            measured = run(rows, options.rounds, options.seconds, say)
        except (CheckError, EditError, WrkError) as error:
            sys.exit(f"Stopped, since what was measured would mean nothing: {error}.")
        memory = {row.key: row.server.memory() for row in rows}
        report = Report(rows, measured, memory, told(options, workshop), workshop.left_out)
    print(report)
    if options.write:
        report.write_into(ROOT / "benchmarks" / "README.md")
    return 1 if options.check and report.is_short_of_goals else 0


def read_options():
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.side_by_side",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rounds", type=int, default=5, help="how often each is asked")
    parser.add_argument("--seconds", type=int, default=3, help="how long, each time")
    parser.add_argument(
        "--only", type=names, default=[*CONTENDERS], help=f"some of {','.join(CONTENDERS)}"
    )
    parser.add_argument(
        "--port", type=int, default=8170, help=f"the first of {_PORTS} on 127.0.0.1"
    )
    parser.add_argument("--check", action="store_true", help="exit with 1 when a goal is missed")
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    return parser.parse_args()


def names(text):
    asked = {*text.split(",")}
    if unknown := asked - {*CONTENDERS}:
        raise argparse.ArgumentTypeError(
            f"there is no {', '.join(unknown)}: {', '.join(CONTENDERS)}"
        )
    # All is told in times of the floor.
    return [name for name in CONTENDERS if name in asked | {"floor"}]


def offered(workshop, chosen):
    for name in chosen:
        say(f"building: {name}")
        try:
            yield from CONTENDERS[name](workshop)
        except NotHereError as error:
            say(f"left out: {name}: {error}")
            workshop.leave_out(name, error)


def told(options, workshop):
    versions = {"wrk": version_of("wrk", "--version"), **workshop.versions, **pinned()}
    return (
        f"{described(versions)} {options.rounds} rounds of {options.seconds} seconds, "
        f"{CONNECTIONS} connections."
    )


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
