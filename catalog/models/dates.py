"""Dates that are exactly as precise as what is known."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import total_ordering

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q, Value
from django.db.models.functions import Concat, Length, Replace, Substr
from django.db.models.lookups import Exact, LessThan

from .text import ByteOrderedField

_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?", re.ASCII)
_YEAR_SLASHED = re.compile(r"(?P<year>\d{4})/(?P<month>\d{1,2})/(?P<day>\d{1,2})", re.ASCII)
_DAY_MONTH_YEAR = re.compile(
    r"(?:(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?(?: of)?[ -])?"
    r"(?P<month>[a-z]+)\.?,?[ -](?P<year>\d{4})",
    re.ASCII,
)
_MONTH_DAY_YEAR = re.compile(
    r"(?P<month>[a-z]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})", re.ASCII
)
_DOTTED = re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})", re.ASCII)
_SLASHED = re.compile(r"\d{1,4}[/-]\d{1,2}[/-]\d{1,4}", re.ASCII)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH_NUMBERS = {
    spelling: number
    for number, name in enumerate(_MONTHS, start=1)
    for spelling in (name.lower(), name[:3].lower())
} | {"sept": 9}

HOW_TO_WRITE = (
    "Write 2025, March 2025, 27 March 2025 or 2025-03-27; leave blank when it is not known."
)


@total_ordering
@dataclass(frozen=True)
class PartialDate:
    """A year, a month or a day, kept as ISO 8601 text cut at its precision.

    ``iso`` is "2025", "2025-03" or "2025-03-27". Dates sort as that text does, so a
    year comes before the months and days within it.
    """

    iso: str

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read ISO text or what people write: "Mar 2025", "27 March 2025", "March 27, 2025".

        "3.4.2025" is the third of April, as it is wherever dates have dots; with slashes it would
        be another day in London than in Los Angeles, so those are refused unless the year is first.

        Raises ValueError for anything else, and for days that no calendar has.
        """
        plain = " ".join(text.split()).lower()
        match = (
            _ISO.fullmatch(plain)
            or _YEAR_SLASHED.fullmatch(plain)
            or _DAY_MONTH_YEAR.fullmatch(plain)
            or _MONTH_DAY_YEAR.fullmatch(plain)
            or _DOTTED.fullmatch(plain)
        )
        if match is None and _SLASHED.fullmatch(plain):
            raise ValueError(
                f"“{text}” has the day first for some, and the month for others. {HOW_TO_WRITE}"
            )
        if match is None:
            raise ValueError(f"“{text}” is not a date that can be read. {HOW_TO_WRITE}")
        year, month, day = match["year"], match["month"], match["day"]
        if month is not None and not month.isdigit():
            if month not in _MONTH_NUMBERS:
                raise ValueError(f"“{text}” names no month that can be read. {HOW_TO_WRITE}")
            month = _MONTH_NUMBERS[month]
        try:
            # The first stands in only to ask the calendar; it is not kept.
            dt.date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            raise ValueError(f"“{text}” is not in the calendar. {HOW_TO_WRITE}") from None
        parts = [year]
        if month is not None:
            parts.append(f"{int(month):02}")
        if day is not None:
            parts.append(f"{int(day):02}")
        return cls("-".join(parts))

    @classmethod
    def of(cls, day: dt.date) -> "PartialDate":
        return cls(day.isoformat())

    def __str__(self):
        year, month, day = self.year, self.month, self.day
        if month is None:
            return str(year)
        if day is None:
            return f"{_MONTHS[month - 1]} {year}"
        return f"{day} {_MONTHS[month - 1]} {year}"

    def __lt__(self, other):
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self.iso < other.iso

    @property
    def of_year(self) -> "PartialDate":
        return PartialDate(self.iso[:4])

    @property
    def of_month(self) -> "PartialDate":
        """The month, of a date that has one."""
        return PartialDate(self.iso[:7])

    @property
    def year(self) -> int:
        return int(self.iso[:4])

    @property
    def month(self) -> int | None:
        return int(self.iso[5:7]) if len(self.iso) >= 7 else None

    @property
    def day(self) -> int | None:
        return int(self.iso[8:]) if len(self.iso) == 10 else None

    @property
    def precision(self) -> str:
        """Either "year", "month" or "day"."""
        return {4: "year", 7: "month", 10: "day"}[len(self.iso)]

    @property
    def earliest(self) -> dt.date:
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> dt.date:
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def is_before(self, other: "PartialDate") -> bool:
        """Whether this is certainly before ``other``: "2025" is not before "2025-03"."""
        return self.latest < other.earliest


class PartialDateFormField(forms.CharField):
    """One box for a date of any precision."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 40)
        kwargs.pop("empty_value", None)
        super().__init__(**kwargs)

    def clean(self, value):
        return _parsed(super().clean(value))

    def prepare_value(self, value):
        return value.iso if isinstance(value, PartialDate) else value

    def has_changed(self, initial, data):
        try:
            return _parsed(initial) != self.clean(data)
        except ValidationError:
            return True


class PartialDateField(ByteOrderedField):
    """A ``PartialDate``, or None when nothing is known.

    The column holds the ISO text, which sorts, filters and indexes as it is.
    """

    def __init__(self, *args, **kwargs):
        kwargs["max_length"] = 10
        kwargs["null"] = True
        kwargs["blank"] = True
        kwargs.setdefault("help_text", HOW_TO_WRITE)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "blank", "help_text"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return PartialDate(value) if value else None

    def to_python(self, value):
        return _parsed(value)

    def pre_save(self, instance, add):
        # Text that was assigned becomes the date it stands for, so that a saved row can show it.
        value = self.to_python(super().pre_save(instance, add))
        setattr(instance, self.attname, value)
        return value

    def get_prep_value(self, value):
        if isinstance(value, str):
            value = PartialDate.parse(value) if value else None
        return value.iso if isinstance(value, PartialDate) else value

    def run_validators(self, value):
        """Parsing was the whole validation; the text validators of a CharField want a str."""

    def value_to_string(self, obj):
        value = self.value_from_object(obj)
        return value.iso if value else ""

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": PartialDateFormField, **kwargs})


def _parsed(value):
    if value is None or isinstance(value, PartialDate):
        return value
    if not value.strip():
        return None
    try:
        return PartialDate.parse(value)
    except ValueError as error:
        raise ValidationError(str(error), code="invalid") from None


def in_year(path: str, year) -> Q:
    """The condition that the date at ``path`` is in ``year``: four digits, or an expression."""
    year = Value(year) if isinstance(year, str) else year
    # "~" sorts after all that may follow the year.
    after = Concat(year, Value("~"), output_field=models.CharField())
    return Q(**{f"{path}__gte": year, f"{path}__lt": after})


def is_a_day(path: str):
    """The condition that the date at ``path`` is known to the day."""
    return Exact(Length(path), 10)


def may_be_after(path: str, day: PartialDate) -> Q:
    """The condition that the date at ``path`` is after ``day``, or the year or month around it."""
    around = [day.of_year, day.of_month]
    return Q(**{f"{path}__gt": day}) | Q(**{f"{path}__in": around})


def furthest(path: str):
    """Of the dates at ``path`` the one that may be the last: "2025" reaches beyond "2025-03".

    An aggregate; ``Min`` finds the first as it is, since a date sorts before those within it.
    """
    # As above: with "~" behind it the shorter text sorts last.
    text = Concat(path, Value("~"), output_field=models.CharField())
    last = Max(text, filter=Q(**{f"{path}__isnull": False}))
    return Replace(last, Value("~"), Value(""), output_field=PartialDateField())


def in_order(start: str, end: str) -> Q:
    """The condition that column ``end`` is not before column ``start``, as far as both are known.

    The start is cut to the precision of the end, so "2025" may follow "2025-03-27".
    """
    return (
        Q(
            **{f"{start}__isnull": True},
        )
        | Q(**{f"{end}__isnull": True})
        | Q(**{f"{end}__gte": Substr(start, 1, Length(end))})
    )


def is_certainly_before(first, second):
    """The condition that the date ``first`` is before ``second``: "2025" is not before "2025-03".

    Both are expressions; where one of them is null, the condition does not hold.
    """
    return LessThan(first, Substr(second, 1, Length(first), output_field=PartialDateField()))


def require_order(instance, start: str, end: str):
    """Raise the friendly ValidationError for what ``in_order`` enforces in the database."""
    first, last = getattr(instance, start), getattr(instance, end)
    if isinstance(first, PartialDate) and isinstance(last, PartialDate) and last.is_before(first):
        names = [instance._meta.get_field(name).verbose_name for name in (end, start)]
        raise ValidationError({end: f"“{names[0]}” ({last}) is before “{names[1]}” ({first})."})
