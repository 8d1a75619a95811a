"""Whatever is uploaded is read rightly, or refused in words, in little time and memory."""

import datetime as dt
import io
import os
import struct
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.test import SimpleTestCase

from catalog.spreadsheets import PersonSheet
from catalog.spreadsheets.cells import Odd
from catalog.spreadsheets.files import Sheet, UnreadableError
from catalog.spreadsheets.reading import read_sheet

from .sheets import saved, typed_workbook, upload


def read(raw):
    return read_sheet(upload(raw), PersonSheet())


def refused(raw):
    with pytest.raises(UnreadableError) as caught:
        read(raw)
    return str(caught.value)


def replaced(raw, name, content):
    """The workbook ``raw`` with another ``content`` of its part ``name``."""
    old, file = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return file.getvalue()


def moved(raw, name, place):
    """The workbook ``raw`` with its part ``name`` at ``place``, which all else is told."""
    old, file = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            is_it = part.filename == name
            content = old.read(part)
            new.writestr(
                place if is_it else part.filename,
                content if is_it else content.replace(name.encode(), place.encode()),
            )
    return file.getvalue()


SMALL = typed_workbook([["id", "name"], [1, "Titus"]])
SHEET = "xl/worksheets/sheet1.xml"
BEGINS = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'
)
ENDS = "</sheetData></worksheet>"


class CsvTests(SimpleTestCase):
    expected = Sheet(["id", "name"], [(2, ["1", "Renée; or so"]), (3, ["", "a\nb"])])

    def test_reads_what_programs_write(self):
        comma = 'id,name\r\n1,Renée; or so\r\n,"a\nb"\r\n'
        semicolon = 'id;name\r\n1;"Renée; or so"\r\n;"a\nb"\r\n'
        tab = 'id\tname\r\n1\tRenée; or so\r\n\t"a\nb"\r\n'
        for raw in (
            comma.encode(),
            comma.encode("utf-8-sig"),
            semicolon.encode("utf-8-sig"),
            tab.encode("utf-16"),
            comma.replace("\r\n", "\n").encode(),
            ("sep=;\r\n" + semicolon).encode("utf-8-sig"),
        ):
            with self.subTest(raw=raw[:12]):
                sheet = read(raw)
                assert sheet.header == self.expected.header
                assert [cells for _, cells in sheet.lines] == [
                    cells for _, cells in self.expected.lines
                ]

    def test_rows_have_the_numbers_that_a_program_shows(self):
        assert read(b"\nid\n\n7\n").lines == [(4, ["7"])]

    def test_short_lines_are_filled_up_and_long_ones_refused(self):
        assert read(b"id,name,born\n1\n").lines == [(2, ["1", "", ""])]
        assert read(b"id,name\n1,Titus,,\n").lines == [(2, ["1", "Titus"])]
        assert "Row 2 has a value in column 3" in refused(b"id,name\n1,Titus,x\n")

    def test_another_encoding_is_refused_by_its_line(self):
        text = refused("id,name\n1,Titus\n2,Renée\n".encode("cp1252"))
        assert text.startswith("Line 3 is not in UTF-8.")
        assert "CSV UTF-8" in text

    def test_what_is_broken_is_refused_by_its_line(self):
        assert refused(b'id,name\n1,"Titus\n').startswith("Line 2 cannot be read")
        assert refused(b'id,name\n1,"Ti"tus\n').startswith("Line 2 cannot be read")
        assert "null bytes" in refused(b"id,name\n1,\0\n")
        assert "Line 2 cannot be read" in refused(b"id,name\n1," + b"x" * 200_000)

    def test_an_apostrophe_before_a_formula_is_taken_off(self):
        raw = b"id,name\n1,'=1+1\n2,'Tis\n3,''+1\n4,=1+1\n"
        assert [cells[1] for _, cells in read(raw).lines] == ["=1+1", "'Tis", "'+1", "=1+1"]


class WorkbookTests(SimpleTestCase):
    def test_reads_what_people_type(self):
        rows = [
            ["id", "a", "b", "c", "d", "e", "f"],
            [
                3.0,
                1.5,
                True,
                dt.datetime(2025, 3, 27),  # noqa: DTZ001 - cells know no zone
                dt.datetime(2025, 3, 1),  # noqa: DTZ001
                dt.datetime(2025, 1, 1),  # noqa: DTZ001
                dt.datetime(2025, 1, 1, 9, 30),  # noqa: DTZ001
            ],
            [None, dt.time(9, 30), "  Titus ", "_x000D_\nx", "'=1+1", "0012", "'Tis"],
        ]
        raw = typed_workbook(rows, D2="DD/MM/YYYY", E2="mmm-yy", F2="yyyy", G2="yyyy-mm-dd hh:mm")
        assert read(raw).lines == [
            (
                2,
                [
                    "3",
                    "1.5",
                    "TRUE",
                    Odd("date", "2025-03-27"),
                    Odd("date", "2025-03"),
                    Odd("date", "2025"),
                    Odd("moment", "2025-01-01T09:30:00Z"),
                ],
            ),
            (3, ["", Odd("time", "09:30:00"), "Titus", "x", "=1+1", "0012", "'Tis"]),
        ]

    def test_formulas_and_errors_are_not_evaluated(self):
        raw = typed_workbook([["id", "name"], ["=1+1", '=WEBSERVICE("https://example.com")']])
        first, second = read(raw).lines[0][1]
        assert first == Odd("formula", "=1+1")
        assert second.kind == "formula"
        cell = '<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>'
        assert read(replaced(SMALL, SHEET, BEGINS + cell + ENDS)).lines[0][1] == [
            Odd("error", "#N/A")
        ]

    def test_half_a_pair_of_an_escaped_letter_is_a_lost_one(self):
        rows = [["id", "a_xD800_"], ["", "_xD83D__xDE00_"], ["", "x_xDE00_"], ["", "_x0000_"]]
        sheet = read(typed_workbook(rows))
        assert sheet.header == ["id", "a\ufffd"]
        assert [cells[1] for _, cells in sheet.lines] == ["😀", "x\ufffd", "\ufffd"]

    def test_the_sheet_of_the_kind_is_read_and_said_so(self):
        book = openpyxl.Workbook()
        book.active.append(["notes"])
        people = book.create_sheet("People")
        people.append(["id", "name"])
        sheet = read(saved(book))
        assert sheet.header == ["id", "name"]
        assert sheet.remark == "Read from the sheet “People”; the others are left out."

    def test_a_workbook_that_says_it_is_smaller_is_read_as_a_whole(self):
        small = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 9))
        begins = BEGINS.replace(small, f'{small}<dimension ref="A1:A2"/>')
        assert len(read(replaced(SMALL, SHEET, begins + rows + ENDS)).lines) == 7

    def test_it_survives_being_kept(self):
        raw = typed_workbook([["id", "name"], ["=1", "é"]])
        assert Sheet.of_plain(read(raw).as_plain()) == read(raw)


class RefusalTests(SimpleTestCase):
    def test_other_files_are_called_what_they_are(self):
        def archive(*names):
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w") as made:
                for name in names:
                    made.writestr(name, "x")
            return file.getvalue()

        for raw, told in {
            b"": "It is empty.",
            b"\n\n": "It is empty.",
            b",,\n": "It is empty: the first row",
            b"%PDF-1.7": "It is a PDF",
            b"\x89PNG\r\n": "It is a picture",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "It is an old Excel workbook",
            b"<!DOCTYPE html>": "It is a web page",
            b"PK\x03\x04nothing": "It is damaged",
            archive("word/document.xml"): "It is a Word document.",
            archive("content.xml"): "It is an OpenDocument file",
            archive("a.txt"): "It is a ZIP archive",
            archive("xl/workbook.xml"): "It is damaged",
            archive("xl/workbook.xml", "xl/vbaProject.bin"): "It holds macros",
            SMALL[:-200]: "It is damaged",
            replaced(SMALL, "xl/workbook.xml", "<workbook>"): "It is damaged",
            replaced(SMALL, SHEET, "not XML"): "It is damaged",
            replaced(
                SMALL, SHEET, BEGINS + '<row r="2"><c r="A2" t="s"><v>9</v></c></row>' + ENDS
            ): "It is damaged",
        }.items():
            with self.subTest(told=told, raw=raw[:20]):
                assert refused(raw).startswith(told)

    def test_what_is_too_much_is_refused_quickly_and_in_little_memory(self):
        rows = "".join(f"{n}\n" for n in range(20_002))
        many = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 20_003))
        entities = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        wide = "".join(f"<c><v>{n}</v></c>" for n in range(70))
        for name, raw, told in [
            ("5 MB", b"x" * (5 * 1024 * 1024 + 1), "more than 5 MB"),
            ("rows", b"id\n" + rows.encode(), "more than 20,000 rows"),
            ("columns", b"id" + b",a" * 80 + b"\n1\n", "more than 60 columns"),
            ("cells", replaced(SMALL, SHEET, BEGINS + "<row>" + "<c/>" * 8_000_000), "far too"),
            ("text", replaced(SMALL, SHEET, BEGINS + "x" * 70_000_000), "far too large"),
            ("styles", replaced(SMALL, "xl/styles.xml", "<a>" + "<b/>" * 2_000_000), "far too"),
            ("many rows", replaced(SMALL, SHEET, BEGINS + many + ENDS), "more than 20,000 rows"),
            (
                "one text in many cells",
                typed_workbook([["id"]] + [["x" * 30_000]] * 1_100),
                "too long",
            ),
            ("blank rows", replaced(SMALL, SHEET, BEGINS + "<row/>" * 1_100_000 + ENDS), "far too"),
            ("wide", replaced(SMALL, SHEET, BEGINS + f"<row>{wide}</row>" + ENDS), "60 columns"),
            ("entities", replaced(SMALL, SHEET, entities + BEGINS + ENDS), "entities of its own"),
            (
                "entities in UTF-16",
                replaced(SMALL, SHEET, (entities + BEGINS + ENDS).encode("utf-16")),
                "entities of its own",
            ),
        ]:
            with self.subTest(name=name):
                started = time.process_time()
                assert told in refused(raw)
                assert time.process_time() - started < 20

    def test_a_part_is_bounded_wherever_it_lies(self):
        cells = BEGINS + "<row>" + "<c/>" * 500_000
        for place in ("xl/worksheets/sheet1.dat", "xl/media/image1.png", "xl/other/sheet1.XML"):
            with self.subTest(place=place):
                raw = moved(replaced(SMALL, SHEET, cells), SHEET, place)
                assert "far too large" in refused(raw)
                raw = moved(replaced(SMALL, SHEET, "<!DOCTYPE x>" + BEGINS + ENDS), SHEET, place)
                assert "entities of its own" in refused(raw)
                assert read(moved(SMALL, SHEET, place)).lines == [(2, ["1", "Titus"])]

    def test_what_stands_beside_the_sheets_may_be_long(self):
        records = "<r>" + "<x/>" * 200_000 + "</r>"
        raw = replaced(SMALL, "xl/pivotCache/pivotCacheRecords1.xml", records)
        raw = replaced(raw, "xl/media/image1.png", os.urandom(4_000_000))
        assert read(raw).lines == [(2, ["1", "Titus"])]

    def test_a_row_cannot_be_hidden_in_comments(self):
        cells = BEGINS + "<row>" + ("<c/>" * 1_000 + "<!--<row >-->") * 100 + "</row>" + ENDS
        assert refused(replaced(SMALL, SHEET, cells)).startswith("It is damaged")

    def test_blank_rows_and_gaps_are_passed_over(self):
        blank = "<row/>" * 900_000
        far = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
        for rows, count in ((blank, 0), (far, 1)):
            started = time.process_time()
            assert len(read(replaced(SMALL, SHEET, BEGINS + rows + ENDS)).lines) == count
            assert time.process_time() - started < 60

    def test_little_memory_is_needed_to_refuse(self):
        cells = replaced(SMALL, SHEET, BEGINS + "<row>" + "<c/>" * 4_000_000)
        text = replaced(SMALL, SHEET, BEGINS + "x" * 70_000_000)
        tracemalloc.start()
        try:
            for raw in (cells, text):
                assert "far too large" in refused(raw)
            assert tracemalloc.get_traced_memory()[1] < 20_000_000
        finally:
            tracemalloc.stop()

    def test_a_part_that_lies_about_its_size_is_damaged(self):
        raw = replaced(SMALL, SHEET, BEGINS + "x" * 70_000_000)
        start = raw.rindex(SHEET.encode()) - 46
        assert raw[start : start + 4] == b"PK\x01\x02"
        lying = bytearray(raw)
        lying[start + 24 : start + 28] = struct.pack("<I", 1000)
        assert refused(bytes(lying)).startswith("It is damaged")
