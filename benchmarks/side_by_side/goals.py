"""The goals that the catalogue is held to, against the others measured in the same rounds."""

from statistics import median
from typing import NamedTuple

_MEMORY = 110  # MiB, of two workers


class Verdict(NamedTuple):
    goal: str
    found: str
    is_met: bool | None  # None where it could not be measured
    by_time: str = ""  # the same, by the processor time of a request

    def __str__(self):
        told = {True: "met", False: "missed", None: "not measured"}
        return told[self.is_met]


class Faster(NamedTuple):
    """Answers at least ``times`` as many requests as the quickest of ``than`` in the same round."""

    goal: str
    key: str
    times: float
    than: tuple[str, ...]

    def verdict(self, measured, memory):
        others = [measured[key] for key in self.than if key in measured]
        if self.key not in measured or not others:
            return Verdict(self.goal, "", None)
        mine = measured[self.key]
        found, by_time = ratio(mine, *others), ratio_of_time(mine, *others)
        return Verdict(self.goal, f"{found:.2f} times", found >= self.times, f"{by_time:.2f} times")


class Small(NamedTuple):
    """Takes less than ``most`` MiB."""

    goal: str
    key: str
    most: float

    def verdict(self, measured, memory):
        if self.key not in memory:
            return Verdict(self.goal, "", None)
        found = memory[self.key]
        return Verdict(self.goal, f"{found:.0f} MiB", found < self.most)


def ratio(mine, *others) -> float:
    """The median, over the rounds, of my rate to the best of the others' in the same round."""
    return median(
        each.load.rate / max(other.load.rate for other in beside)
        for each, *beside in zip(mine, *others, strict=True)
    )


def ratio_of_time(mine, *others) -> float:
    """The same of processor time: how many times mine the thriftiest of the others took."""
    return median(
        min(other.cpu_each for other in beside) / each.cpu_each
        for each, *beside in zip(mine, *others, strict=True)
    )


def _of(kind, name):
    """The goals on one database."""
    gunicorn, granian = f"ours-{kind}-gunicorn", f"ours-{kind}-granian"
    cached, kept = f"a cached page under gunicorn, {name},", f"a cached page under granian, {name},"
    made = f"the season page made anew, {name},"
    return [
        Faster(f"{cached} at least 1.2 times the floor", gunicorn, 1.2, ("floor",)),
        Faster(
            f"{cached} at least 1.5 times wagtail-cache",
            gunicorn,
            1.5,
            ("wagtail-file", "wagtail-memory"),
        ),
        Faster(f"{cached} at least 50 times MediaWiki", gunicorn, 50, ("mediawiki",)),
        Faster(
            f"304 under gunicorn, {name}, at least 1.3 times the floor",
            f"{gunicorn}-304",
            1.3,
            ("floor",),
        ),
        Faster(f"{kept} at least 5 times the floor", granian, 5, ("floor",)),
        Faster(f"{kept} at least 0.4 times nginx", granian, 0.4, ("nginx",)),
        Faster(f"{made} at least twice Wagtail's", f"ours-{kind}-made", 2, ("wagtail",)),
        Faster(
            f"{made} at least 1.5 times the usual application's",
            f"ours-{kind}-made",
            1.5,
            (f"usual-{kind}",),
        ),
        Faster(
            f"120 pages with an edit every second, {name}, at least half of the still rate",
            f"{gunicorn}-edited",
            0.5,
            (f"{gunicorn}-hot",),
        ),
        Small(f"two workers of gunicorn, {name}, under {_MEMORY} MiB", gunicorn, _MEMORY),
    ]


GOALS = [*_of("sqlite", "SQLite"), *_of("postgres", "PostgreSQL")]
