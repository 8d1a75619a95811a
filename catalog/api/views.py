"""The addresses of the API: a list of each kind, and each entry of it."""

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers as drf
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from .. import filters, models
from . import serializers
from .endpoints import Detail, Endpoint, List


class Root(Endpoint):
    """Where everything else is found."""

    pagination_class = None
    serializer_class = serializers.Root

    def answer(self, request):
        addresses = {name: reverse(f"catalog:api:{name}") for name in LISTS}
        told = {
            "name": settings.FRANCHISE_NAME,
            "lists": {name: request.build_absolute_uri(path) for name, path in addresses.items()},
        }
        return Response(self.get_serializer(told).data)


class Nowhere(Endpoint):
    """Whatever else is asked for below the root."""

    schema = None
    pagination_class = None
    serializer_class = drf.Serializer

    def get(self, request, *args, **kwargs):
        raise NotFound(f"There is nothing here; see {reverse('catalog:api:docs')}.")


# The kinds ---------------------------------------------------------------------------------------


class _Series:
    model = models.Series

    def dressed(self, rows, audience):
        return rows.for_detail(audience)


class SeriesList(_Series, List):
    """Series, as they premiered."""

    filterset_class = filters.SeriesFilter
    serializer_class = serializers.Series


class SeriesDetail(_Series, Detail):
    """A series with its seasons, and how it hangs together with others."""

    serializer_class = serializers.SeriesDetail


class _Seasons:
    model = models.Season

    def dressed(self, rows, audience):
        return rows.for_series(audience).select_related("series__network")


class SeasonList(_Seasons, List):
    """Seasons, series by series."""

    filterset_class = filters.SeasonFilter
    serializer_class = serializers.Season


class SeasonDetail(_Seasons, Detail):
    """A season. Its episodes: `/episodes/?series=…&season=…`."""

    redirect_model = models.Series
    serializer_class = serializers.SeasonDetail

    def found(self, slug, number):
        return self.get_queryset().at(slug, number)


class EpisodeList(List):
    """Episodes, as they were first shown."""

    model = models.Episode
    filterset_class = filters.EpisodeFilter
    serializer_class = serializers.Episode


class EpisodeDetail(Detail):
    """An episode. Of one that is still to be seen, by the progress that is told, there is none."""

    model = models.Episode
    redirect_model = models.Series
    serializer_class = serializers.EpisodeDetail

    def found(self, slug, season, number):
        return self.get_queryset().at(slug, season, number)


class _Characters:
    model = models.Character

    def dressed(self, rows, audience):
        return rows.for_list(audience).for_detail()


class CharacterList(_Characters, List):
    """Characters, with who plays them."""

    filterset_class = filters.CharacterFilter
    serializer_class = serializers.Character


class CharacterDetail(_Characters, Detail):
    """A character with relationships, memberships, and what happens as far as that stands open."""

    serializer_class = serializers.CharacterDetail


class PersonList(List):
    """People in front of the camera and behind it."""

    model = models.Person
    filterset_class = filters.PersonFilter
    serializer_class = serializers.Person

    def dressed(self, rows, audience):
        return rows.select_related("image")


class ActorList(PersonList):
    """People with a part."""

    filterset_class = filters.ActorFilter


class CrewList(PersonList):
    """People who make the series."""

    filterset_class = filters.CrewFilter


class PersonDetail(Detail):
    """A person. Parts and crew work: `/portrayals/?person=…`, `/credits/?person=…`."""

    model = models.Person
    serializer_class = serializers.PersonDetail

    def dressed(self, rows, audience):
        return rows.for_detail()


class _Organizations:
    model = models.Organization

    def dressed(self, rows, audience):
        return rows.for_list(audience).for_detail()


class OrganizationList(_Organizations, List):
    """Organizations within the story."""

    filterset_class = filters.OrganizationFilter
    serializer_class = serializers.Organization


class OrganizationDetail(_Organizations, Detail):
    """An organization with its divisions. Its members: `/memberships/?organization=…`."""

    serializer_class = serializers.OrganizationDetail


class _News:
    model = models.Announcement

    def dressed(self, rows, audience):
        return rows.for_detail(audience)


class NewsList(_News, List):
    """News, the latest first."""

    filterset_class = filters.AnnouncementFilter
    serializer_class = serializers.News


class NewsDetail(_News, Detail):
    """An item of the news."""

    serializer_class = serializers.NewsDetail


class _WatchOrders:
    model = models.WatchOrder

    def dressed(self, rows, audience):
        return rows.with_tally(audience)


class WatchOrderList(_WatchOrders, List):
    """Orders in which to watch."""

    serializer_class = serializers.WatchOrder

    def get_queryset(self):
        return super().get_queryset().in_rank()


class WatchOrderDetail(_WatchOrders, Detail):
    """An order in which to watch, with its steps."""

    serializer_class = serializers.WatchOrderDetail


class PortrayalList(List):
    """Who plays whom in which series."""

    model = models.Portrayal
    filterset_class = filters.PortrayalFilter
    serializer_class = serializers.Portrayal

    def dressed(self, rows, audience):
        return rows.with_names().with_span(audience)


class CreditList(List):
    """Who did which work behind the camera."""

    model = models.Credit
    filterset_class = filters.CreditFilter
    serializer_class = serializers.Credit

    def dressed(self, rows, audience):
        return rows.in_order()


class MembershipList(List):
    """Who belongs to which organization."""

    model = models.Membership
    filterset_class = filters.MembershipFilter
    serializer_class = serializers.Membership

    def dressed(self, rows, audience):
        return rows.select_related("organization", "character")


# As the root names them.
LISTS = {
    "series": SeriesList,
    "seasons": SeasonList,
    "episodes": EpisodeList,
    "characters": CharacterList,
    "people": PersonList,
    "actors": ActorList,
    "crew": CrewList,
    "organizations": OrganizationList,
    "news": NewsList,
    "watch-orders": WatchOrderList,
    "portrayals": PortrayalList,
    "credits": CreditList,
    "memberships": MembershipList,
}
