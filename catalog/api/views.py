"""The addresses of the API: a list of each kind, and each entry of it."""

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.decorators import method_decorator
from django.utils.http import http_date
from django.views.decorators.gzip import gzip_page
from rest_framework import serializers as drf
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response

from .. import filters, models
from ..audience import Audience
from ..models.counting import bounded_count
from ..models.entry import Revealable
from ..progress import Progress
from . import serializers
from .freshness import State
from .pagination import CursorPages
from .schema import parameters_of

# What every address takes.
_COMMON = frozenset({"progress", "fields"})

# Of what is not known, so much is told.
_MOST_TOLD = 5

# What pages elsewhere may read of an answer, beside its body.
_EXPOSED = "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After"


class AlwaysJson(DefaultContentNegotiation):
    """JSON whatever a client prefers: there is nothing else."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


# There is nothing secret in an answer that somebody could find out by its packed size.
@method_decorator(gzip_page, name="dispatch")
class Endpoint(GenericAPIView):
    """Answers for a visitor: nobody sees drafts here, whoever is signed in.

    How far one has come is told by the cookie of the pages, or by ``?progress=``; what is folded
    on the pages of someone who has told nothing is left out.
    """

    content_negotiation_class = AlwaysJson
    parameters = None  # these answers depend on who asks: they are throttled, and so not kept
    known = _COMMON

    def get(self, request, *args, **kwargs):
        self._read(request)
        state = State(request, str(self.told or ""))
        # A star means whatever there is; whether there is anything is to be found out first.
        is_star = request.headers.get("If-None-Match", "").strip() == "*"
        answer = None if is_star else self._unless_new(state)
        if answer is None or answer.status_code != 304:
            answer = self._unless_new(state, self.answer(request, *args, **kwargs))
        if answer.status_code in {200, 304}:
            answer["ETag"] = state.etag
            if state.last_modified is not None:
                answer["Last-Modified"] = http_date(state.last_modified)
        return answer

    def _unless_new(self, state, answer=None):
        """``answer``, or what tells a client that it has it already."""
        return get_conditional_response(self.request, state.etag, state.last_modified, answer)

    def options(self, request, *args, **kwargs):
        """What browsers ask before a script may send more than a plain request."""
        return Response(status=204)

    def check_throttles(self, request):
        self.throttles = self.get_throttles()
        for throttle in self.throttles:
            if not throttle.allow_request(request, self):
                self.throttled(request, throttle.wait())

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = _EXPOSED
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
            response["Access-Control-Max-Age"] = "86400"
        for throttle in getattr(self, "throttles", ()):
            for name, value in throttle.headers().items():
                response[name] = value
        if response.status_code in {200, 304}:
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
        else:
            patch_cache_control(response, no_store=True)
        return response

    def answer(self, request, *args, **kwargs):
        raise NotImplementedError

    def get_serializer_context(self):
        # For the schema, nobody asks.
        return {**super().get_serializer_context(), "fields": getattr(self, "fields_asked", None)}

    def _read(self, request):
        """What the address tells beside the entry or the list."""
        self._require_known(request.query_params)
        self.told = self._progress()
        moment = request.audience.moment
        request.audience = Audience(progress=self.told, moment=moment)
        self.fields_asked = self._fields_asked()

    def _require_known(self, asked):
        unknown = sorted(asked.keys() - self.known)
        if unknown:
            names = ", ".join(sorted(self.known))
            raise ValidationError(
                {
                    name: [f"There is no parameter “{name:.60}” here. There are: {names}."]
                    for name in unknown[:_MOST_TOLD]
                }
            )

    def _progress(self):
        """What the address tells, else what the visitor's cookie does."""
        asked = self.request.query_params.get("progress")
        if asked is None:
            return self.request.audience.told
        try:
            progress = Progress.parse(asked)
        except ValueError as error:
            words = f"{error} Write “bosch.3.4~ballard.all”, or “none”."
            raise ValidationError({"progress": [words]}) from None
        slugs = [slug for slug, _ in progress.places]
        return progress.renamed(models.Redirect.objects.renamed(models.Series, slugs))

    def _fields_asked(self):
        """The names of the fields to tell; None for all of them."""
        asked = self.request.query_params.get("fields", "")
        names = {name.strip() for name in asked.split(",")} - {""}
        known = self.get_serializer_class()().get_fields().keys()
        if unknown := sorted(names - known):
            words = f"There is no field “{unknown[0]:.60}”. Those are: {', '.join(known)}."
            raise ValidationError({"fields": [words]})
        return names or None


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


class AsOnPages(BaseFilterBackend):
    """Narrows a list by the filter set of its page."""

    def filter_queryset(self, request, queryset, view):
        if view.filterset_class is None:
            view.filterset, view.count = None, _told(bounded_count(queryset))
            return queryset
        found = view.filterset = view.filterset_class(
            request.query_params, queryset=queryset, request=request
        )
        if not found.is_valid():
            raise ValidationError(found.errors)
        view.count = _told(found.count)
        return found.qs

    def get_schema_operation_parameters(self, view):
        return parameters_of(view.filterset_class)


def _told(count):
    return None if count.is_more else int(count)


class List(Endpoint):
    """A kind states ``model``, ``filterset_class``, and ``dressed`` rows with all they tell."""

    model = None
    filterset_class = None
    filter_backends = [AsOnPages]
    pagination_class = CursorPages
    is_list = True

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        own = cls.filterset_class.base_filters if cls.filterset_class else ()
        cls.known = _COMMON | {"cursor", "limit", *own}

    def answer(self, request):
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def get_queryset(self):
        """Of what is visible, that which stands open."""
        rows = self.model.objects
        is_revealed = issubclass(self.model, Revealable)
        return (rows.open_to if is_revealed else rows.visible_to)(self.request.audience)

    def rows_of(self, keys):
        return self.dressed(self.get_queryset(), self.request.audience).filter(pk__in=keys)

    def dressed(self, rows, audience):
        return rows


class Detail(Endpoint):
    """One entry at the path of its page; an old slug leads to the new address."""

    model = None
    redirect_model = None
    pagination_class = None

    def answer(self, request, **place):
        rows = self.dressed(self.found(**place), request.audience)
        entry = rows.first()
        if entry is None:
            return self._renamed(**place)
        return Response(self.get_serializer(entry).data)

    def get_queryset(self):
        rows = self.model.objects.reached_by(self.request.audience)
        if issubclass(self.model, Revealable) and self.request.audience.folds:
            return rows.filter(revealed_in=None)
        return rows

    def found(self, slug):
        return self.get_queryset().filter(slug=slug)

    def dressed(self, rows, audience):
        return rows

    def _renamed(self, slug, **place):
        entry = models.Redirect.objects.target_of(self.redirect_model or self.model, slug)
        shown = None if entry is None or entry.slug == slug else self.request.audience.shown(entry)
        if shown is None:
            kind = self.model._meta.verbose_name
            raise NotFound(f"There is no {kind} here that is open to whoever asks.")
        name = self.request.resolver_match.view_name
        address = reverse(name, kwargs={"slug": shown.slug, **place})
        query = self.request.query_params.urlencode()
        response = redirect(f"{address}?{query}" if query else address, permanent=True)
        # Clients would keep it for good; the slug may be used again, or a merge undone.
        patch_cache_control(response, no_cache=True)
        return response


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
