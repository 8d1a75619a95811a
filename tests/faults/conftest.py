"""What the tests here need beyond Python, and the account that they give at the end."""

import os
import shutil

import pytest

from scripts.postgres import find_binaries

from .account import LINES

# What a Debian package brings, by its name.
PROGRAMS = {"wrk": "wrk", "nginx": "nginx-light", "openssl": "openssl", "cc": "gcc libc6-dev"}
PATH = f"{os.environ['PATH']}:/usr/sbin"


def missing():
    """The Debian packages that are not here."""
    names = [package for name, package in PROGRAMS.items() if not shutil.which(name, path=PATH)]
    return names if find_binaries() else [*names, "postgresql"]


def pytest_collection_modifyitems(items):
    if not (names := missing()):
        return
    told = f"not on this machine: {', '.join(names)} (Debian: apt install {' '.join(names)})"
    if os.environ.get("REQUIRE_FAULTS", "") not in {"", "0"}:
        raise pytest.UsageError(f"REQUIRE_FAULTS is set, but {told}")
    for item in items:
        item.add_marker(pytest.mark.skip(reason=told))


def pytest_terminal_summary(terminalreporter):
    if LINES:
        terminalreporter.section("what was sent, answered and lost")
        for line in LINES:
            terminalreporter.line(line)
