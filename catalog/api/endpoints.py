"""The shapes that the answers of the API have: a list, and one entry."""

from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.decorators import method_decorator
from django.utils.http import http_date
from django.views.decorators.gzip import gzip_page
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.response import Response

from ..audience import Audience
from ..models.counting import bounded_count
from ..models.entry import Revealable
from ..progress import Progress
from ..renamed import by_present_slugs, led_on
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
    """Answers for a visitor, by ``answer``: nobody sees drafts here, whoever is signed in.

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

    def dressed(self, rows, audience):
        """``rows`` with all that is told of them."""
        return rows

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
        return by_present_slugs(progress)

    def _fields_asked(self):
        """The names of the fields to tell; None for all of them."""
        asked = self.request.query_params.get("fields", "")
        names = {name.strip() for name in asked.split(",")} - {""}
        known = self.get_serializer_class()().get_fields().keys()
        if unknown := sorted(names - known):
            words = f"There is no field “{unknown[0]:.60}”. Those are: {', '.join(known)}."
            raise ValidationError({"fields": [words]})
        return names or None


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


class Detail(Endpoint):
    """One entry at the path of its page; an old slug leads to the new address."""

    model = None
    redirect_model = None
    pagination_class = None

    def answer(self, request, **place):
        entry = self.dressed(self.found(**place), request.audience).first()
        if entry is not None:
            return Response(self.get_serializer(entry).data)
        response = led_on(request, self.redirect_model or self.model)
        if response is None:
            kind = self.model._meta.verbose_name
            raise NotFound(f"There is no {kind} here that is open to whoever asks.")
        return response

    def get_queryset(self):
        """Of what has a page, that which stands open."""
        rows = self.model.objects
        is_revealed = issubclass(self.model, Revealable)
        return (rows.open_to if is_revealed else rows.reached_by)(self.request.audience)

    def found(self, slug):
        return self.get_queryset().filter(slug=slug)
