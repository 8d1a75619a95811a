"""Draws a card: 1200 x 630 px, the night over the city that the site itself has."""

import io
from bisect import bisect_right
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from .fonts import BOLD, REGULAR, drawable, pieces, starts_right

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 72
_GROUND = Path(__file__).parent / "ground.png"  # drawn by scripts/drawings.py
_QUALITY = 90

# static/css/tokens.css, in the dark.
ACCENTS = {
    "amber": "#f2b25c",
    "ocean": "#6cc0e8",
    "violet": "#bda4f5",
    "crimson": "#f48a98",
    "teal": "#5fcdbd",
    "rose": "#f08fc3",
    "olive": "#c3cc6a",
    "slate": "#a9b6cd",
}
INK, MUTED = "#edeae2", "#a9aebd"

_SMALL, _LINE = 30, 34  # px
_SIZES = (92, 80, 70, 62, 54, 48)  # of a title: the first in which it fits
_MOST_LINES = 3
_LEADING = 1.16
_HIGHEST, _LOWEST = 136, 462  # below the name of the franchise, and where the roofs begin
_ICON = 70  # the width of the icon before the name of the franchise
_PICTURE = (300, 400)
_RADIUS = 12


def drawn(card) -> bytes:
    """``card`` as a JPEG.

    What no font here can draw is left out, never put in boxes; in the place of a title that cannot
    be written the name of the franchise stands.
    """
    picture = _ground().copy()
    pen = ImageDraw.Draw(picture)
    width = WIDTH - 2 * MARGIN
    if portrait := _portrait(card):
        picture.paste(portrait, (WIDTH - MARGIN - _PICTURE[0], MARGIN), _mask())
        width -= _PICTURE[0] + 48
    accent = ACCENTS.get(card.accent, ACCENTS["slate"])
    words = drawable(card.title, BOLD) or settings.FRANCHISE_NAME
    kind = _Block(card.kind, BOLD, (_SMALL,), width, 1)
    line = _Block(card.line, REGULAR, (_LINE,), width, 2)
    # Above the roofs, under the name of the franchise, and between the two others.
    room = _LOWEST - _HIGHEST - sum(each.height + 22 for each in (kind, line) if each.lines)
    title = _Block(words, BOLD, _SIZES, width, _MOST_LINES, room)
    blocks = [(kind, accent, 18), (title, INK, 22), (line, MUTED, 0)]
    blocks = [block for block in blocks if block[0].lines]
    tall = sum(block.height for block, _, _ in blocks) + sum(gap for _, _, gap in blocks[:-1])
    top = _HIGHEST + max(0, (_LOWEST - _HIGHEST - tall) // 2)
    name = _Block(settings.FRANCHISE_NAME, BOLD, (_SMALL,), width - _ICON, 1)
    if words != settings.FRANCHISE_NAME:
        name.draw(pen, MARGIN + _ICON, MARGIN - 8, INK)
    for block, colour, gap in blocks:
        if block is title:
            side = MARGIN + width + 18 if starts_right(words) else MARGIN - 26
            pen.rectangle((side, top + 10, side + 7, top + block.height - 8), fill=accent)
        block.draw(pen, MARGIN, top, colour)
        top += block.height + gap
    told = io.BytesIO()
    picture.save(told, "JPEG", quality=_QUALITY, subsampling=0, optimize=False)
    return told.getvalue()


class _Block:
    """A text in lines of ``width`` px and ``room`` px high, in the first of ``sizes`` that fits.

    In the last of them it is cut, if need be. Without lines where no font can draw it.
    """

    def __init__(self, text, code, sizes, width, most, room=HEIGHT):
        self._code, self._width = code, width
        self.lines = []
        text = drawable(text, code)
        if not text:
            return
        for size in sizes:
            self.size = size
            if size != sizes[-1] and self._length(text) > most * width:
                continue  # it cannot fit, so there is no need to look for where lines end
            lines = self._wrapped(text, most + 1)
            if len(lines) <= most and len(lines) * size * _LEADING <= room:
                break
        self.lines = self._cut(lines, most)

    @property
    def height(self) -> int:
        return round(len(self.lines) * self.size * _LEADING)

    def draw(self, pen, left, top, colour):
        for line in self.lines:
            at = left
            if starts_right(line):
                at = left + self._width - self._length(line)
            for text, face in pieces(line, self._code):
                font = face.at(self.size)
                # On one base line, whatever the font.
                pen.text((at, top + self.size), text, font=font, fill=colour, anchor="ls")
                at += font.getlength(text)
            top += round(self.size * _LEADING)

    def _wrapped(self, text, most):
        """The first ``most`` lines of ``text``; a word that is longer than a line ends anywhere."""
        lines = []
        while text and len(lines) < most:
            end = self._fitting(text)
            if end < len(text) and text[end] != " ":
                end = text.rfind(" ", 0, end) + 1 or end
            lines.append(text[:end].strip())
            text = text[end:].lstrip()
        return lines

    def _fitting(self, text):
        """How many letters of ``text`` fit into a line; one at least."""
        return (
            bisect_right(
                range(len(text) + 1), self._width, lo=2, key=lambda end: self._length(text[:end])
            )
            - 1
        )

    def _cut(self, lines, most):
        kept = lines[:most]
        if len(lines) > most:
            last = kept[-1]
            while last and self._length(f"{last}…") > self._width:
                last = last[:-1].rstrip()
            kept[-1] = f"{last}…"
        return kept

    def _length(self, text):
        found = pieces(text, self._code) or []
        return sum(face.at(self.size).getlength(part) for part, face in found)


@cache
def _ground():
    return Image.open(_GROUND).convert("RGB")


@cache
def _mask():
    mask = Image.new("L", _PICTURE, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *_PICTURE), _RADIUS, fill=255)
    return mask


def _portrait(card):
    """The picture, cut to its place around what matters in it; None where there is none."""
    if not card.picture:
        return None
    try:
        with default_storage.open(card.picture) as file, Image.open(file) as image:
            image.draft("RGB", (2 * _PICTURE[0], 2 * _PICTURE[1]))
            centre = (card.focus[0] / 100, card.focus[1] / 100)
            fitted = ImageOps.fit(image, _PICTURE, Image.Resampling.LANCZOS, centering=centre)
            return fitted.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None  # a card without it is better than none
