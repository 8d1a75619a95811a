"""What stands in a cell: as a text that no program takes for a formula, and back."""

import re
from dataclasses import dataclass

# A cell of Excel holds no more; it cuts off what is longer without a word.
LONGEST_CELL = 32_767
TOO_LONG = "(too long for a cell: see the admin)"

# What makes a program calculate, with the apostrophes that keep it from that before it. Where
# letters are wide, so are the signs that are taken for it.
_CALCULATES = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


@dataclass(frozen=True)
class Odd:
    """A cell of a workbook that holds no text and no number.

    ``kind`` is "date" (``text`` is ISO, cut at the precision that the cell shows), "moment",
    "time", "formula" or "error".
    """

    kind: str
    text: str


def neutral(text: str) -> str:
    """``text`` behind an apostrophe where a program would calculate with it."""
    return f"'{text}" if _CALCULATES.match(text) else text


def restored(text: str) -> str:
    """What ``neutral`` was given."""
    return text[1:] if text.startswith("'") and _CALCULATES.match(text) else text


def fitting(text: str) -> str:
    """``text``, or a remark in its place where it is too long for a cell."""
    # Cells are measured in halves of pairs; the apostrophe needs a place too.
    is_long = len(text) * 2 >= LONGEST_CELL and len(text.encode("utf-16-le")) // 2 >= LONGEST_CELL
    return TOO_LONG if is_long else text


def tidy(text: str) -> str:
    """``text`` without what programs change by themselves: ends of lines, space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
