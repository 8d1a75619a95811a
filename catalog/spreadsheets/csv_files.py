"""CSV as spreadsheets write it: commas, semicolons or tabs, with or without a byte order mark."""

import codecs
import csv
import io

from .cells import restored, tidy
from .files import MOST_COLUMNS, UnreadableError, gather

_SEPARATORS = ",;\t"
_IN_UTF_8 = (
    "In Excel choose “CSV UTF-8” when you save it, or save it as an Excel workbook (.xlsx), which "
    "keeps dates too."
)


def read_csv(raw: bytes, known_names: set[str]):
    """``raw`` as a Sheet; ``known_names`` of columns tell which separator it has."""
    text = _decoded(raw)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) <= 5:  # Excel's own mark
        separator, text, skipped = first.strip()[4:] or "\t", rest, 1
    else:
        separator, skipped = _separator(text, known_names), 0
    return gather(_lines(text, separator, skipped))


def _decoded(raw):
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"  # Excel's “Unicode text”
    else:
        encoding = "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        raise UnreadableError(f"Line {row} is not in UTF-8. {_IN_UTF_8}") from None
    if "\0" in text:
        raise UnreadableError("It is not a spreadsheet: there are null bytes in it.")
    return text


def _separator(text, known_names):
    """The one that parts most of the first line into names of columns."""
    first = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")

    def names_found(separator):
        return len({name.strip(' "').lower() for name in first.split(separator)} & known_names)

    return max(_SEPARATORS, key=names_found)


def _lines(text, separator, skipped):
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = lines.line_num + skipped + 1
        try:
            cells = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableError(
                f"Line {number} cannot be read ({error}): is there a quotation mark too many?"
            ) from None
        if any(cells[MOST_COLUMNS:]):
            raise UnreadableError(f"Line {number} has more than {MOST_COLUMNS} columns.")
        yield number, [tidy(restored(cell)) for cell in cells[:MOST_COLUMNS]]
