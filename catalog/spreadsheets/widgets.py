"""How a field of the catalogue stands in a cell.

A cell uses the words of the data files: it is turned into what a file would say, and read by the
same rules. Several slugs are parted by semicolons, texts of which there may be several have lines.
"""

import re

from django.db import models
from import_export.widgets import Widget

from ..importers.catalog_form import EPISODES, KIND_OF, SEASONS
from ..importers.catalog_load import key_of
from ..importers.catalog_rows import Reference, read_value
from ..importers.problems import FormError, shown
from ..models.dates import PartialDate, PartialDateField
from ..models.text import LinesField, as_lines
from .cells import Odd

_BETWEEN = re.compile(r"[;,\n]")
WHOLE_NUMBER = re.compile(r"(?P<digits>[+-]?\d{1,18})(?:[.,]0*)?", re.ASCII)
# What Excel makes of “2025-03” in a CSV file.
_EXCELS_MONTH = re.compile(r"[^\W\d]{3,9}\.?[- ]\d\d|\d\d[- ][^\W\d]{3,9}\.?")
_YEAR_AS_A_NUMBER = re.compile(r"\d{4}\.0+", re.ASCII)
_PLACE = re.compile(r"s\d+(e\d+)?", re.ASCII | re.IGNORECASE)
_YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

_ODD = {
    "date": "Excel has made a date of this: format the cell as text, then write it again.",
    "moment": "Excel has made a date of this: format the cell as text, then write it again.",
    "time": "Excel has made a time of this: format the cell as text, then write it again.",
    "formula": "This is a formula, and only what it comes to can be taken: paste it as a value.",
    "error": "This is an error of the spreadsheet, not a value.",
}


class CellWidget(Widget):
    """A text as it is; the parent of the others.

    ``clean`` gives what the cell says, as the field holds it, with a Reference for a row that it
    names. Raises FormError.
    """

    takes = ()  # kinds of odd cells

    def __init__(self, field, kind):
        super().__init__()
        self.field = field
        self.series_matters = kind.within_series

    def clean(self, value, row=None, series="", **kwargs):
        if isinstance(value, Odd):
            if value.kind not in self.takes:
                raise FormError(_ODD[value.kind])
            value = value.text
        if "\ufffd" in value:
            raise FormError("holds “�”, which stands for a letter that a program has lost.")
        if "\n" in value and isinstance(self.field, models.CharField):
            # No box of the admin holds it: whoever saved the page next would take it out.
            raise FormError("must be one line: take the line break out.")
        return read_value(
            self.field, self.as_in_a_file(value), series if self.series_matters else None
        )

    def as_in_a_file(self, text):
        return text

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else str(value)


class NumberWidget(CellWidget):
    def as_in_a_file(self, text):
        if not text:
            return None
        match = WHOLE_NUMBER.fullmatch(text)
        if match is None:
            raise FormError(f"must be a whole number, not {shown(text)}.")
        return int(match["digits"])


class YesOrNoWidget(CellWidget):
    """Not "true" and "false", which Excel translates into its user's language."""

    def as_in_a_file(self, text):
        if not text:
            return False
        if text.casefold() not in _YES_OR_NO:
            raise FormError(f"must be yes or no, not {shown(text)}.")
        return _YES_OR_NO[text.casefold()]

    def render(self, value, obj=None, **kwargs):
        return "yes" if value else "no"


class ChoiceWidget(CellWidget):
    """The value of the data files; the words of the admin are taken too."""

    def as_in_a_file(self, text):
        for value, label in self.field.flatchoices:
            if text.casefold() in {str(value).casefold(), str(label).casefold()}:
                return value
        return text


class LinesWidget(CellWidget):
    def as_in_a_file(self, text):
        return as_lines(text)


class PartialDateWidget(CellWidget):
    takes = ("date",)

    def as_in_a_file(self, text):
        if _EXCELS_MONTH.fullmatch(text):
            raise FormError(
                f"{shown(text)} is what Excel makes of a month: write it like 2025-03, in a "
                "cell that is formatted as text."
            )
        # A year that a program took for a number with a fraction.
        return text[:4] if _YEAR_AS_A_NUMBER.fullmatch(text) else text

    def render(self, value, obj=None, **kwargs):
        return value.iso if isinstance(value, PartialDate) else ""


class MomentWidget(CellWidget):
    takes = ("moment", "date")

    def as_in_a_file(self, text):
        # Of a cell that holds a date: the admin has its time in UTC too.
        return f"{text}T00:00:00Z" if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else text

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else f"{value:%Y-%m-%dT%H:%M:%SZ}"


class ReferenceWidget(CellWidget):
    """The slug of a row, "bosch S3" or "bosch S3E10"."""

    def __init__(self, field, kind):
        super().__init__(field, kind)
        self.target = KIND_OF[field.related_model]
        self.is_number = self.series_matters and self.target is SEASONS

    def as_in_a_file(self, text):
        return self.one(text) if text else None

    def one(self, text):
        if self.target in (SEASONS, EPISODES):
            # “bosch  s3e10”, as people type it.
            *series, place = text.split() or [""]
            text = " ".join([*series, place.upper() if _PLACE.fullmatch(place) else place])
        match = WHOLE_NUMBER.fullmatch(text) if self.is_number else None
        if self.is_number and match is None:
            raise FormError(f"must be the number of a season, not {shown(text)}.")
        return int(match["digits"]) if match else text

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return ""
        if self.is_number:
            return str(value.number)
        return str(Reference(self.target, key_of(self.target, value)))


class ReferencesWidget(ReferenceWidget):
    """Several of them, in one order whatever the order in which they were added."""

    def as_in_a_file(self, text):
        return [self.one(part.strip()) for part in _BETWEEN.split(text) if part.strip()]

    def render(self, value, obj=None, **kwargs):
        if value is None:
            return ""
        rows = value.all() if isinstance(value, models.Manager) else value
        keyed = sorted((key_of(self.target, row), row.pk, row) for row in rows)
        one = super().render
        return "; ".join(one(row) for _, _, row in keyed)


def widget_for(field, kind) -> CellWidget:
    if field.many_to_many:
        return ReferencesWidget(field, kind)
    if field.many_to_one:
        return ReferenceWidget(field, kind)
    if field.choices:
        return ChoiceWidget(field, kind)
    widgets = {
        LinesField: LinesWidget,
        PartialDateField: PartialDateWidget,
        models.BooleanField: YesOrNoWidget,
        models.IntegerField: NumberWidget,
        models.DateTimeField: MomentWidget,
    }
    for field_class, widget in widgets.items():
        if isinstance(field, field_class):
            return widget(field, kind)
    return CellWidget(field, kind)
