"""Premieres, finales and episodes as a calendar that people subscribe to."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from .filters import CalendarFilter, Milestone
from .later import Later
from .models import Episode, Season, Series
from .models.dates import in_year
from .models.text import without_controls

icalendar = Later("icalendar")

# Of each kind, the latest.
_MOST = 1_000
_REFRESH = dt.timedelta(days=1)

# By these a season or a series is narrowed too, of which no episode is dated yet.
_OF_SERIES = {"series", "season", "year", "kind"}


@dataclass(frozen=True)
class Event:
    """What happens on ``day``; ``uid`` stays the same whatever else of it changes."""

    uid: str
    day: dt.date
    title: str
    path: str
    series: Series
    milestone: str  # "Season premiere", or "" of an episode like any other


@require_safe
def calendar(request):
    """At ``/calendar.ics``, with the parameters of ``/episodes/`` and ``kind``.

    Programs pass it on, so it is the same for everybody, whatever the visitor has told. A date
    that is only a month or a year is no day of a calendar.
    """
    request.audience = audience = request.audience.of_everybody()
    asked = request.GET.copy()
    asked.pop("sort", None)
    episodes = Episode.objects.visible_to(audience).for_calendar(audience)
    narrowed = CalendarFilter(asked, queryset=episodes, request=request)
    if not narrowed.is_valid():
        raise Http404("There is nothing like that to narrow the calendar to.")
    events = _of_episodes(narrowed) + _of_what_has_none(narrowed, audience)
    return HttpResponse(
        _written(request, narrowed, sorted(events, key=lambda event: (event.day, event.uid))),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="calendar.ics"'},
    )


calendar.parameters = frozenset(CalendarFilter.base_filters) - {"sort"}


def _of_episodes(narrowed):
    rows = narrowed.qs.order_by("-aired", "-pk")[:_MOST]
    return [
        Event(
            f"episode-{row.pk}",
            row.aired.earliest,
            f"{row.series.name} {row.code}: {row.title}",
            row.get_absolute_url(),
            row.series,
            _milestone_of(row),
        )
        for row in rows
    ]


def _milestone_of(episode):
    if episode.is_premiere:
        return "Series premiere" if episode.season.number == 1 else "Season premiere"
    if episode.is_finale:
        return "Season finale" if episode.is_followed else "Series finale"
    return ""


def _of_what_has_none(narrowed, audience):
    """The premieres of seasons and series of which no episode has a date yet."""
    chosen = narrowed.chosen
    kinds = chosen.get("kind", [Milestone.PREMIERE])
    if not chosen.keys() <= _OF_SERIES or Milestone.PREMIERE not in kinds:
        return []
    seasons = Season.objects.visible_to(audience).dated_before_episodes(audience)
    series = Series.objects.visible_to(audience).dated_before_seasons(audience)
    if "year" in chosen:
        condition = in_year("premiered", chosen["year"])
        seasons, series = seasons.filter(condition), series.filter(condition)
    if "series" in chosen:
        seasons = seasons.filter(series__in=chosen["series"])
        series = series.filter(pk__in=chosen["series"])
    if "season" in chosen:
        seasons, series = seasons.filter(number=chosen["season"]), series.none()
    return [
        Event(
            f"season-{row.pk}",
            row.premiered.earliest,
            f"{row.series.name}: {row.title}",
            row.get_absolute_url(),
            row.series,
            "Series premiere" if row.number == 1 else "Season premiere",
        )
        for row in seasons.order_by("-premiered", "-pk")[:_MOST]
    ] + [
        Event(
            f"series-{row.pk}",
            row.premiered.earliest,
            row.name,
            row.get_absolute_url(),
            row,
            "Series premiere",
        )
        for row in series.order_by("-premiered", "-pk")[:_MOST]
    ]


def _written(request, narrowed, events):
    """The ``events`` in the form of RFC 5545."""
    host = request.get_host()
    told = ", ".join(label for _, _, label in narrowed.told)
    name = without_controls(f"{settings.FRANCHISE_NAME}{f': {told}' if told else ''}")
    address = reverse("catalog:calendar") + (f"?{narrowed.query}" if narrowed.query else "")
    book = icalendar.Calendar()
    book.add("prodid", f"-//{without_controls(settings.FRANCHISE_NAME)}//catalogue//EN")
    book.add("version", "2.0")
    book.add("name", name)  # RFC 7986; the next one is what older programs read
    book.add("x-wr-calname", name)
    book.add("url", request.build_absolute_uri(address))
    book.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    for event in events:
        entry = icalendar.Event()
        entry.add("uid", f"{event.uid}@{host}")
        # The last that is known to have changed; now, it would be another file each time.
        entry.add("dtstamp", event.series.updated_at.replace(microsecond=0))
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + dt.timedelta(days=1))
        kind = f" ({event.milestone.lower()})" if event.milestone else ""
        entry.add("summary", without_controls(event.title + kind))
        entry.add("url", request.build_absolute_uri(event.path))
        categories = [event.series.name, event.milestone or "Episode"]
        entry.add("categories", [without_controls(name) for name in categories])
        entry.add("transp", "TRANSPARENT")  # the day stays free
        book.add_component(entry)
    return book.to_ical()
