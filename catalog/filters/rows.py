"""Lists that are no pages of their own: seasons, and the rows that tie people to series."""

from django.db.models import Q

from ..models import Character, Membership, Organization, Person, Portrayal
from .base import CatalogFilter
from .options import EntryFilter, OptionFilter, SeriesChoice, among, choices
from .people import CrewFilter
from .sorting import Order

_AS_ENTERED = Order(
    "Entered", "pk", "first entered first", "last entered first", ties=(), always_known=True
)


class _RowFilter(CatalogFilter):
    """Narrows by columns of the rows themselves; they have no names to search."""

    q = None
    orders = {"entered": _AS_ENTERED}
    default_sort = "entered"

    def narrow(self, rows, chosen):
        return rows.filter(*(among(name, keys) for name, keys in chosen.items()))


class SeasonFilter(_RowFilter):
    orders = {
        "series": Order(
            "Series",
            "series__sort_name",
            "A to Z",
            "Z to A",
            ties=("series", "number"),
            always_known=True,
        )
    }
    default_sort = "series"

    series = SeriesChoice()


class PortrayalFilter(_RowFilter):
    orders = {
        "entered": _AS_ENTERED,
        "billing": Order("Billing", "billing", "top of the bill first", "last first", ties=("pk",)),
    }

    series = SeriesChoice()
    person = EntryFilter("Person", Person, "person,people")
    character = EntryFilter("Character", Character, "character,characters")
    kind = OptionFilter("Kind of role", choices(Portrayal.Kind), several=True)


class CreditFilter(_RowFilter):
    series = SeriesChoice()
    person = EntryFilter("Person", Person, "person,people")
    department = CrewFilter.base_filters["department"]
    job = CrewFilter.base_filters["job"]

    def narrow(self, rows, chosen):
        paths = {"department": "job__department"}
        # Of a department and of a job one is chosen, of the others any of several.
        several = {name: keys for name, keys in chosen.items() if isinstance(keys, list)}
        one = {paths.get(name, name): chosen[name] for name in chosen.keys() - several.keys()}
        return super().narrow(rows, several).filter(Q(**one))


class MembershipFilter(_RowFilter):
    organization = EntryFilter("Organization", Organization, "organization,organizations")
    character = EntryFilter("Character", Character, "character,characters")
    standing = OptionFilter("Standing", choices(Membership.Standing), several=True)
