"""Where the benchmark ran: a ratio means little without it."""

import os
import platform
import re
import subprocess
from pathlib import Path

_VERSION = re.compile(r"\d+(\.\d+)+")


def described(versions: dict) -> str:
    """One sentence on the machine, one on the programs in ``versions``."""
    cores = len(os.sched_getaffinity(0))
    programs = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    return (
        f"{cores} cores of {_processor()}, {_gigabytes()} GB of memory, "
        f"{platform.system()} {platform.release()}. Python {platform.python_version()}, {programs}."
    )


def version_of(*command: str) -> str:
    """The first number like 1.22.1 that ``command`` says, or ""."""
    try:
        said = subprocess.run(command, capture_output=True, text=True)
    except OSError:
        return ""
    found = _VERSION.search(said.stdout + said.stderr)
    return found[0] if found else ""


def _processor():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _gigabytes():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
