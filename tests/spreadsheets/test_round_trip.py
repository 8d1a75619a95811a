"""What is exported and not touched changes nothing."""

import io

import openpyxl
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from catalog.importers.catalog_load import load
from catalog.models import Person
from catalog.spreadsheets import PersonSheet, PortrayalSheet
from catalog.spreadsheets.cells import LONGEST_CELL, TOO_LONG, neutral

from ..factories import make_announcement, make_person, make_portrayal, make_source
from .sheets import BOSCH, RESOURCES, as_csv, as_workbook, exported, planned, told, typed_csv


class BoschTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        load(BOSCH)

    def test_an_untouched_export_changes_nothing(self):
        for name, kind in RESOURCES.items():
            resource = kind()
            count = resource.model.objects.count()
            assert count > 10
            for write in (as_csv, as_workbook):
                with self.subTest(kind=name, write=write.__name__):
                    plan = planned(resource, write(resource))
                    assert not plan.problems
                    assert not plan.remarks
                    assert not told(plan)
                    assert plan.unchanged == count

    def test_every_cell_reads_as_it_was_written(self):
        """Without the versions, so that each cell is read and compared."""
        for name, kind in RESOURCES.items():
            resource = kind()
            lines = [{**line, "version": ""} for line in exported(resource)]
            with self.subTest(kind=name):
                plan = planned(resource, lines)
                assert not plan.problems
                assert not told(plan)
                assert plan.unchanged == len(lines)

    def test_uses_the_words_of_the_data_files_and_names_beside_slugs(self):
        resource = PortrayalSheet()
        rows = resource.model.objects.filter(
            person__slug="madison-lintz", series__slug="bosch-legacy", announced=False
        )
        line = exported(resource, rows)[0]
        assert list(line)[:6] == [
            "id",
            "person",
            "person_name",
            "character",
            "character_name",
            "series",
        ]
        assert line["person_name"] == "Madison Lintz"
        assert (line["character"], line["series"]) == ("maddie-bosch", "bosch-legacy")
        assert (line["kind"], line["announced"], line["seasons"]) == ("main", "no", "1; 2; 3")
        titles = exported(RESOURCES["episodes"]())[0]
        assert titles["season"] == "ballard S1"
        assert exported(RESOURCES["credits"]())[0]["job"]


# Each is what an attacker, or a program, may have put into a name.
HOSTILE = [
    '=HYPERLINK("https://example.com")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1)",
    "＝1+1",
    "'=1+1",
    "''+1",
    "'Tis",
    '"quoted", and ; more',
    "_x000B_ and _x005F_",
    "vertical\x0btab",
    "﻿mark and \uffff",
    "ÅÉ 漢字 🎬",
    "0012",
    "1E10",
    "2025-03",
    "TRUE",
]


class CellTests(TestCase):
    def test_hostile_texts_are_no_formulas_and_come_back_as_they_were(self):
        for text in HOSTILE:
            make_person("Titus Welliver", birth_place=text, biography=f"One\n{text}\n\ttab")
        make_person("Titus Welliver", biography="\t=1+1\r\n\r=2")
        resource = PersonSheet()
        raw = as_csv(resource).decode("utf-8-sig")
        column = resource.header.index("birth_place")
        book = openpyxl.load_workbook(io.BytesIO(as_workbook(resource)))
        for row in book.active.iter_rows(min_row=2):
            for cell in row:
                assert cell.data_type in {"s", "n", "inlineStr"}
                assert not str(cell.value or "").startswith(tuple("=+-@\t\r\n＝＋－＠"))
        assert str(book.active.cell(2, column + 1).value).startswith("'=HYPERLINK")
        assert ",\"'=HYPERLINK" in raw
        for raw in (as_csv(resource), as_workbook(resource)):
            plan = planned(resource, raw)
            assert not plan.problems
            assert not told(plan)
            assert [line.touched for line in plan.lines] == []
            assert plan.unchanged == len(HOSTILE) + 1
            # The version takes no part in this: the texts themselves come back.
        lines = [{**line, "version": ""} for line in exported(resource)]
        plan = planned(resource, typed_csv([{k: neutral(v) for k, v in x.items()} for x in lines]))
        assert not told(plan)

    def test_dates_are_written_as_text(self):
        make_person("Titus Welliver", born="1962-02-12", died="2025-03")
        book = openpyxl.load_workbook(io.BytesIO(as_workbook(PersonSheet())))
        header = [cell.value for cell in book.active[1]]
        for name, value in {"born": "1962-02-12", "died": "2025-03"}.items():
            cell = book.active.cell(2, header.index(name) + 1)
            assert (cell.value, cell.data_type, cell.number_format) == (value, "s", "@")
        assert isinstance(book.active.cell(2, 1).value, int)

    def test_a_text_too_long_for_a_cell_is_left_alone(self):
        make_person("Titus Welliver", biography="a" * LONGEST_CELL)
        make_person("Jamie Hector", biography="🎬" * (LONGEST_CELL // 2 - 1))
        resource = PersonSheet()
        lines = exported(resource)
        assert lines[0]["biography"] == TOO_LONG
        assert lines[1]["biography"] != TOO_LONG
        for raw in (as_workbook(resource), [{**line, "version": ""} for line in lines]):
            assert not told(planned(resource, raw))

    def test_lists_have_one_order(self):
        sources = [make_source(slug=slug) for slug in ("b", "c", "a")]
        make_person().sources.set(sources)
        assert exported(PersonSheet())[0]["sources"] == "a; b; c"


class ExportTests(TestCase):
    def test_statements_do_not_grow_with_rows(self):
        counts = []
        for _ in range(2):
            for _ in range(5):
                part = make_portrayal()
                part.sources.add(make_source())
                announcement = make_announcement(people=[part.person], series=[part.series])
                announcement.sources.add(make_source())
            counts.append({})
            for name, kind in RESOURCES.items():
                with CaptureQueriesContext(connection) as statements:
                    exported(kind())
                counts[-1][name] = len(statements)
        assert counts[0] == counts[1]
        assert max(counts[0].values()) <= 6

    def test_keeps_the_order_of_the_list(self):
        for name in ("Amy", "Titus", "Jamie"):
            make_person(name)
        lines = exported(PersonSheet(), Person.objects.order_by("-name"))
        assert [line["name"] for line in lines] == ["Titus", "Jamie", "Amy"]
