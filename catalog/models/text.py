"""Text as the catalogue compares it, and lists kept one to a line."""

import re
import unicodedata

from django.db import models
from django.utils.text import slugify

# Letters with no combining mark to strip, which people still type without their stroke or ligature.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_POSSESSIVE = re.compile(r"['’ʼ]s\b")
_APOSTROPHES = re.compile(r"['’ʼ‘`´]")
_NOT_A_WORD = re.compile(r"[^\w]+|_+")
# "s3e10", "S3 E10", "season 3 episode 10", "s3" alone, and "3x10".
_CODE = re.compile(
    r"\bs(?:eason\s*)?(?P<season>\d{1,4})(?:\s*,?\s*e(?:p(?:isode)?\s*)?(?P<episode>\d{1,4}))?\b"
    r"|\b(?P<season_x>\d{1,2})x(?P<episode_x>\d{1,3})\b",
    re.IGNORECASE | re.ASCII,
)
# By their bidirectional class: letters of such writing, and what embeds, overrides and isolates.
_TURNING = {"R", "AL", "AN", "RLE", "LRE", "RLO", "LRO", "RLI", "LRI", "FSI"}
_FIRST_STRONG, _END_OF_ISOLATE = "\u2068", "\u2069"
_ISOLATES = ("\u2066", "\u2067", _FIRST_STRONG)
# What XML has no place for (https://www.w3.org/TR/xml/#charsets), and most files besides.
_CONTROLS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\s]*\)")
_MARKS = re.compile(r"[*`]+|^\s*(?:#+|>|[-+]|\d+\.)\s+", re.MULTILINE)


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.translate(_PLAIN_LETTERS)


def fold(text: str) -> str:
    """The words of ``text`` as search and sorting compare them, one blank apart.

    Case, accents, apostrophes, possessives and punctuation are gone, so that
    "O’Shea", "o'shea" and "OSHEA", or "Renée" and "renee", are the same on every
    database.
    """
    plain = _APOSTROPHES.sub("", _POSSESSIVE.sub("", _plain(text)))
    return _NOT_A_WORD.sub(" ", plain).strip()


def address(name: str) -> str:
    """The slug that ``name`` suggests: "Renée Ballard" gives "renee-ballard"."""
    return slugify(_APOSTROPHES.sub("", _plain(name)))[:100].strip("-")


def as_plain_text(text: str) -> str:
    """Markdown as one line of plain text: no marks, and of a link what it says."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split())


def shortened(text: str, most: int) -> str:
    """Markdown as plain text of ``most`` letters, cut between two words."""
    plain = as_plain_text(text)
    return plain if len(plain) <= most else f"{plain[: most - 1].rsplit(' ', 1)[0]}…"


def without_controls(text: str) -> str:
    """``text`` without the characters that XML and calendars refuse, which nobody sees."""
    return _CONTROLS.sub("", text)


def isolated(name: str) -> str:
    """``name`` for where words follow it in plain text, which it shall not turn around.

    One with letters that run from right to left, or that turn others, stands between isolates
    (https://www.unicode.org/reports/tr9/), which are not seen.
    """
    if not any(unicodedata.bidirectional(letter) in _TURNING for letter in name):
        return name
    opened = sum(name.count(letter) for letter in _ISOLATES)
    return f"{_FIRST_STRONG}{name}{_END_OF_ISOLATE * (1 + opened)}"


def split_code(text: str) -> tuple[str, int | None, int | None]:
    """What is left of ``text`` without the code of an episode in it, the season and the episode.

    "bosch s3e10" gives ("bosch", 3, 10); "bosch s3" gives ("bosch", 3, None).
    """
    match = _CODE.search(text)
    if match is None:
        return text, None, None
    rest = f"{text[: match.start()]} {text[match.end() :]}".strip()
    season = match["season"] or match["season_x"]
    episode = match["episode"] or match["episode_x"]
    return rest, int(season), int(episode) if episode else None


class ByteOrderedField(models.CharField):
    """Characters that compare byte by byte on every database.

    SQLite does so by itself; PostgreSQL would follow the language of its cluster
    and put the same rows in another order.
    """

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class LinesField(models.TextField):
    """Several short texts in one box, one to a line; blank lines and repeats are dropped."""

    def to_python(self, value):
        text = super().to_python(value)
        if text is None:
            return ""
        return "\n".join(as_lines(text))

    def formfield(self, **kwargs):
        field = super().formfield(**kwargs)
        field.widget.attrs["rows"] = 3
        return field


def as_lines(text: str) -> list[str]:
    """The lines of ``text``, stripped, each once, in their order."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
