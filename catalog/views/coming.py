"""What is next: series, seasons and episodes that are still to be shown."""

from dataclasses import dataclass

from ..models import Episode, PartialDate, Season, Series
from ..models.statements import Statement

_MOST = 6

_SEASONS = Statement(lambda audience: Season.objects.visible_to(audience).coming(audience)[:_MOST])
_EPISODES = Statement(
    lambda audience: Episode.objects.visible_to(audience).coming(audience)[: _MOST * 4]
)
_SERIES = Statement(lambda audience: Series.objects.visible_to(audience).coming(audience)[:_MOST])


@dataclass(frozen=True)
class Coming:
    """One thing that is to come; ``date`` is None while none is announced."""

    series: Series
    title: str
    address: str
    date: PartialDate | None


def coming(audience) -> list[Coming]:
    """What ``audience`` may look forward to: dated things in their order, then the undated.

    Of a series that is running it is the next episode, else its next season; of one that has
    none yet the series itself.
    """
    seasons = _SEASONS(audience)
    found = [
        Coming(season.series, season.title, season.get_absolute_url(), season.premiered)
        for season in seasons
    ]
    told = {season.series_id for season in seasons if season.premiered}
    for episode in _EPISODES(audience):
        if episode.season.series_id not in told:
            told.add(episode.season.series_id)
            title = f"{episode.code} {episode.title}"
            found.append(Coming(episode.series, title, episode.get_absolute_url(), episode.aired))
    found += [
        Coming(series, series.told_status, series.get_absolute_url(), series.premiered)
        for series in _SERIES(audience)
    ]
    return sorted(found, key=_as_they_come)[:_MOST]


def _as_they_come(thing):
    # With "~" behind it a year comes after the days in it.
    return thing.date is None, f"{thing.date.iso}~" if thing.date else "", thing.series.sort_name


def next_to_see(audience) -> list[Episode]:
    """Where to go on: the next episode of each series that was started and is not at its end."""
    if audience.progress is None or not audience.told_places:
        return []
    started = [series.pk for series, _ in audience.told_places]
    unseen = Episode.objects.visible_to(audience).filter(season__series__in=started)
    return list(unseen.exclude(aired__gt=audience.today).next_to_see().in_release_order()[:_MOST])
