"""What of the machine is ours; a container or a systemd unit may have far less than there is."""

import math
import os
from collections.abc import Iterator
from pathlib import Path

# What a worker takes that has been busy for a while, its page cache included. What it shares with
# the others is not counted.
WORKER_MEMORY = 128 * 2**20  # bytes
# From here on, further workers mainly fill further page caches.
MOST_WORKERS = 8

_CGROUPS = Path("/sys/fs/cgroup")
_OWN_CGROUPS = Path("/proc/self/cgroup")
_V2 = ""  # what stands there instead of a controller


def workers_for(cores: int, memory: int) -> int:
    """How many processes shall serve, with so many ``cores`` and so many bytes of ``memory``.

    Rendering is bound by the processor, so one for each core; two at least, so that one slow page
    does not hold up the rest, but no more than there is memory for.
    """
    return max(1, min(max(cores, 2), MOST_WORKERS, memory // WORKER_MEMORY))


def usable_cores(cgroups: Path = _CGROUPS, own: Path = _OWN_CGROUPS) -> int:
    """The processor cores that this process may use. A share of a core counts as one."""
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    else:
        cores = os.cpu_count() or 1
    for folder in _folders("cpu", cgroups, own):
        quota = _numbers(folder / "cpu.max") or (
            _numbers(folder / "cpu.cfs_quota_us") + _numbers(folder / "cpu.cfs_period_us")
        )
        if len(quota) == 2 and quota[0] > 0 and quota[1] > 0:
            cores = min(cores, math.ceil(quota[0] / quota[1]))
    return cores


def usable_memory(cgroups: Path = _CGROUPS, own: Path = _OWN_CGROUPS) -> int:
    """The memory that this process and its likes may use, in bytes."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    for folder in _folders("memory", cgroups, own):
        for name in ("memory.max", "memory.limit_in_bytes"):
            memory = min([memory, *_numbers(folder / name)])
    return memory


def _folders(controller, cgroups, own) -> Iterator[Path]:
    """Those that may bound this process: of its group, and of all groups that hold that one."""
    try:
        lines = own.read_text().splitlines()
    except OSError:  # no Linux
        return
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if controllers == _V2:
            root = cgroups
        elif controller in controllers.split(","):
            root = cgroups / controller
        else:
            continue
        # A container sees its own group at the root, whatever its name is outside.
        inner = Path(group.lstrip("/"))
        for part in (inner, *inner.parents):
            yield root / part


def _numbers(file) -> list[int]:
    """The numbers in ``file``; none where there is no bound, or no such file."""
    try:
        words = file.read_text().split()
    except OSError:
        return []
    return [int(word) for word in words] if all(map(_is_number, words)) else []


def _is_number(word):
    return word.removeprefix("-").isdecimal()
