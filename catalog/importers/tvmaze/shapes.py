"""Values of a JSON object, each held to what it must be, with the place in the messages."""

import re

from ...models.dates import PartialDate
from ...models.external_ids import LARGEST_ID
from ..problems import FormError, shown
from .told import UNTOLD

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# Control characters and half a pair of surrogates; line breaks are taken for blanks.
_NOT_STORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


class Shape:
    """An object of an answer. A field that it does not have is UNTOLD; null is None."""

    def __init__(self, value: object):
        if not isinstance(value, dict):
            raise FormError(f"must be an object, in curly brackets, not {shown(value)}.")
        self._values = value

    def has(self, *names: str) -> bool:
        return not self._values.keys().isdisjoint(names)

    def key(self, name: str = "id") -> int:
        """An id, which must be there."""
        value = self.number(name, 1, LARGEST_ID)
        if value in (UNTOLD, None):
            raise FormError(f"has no {name}.")
        return value

    def mark(self, name: str = "id") -> str:
        """ " 13", as messages tell it from others; "" if its id is none."""
        value = self._values.get(name)
        return f" {value}" if isinstance(value, int) and not isinstance(value, bool) else ""

    def number(self, name: str, least: int, most: int):
        value = self._values.get(name, UNTOLD)
        if value in (UNTOLD, None):
            return value
        if isinstance(value, bool) or not isinstance(value, int):
            raise FormError(f"{name} must be a whole number, not {shown(value)}.")
        if not least <= value <= most:
            raise FormError(f"{name} must be from {least:,} to {most:,}, not {value}.")
        return value

    def text(self, name: str, longest: int):
        """On one line; None for a blank one."""
        value = self.raw_text(name)
        if isinstance(value, str):
            value = " ".join(value.split())
            if len(value) > longest:
                raise FormError(f"{name} is longer than {longest} characters: {shown(value)}.")
        return value or (None if value == "" else value)

    def name(self, longest: int = 200) -> str:
        """The name of it, which must be there."""
        value = self.text("name", longest)
        if not isinstance(value, str):
            raise FormError("has no name.")
        return value

    def raw_text(self, name: str):
        value = self._values.get(name, UNTOLD)
        if value in (UNTOLD, None):
            return value
        if not isinstance(value, str):
            raise FormError(f"{name} must be text, not {shown(value)}.")
        if _NOT_STORABLE.search(value):
            raise FormError(f"{name} holds a character that cannot be stored: {shown(value)}.")
        return value

    def day(self, name: str):
        """A whole day as ISO text; None for "" and null, which both say that it is not known."""
        value = self.raw_text(name)
        if not value or value is UNTOLD:
            return value if value is UNTOLD else None
        try:
            if not _DAY.fullmatch(value):
                raise ValueError
            return PartialDate.parse(value).iso
        except ValueError:
            raise FormError(f"{name} must be a day like 2025-03-27, not {shown(value)}.") from None

    def flag(self, name: str) -> bool:
        value = self._values.get(name, False)
        if not isinstance(value, bool | None):
            raise FormError(f"{name} must be true or false, not {shown(value)}.")
        return bool(value)

    def inner(self, name: str):
        """The object ``name`` as a Shape; UNTOLD or None if there is none."""
        value = self._values.get(name, UNTOLD)
        if value in (UNTOLD, None):
            return value
        try:
            return Shape(value)
        except FormError as error:
            raise FormError(f"{name} {error.why}") from None

    def items(self, name: str) -> list:
        """The list ``name``; empty if there is none."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise FormError(f"{name} must be a list, in square brackets, not {shown(value)}.")
        return value
