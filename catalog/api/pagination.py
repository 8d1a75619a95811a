"""Pages of a list that are found by where the last one ended, so that none is slow for being far.

A cursor holds the values that its order has at the end of a page. It is signed: nobody can hand in
values that a statement was not made for.
"""

from django.core import signing
from django.db.models import F, OrderBy, Q
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from ..models import PartialDate

LIMIT, MOST = 25, 100
_SIGNER = signing.Signer(salt="catalog.api.cursor")
_UNREADABLE = "This cursor was not given out for this list: start without one."
_LIMITS = f"Ask for 1 to {MOST} at a time."


class Keyset:
    """The ``rows`` of an ordered queryset as places in its order: (key, *values of its terms)."""

    def __init__(self, rows):
        self._terms = [_as_order(term) for term in rows.query.order_by]
        names = {f"place_{number}": it.expression for number, it in enumerate(self._terms)}
        self._names = [*names]
        self._rows = rows.annotate(**names)

    def after(self, values, most, *, backwards=False) -> list:
        """``most`` places behind the one with ``values``; None stands before all.

        Backwards, those before it, the nearest first; there None stands behind all.
        """
        terms = [_turned(term) for term in self._terms] if backwards else self._terms
        order = [
            OrderBy(F(name), it.descending, it.nulls_first, it.nulls_last)
            for name, it in zip(self._names, terms, strict=True)
        ]
        rows = self._rows.order_by(*order)
        if values is not None:
            if len(values) != len(terms):
                raise ValueError("These are values of another order.")
            rows = rows.filter(self._is_behind(terms, values))
        return list(rows.values_list("pk", *self._names)[:most])

    def _is_behind(self, terms, values):
        behind, same = Q(pk__in=[]), Q()
        for name, term, value in zip(self._names, terms, values, strict=True):
            behind |= same & _behind(name, term, value)
            same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        first, value = terms[0], values[0]
        if value is not None and not first.nulls_last:
            # Says nothing new, but this much an index can look up.
            behind &= Q(**{f"{self._names[0]}__{'lte' if first.descending else 'gte'}": value})
        return behind


def _as_order(term):
    if isinstance(term, OrderBy):
        return term
    if term.startswith("-"):
        return F(term.removeprefix("-")).desc()
    return F(term).asc()


def _turned(term):
    """The same order backwards."""
    turned = OrderBy(term.expression, descending=not term.descending)
    turned.nulls_first, turned.nulls_last = term.nulls_last, term.nulls_first
    return turned


def _behind(name, term, value):
    """The condition that a row comes behind ``value`` by this term alone."""
    if value is None:
        return Q(**{f"{name}__isnull": False}) if term.nulls_first else Q(pk__in=[])
    behind = Q(**{f"{name}__{'lt' if term.descending else 'gt'}": value})
    return behind | Q(**{f"{name}__isnull": True}) if term.nulls_last else behind


class CursorPages(BasePagination):
    """``?limit=`` entries, and the addresses of the next and the previous ones.

    A view gives ``rows_of(keys)``, the rows of a page in no order.
    """

    def paginate_queryset(self, queryset, request, view=None):
        self.request, self.count = request, view.count
        self.order = getattr(view.filterset, "sorted_by", "")
        limit = self._limit(request.query_params.get("limit"))
        values, backwards = self._cursor(request.query_params.get("cursor"))
        keyset = Keyset(queryset)
        try:
            places = keyset.after(values, limit + 1, backwards=backwards)
        except ValueError:
            raise ValidationError({"cursor": [_UNREADABLE]}) from None
        has_more, places = len(places) > limit, places[:limit]
        if backwards:
            places.reverse()
        self.next = self.previous = None
        if places:
            if has_more or backwards:
                self.next = self._address(places[-1], backwards=False)
            if has_more if backwards else values is not None:
                self.previous = self._address(places[0], backwards=True)
        rows = {row.pk: row for row in view.rows_of([key for key, *_ in places])}
        return [rows[key] for key, *_ in places if key in rows]

    def get_paginated_response(self, data):
        return Response(
            {"count": self.count, "next": self.next, "previous": self.previous, "results": data}
        )

    def get_paginated_response_schema(self, schema):
        address = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {
                    "type": ["integer", "null"],
                    "description": "How many there are on all pages; null where they are more "
                    "than are counted.",
                },
                "next": address,
                "previous": address,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view):
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Where a page starts: as `next` and `previous` have it.",
                "schema": {"type": "string"},
            },
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "description": "How many entries a page has.",
                "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
            },
        ]

    @staticmethod
    def _limit(asked):
        if asked is None:
            return LIMIT
        is_number = asked.isascii() and asked.isdigit() and len(asked) < 6
        if not is_number or not 1 <= int(asked) <= MOST:
            raise ValidationError({"limit": [_LIMITS]})
        return int(asked)

    def _cursor(self, asked):
        """(values, whether it leads backwards)"""
        if asked is None:
            return None, False
        try:
            order, backwards, values = _SIGNER.unsign_object(asked)
        except signing.BadSignature:
            raise ValidationError({"cursor": [_UNREADABLE]}) from None
        if order != [self.request.path, self.order]:
            raise ValidationError({"cursor": [_UNREADABLE]})
        return values, backwards

    def _address(self, place, *, backwards):
        _, *values = place
        plain = [value.iso if isinstance(value, PartialDate) else value for value in values]
        cursor = _SIGNER.sign_object([[self.request.path, self.order], backwards, plain])
        address = remove_query_param(self.request.build_absolute_uri(), "cursor")
        return replace_query_param(address, "cursor", cursor)
