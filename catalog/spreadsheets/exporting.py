"""Rows as files: a line at a time, so that a hundred thousand need no more memory than a few."""

import csv
import re
import tempfile
from itertools import islice

from ..later import Later
from .cells import neutral
from .fingerprints import COLUMN
from .resources import KEY

openpyxl = Later("openpyxl")

# Lines that are sent together.
_AT_ONCE = 200

# An Excel workbook is made as a whole before it can be sent.
MOST_ROWS_IN_A_WORKBOOK = 20_000

_AS_TEXT = "@"
# XML knows no such characters, and turns the first into the end of a line.
_NOT_IN_XML = re.compile("[\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_WIDTHS = {"biography": 50, "body": 50, "synopsis": 50, "name": 28, "note": 30, "id": 8}


def lines_of(resource, queryset):
    """The header, and a line of each row of ``queryset`` as it then is, in its order."""
    yield resource.header
    keys = list(dict.fromkeys(queryset.values_list("pk", flat=True)))
    for row in resource.rows(keys):
        yield resource.export_resource(row)


class _Echo:
    def write(self, text):
        return text


def csv_of(lines):
    """The bytes of a CSV file, some lines at a time.

    With a byte order mark, without which Excel would not know that it is UTF-8.
    """
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    lines = iter(lines)
    mark = "\ufeff"
    while some := list(islice(lines, _AT_ONCE)):
        text = "".join(writer.writerow([neutral(cell) for cell in line]) for line in some)
        yield (mark + text).encode(errors="replace")
        mark = ""


def workbook_of(resource, lines):
    """An open temporary file with an Excel workbook of ``lines``."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(str(resource.kind.plural).capitalize())
    sheet.freeze_panes = "B2"
    for number, column in enumerate(resource.header, start=1):
        dimension = sheet.column_dimensions[openpyxl.utils.get_column_letter(number)]
        dimension.width = _WIDTHS.get(column, 18)
        dimension.hidden = column == COLUMN
    numbers = {KEY, *filter(resource.is_number, resource.columns)}
    cells = _Cells(sheet, [column in numbers for column in resource.header])
    lines = iter(lines)
    sheet.append([cells.heading(name) for name in next(lines)])
    for line in lines:
        sheet.append(cells.of(line))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book.save(file)
    file.seek(0)
    return file


class _Cells:
    """The cells of a line: numbers as numbers, all else as text that is not taken for a date."""

    def __init__(self, sheet, are_numbers):
        self.sheet = sheet
        self.are_numbers = are_numbers
        sample = openpyxl.cell.WriteOnlyCell(sheet, "")
        sample.number_format = _AS_TEXT
        sample.alignment = openpyxl.styles.Alignment(vertical="top")
        self._style = sample._style

    def heading(self, text):
        cell = openpyxl.cell.WriteOnlyCell(self.sheet, text)
        cell.font = openpyxl.styles.Font(bold=True)
        return cell

    def of(self, line):
        return [
            (int(text) if is_number else self._text(text)) if text else None
            for text, is_number in zip(line, self.are_numbers, strict=True)
        ]

    def _text(self, text):
        cell = openpyxl.cell.WriteOnlyCell(self.sheet)
        # Set past the library, which would make a formula of what begins like one, and take
        # the style of each cell apart.
        cell._value = _storable(neutral(text))
        cell.data_type = "s"
        cell._style = self._style
        return cell


def _storable(text):
    """As a workbook writes letters that XML has no place for."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _NOT_IN_XML.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
