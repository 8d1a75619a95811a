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
