"""What the processes of a server take of the machine, from Linux's /proc."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """``pid`` and all processes below it, as far as they live."""
    children = {}
    for path in Path("/proc").glob("[0-9]*"):
        if fields := _fields(path.name):
            children.setdefault(int(fields[1]), []).append(int(path.name))
    found = [pid] if _fields(pid) else []
    for each in found:
        found += children.get(each, [])
    return found


def cpu_seconds(pids: list[int]) -> float:
    """User and system time of ``pids``, and of their children that have ended."""
    return sum(sum(map(int, fields[11:15])) for pid in pids if (fields := _fields(pid))) / _TICKS


def proportional_mib(pids: list[int]) -> float:
    """Memory of ``pids`` together; what is shared counts once, in equal parts."""
    kib = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        kib += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return kib / 1024


def _fields(pid):
    """Those of /proc/PID/stat from the state on, behind the name; [] of a process that is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return stat.rpartition(")")[2].split()
