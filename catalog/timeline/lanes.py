"""The lane of each series: its seasons in a row, its premiere and its finale."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import zip_longest

from ..models import Series
from .axis import NARROWEST, Axis, Span, sharpened

# Pixels to a per cent of the narrowest drawing, and of the narrowest of the wide ones.
_NARROW, _WIDE = 2, 6.8

# Pixels that a letter of a label takes and what lies after it, the mark of a finale, and the way
# of a label past the marks.
_LETTER, _GAP, _FINALE = 8, 6, 10
_BESIDE_PREMIERE, _BESIDE_FINALE, _BESIDE_BOTH = 15, 4, 14

_OVER = {Series.Status.ENDED, Series.Status.CANCELLED}

# Heights of the drawing in pixels: only what is across it is in per cent.
HEAD = 34
LANE = 74
BAR_TOP, BAR_HEIGHT = 38, 18
STRIP_LANE = 14
_CHIPS = 3

# What the marks of a premiere and a finale need beside each other, in per cent.
_BOTH_MARKS = 9


def dates_of(season):
    """(start, end) of a season, as far as they are known; (None, None) when nothing is."""
    start = sharpened(season.premiered, season.first_aired)
    end = season.last_aired or start
    # Whatever was shown before the premiere belongs to the season too.
    return (season.first_aired, end) if start and end.is_before(start) else (start, end)


@dataclass(frozen=True)
class Bar:
    """A season on the axis; without one, the series itself while no season has a date."""

    season: object
    span: Span

    @property
    def begin(self) -> float:
        return self.span.whole.x

    @property
    def end(self) -> float:
        return self.span.whole.end

    @property
    def label(self) -> str:
        return f"S{self.season.number}" if self.season else ""

    @property
    def is_specials(self) -> bool:
        return self.season is not None and self.season.number == 0

    @property
    def top(self) -> int:
        """Below the top of its lane; specials may span years, and are drawn as a thin line."""
        return BAR_TOP + BAR_HEIGHT - self.height

    @property
    def height(self) -> int:
        return 3 if self.is_specials else BAR_HEIGHT


@dataclass(frozen=True)
class Mark:
    """A premiere or a finale: ``x`` is the first day it may be, or the last of a finale."""

    date: object
    x: float

    @property
    def is_certain(self) -> bool:
        return self.date.precision == "day"


@dataclass(frozen=True)
class Label:
    """``text`` at ``x`` per cent and ``shift`` pixels from there.

    ``room`` says where it fits: "everywhere", on "wide" screens, "nowhere".
    """

    text: str
    x: float
    shift: int
    room: str


@dataclass(frozen=True)
class Chip:
    """A season in the zone of what is not dated yet, ``x`` pixels from its left."""

    season: object
    label: str
    x: int


@dataclass
class Lane:
    """``undated`` are its seasons of which no date is known."""

    series: object
    index: int
    bars: list = field(default_factory=list)
    undated: list = field(default_factory=list)
    premiere: Mark | None = None
    finale: Mark | None = None

    @property
    def chips(self) -> list:
        """As many of the undated seasons as fit side by side; the last stands for the others."""
        shown = self.undated[:_CHIPS]
        more = len(self.undated) - len(shown)
        return [
            Chip(season, f"+{more + 1}" if more and season is shown[-1] else f"S{season.number}", x)
            for season, x in zip(shown, (8, 38, 68), strict=False)
        ]

    @property
    def is_undated(self) -> bool:
        """Whether nothing of it stands on the axis."""
        return not self.bars

    @property
    def begin(self) -> float | None:
        """Where its premiere stands, or what is known of it begins; None when nothing is."""
        if self.premiere:
            return self.premiere.x
        return min((bar.begin for bar in self.bars), default=None)

    @property
    def end(self) -> float:
        """Where its finale stands, or what is known of it ends."""
        return self.finale.x if self.finale else max(bar.end for bar in self.bars)

    @property
    def is_short(self) -> bool:
        """Whether its premiere and its finale would stand in each other's way."""
        return bool(self.premiere and self.finale and self.finale.x - self.premiere.x < _BOTH_MARKS)

    @property
    def labels(self) -> list:
        """The labels of its seasons, each beside what marks the ends of the lane."""
        bars = sorted((bar for bar in self.bars if bar.season), key=lambda bar: bar.begin)
        labels = []
        for bar, after in zip_longest(bars, bars[1:]):
            if self._is_last(bar):
                x, shift = self.finale.x, _BESIDE_BOTH if self.is_short else _BESIDE_FINALE
            else:
                x, shift = bar.begin, _BESIDE_PREMIERE if self._is_first(bar) else 0
            width = shift + _LETTER * len(bar.label) + _GAP
            width += _FINALE if after and self._is_last(after) else 0
            # The last may reach into the zone beside it.
            room = _room(after.begin - x if after else 100, width)
            labels.append(Label(bar.label, x, shift, room))
        return labels

    def _is_first(self, bar):
        return self.premiere is not None and bar.begin == self.premiere.x and not bar.is_specials

    def _is_last(self, bar):
        return self.finale is not None and bar.end == self.end and not bar.is_specials

    @property
    def top(self) -> int:
        return HEAD + self.index * LANE

    @property
    def middle(self) -> int:
        """The height at which its bars have their middle."""
        return self.top + BAR_TOP + BAR_HEIGHT // 2

    @property
    def strip_top(self) -> int:
        return self.index * STRIP_LANE


@dataclass(frozen=True)
class Run:
    """A series with what is known of its dates, before there is an axis to put them on."""

    series: object
    seasons: list

    @cached_property
    def dated(self) -> list:
        """(season, start, end) of each that has a date; the series itself when none has."""
        found = [(season, *dates_of(season)) for season in self.seasons]
        found = [each for each in found if each[1] is not None]
        premiered, ended = self.series.premiered, self.series.ended
        if not found and (premiered or ended):
            return [(None, premiered or ended, ended or premiered)]
        return found

    @property
    def premiere(self):
        starts = [start for season, start, end in self.dated if season]
        numbered = [start for season, start, end in self.dated if season and season.number]
        return sharpened(self.series.premiered, min(numbered or starts, default=None))

    @property
    def finale(self):
        """When it ended, or its last season did; None while it runs."""
        if self.series.status not in _OVER:
            return None
        last = max((season for season in self.seasons if season.number), key=_number, default=None)
        return sharpened(self.series.ended, dates_of(last)[1] if last else None)

    @property
    def dates(self) -> list:
        dates = [date for season, *ends in self.dated for date in ends]
        return [*dates, *(date for date in (self.premiere, self.finale) if date)]

    def lane(self, axis: Axis, index: int) -> Lane:
        bars = _bars(axis, self.dated)
        dated = {season.pk for season, start, end in self.dated if season}
        undated = [season for season in self.seasons if season.pk not in dated]
        lane = Lane(self.series, index, bars, undated)
        if self.premiere:
            lane.premiere = Mark(self.premiere, axis.position(self.premiere.earliest))
        if self.finale:
            x = axis.extent(self.finale).end
            # A bar that was widened to be seen ends a little later.
            near = (bar.end for bar in bars if 0 < bar.end - x <= NARROWEST)
            lane.finale = Mark(self.finale, max(near, default=x))
        return lane


def _number(season):
    return season.number


def _bars(axis, dated):
    bars = [Bar(season, Span.on(axis, start, end)) for season, start, end in dated]
    # Specials may span years: they are drawn first, below the others.
    return sorted(bars, key=lambda bar: (not bar.is_specials, bar.begin))


def _room(room, width):
    """Where ``width`` pixels fit into ``room`` per cent."""
    if room * _NARROW >= width:
        return "everywhere"
    return "wide" if room * _WIDE >= width else "nowhere"
