"""Asks a server for pages as fast as it answers, with wrk, and reads what wrk says of it."""

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

CONNECTIONS = 16
_SCRIPT = Path(__file__).with_name("wrk.lua")
_ERRORS = ("connect", "read", "write", "timeout", "status")


class WrkError(Exception):
    """Requests failed, or wrk itself did; the text says how."""


class Load(NamedTuple):
    """What wrk saw: ``rate`` in requests a second, ``p50`` and ``p99`` in milliseconds.

    ``others`` are the answers that the page cache of ours did not have ready.
    """

    requests: int
    rate: float
    p50: float
    p99: float
    bytes_each: float
    others: int = 0


def load(address, seconds: int, headers: dict, paths: Path | None = None, *, count=False) -> Load:
    """What ``seconds`` of requests for ``address`` gave, or for the ``paths`` in that file.

    With ``count`` it counts ``others`` too, and is no measure of the rate.
    """
    words = [f"--header={name}: {value}" for name, value in headers.items()]
    command = ["wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={seconds}s"]
    # An answer that takes longer than wrk's own two seconds is slow and no error.
    command += ["--timeout=20s", f"--script={_SCRIPT}", *words, address]
    command += ["--", "count" if count else "-", *([paths] if paths else [])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise WrkError(f"wrk failed: {done.stderr.strip() or done.stdout.strip()}")
    return read(done.stdout)


def read(output: str) -> Load:
    """The line that wrk.lua writes; raises WrkError when it tells of errors."""
    line = next((line for line in output.splitlines() if line.startswith("summary ")), None)
    if line is None:
        raise WrkError(f"wrk said nothing that can be read:\n{output}")
    told = json.loads(line.removeprefix("summary "))
    if errors := [f"{told[kind]} {kind}" for kind in _ERRORS if told[kind]]:
        raise WrkError(f"wrk met errors among {told['requests']} requests: {', '.join(errors)}")
    if not told["requests"]:
        raise WrkError("wrk got no answer at all")
    return Load(
        requests=told["requests"],
        rate=told["requests"] / told["microseconds"] * 1e6,
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        bytes_each=told["bytes"] / told["requests"],
        others=told["others"],
    )
