"""A page that follows a watch order: its place there, and what comes before and after it.

The pages of seasons and episodes take ``?order=<slug>``. An order is then a row of places, each a
season or a single episode: a step of a series is one for each of its seasons. What is in an order
twice counts at its first place, but an episode with a step of its own counts there.

The page of a series with a step of its own takes it too, and hands it on to its seasons; it is no
stop on the way.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.http import urlencode

from ..models import Episode, Redirect, Season, Series, WatchOrder, WatchStep

PARAMETER = "order"
STEPS_ON_A_PAGE = 200

_SLUG = re.compile(r"[-\w]{1,110}", re.ASCII)


@dataclass(frozen=True)
class Following:
    """How a page of ``series``, or of a part of it, stands in ``order``.

    ``beside`` has what is "previous" and what is "next": a season, an episode or None. The page of
    the series itself has nothing beside it.
    """

    order: WatchOrder
    series: Series
    step: int
    steps: int
    beside: dict

    @property
    def parameters(self) -> dict:
        """What the links of the page carry on."""
        return {PARAMETER: self.order.slug}

    @property
    def query(self) -> str:
        return f"?{urlencode(self.parameters)}"

    @property
    def address(self) -> str:
        """The page of the order, at this step."""
        return address_of_step(self.order, self.step)


def address_of_step(order, number: int) -> str:
    """That of the page of ``order`` on which the step stands, at the step."""
    page = (number - 1) // STEPS_ON_A_PAGE + 1
    turned = f"?steps={page}" if page > 1 else ""
    return f"{order.get_absolute_url()}{turned}#step-{number}"


class Place(NamedTuple):
    """A whole season, or one episode of it; keys only."""

    season: int
    episode: int | None = None


def followed(request, season, episode=None) -> Following | None:
    """How the page of ``season``, or of its ``episode``, follows the order that its address names.

    None where the address names no order that the audience may see, or one without this page.
    """
    order = _order_named(request)
    if order is None:
        return None
    route = _Route(order, request.audience)
    place = route.place_of(season, episode)
    if place is None:
        return None
    beside = route.beside_episode(place, episode) if episode else route.beside_season(place)
    return Following(order, season.series, route.steps[place], route.number_of_steps, beside)


def followed_at(request, series) -> Following | None:
    """The same for the page of ``series``; None also for an order without a step for all of it."""
    order = _order_named(request)
    if order is None:
        return None
    route = _Route(order, request.audience)
    step = route.steps_of_series.get(series.pk)
    return step and Following(order, series, step, route.number_of_steps, {})


def _order_named(request):
    slug = request.GET.get(PARAMETER, "")
    if not _SLUG.fullmatch(slug):
        return None
    order = WatchOrder.objects.visible_to(request.audience).at(slug).first()
    return order or request.audience.shown(Redirect.objects.target_of(WatchOrder, slug))


class _Route:
    """The places of an order as ``audience`` may see it; ``steps`` has the number of each.

    ``steps_of_series`` has the number of the first step of each series that has one, by its key.
    """

    def __init__(self, order, audience):
        self.seasons = Season.objects.visible_to(audience)
        self.episodes = Episode.objects.visible_to(audience)
        self.steps_of_series = {}
        if order.is_by_release:
            keys = self.seasons.by_release(audience, order).values_list("pk", flat=True)
            self.steps = {Place(key): number for number, key in enumerate(keys, start=1)}
            self.number_of_steps = len(self.steps)
        else:
            self._read(WatchStep.objects.visible_to(audience).places(order))
        self.places = list(self.steps)
        self.single = {place.episode for place in self.places if place.episode}

    def _read(self, rows):
        self.steps, numbers = {}, {}
        for step, season, episode, season_of_episode, series, season_of_series in rows:
            number = numbers.setdefault(step, len(numbers) + 1)
            if series:
                self.steps_of_series.setdefault(series, number)
            # A series without seasons stands for nothing yet.
            if key := season or season_of_episode or season_of_series:
                self.steps.setdefault(Place(key, episode), number)
        self.number_of_steps = len(numbers)

    def place_of(self, season, episode=None):
        """The place of a season or of an episode; None where it has none."""
        own = Place(season.pk, episode.pk) if episode else None
        return next((place for place in (own, Place(season.pk)) if place in self.steps), None)

    def beside_season(self, place):
        """The places beside that of a season, as rows."""
        before, after = self._beside(place)
        near = [each for each in (before, after) if each]
        seasons = self.seasons.in_bulk([each.season for each in near if not each.episode])
        episodes = self.episodes.in_bulk([each.episode for each in near if each.episode])
        rows = {
            each: episodes.get(each.episode) if each.episode else seasons.get(each.season)
            for each in near
        }
        return {"previous": rows.get(before), "next": rows.get(after)}

    def beside_episode(self, place, episode):
        """The nearest episodes at its place, else at the places beside it.

        A season that has no episodes yet stands for itself.
        """
        before, after = self._beside(place)
        own = self._episodes_at(place)
        wanted = [
            own.filter(number__lt=episode.number).order_by("-number"),
            own.filter(number__gt=episode.number).order_by("number"),
        ]
        if before:
            wanted.append(self._episodes_at(before).order_by("-number"))
        if after:
            wanted.append(self._episodes_at(after).order_by("number"))
        rows = sorted(self.episodes.first_of_each(wanted), key=self._turn)
        earlier = [row for row in rows if self._turn(row) < self._turn(episode)]
        later = [row for row in rows if self._turn(row) > self._turn(episode)]
        empty = [
            each.season for each, found in ((before, earlier), (after, later)) if each and not found
        ]
        seasons = self.seasons.in_bulk(empty)
        return {
            "previous": earlier[-1] if earlier else before and seasons.get(before.season),
            "next": later[0] if later else after and seasons.get(after.season),
        }

    def _beside(self, place):
        at = self.places.index(place)
        before = self.places[at - 1] if at else None
        after = self.places[at + 1] if at + 1 < len(self.places) else None
        return before, after

    def _episodes_at(self, place):
        if place.episode:
            return self.episodes.filter(pk=place.episode)
        return self.episodes.filter(season=place.season).exclude(pk__in=self.single)

    def _turn(self, episode):
        """What episodes of the order sort by."""
        return self.places.index(self.place_of(episode.season, episode)), episode.number
