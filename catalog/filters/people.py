from django.db.models import Exists, F, Min, OuterRef, Q, Subquery, Value

from ..models import (
    Character,
    Credit,
    Episode,
    Job,
    Membership,
    Organization,
    Person,
    Portrayal,
)
from ..models.counting import has_any
from ..models.entry import count_of
from ..models.reach import is_seen
from ..models.statements import Statement
from .base import CatalogFilter
from .options import (
    EntryFilter,
    MatchChoice,
    Option,
    OptionFilter,
    SeriesChoice,
    among,
    choices,
    series_options,
)
from .sorting import Order, by_name

_FIRST_SERIES = "first_appearance__season__series"
MOST_FIRST = {"up": "fewest first", "down": "most first"}


def parts(audience, chosen):
    """The portrayals, each of which has all that was chosen of series, person, character, kind."""
    rows = Portrayal.objects.open_to(audience).order_by()
    asked = [name for name in ("series", "person", "character", "kind") if name in chosen]
    return rows.filter(*(among(name, chosen[name]) for name in asked))


def work(audience, chosen):
    """The credits, each of which has all that was chosen of series, person, job, department."""
    rows = Credit.objects.visible_to(audience).order_by()
    asked = [name for name in ("series", "person") if name in chosen]
    rows = rows.filter(*(among(name, chosen[name]) for name in asked))
    if "job" in chosen:
        rows = rows.filter(job=chosen["job"])
    if "department" in chosen:
        rows = rows.filter(job__department=chosen["department"])
    return rows


_JOBS = Statement(
    lambda audience: Job.objects.filter(
        Exists(Credit.objects.visible_to(audience).filter(job=OuterRef("pk")).order_by())
    ).values_list("slug", "pk", "name")
)
_ORGANIZATIONS = Statement(
    lambda audience: (
        Organization.objects.visible_to(audience)
        .order_by("sort_name", "pk")
        .values_list("slug", "pk", "name")
    )
)


def _jobs(audience):
    return [Option(*told) for told in _JOBS(audience)]


def _organizations(audience):
    return [Option(*told) for told in _ORGANIZATIONS(audience)]


class WorkChoice(OptionFilter):
    def __init__(self):
        super().__init__(
            "Work",
            lambda audience: [
                Option("acting", "acting", "In front of the camera"),
                Option("crew", "crew", "Behind the camera"),
            ],
            is_structural=True,
        )


def billing(of):
    """The best place in the titles among the parts that the list is narrowed to."""

    def best(filter_set):
        rows = parts(filter_set.request.audience, filter_set.chosen).filter(**{of: OuterRef("pk")})
        return Subquery(rows.values(of).annotate(best=Min("billing")).values("best"))

    return Order("Billing", best, "first billed first", "last billed first")


def _part_count(filter_set):
    return count_of(parts(filter_set.request.audience, filter_set.chosen), of="person")


def _credit_count(filter_set):
    return count_of(work(filter_set.request.audience, filter_set.chosen), of="person")


def _work_count(filter_set):
    return _part_count(filter_set) + _credit_count(filter_set)


def first_aired(filter_set):
    """The date of the first appearance; none where its episode is not to be seen yet."""
    reached = Episode.objects.reached_by(filter_set.request.audience)
    first = reached.filter(pk=OuterRef("first_appearance")).order_by()
    return Subquery(first.values("aired"))


def _first_seen(characters, audience):
    """Those of which it may be told where they are first seen."""
    if audience.progress is None:
        return characters
    return characters.filter(is_seen(audience, "first_appearance"))


class ActorFilter(CatalogFilter):
    orders = {
        "name": by_name(),
        "billing": billing("person"),
        "parts": Order("Number of parts", _part_count, **MOST_FIRST),
    }
    target = "person"

    series = SeriesChoice()
    match = MatchChoice()
    character = EntryFilter("Character", Character, "character,characters")
    kind = OptionFilter("Kind of role", choices(Portrayal.Kind), several=True)

    def links(self, chosen):
        return [parts(self.request.audience, chosen)]

    def ties(self, name, chosen):
        return [(parts(self.request.audience, chosen), name, "person")]


class CrewFilter(CatalogFilter):
    orders = {
        "name": by_name(),
        "credits": Order("Number of credits", _credit_count, **MOST_FIRST),
    }
    target = "person"

    series = SeriesChoice()
    match = MatchChoice()
    department = OptionFilter("Department", choices(Job.Department))
    job = OptionFilter("Job", _jobs)

    def links(self, chosen):
        return [work(self.request.audience, chosen)]

    def ties(self, name, chosen):
        path = "job__department" if name == "department" else name
        return [(work(self.request.audience, chosen), path, "person")]


class PersonFilter(CatalogFilter):
    orders = {
        "name": by_name(),
        "credits": Order("Number of credits", _work_count, **MOST_FIRST),
    }
    target = "person"

    series = SeriesChoice()
    match = MatchChoice()
    work = WorkChoice()

    def links(self, chosen):
        return self._sides(chosen) if chosen.keys() & {"series", "work"} else None

    def ties(self, name, chosen):
        return [
            (rows, "side" if name == "work" else name, "person") for rows in self._sides(chosen)
        ]

    def _sides(self, chosen):
        audience, side = self.request.audience, chosen.get("work")
        sides = {
            "acting": parts(audience, chosen).annotate(side=Value("acting")),
            "crew": work(audience, chosen).annotate(side=Value("crew")),
        }
        return [sides[side]] if side else list(sides.values())


class CharacterFilter(CatalogFilter):
    orders = {
        "name": by_name(),
        "first": Order("First appearance", first_aired, "earliest first", "latest first"),
        "billing": billing("character"),
    }
    target = "character"

    series = SeriesChoice()
    match = MatchChoice()
    person = EntryFilter("Actor", Person, "person,people")
    organization = OptionFilter("Organization", _organizations, of_entry=True)
    kind = OptionFilter("Kind of role", choices(Portrayal.Kind), several=True)
    first = OptionFilter("First seen in", series_options, of_entry=True)

    def links(self, chosen):
        if not chosen.keys() & {"series", "person", "kind"}:
            return None
        audience = self.request.audience
        if chosen.keys() & {"person", "kind"}:
            return [parts(audience, chosen)]
        # A character whose actor is not known is of the series where it is first seen.
        return [parts(audience, chosen), self._first_seen_in(chosen["series"])]

    def ties(self, name, chosen):
        if name == "organization":
            return [(self._memberships(), "organization", "character")]
        if name == "first":
            return [(_first_seen(self.queryset, self.request.audience), _FIRST_SERIES, "pk")]
        ties = [(parts(self.request.audience, chosen), name, "character")]
        if name == "series" and not chosen.keys() & {"person", "kind"}:
            rows = _first_seen(self.queryset, self.request.audience)
            ties.append((rows, _FIRST_SERIES, "pk"))
        return ties

    def conditions(self, chosen, to_entry):
        conditions = []
        if "organization" in chosen:
            members = self._memberships().filter(organization=chosen["organization"])
            conditions.append(Q(**{f"{to_entry}pk__in": members.values("character")}))
        if "first" in chosen:
            conditions.append(Q(**{f"{to_entry}{_FIRST_SERIES}": chosen["first"]}))
            if self.request.audience.progress is not None:
                conditions.append(is_seen(self.request.audience, f"{to_entry}first_appearance"))
        return conditions

    def _memberships(self):
        return Membership.objects.open_to(self.request.audience).order_by()

    def _first_seen_in(self, series):
        audience = self.request.audience
        rows = _first_seen(Character.objects.visible_to(audience).order_by(), audience)
        rows = rows.filter(among(_FIRST_SERIES, series))
        return rows.annotate(character=F("pk"))


class OrganizationFilter(CatalogFilter):
    orders = {
        "name": by_name(),
        "members": Order(
            "Number of members",
            lambda filter_set: count_of(
                Membership.objects.open_to(filter_set.request.audience),
                of="organization",
            ),
            **MOST_FIRST,
        ),
    }

    series = SeriesChoice()

    def narrow(self, rows, chosen):
        if "series" not in chosen:
            return rows
        audience = self.request.audience
        members = Membership.objects.open_to(audience).filter(organization=OuterRef("pk"))
        seen = parts(audience, chosen).filter(character=OuterRef("character"))
        # Few are members and many play a part: a member's own parts are looked at, and of an
        # organization no more members than until one is found.
        seen_members = members.filter(has_any(seen, "character")).order_by()
        return rows.filter(has_any(seen_members, "organization"))

    def ties(self, name, chosen):
        members = Membership.objects.open_to(self.request.audience).order_by()
        rows = parts(self.request.audience, chosen).filter(
            character__memberships__in=members.values("pk")
        )
        return [(rows, "series", "character__memberships__organization")]
