"""Which font can draw a text.

FiraGO has most scripts that are written in letters. For others, such as Chinese, Japanese and
Korean, the fonts of the machine are asked, through fontconfig, where there is one.
"""

import shutil
import subprocess
import unicodedata
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from PIL import ImageFont, features

from ..later import Later

# Megabytes that nobody needs who draws no card.
tt_font = Later("fontTools.ttLib")
packaged = Later("pymupdf_fonts")

BOLD, REGULAR = "figbo", "figo"
_PATIENCE = 5  # seconds for fontconfig
# Letters that are not drawn, and need no font.
_UNSEEN = {"Cf", "Cc", "Zs"}
_SELECTORS = "\ufe0e\ufe0f"  # of an emoji: whether it is a drawing or a letter
_TURNED = {"R", "AL"}
_SYMBOLS = ("symbol1", "symbol2")
# Of a name that cannot be written whole, this much must be left.
_MOST_OF_IT = 0.6


# The fonts of the machine that some card has needed.
_at_hand = []


class Face:
    """One font: which letters it has, and itself in each size."""

    def __init__(self, content: bytes, number: int = 0):
        self._content, self._number = content, number
        self.letters = frozenset(
            tt_font.TTFont(BytesIO(content), fontNumber=number, lazy=True).getBestCmap()
        )
        self._sizes = {}

    def has(self, letter: str) -> bool:
        return ord(letter) in self.letters

    def at(self, size: int):
        """The font in ``size`` px."""
        if size not in self._sizes:
            self._sizes[size] = ImageFont.truetype(BytesIO(self._content), size, index=self._number)
        return self._sizes[size]


@cache
def face(code: str) -> Face:
    return Face(packaged.myfont(code))


def drawable(text: str, code: str) -> str:
    """``text`` without the letters that no font here has; "" where little would be left of it."""
    text = " ".join(text.split())
    known = {letter for letter in {*text} if _is_unseen(letter) or _face_of_letter(letter, code)}
    left = [letter for letter in text if letter in known]
    seen = sum(map(_is_seen, left))
    if not seen or seen < _MOST_OF_IT * sum(map(_is_seen, text)):
        return ""
    left = " ".join("".join(left).split())
    return left if pieces(left, code) is not None else ""


def pieces(text: str, code: str) -> list[tuple[str, Face]] | None:
    """``text`` cut where another font must go on; None where it cannot be drawn.

    What runs from right to left, or is put together of several letters, must be of one font.
    """
    seen = [letter for letter in text if _is_seen(letter)]
    if runs_back(text) or any(unicodedata.combining(letter) for letter in seen):
        if not features.check("raqm"):
            return None
        own = face(code)
        single = own if all(map(own.has, seen)) else _elsewhere("".join(sorted({*seen})))
        return [(text, single)] if single is not None else None
    found = []
    for letter in text:
        if found and (_is_unseen(letter) or found[-1][1].has(letter)):
            found[-1] = (found[-1][0] + letter, found[-1][1])
            continue
        one = face(code) if _is_unseen(letter) else _face_of_letter(letter, code)
        if one is None:
            return None
        found.append((letter, one))
    return found


def _face_of_letter(letter, code):
    codes = (code, *_SYMBOLS) if unicodedata.category(letter).startswith("S") else (code,)
    for each in codes:
        if face(each).has(letter):
            return face(each)
    return _elsewhere(letter)


def _is_unseen(letter):
    return unicodedata.category(letter) in _UNSEEN or letter in _SELECTORS


def _is_seen(letter):
    return not _is_unseen(letter)


def runs_back(text: str) -> bool:
    """Whether ``text`` has letters that run from right to left."""
    return any(unicodedata.bidirectional(letter) in _TURNED for letter in text)


def starts_right(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    sides = (unicodedata.bidirectional(letter) for letter in text)
    return next((side in _TURNED for side in sides if side in {*_TURNED, "L"}), False)


@lru_cache(maxsize=256)
def _elsewhere(letters: str) -> Face | None:
    """A font of the machine that has all of ``letters``; one that is at hand, if it does."""
    at_hand = (each for each in _at_hand if all(map(each.has, letters)))
    return next(at_hand, None) or _asked_for(letters)


def _asked_for(letters):
    program = shutil.which("fc-match")
    if program is None:
        return None
    wanted = " ".join(f"{ord(letter):x}" for letter in letters)
    try:
        told = subprocess.run(  # noqa: S603 - a program of the system, and hexadecimal numbers
            [program, "-f", "%{file}\n%{index}\n", f":charset={wanted}:scalable=true"],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=True,
        ).stdout.splitlines()
        found = _face_of(told[0], int(told[1]))
    except (OSError, subprocess.SubprocessError, IndexError, ValueError):
        return None
    if found is None or not all(map(found.has, letters)):
        return None
    _at_hand.append(found)
    return found


@lru_cache(maxsize=8)
def _face_of(path: str, number: int) -> Face | None:
    try:
        return Face(Path(path).read_bytes(), number)
    except (OSError, tt_font.TTLibError):
        return None
