"""Showing where a text has the words that someone searched for."""

import re
from typing import NamedTuple

from ..models.text import fold

# As fold() takes words together: with their apostrophes and loose accents.
_WORD = re.compile("[\\w\u0300-\u036f'’ʼ‘`´]+")

# Letters of an excerpt, and how many of them stand before the first word that was found.
_LENGTH, _BEFORE = 220, 60


class Piece(NamedTuple):
    text: str
    is_marked: bool


def marked(text: str, words) -> list[Piece]:
    """``text`` in pieces; those that begin with one of the folded ``words`` are marked."""
    pieces, end = [], 0
    for found in _found(text, words):
        if found.start() > end:
            pieces.append(Piece(text[end : found.start()], is_marked=False))
        pieces.append(Piece(found.group(), is_marked=True))
        end = found.end()
    if end < len(text):
        pieces.append(Piece(text[end:], is_marked=False))
    return pieces


def excerpt(text: str, words) -> list[Piece]:
    """A part of ``text`` around the first of ``words``, cut between words, in marked pieces."""
    first = next(_found(text, words), None)
    start = max(0, first.start() - _BEFORE) if first else 0
    if start:
        blank = text.find(" ", start, first.start())
        start = blank + 1 if blank >= 0 else first.start()
    end = start + _LENGTH
    if end < len(text):
        blank = text.rfind(" ", start + 1, end)
        end = blank if blank >= 0 else end
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return marked(f"{before}{text[start:end]}{after}", words)


def _found(text, words):
    beginnings = tuple(words)
    for word in _WORD.finditer(text):
        if any(part.startswith(beginnings) for part in fold(word.group()).split()):
            yield word
