"""The filters of those who are in two or more series."""

from django.db.models import Case, CharField, Value, When
from django.utils.functional import cached_property

from ..models import Character, Person, Portrayal
from ..models.crossovers import (
    character_crosses_over,
    characters_crossing_over,
    is_recast,
    person_crosses_over,
    series_of_character,
    series_of_person,
)
from .base import CatalogFilter
from .options import EntryFilter, MatchChoice, Option, OptionFilter, SeriesChoice, choices
from .people import MOST_FIRST, WorkChoice, billing, first_aired, parts, work
from .sorting import Order, by_name

_RECAST = "recast"

# What only a part has.
_OF_PARTS = {"character", "kind"}


def _by_series(count):
    """In how many series, all that ``count`` finds: what is chosen does not make it fewer."""
    return Order(
        "Number of series", lambda filter_set: count(filter_set.request.audience), **MOST_FIRST
    )


class CrossoverFilter(CatalogFilter):
    """Each entry is asked whether it crosses over, which costs more than to read it.

    So a list is counted less far than others, and the longest of them are sorted by name: to sort
    by the number of series, each of them has to be counted.
    """

    is_part = True
    is_costly = True
    most_rows = 2_000

    series = SeriesChoice()
    match = MatchChoice()

    @property
    def default_sort(self):
        return "name" if self._is_long else "-series"

    @cached_property
    def _is_long(self):
        """Whether there are more in all than are counted, whatever this list is narrowed to."""
        if self.count.is_more or not self.chosen:
            return self.count.is_more
        return self.count_of({}, self.most_counted).is_more


class CharacterCrossoverFilter(CrossoverFilter):
    orders = {
        "series": _by_series(series_of_character),
        "name": by_name(),
        "first": Order("First appearance", first_aired, "earliest first", "latest first"),
        "billing": billing("character"),
    }
    target = "character"

    person = EntryFilter("Actor", Person, "person,people")
    kind = OptionFilter("Kind of role", choices(Portrayal.Kind), several=True)
    recast = OptionFilter(
        "Casting",
        lambda audience: [Option(_RECAST, _RECAST, "Recast")],
        several=True,
        of_entry=True,
    )

    @property
    def columns(self):
        is_so = When(is_recast(self.request.audience), then=Value(_RECAST))
        return {"recast": Case(is_so, output_field=CharField())}

    def links(self, chosen):
        is_asked = chosen.keys() & {"series", "person", "kind"}
        return [parts(self.request.audience, chosen)] if is_asked else None

    def untied(self, chosen):
        return super().untied(chosen) if chosen else characters_crossing_over(self.request.audience)

    def ties(self, name, chosen):
        if name in self.columns:
            return super().ties(name, chosen)
        return [(parts(self.request.audience, chosen), name, "character")]

    def conditions(self, chosen, to_entry):
        audience, path = self.request.audience, f"{to_entry}pk"
        conditions = [character_crosses_over(audience, path)]
        if "recast" in chosen:
            conditions.append(is_recast(audience, path))
        return conditions


class PersonCrossoverFilter(CrossoverFilter):
    orders = {
        "series": _by_series(series_of_person),
        "name": by_name(),
        "billing": billing("person"),
    }
    target = "person"

    work = WorkChoice()
    character = EntryFilter("Character", Character, "character,characters")
    kind = OptionFilter("Kind of role", choices(Portrayal.Kind), several=True)

    def links(self, chosen):
        is_asked = chosen.keys() & {"series", "work", "character", "kind"}
        return list(self._sides(chosen).values()) if is_asked else None

    def ties(self, name, chosen):
        sides = self._sides(chosen)
        if name in _OF_PARTS:
            return [(sides["acting"], name, "person")]
        return [(rows, "side" if name == "work" else name, "person") for rows in sides.values()]

    def conditions(self, chosen, to_entry):
        return [person_crosses_over(self.request.audience, f"{to_entry}pk")]

    def _sides(self, chosen):
        """The parts and the crew work that have all that was chosen."""
        audience, side = self.request.audience, chosen.get("work")
        acting = parts(audience, chosen).annotate(side=Value("acting"))
        crew = work(audience, chosen).annotate(side=Value("crew"))
        if side == "crew":
            acting = acting.none()
        if side == "acting" or chosen.keys() & _OF_PARTS:
            crew = crew.none()
        return {"acting": acting, "crew": crew}
