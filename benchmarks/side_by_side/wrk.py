"""Asks a server for pages as fast as it answers, with wrk, and reads what wrk says of it."""

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

CONNECTIONS = 16
# One would hold back the quickest servers.
_THREADS = 2
_SCRIPT = Path(__file__).with_name("wrk.lua")
_OFTEN = 5
ERRORS = ("connect", "read", "write", "timeout", "status")


class WrkError(Exception):
    """Requests failed, or wrk itself did; the text says how."""


class Load(NamedTuple):
    """What wrk saw: ``rate`` in requests a second, ``p50`` and ``p99`` in milliseconds."""

    requests: int
    rate: float
    p50: float
    p99: float
    bytes_each: float


def load(address: str, seconds: int, headers: dict, paths: Path | None = None) -> Load:
    """What ``seconds`` of requests for ``address`` gave, or for the ``paths`` in that file."""
    found = read(_run("-", address, seconds, headers, paths))
    if not found["requests"]:
        raise WrkError("wrk got no answer at all")
    return Load(
        requests=found["requests"],
        rate=found["requests"] / found["microseconds"] * 1e6,
        p50=found["p50"] / 1000,
        p99=found["p99"] / 1000,
        bytes_each=found["bytes"] / found["requests"],
    )


def is_kept(address: str, seconds: int, headers: dict, paths: Path) -> bool:
    """Whether ours answered from its page cache alone for so long, and that often enough."""
    found = read(_run("count", address, seconds, headers, paths))
    pages = len(paths.read_text(encoding="ascii").split())
    return found["others"] == 0 and found["requests"] >= _OFTEN * pages


def _run(mode, address, seconds, headers, paths):
    done = subprocess.run(
        command(address, seconds, headers, mode, paths), capture_output=True, text=True
    )
    if done.returncode != 0:
        raise WrkError(f"wrk failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def command(
    address: str, seconds: int, headers: dict, mode: str = "-", paths: Path | None = None
) -> list:
    """How wrk is called; its output is for ``told`` or ``read``."""
    return [
        "wrk",
        f"--threads={_THREADS}",
        f"--connections={CONNECTIONS}",
        f"--duration={seconds}s",
        # An answer that takes longer than wrk's own two seconds is slow and no error.
        "--timeout=20s",
        f"--script={_SCRIPT}",
        *(f"--header={name}: {value}" for name, value in headers.items()),
        address,
        "--",
        mode,
        *([paths] if paths else []),
    ]


def read(output: str) -> dict:
    """What the line says that wrk.lua writes; raises WrkError when it tells of errors."""
    found = told(output)
    if errors := [f"{found[kind]} {kind}" for kind in ERRORS if found[kind]]:
        raise WrkError(f"wrk met errors among {found['requests']} requests: {', '.join(errors)}")
    return found


def told(output: str) -> dict:
    """What the line says that wrk.lua writes, errors included: each of ERRORS has its number."""
    line = next((line for line in output.splitlines() if line.startswith("summary ")), None)
    if line is None:
        raise WrkError(f"wrk said nothing that can be read:\n{output}")
    return json.loads(line.removeprefix("summary "))
