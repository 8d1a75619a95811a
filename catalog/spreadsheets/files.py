"""Uploads read as a sheet: bounded, whatever they are, and refused in words."""

from dataclasses import dataclass, field

from .cells import Odd

MAX_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
# A workbook may name one long text in all of its cells.
MOST_LETTERS = 30_000_000

MEGABYTES = MAX_BYTES // 1024 // 1024


class UnreadableError(Exception):
    """The file cannot be taken as a sheet; says why, and what to do."""


@dataclass
class Sheet:
    """The cells of a file.

    ``header`` has the first line that is not blank, ``lines`` the others: (number of the line in
    the file, its cells). A cell is a text, stripped, or Odd. ``remark`` is what one should know of
    how it was read.
    """

    header: list[str]
    lines: list[tuple[int, list[str | Odd]]] = field(default_factory=list)
    remark: str = ""

    def as_plain(self) -> dict:
        """As JSON can hold it."""
        plain = [
            [number, [[each.kind, each.text] if isinstance(each, Odd) else each for each in cells]]
            for number, cells in self.lines
        ]
        return {"header": self.header, "lines": plain, "remark": self.remark}

    @classmethod
    def of_plain(cls, plain: dict) -> "Sheet":
        lines = [
            (number, [Odd(*each) if isinstance(each, list) else each for each in cells])
            for number, cells in plain["lines"]
        ]
        return cls(plain["header"], lines, plain["remark"])


def gather(lines, remark="") -> Sheet:
    """A Sheet of (number, cells) of each line; raises UnreadableError for one that is too long."""
    sheet, letters = None, 0
    for number, cells in lines:
        if not any(cells):
            continue
        if sheet is None:
            sheet = Sheet(_header(cells), remark=remark)
            continue
        width = len(sheet.header)
        if beyond := next((n for n, each in enumerate(cells) if n >= width and each), None):
            raise UnreadableError(
                f"Row {number} has a value in column {beyond + 1}, where the header has "
                f"{width} columns: give that column its name, or empty it."
            )
        if len(sheet.lines) == MOST_ROWS:
            raise UnreadableError(
                f"It has more than {MOST_ROWS:,} rows: split it into several files."
            )
        letters += sum(len(each) for each in cells if isinstance(each, str))
        if letters > MOST_LETTERS:
            raise UnreadableError("Its texts are too long altogether: split it into several files.")
        # Programs leave out the blank cells at the end of a line.
        sheet.lines.append((number, [*cells[:width], *[""] * (width - len(cells))]))
    if sheet is None:
        raise UnreadableError("It is empty: the first row must have the names of the columns.")
    return sheet


def _header(cells):
    header = [each.strip().lower() if isinstance(each, str) else "" for each in cells]
    while header and not header[-1]:
        header.pop()
    return header
