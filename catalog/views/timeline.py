from django.utils.http import urlencode
from django.views.generic import TemplateView

from ..filters import TimelineFilter
from ..models import Announcement, Season, Series, SeriesLink
from ..models.statements import Statement
from ..timeline import Timeline
from .base import Described

# More would be neither legible as a drawing nor as a list; the news have a list of their own.
MOST_SERIES = 40
_MOST_SEASONS = 1_000
_MOST_LINKS = 200
_MOST_NEWS = 200

_SERIES = Statement(
    lambda audience: Series.objects.visible_to(audience).in_release_order()[:MOST_SERIES]
)
_SEASONS = Statement(
    lambda audience, series: Season.objects.visible_to(audience).for_timeline(audience, series)[
        :_MOST_SEASONS
    ]
)
_LINKS = Statement(
    lambda audience, series: SeriesLink.objects.visible_to(audience).for_timeline(series)[
        :_MOST_LINKS
    ]
)


def timeline_of(audience, series=None, news=()):
    """The timeline of ``series``, visible rows in their order; of all of them when it is None.

    Three statements, two with ``series``.
    """
    series = _SERIES(audience) if series is None else list(series)[:MOST_SERIES]
    keys = [each.pk for each in series]
    seasons, links = _SEASONS(audience, series=keys), _LINKS(audience, series=keys)
    by_key = {each.pk: each for each in series}
    for season in seasons:
        season.series = by_key[season.series_id]
    return Timeline(audience, series, seasons, links, list(news))


class TimelinePage(Described, TemplateView):
    """Every series, or some of them, with their news: drawn, and told as a list or a table."""

    template_name = "catalog/timeline.html"
    heading = "Timeline"
    parameters = frozenset(TimelineFilter.base_filters)

    def get_context_data(self, **kwargs):
        audience = self.request.audience
        rows = Series.objects.visible_to(audience)
        found = TimelineFilter(self.request.GET, queryset=rows, request=self.request)
        is_valid = found.is_valid()
        chosen = [option.key for option in found.chosen_series]
        options = found.filters["series"].field.options
        shown = chosen or [option.key for option in options]
        offered = [*options[:MOST_SERIES], *(o for o in options[MOST_SERIES:] if o.chosen)]
        timeline = self._timeline(shown[:MOST_SERIES], chosen) if is_valid else None
        return super().get_context_data(
            heading=self.heading,
            filter=found,
            timeline=timeline,
            options=offered,
            is_narrowed=bool(chosen) or not is_valid,
            left_out=max(0, len(shown) - MOST_SERIES),
            has_all_seasons=timeline is None or len(timeline.seasons) < _MOST_SEASONS,
            has_all_news=timeline is None or len(timeline.news) < _MOST_NEWS,
            list_address=self._address(chosen=found.chosen_series),
            table_address=self._address(chosen=found.chosen_series, view="table"),
            canonical_address=self.request.build_absolute_uri(self.request.path),
            **kwargs,
        )

    def _timeline(self, shown, chosen):
        audience = self.request.audience
        series = Series.objects.visible_to(audience).in_release_order().filter(pk__in=shown)
        news = Announcement.objects.visible_to(audience)
        news = news.for_timeline(audience, series=chosen or None)[:_MOST_NEWS]
        return timeline_of(audience, series, news)

    def _address(self, chosen, view=None):
        told = [("series", option.value) for option in chosen]
        told += [("view", view)] if view else []
        return f"{self.request.path}?{urlencode(told)}" if told else self.request.path
