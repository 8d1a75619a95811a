from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from ..lineage import Tie
from ..models import PartialDate
from . import events
from .axis import Axis
from .lanes import BAR_HEIGHT, HEAD, LANE, STRIP_LANE, Run
from .news import ROW_HEIGHT, stacked

# A strip is to be low.
_LANES_OF_A_STRIP = 12


@dataclass(frozen=True)
class Elbow:
    """A series that came of another: from ``x`` on the lane of the one to the other's premiere.

    ``to`` is None where the other has no date yet. ``is_announced``: it has not begun.
    """

    origin: object
    offspring: object
    x: float
    to: float | None
    is_announced: bool

    @property
    def is_straight(self) -> bool:
        return self.x == self.to

    @property
    def top(self) -> int:
        """Where it leaves its lane: below the bars, or above them."""
        return self.origin.middle + self._side

    @property
    def landing(self) -> int:
        """Where one that goes straight meets the bars of the other."""
        return self.offspring.middle - self._side

    @property
    def _side(self):
        half = BAR_HEIGHT // 2
        return half if self.offspring.index > self.origin.index else -half


@dataclass(frozen=True)
class Timeline:
    """``series`` in the order of their lanes, ``seasons`` ``for_timeline``, links, and news.

    All are rows that ``audience`` may see; links and news may be about other series too. The
    news come with the newest first.
    """

    audience: object
    series: list
    seasons: list
    links: list
    news: list

    @cached_property
    def runs(self):
        by_series = {
            key: list(seasons)
            for key, seasons in groupby(self.seasons, lambda season: season.series_id)
        }
        return [Run(each, by_series.get(each.pk, [])) for each in self.series]

    @cached_property
    def axis(self):
        dates = [date for run in self.runs for date in run.dates]
        news = [item.date for item in self.news if item.date]
        return Axis.over([*dates, *news], self._today.earliest)

    @cached_property
    def today(self):
        """Where today stands; None when the axis does not reach it."""
        day = self._today.earliest
        return self.axis.position(day) if self.axis.has(day) else None

    @property
    def _today(self):
        return PartialDate(self.audience.moment.date().isoformat())

    @cached_property
    def lanes(self):
        return [run.lane(self.axis, index) for index, run in enumerate(self.runs)]

    @cached_property
    def has_undated(self):
        """Whether the drawing needs a zone for what has no date yet."""
        return any(lane.undated or lane.is_undated for lane in self.lanes)

    @cached_property
    def cells(self):
        return stacked(self.axis, [item for item in self.news if item.date])

    @cached_property
    def elbows(self):
        """The links between two series that both have a lane."""
        lanes = {lane.series.pk: lane for lane in self.lanes}
        found = []
        for link in self.links:
            origin, offspring = lanes.get(link.to_series_id), lanes.get(link.from_series_id)
            if not link.is_descent or not origin or not offspring or origin.is_undated:
                continue
            to = offspring.begin
            x = self._departure(link, origin, to)
            found.append(Elbow(origin, offspring, x, to, self._is_announced(offspring)))
        # Where two leave from one place, the unbroken line lies over the broken one.
        return sorted(found, key=lambda elbow: not elbow.is_announced)

    @property
    def news_top(self) -> int:
        return HEAD + len(self.lanes) * LANE

    @property
    def news_ground(self) -> int:
        """What the cells of the news stand on."""
        rows = max((cell.row + 1 for cell in self.cells), default=0)
        return self.news_top + 28 + rows * ROW_HEIGHT if rows else self.news_top

    @property
    def height(self) -> int:
        return self.news_ground + 24

    @property
    def strip_lanes(self) -> list:
        return self.lanes[:_LANES_OF_A_STRIP]

    @property
    def strip_ground(self) -> int:
        return len(self.strip_lanes) * STRIP_LANE

    @property
    def strip_height(self) -> int:
        return self.strip_ground + 20

    def _departure(self, link, origin, to):
        episode, _ = link.told_to(self.audience)
        day = episode.aired.earliest if episode and episode.aired else None
        # A year or a month is no place to leave from.
        if day and episode.aired.precision == "day" and self.axis.has(day):
            return self.axis.position(day)
        return origin.end if to is None else min(origin.end, to)

    def _is_announced(self, lane):
        # Specials may come long before the first season, or be all there is.
        bars = [bar for bar in lane.bars if not bar.is_specials] or lane.bars
        return all(bar.span.start.earliest > self._today.earliest for bar in bars)

    @cached_property
    def _told(self):
        told = [event for run in self.runs for event in events.of_run(run)]
        premieres = {run.series.pk: run.premiere for run in self.runs}
        for link in self.links:
            tie = Tie(link.get_kind_display(), link.to_series, *link.told_to(self.audience))
            premiere = premieres.get(link.from_series_id, link.from_series.premiered)
            told.append(events.of_link(link, tie, premiere))
        told += [events.of_news(item) for item in reversed(self.news)]
        return events.by_year(told)

    @property
    def years(self):
        return self._told[0]

    @property
    def not_dated_yet(self):
        return self._told[1]
