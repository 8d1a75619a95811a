"""Reads a cast list as people write it or copy it from a page: "Actor as Character", one a line.

A line is split only where there is one way to do so. What can be split in two ways, or in none,
comes back with its problem, for its editor to mend.
"""

import re
from dataclasses import dataclass, replace

from ..models import Portrayal
from ..models.text import fold

MOST_LINES = 300
_LONGEST_NAME = 200
# Two names with their remarks are shorter; in what is longer there is too much to look for.
_LONGEST_LINE = 1_000

_BULLET = re.compile(r"^(?:[-*•·‣◦▪–—]\s+|#?\d{1,3}[.)]\s+)+")
# Strongest first: a line with dots in it is split there, whatever else its names contain.
_JOINTS = [
    re.compile(r"\s*(?:\.{3,}|…|\s\.{2}\s)[\s.…]*"),
    re.compile(r"\s+as\s+", re.IGNORECASE),
    re.compile(r"\s+[-–—]+\s+"),
    re.compile(r"\s+/\s+"),
]
_STILL_JOINED = re.compile(r"\.{3}|…|\s[-–—]+\s|\s/\s|\sas\s", re.IGNORECASE)
_TABS = re.compile(r"\s*\t\s*")
_DOTS_ONLY = re.compile(r"[.…·]+")
_TRAILING = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_COUNT = re.compile(
    r"(?:\d+ (?:episodes?|eps?\.?|seasons?)|\d{4}(?:\s*[-–—]\s*(?:\d{4}|present)?)?"
    r"|seasons? [\d\s,–—&-]+)",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"(?:self|himself|herself|themselves|themself|itself)(?:\s*[-–—/(,:].*)?", re.IGNORECASE
)
_QUOTED = re.compile(r"[\"“„]([^\"“”„]*)[\"”“]")
_NUMERAL = re.compile(r"[IVX]+")
_KINDS = {
    "voice": Portrayal.Kind.VOICE,
    "archive footage": Portrayal.Kind.ARCHIVE,
    "archive": Portrayal.Kind.ARCHIVE,
}
_NOTES = {"uncredited", "credit only", "scenes deleted"}

_HOW = "Write “Actor as Character”."


@dataclass(frozen=True)
class CastLine:
    """One line: ``number`` counts the lines that are not blank, from 1; ``text`` is as pasted.

    ``kind`` is set where the line itself says it; a line of people as themselves has no character.
    A line with a ``problem`` has no names.
    """

    number: int
    text: str
    actor: str = ""
    character: str = ""
    kind: str = ""
    credited_as: str = ""
    note: str = ""
    problem: str = ""


def read_cast(text: str, *, character_first: bool = False) -> list[CastLine]:
    """The lines of ``text``, blank ones left out; ``character_first`` for "Character – Actor".

    Raises ValueError for more than ``MOST_LINES``.
    """
    texts = [line for line in map(_tidied, text.splitlines()) if line.strip()]
    if len(texts) > MOST_LINES:
        raise ValueError(
            f"These are {len(texts)} lines. Paste {MOST_LINES} at a time, and the others after."
        )
    lines, first = [], {}
    for number, line in enumerate(texts, start=1):
        read = _read(number, line, character_first=character_first)
        if not read.problem:
            same = first.setdefault((fold(read.actor), fold(read.character)), number)
            if same != number:
                read = _refused(read, f"This says the same as line {same}.")
        lines.append(read)
    return lines


def _tidied(line):
    """Without what word processors and web pages put between letters; tabs stay."""
    line = re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", line)
    line = re.sub(r"[^\S\t]+", " ", line)
    return re.sub(r" ?\t[\t ]*", "\t", line).strip(" ")


def _refused(line, problem):
    return CastLine(line.number, line.text, problem=problem)


def _read(number, text, *, character_first):
    if len(text) > _LONGEST_LINE:
        problem = f"This line has more than {_LONGEST_LINE:,} letters: write one part on each line."
        return CastLine(number, f"{text.strip()[:_LONGEST_NAME]}…", problem=problem)
    plain, line = _without_remarks(_BULLET.sub("", text), CastLine(number, text.strip()))
    parts = _split(plain)
    if isinstance(parts, str):
        return _refused(line, parts)
    # "Titus Welliver (voice) as Harry Bosch" has its remark in the middle.
    read = []
    for part in parts:
        name, line = _without_remarks(part, line)
        read.append(_bare(name))
    actor, character = reversed(read) if character_first else read
    if _SELF.fullmatch(character):
        return replace(line, actor=actor, kind=Portrayal.Kind.SELF)
    for name in (actor, character):
        if not fold(name):
            return _refused(line, f"A name is missing. {_HOW}")
        if len(name) > _LONGEST_NAME:
            return _refused(line, f"A name has more than {_LONGEST_NAME} letters. {_HOW}")
        if _STILL_JOINED.search(name):
            return _refused(line, f"This can be split in more than one place. {_HOW}")
    return replace(line, actor=actor, character=character)


def _bare(name):
    """``name`` without what stands around all of it, such as quotation marks."""
    name = name.strip(" ,;:*")
    match = _QUOTED.fullmatch(name)
    return match[1].strip() if match else name


def _without_remarks(text, line):
    """``text`` without the brackets at its end that are no name, and ``line`` with what they say.

    How many episodes and which years is left out: the catalogue counts for itself.
    """
    while match := _TRAILING.search(text):
        remark = match[1].strip()
        plain = remark.lower()
        if plain in _KINDS:
            line = replace(line, kind=_KINDS[plain])
        elif plain in _NOTES:
            line = replace(line, note=plain)
        elif plain.startswith("as ") and match.start():
            line = replace(line, credited_as=remark[3:].strip()[:_LONGEST_NAME])
        elif not (_NUMERAL.fullmatch(remark) or _is_count(plain)):
            break
        text = text[: match.start()]
    return text, line


def _is_count(text):
    return all(_COUNT.fullmatch(each.strip()) for each in text.split(",")) if text else True


def _split(text):
    """The two parts of a line, or the problem that it has."""
    cells = [cell for cell in _TABS.split(text.strip()) if cell and not _DOTS_ONLY.fullmatch(cell)]
    if len(cells) > 1:
        if cells[0].rstrip(".").isdigit():
            cells = cells[1:]
        cells = [cell for cell in cells if not _is_count(cell.lower())]
        if len(cells) == 2:
            return cells
        if len(cells) > 2:
            return f"This has {len(cells)} columns. Leave two: the actor and the character."
    text = " ".join(cells)
    for joint in _JOINTS:
        parts = joint.split(text)
        if len(parts) == 2:
            return parts
        if len(parts) > 2:
            return f"This can be split in more than one place. {_HOW}"
    match = _TRAILING.search(text)
    if match and match.start() and match[1][:1].isupper():
        return [text[: match.start()], match[1]]
    return f"This cannot be split into an actor and a character. {_HOW}"
