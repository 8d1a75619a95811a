"""What the timeline shows as sentences have it: by year, then by date."""

from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby


class EventKind(IntEnum):
    """In the order of what happens on one day."""

    PREMIERE = 1
    SEASON = 2
    LINEAGE = 3
    FINALE = 4
    NEWS = 5

    @property
    def label(self) -> str:
        return self.name.capitalize()


@dataclass(frozen=True)
class Event:
    """``series`` are those it is about; ``title`` leads to ``address``.

    A link has a ``tie`` instead: the phrase, the other series, the episode and the note.
    """

    kind: EventKind
    date: object
    series: tuple
    title: str = ""
    address: str = ""
    until: object = None
    remark: str = ""
    episode_count: int = 0
    tie: object = None

    @property
    def label(self) -> str:
        return self.kind.label

    @property
    def shape(self) -> str:
        """The name of the mark that the drawing has for it."""
        return self.kind.name.lower()

    @property
    def dates(self) -> str:
        """Such as "27 March 2025 to 17 April 2025"; empty when no date is known."""
        if self.date is None:
            return ""
        if self.until in (None, self.date):
            return str(self.date)
        return f"{self.date} to {self.until}"


def of_run(run):
    """The seasons of a series, its premiere and its finale."""
    series = run.series
    about = (series,)
    address = series.get_absolute_url()
    dated = {season.pk: ends for season, *ends in run.dated if season}
    for season in run.seasons:
        start, end = dated.get(season.pk, (None, None))
        yield Event(
            EventKind.SEASON,
            start,
            about,
            season.title,
            season.get_absolute_url(),
            until=end,
            episode_count=season.episode_count,
        )
    if run.premiere:
        yield Event(EventKind.PREMIERE, run.premiere, about, "Series premiere", address)
    elif not run.dated:
        remark = series.told_status
        yield Event(EventKind.PREMIERE, None, about, "Series premiere", address, remark=remark)
    if run.finale:
        yield Event(EventKind.FINALE, run.finale, about, "Series finale", address)


def of_link(link, tie, premiere):
    """``premiere`` stands in for the day of an episode where there is none to be told of."""
    date = tie.episode.aired if tie.episode else None
    return Event(EventKind.LINEAGE, date or premiere, (link.from_series,), tie=tie)


def of_news(item):
    return Event(
        EventKind.NEWS,
        item.date,
        tuple(item.shown_series),
        item.name,
        item.get_absolute_url(),
    )


def by_year(events):
    """[(year, events of the year in order)], and the events without a date at the end."""
    dated = sorted(
        (event for event in events if event.date), key=lambda event: (event.date, event.kind)
    )
    undated = [event for event in events if event.date is None]
    years = [(year, list(each)) for year, each in groupby(dated, lambda event: event.date.year)]
    return years, sorted(undated, key=lambda event: event.kind)
