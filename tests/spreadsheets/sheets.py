"""Sheets as people have them: exported, edited in a program, and brought back."""

import csv
import io
from pathlib import Path

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

import catalog
from catalog.spreadsheets import (
    AnnouncementSheet,
    CharacterSheet,
    CreditSheet,
    EpisodeSheet,
    PersonSheet,
    PortrayalSheet,
)
from catalog.spreadsheets.exporting import csv_of, lines_of, workbook_of
from catalog.spreadsheets.importing import Plan, Rights
from catalog.spreadsheets.reading import read_sheet

BOSCH = Path(catalog.__file__).parent / "data" / "bosch"

RESOURCES = {
    "people": PersonSheet,
    "characters": CharacterSheet,
    "portrayals": PortrayalSheet,
    "credits": CreditSheet,
    "episodes": EpisodeSheet,
    "announcements": AnnouncementSheet,
}


def exported(resource, rows=None):
    """The lines of an export: a list of dicts."""
    rows = resource.model.objects.order_by("pk") if rows is None else rows
    header, *lines = lines_of(resource, rows)
    return [dict(zip(header, line, strict=True)) for line in lines]


def as_csv(resource, rows=None) -> bytes:
    rows = resource.model.objects.order_by("pk") if rows is None else rows
    return b"".join(csv_of(lines_of(resource, rows)))


def as_workbook(resource, rows=None) -> bytes:
    rows = resource.model.objects.order_by("pk") if rows is None else rows
    with workbook_of(resource, lines_of(resource, rows)) as file:
        return file.read()


def typed_csv(lines, separator=",", encoding="utf-8") -> bytes:
    """What a program saves of ``lines``, dicts with the same names."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(lines[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode(encoding)


def typed_workbook(rows, **formats) -> bytes:
    """A workbook of ``rows`` of values; ``formats`` are number formats by the names of cells."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, number_format in formats.items():
        book.active[name].number_format = number_format
    return saved(book)


def saved(book) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def upload(raw: bytes, name="people.csv"):
    return SimpleUploadedFile(name, raw)


def planned(resource, raw, rights=None, **options) -> Plan:
    """What would come of an upload of ``raw``: bytes, or lines that are saved as CSV."""
    raw = raw if isinstance(raw, bytes) else typed_csv(raw)
    return Plan(resource, read_sheet(upload(raw), resource), rights or Rights(), **options)


def told(plan):
    """{(row, column): (before, after)} of what would change."""
    return {
        (line.number, cell.column): (cell.before, cell.after)
        for line in plan.lines
        for cell in line.cells
    }


def wrong(plan):
    return [(problem.row, problem.column, problem.why) for problem in plan.problems]
