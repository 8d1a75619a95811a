"""News on the axis: a cell for each item, stacked where many fall on the same months."""

import datetime as dt
from dataclasses import dataclass

from .axis import Axis, Extent

# As many cells side by side as can still be told apart on a small screen.
_MOST_SIDE_BY_SIDE = 60
_MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000, 24_000)

# What would be stacked higher is merged into the topmost cells.
ROWS = 12
ROW_HEIGHT = 8


@dataclass
class Cell:
    """A news item at ``row`` from below; ``merged`` are those that stand in the same cell."""

    extent: Extent
    row: int
    announcement: object
    merged: list

    @property
    def is_certain(self) -> bool:
        return self.announcement.date.precision == "day"

    @property
    def accent(self) -> str:
        """That of its first series that is shown."""
        series = self.announcement.shown_series
        return series[0].accent if series else "slate"

    @property
    def bottom(self) -> int:
        """In pixels above the ground that the cells stand on."""
        return (self.row + 1) * ROW_HEIGHT

    @property
    def number(self) -> int:
        return 1 + len(self.merged)


def stacked(axis: Axis, news) -> list[Cell]:
    """The cells of ``news``, items with a date, as wide as they are uncertain or as the columns."""
    placed = sorted(
        ((_extent(axis, item.date), item) for item in news),
        key=lambda each: (-each[0].width, each[0].x, each[1].date, each[1].pk),
    )
    rows, cells = [[] for _ in range(ROWS)], []
    for extent, item in placed:
        row = next((number for number, row in enumerate(rows) if _is_free(row, extent)), None)
        if row is None:
            next(c for c in reversed(rows[-1]) if _overlap(c.extent, extent)).merged.append(item)
            continue
        rows[row].append(cell := Cell(extent, row, item, []))
        cells.append(cell)
    return sorted(cells, key=lambda cell: (cell.extent.x, cell.row))


def _overlap(one, other):
    # A thousandth of a per cent is what rounding makes of neighbours.
    return one.x + 0.002 < other.end and other.x + 0.002 < one.end


def _is_free(row, extent):
    return not any(_overlap(cell.extent, extent) for cell in row)


def _extent(axis, date):
    """The column that ``date`` falls in, or all of the columns when it is less precise."""
    months = next(step for step in _MONTHS if axis.years * 12 / step <= _MOST_SIDE_BY_SIDE)
    first, last = (
        ((day.year - axis.first) * 12 + day.month - 1) // months
        for day in (date.earliest, date.latest)
    )
    return axis.stretch(_month(axis, first * months), _month(axis, (last + 1) * months, ends=True))


def _month(axis, number, ends=False):
    """The first day of a month counted from the beginning of the axis; the day before, if it ends.

    Not beyond the end of the axis.
    """
    year = axis.first + number // 12
    if year > axis.last:
        return dt.date(axis.last, 12, 31)
    return dt.date(year, number % 12 + 1, 1) - dt.timedelta(days=1 if ends else 0)
