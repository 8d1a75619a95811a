"""Excel workbooks: looked at before they are opened, and then read line by line."""

import datetime as dt
import re
import zipfile
import zlib
from xml.etree.ElementTree import ParseError

from ..later import Later
from .cells import Odd, restored, tidy
from .files import MAX_BYTES, MOST_COLUMNS, UnreadableError, gather

openpyxl = Later("openpyxl")

# What the parts of a workbook may come to: far more than 20,000 rows have, and little to hold.
_MOST_PARTS = 2_000
_MAX_PART = {"xl/worksheets/": 60_000_000, "xl/sharedStrings.xml": 30_000_000}
_MAX_OTHER_PART = MAX_BYTES  # a picture is no smaller in the archive
_MOST_TAGS = 6_000_000
_MOST_TAGS_IN_A_ROW = 20_000
_MOST_TAGS_ELSEWHERE = 300_000  # the records of a pivot table, a chain of formulas
_MOST_ROWS = 1_048_576  # as many as Excel shows, blank ones included

_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
# A comment could hold the beginning of a row that is none.
_COMMENT = re.compile(rb"<\0?\0?!")
_DECLARATION = re.compile(rb"<\0?\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
_CHUNK = 1 << 16

# What openpyxl raises on a workbook that is none.
_DAMAGES = (
    AssertionError,
    AttributeError,
    EOFError,
    KeyError,
    IndexError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    ParseError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
_DAMAGED = "It is damaged: open it in a spreadsheet program, and save it as .xlsx again."
_TOO_MUCH = "It would be far too large when unpacked, so it was not opened."

# How a workbook writes letters that XML has no place for.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED_IN_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def read_xlsx(upload, title: str):
    """The sheet called ``title``, or the first one, of the file object ``upload``."""
    try:
        _look_at(upload)
        upload.seek(0)
        book = openpyxl.load_workbook(upload, read_only=True, keep_links=False)
        try:
            return _read(book, title)
        finally:
            book.close()
    except _DAMAGES as error:
        raise UnreadableError(_DAMAGED) from error


def _look_at(upload):
    """Refuse what is no workbook, or too much of one, before anything is built of it."""
    with zipfile.ZipFile(upload) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        _refuse_other_kinds(names)
        if len(parts) > _MOST_PARTS or len(names) < len(parts):
            raise UnreadableError(_DAMAGED)
        for part in parts:
            if part.flag_bits & 1:
                raise UnreadableError("It is protected by a password: save it without one.")
            # A workbook may call its sheets what it likes, so each part could be one.
            _look_into(archive, part)


def _refuse_other_kinds(names):
    if any(name.endswith("vbaProject.bin") for name in names):
        raise UnreadableError("It holds macros: save it as an Excel workbook without them (.xlsx).")
    if "xl/workbook.xml" in names or "xl\\workbook.xml" in names:
        return
    kinds = {
        "word/document.xml": "It is a Word document.",
        "ppt/presentation.xml": "It is a PowerPoint presentation.",
        "content.xml": "It is an OpenDocument file: save it as an Excel workbook (.xlsx).",
        "xl/workbook.bin": "It is a binary workbook: save it as .xlsx.",
        "Index/Document.iwa": "It is a Numbers file: export it as an Excel workbook (.xlsx).",
    }
    found = [told for name, told in kinds.items() if name in names]
    raise UnreadableError(found[0] if found else "It is a ZIP archive, and no Excel workbook.")


def _look_into(archive, part):
    allowed = [size for start, size in _MAX_PART.items() if part.filename.startswith(start)]
    is_sheet = part.filename.startswith("xl/worksheets/")
    most_tags = _MOST_TAGS if allowed else _MOST_TAGS_ELSEWHERE
    if part.file_size > (allowed[0] if allowed else _MAX_OTHER_PART):
        raise UnreadableError(_TOO_MUCH)
    tags = tags_in_row = rows = 0
    before = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            # A little of the part before, for what lies across the two.
            text = before + chunk
            if _DECLARATION.search(text):
                raise UnreadableError(
                    "It declares entities of its own, which no spreadsheet program does."
                )
            if is_sheet and _COMMENT.search(text):
                raise UnreadableError(_DAMAGED)
            tags += chunk.count(b"<")
            last_row = None
            for match in _ROW.finditer(text):
                last_row = match
                rows += match.end() > len(before)
            if last_row:
                tags_in_row = text.count(b"<", last_row.start())
            elif is_sheet:
                tags_in_row += chunk.count(b"<")
            is_within = rows <= _MOST_ROWS and tags_in_row <= _MOST_TAGS_IN_A_ROW
            if tags > most_tags or not is_within:
                raise UnreadableError(_TOO_MUCH)
            before = text[-32:]


def _read(book, title):
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    if not sheets:
        raise UnreadableError("There is no sheet in it.")
    named = [sheet for sheet in sheets if sheet.title.casefold() == title.casefold()]
    sheet = (named or sheets)[0]
    remark = f"Read from the sheet “{sheet.title}”; the others are left out."
    # What a workbook says of its own size may be too little, and the rest would be lost.
    sheet.reset_dimensions()
    return gather(_lines(sheet), remark if len(sheets) > 1 else "")


def _lines(sheet):
    blank = openpyxl.cell.read_only.EMPTY_CELL
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        # A million blank rows are soon passed over.
        if all(cell is blank for cell in cells):
            continue
        values = [_value(cell) for cell in cells]
        if len(values) > MOST_COLUMNS and values[MOST_COLUMNS]:
            raise UnreadableError(f"Row {number} has more than {MOST_COLUMNS} columns.")
        yield number, values[:MOST_COLUMNS]


def _value(cell):
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return Odd("formula", str(value)[:100])
    if cell.data_type == "e":
        return Odd("error", str(value))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return _date(value, cell.number_format)
    if isinstance(value, dt.date):
        return Odd("date", value.isoformat())
    if isinstance(value, dt.time | dt.timedelta):
        return Odd("time", str(value))
    return tidy(restored(_unescaped(str(value)).replace("\0", "\ufffd")))


def _unescaped(text):
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    # Half of a pair is no letter: it can be neither stored nor shown.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _date(value, number_format):
    """A date as precise as its cell shows it: “March 2025” is the first of March underneath."""
    if value.time() != dt.time():
        return Odd("moment", f"{value:%Y-%m-%dT%H:%M:%S}Z")
    shown = _QUOTED_IN_FORMAT.sub("", (number_format or "").partition(";")[0]).lower()
    if "y" in shown and "d" not in shown:
        return Odd("date", f"{value:%Y-%m}" if "m" in shown else f"{value:%Y}")
    return Odd("date", f"{value:%Y-%m-%d}")
