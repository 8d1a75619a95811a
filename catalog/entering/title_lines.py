"""Reads a list of episodes as people copy it: "1. Title – 27 March 2025", one a line."""

import re
from dataclasses import dataclass

from ..models import PartialDate

MOST_TITLES = 100
_LONGEST_TITLE = 200
_LONGEST_LINE = 400  # with its number and its date

_NUMBER = re.compile(
    r"(?:#?(\d{1,3})[.):]\s+|(?:episode|ep\.?)\s+(\d{1,3})\s*[-–—:.]\s*)", re.IGNORECASE
)
_BULLET = re.compile(r"[-*•·‣◦▪–—]\s+")
_QUOTES = '"“”„‟'


@dataclass(frozen=True)
class TitleLine:
    """``number`` and ``aired`` are None where the line does not say them."""

    name: str
    number: int | None = None
    aired: PartialDate | None = None


def read_titles(text: str) -> list[TitleLine]:
    """The episodes of ``text``, blank lines left out.

    Raises ValueError for more than ``MOST_TITLES``, and for a title that is too long.
    """
    texts = [" ".join(re.split(r"[^\S\t]+", line)).strip() for line in text.splitlines()]
    texts = [line for line in texts if line]
    if len(texts) > MOST_TITLES:
        raise ValueError(
            f"These are {len(texts)} lines. Paste {MOST_TITLES} at a time, and the others after."
        )
    for text in texts:
        # Before it is read: a date is looked for at every dash, comma and bracket.
        _refuse_longer(text, _LONGEST_LINE)
    lines = [_read(line) for line in texts]
    for line in lines:
        _refuse_longer(line.name, _LONGEST_TITLE)
    return lines


def _refuse_longer(text, most):
    if len(text) > most:
        raise ValueError(
            f"“{text[:40]}…” has more than {most} letters: write one title on each line."
        )


def _read(text):
    number = None
    cells = [cell.strip() for cell in text.split("\t") if cell.strip()]
    if len(cells) > 1 and cells[0].rstrip(".").isdecimal() and len(cells[0]) <= 4:
        number, text = int(cells[0].rstrip(".")), "\t".join(cells[1:])
    elif match := _NUMBER.match(text):
        number, text = int(match[1] or match[2]), text[match.end() :]
    elif match := _BULLET.match(text):
        text = text[match.end() :]
    text, aired = _without_date(text)
    return TitleLine(" ".join(text.split()).strip(_QUOTES), number, aired)


def _without_date(text):
    """A title may have a dash or brackets of its own: only what is a date is taken off."""
    # "March 27, 2025" has the comma within the date.
    places = [match.start() for match in re.finditer(r"\s+[-–—]\s+|\t|,\s+|\s*\(", text)]
    for start in places:
        date = text[start:].strip(" \t,-–—()")
        try:
            # A year alone may be a part of the title: "Blade Runner, 2049".
            if not re.fullmatch(r"\d{4}", date) or text[start:].startswith("\t"):
                return text[:start], PartialDate.parse(date)
        except ValueError:
            continue
    return text, None
