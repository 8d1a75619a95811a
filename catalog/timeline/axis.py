"""Where dates stand on a line of whole years, and how wide they are, in per cent of the line."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from ..models import PartialDate

# A narrower thing is drawn this wide, so that it can be seen.
NARROWEST = 0.8

# The axis reaches on to today when that is so many years away, or half as long again.
_NEAR = 3

_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000)
_LABELS_ON_WIDE, _LABELS_ON_NARROW = 14, 7
# What the number of a year needs, in per cent.
_LABEL_ON_WIDE, _LABEL_ON_NARROW = 3.5, 12
_ROOM = {
    (True, True): "everywhere",
    (True, False): "wide",
    (False, True): "narrow",
    (False, False): "nowhere",
}


def sharpened(date: PartialDate | None, other: PartialDate | None) -> PartialDate | None:
    """``date``, or ``other`` where that says the same more precisely or is all there is."""
    if date is None or (other and other.iso.startswith(date.iso)):
        return other
    return date


@dataclass(frozen=True)
class Extent:
    """A stretch of the axis: where it begins and how wide it is, in per cent."""

    x: float
    width: float

    @property
    def end(self) -> float:
        return round(self.x + self.width, 3)

    def widened(self) -> "Extent":
        """At least as wide as can be seen, and within the axis."""
        if self.width >= NARROWEST:
            return self
        return Extent(min(self.x, 100 - NARROWEST), NARROWEST)


@dataclass(frozen=True)
class Tick:
    """The beginning of a year.

    ``room`` says where its number fits: "everywhere", on "wide" or "narrow" screens, "nowhere".
    """

    year: int
    x: float
    room: str


@dataclass(frozen=True)
class Axis:
    """From the first day of the year ``first`` to the last of the year ``last``."""

    first: int
    last: int

    @classmethod
    def over(cls, dates, today: dt.date) -> "Axis":
        """The years of ``dates``, and those up to today when they are not many more."""
        years = [date.year for date in dates]
        if not years:
            return cls(today.year, today.year)
        first, last = min(years), max(years)
        if 0 < today.year - last <= max(_NEAR, (last - first + 1) // 2):
            last = today.year
        return cls(first, last)

    @property
    def years(self) -> int:
        return self.last - self.first + 1

    def position(self, day: dt.date) -> float:
        """Where ``day`` begins."""
        return round((day.toordinal() - self._begin) / self._days * 100, 3)

    def stretch(self, first: dt.date, last: dt.date) -> Extent:
        """From the beginning of one day to the end of another."""
        days = last.toordinal() + 1 - first.toordinal()
        return Extent(self.position(first), round(days / self._days * 100, 3))

    def extent(self, date: PartialDate) -> Extent:
        """As wide as ``date`` is uncertain: a year, a month or a day."""
        return self.stretch(date.earliest, date.latest)

    def has(self, day: dt.date) -> bool:
        return self.first <= day.year <= self.last

    @property
    def ticks(self) -> list[Tick]:
        wide, narrow = self._step(_LABELS_ON_WIDE), self._step(_LABELS_ON_NARROW)
        ticks = []
        for year in range(self.first, self.last + 1):
            x = self.position(dt.date(year, 1, 1))
            on_wide = year % wide == 0 and 100 - x >= _LABEL_ON_WIDE
            on_narrow = year % narrow == 0 and 100 - x >= _LABEL_ON_NARROW
            if year % wide == 0 or on_narrow:
                ticks.append(Tick(year, x, _ROOM[on_wide, on_narrow]))
        return ticks

    def _step(self, most):
        return next(step for step in _STEPS if self.years / step <= most)

    @cached_property
    def _begin(self):
        return dt.date(self.first, 1, 1).toordinal()

    @cached_property
    def _days(self):
        return dt.date(self.last, 12, 31).toordinal() + 1 - self._begin


@dataclass(frozen=True)
class Span:
    """From one partial date to another, as far as is known.

    ``whole`` is all it may cover, ``core`` what it covers for certain (None when nothing is),
    ``soft`` what is left of the whole on either side.
    """

    start: PartialDate
    end: PartialDate
    whole: Extent
    core: Extent | None
    soft: tuple[Extent, ...]

    def __str__(self):
        return str(self.start) if self.start == self.end else f"{self.start} to {self.end}"

    @classmethod
    def on(cls, axis: Axis, start: PartialDate, end: PartialDate) -> "Span":
        latest_start = min(start.latest, end.latest)
        earliest_end = max(start.earliest, end.earliest)
        whole = axis.stretch(start.earliest, end.latest).widened()
        if latest_start > earliest_end:
            return cls(start, end, whole, None, (whole,))
        core = axis.stretch(latest_start, earliest_end).widened()
        sides = (
            Extent(whole.x, round(core.x - whole.x, 3)),
            Extent(core.end, round(whole.end - core.end, 3)),
        )
        return cls(start, end, whole, core, tuple(side for side in sides if side.width > 0))
