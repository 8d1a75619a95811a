"""What is wrong with a data file, and where, in words for those who wrote it."""

import difflib
import json
from dataclasses import dataclass

_LONGEST_SHOWN = 80


class CannotLoadError(Exception):
    """The files cannot be loaded; ``problems`` are sentences that say where and why."""

    def __init__(self, problems: list[str]):
        # One mistake may show in several rows, as in a credit for many episodes.
        self.problems = list(dict.fromkeys(map(_on_one_line, problems)))
        super().__init__("\n".join(self.problems))


class FormError(Exception):
    """A value that cannot be taken as it is; ``at`` is where in it, such as "[2]"."""

    def __init__(self, why: str, at: str = ""):
        self.why, self.at = why, at
        super().__init__(why)


@dataclass(frozen=True)
class Place:
    """Where something stands: "people.json: person “maggie-q”, links[2].url"."""

    file: str
    entry: str = ""
    path: str = ""

    def __str__(self):
        inside = ", ".join(part for part in (self.entry, self.path) if part)
        return f"{self.file}: {inside}" if inside else self.file

    def field(self, name: str) -> "Place":
        return Place(self.file, self.entry, f"{self.path}.{name}" if self.path else name)


def shown(value: object) -> str:
    """``value`` as a message quotes it: on one line, not too long, safe for any terminal."""
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if not isinstance(value, str):
        return json.dumps(value)
    text = value if len(value) <= _LONGEST_SHOWN else value[: _LONGEST_SHOWN - 1] + "…"
    return f"“{_printable(text)}”"


def _on_one_line(problem):
    """Names of files, and what a database answers, may hold anything too."""
    return _printable(" ".join(problem.splitlines()))


def _printable(text):
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def did_you_mean(wanted: str, names, otherwise: str = ".") -> str:
    """The end of a sentence: "; did you mean “…”?" when one of ``names`` is close to ``wanted``."""
    close = difflib.get_close_matches(wanted[:_LONGEST_SHOWN], names, n=1, cutoff=0.75)
    return f"; did you mean {shown(close[0])}?" if close else otherwise
