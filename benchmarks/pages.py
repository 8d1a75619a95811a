"""The pages whose times are compared, for the catalogue that is in the database."""

from collections import Counter
from math import ceil
from urllib.parse import urlencode

from catalog.audience import visitor
from catalog.importers.made_up.people import SHARED_NAME
from catalog.importers.made_up.words import GIVEN_NAMES
from catalog.models import Credit, Person, Portrayal, Series
from catalog.views import PersonList

# A surname that the same few have at every size, one of twenty given names, and a word of nearly
# every biography.
RARE = SHARED_NAME.split()[-1].lower()
COMMON = GIVEN_NAMES[0].lower()
IN_EVERY_TEXT = "television"

_DEEP = 200


def pages():
    """(label, address) of each; the labels are the same for every size."""
    facts = _Facts()
    first, second = facts.series
    both = [("series", first), ("series", second), ("match", "all")]
    yield from [(f"{path[1:-1].capitalize()}, first page", path) for path in _LISTS]
    yield "Crossovers, first page", "/crossovers/"
    yield "Crossovers of people, first page", "/crossovers/people/"
    yield "People, last page", f"/people/?page={facts.last_page_of_people}"
    yield "Actors, page 200 or the last", f"/actors/?page={facts.deep_page_of_actors}"
    for name in ("people", "actors", "crew", "characters"):
        yield f"{name.capitalize()} of the largest series", _with(f"/{name}/", series=first)
    for who, slug in (("an average person", facts.average), ("the busiest", facts.busiest)):
        for name in ("characters", "episodes", "news"):
            yield f"{name.capitalize()} of {who}", _with(f"/{name}/", person=slug)
    for name in ("people", "actors"):
        yield f"{name.capitalize()} in both of two series", f"/{name}/?{urlencode(both)}"
    yield "Crossovers of the largest series", _with("/crossovers/", series=first)
    yield "Crossovers of an average person", _with("/crossovers/", person=facts.average)
    yield "People by a rare name", _with("/people/", q=RARE)
    yield "People by a common name", _with("/people/", q=COMMON)
    yield "Search for a rare name", _with("/search/", q=RARE)
    yield "Search for a common name", _with("/search/", q=COMMON)
    yield "Search for a word of every text", _with("/search/", q=IN_EVERY_TEXT)
    for letters in (1, 2, 4):
        label = f"Suggestions for {letters} letter{'s' if letters > 1 else ''}"
        yield label, _with("/search/suggest/", q=COMMON[:letters])
    within = _with("/characters/", series=first)
    yield (
        "An actor's name within a list",
        _with("/search/suggest/", q=COMMON[:2], kind="person", within=within),
    )
    yield "Page of the busiest person", f"/people/{facts.busiest}/"
    yield "Page of the largest series", f"/series/{first}/"
    yield "Dashboard", "/"
    yield "Front page of the admin", "/admin/"


_LISTS = ("/people/", "/actors/", "/crew/", "/characters/", "/episodes/")


def _with(path, **parameters):
    return f"{path}?{urlencode(parameters)}"


class _Facts:
    """What the addresses are made of, read off the rows that a visitor may see."""

    def __init__(self):
        audience = visitor()
        people = dict(Person.objects.visible_to(audience).values_list("pk", "slug"))
        series = dict(Series.objects.visible_to(audience).values_list("pk", "slug"))
        parts = Counter(Portrayal.objects.values_list("person", flat=True))
        work = Counter(Credit.objects.values_list("person", flat=True))
        of_series = Counter(Portrayal.objects.values_list("series", flat=True))
        self.series = [
            series[pk] for pk in sorted(series, key=of_series.__getitem__, reverse=True)[:2]
        ]
        self.busiest = people[max(people, key=lambda pk: parts[pk] + work[pk])]
        self.average = people[min(people, key=lambda pk: abs(parts[pk] - 2) + abs(work[pk] - 3))]
        visible = Person.objects.visible_to(audience)
        self.last_page_of_people = ceil(len(people) / PersonList.paginate_by)
        last_page_of_actors = ceil(visible.actors(audience).count() / PersonList.paginate_by)
        self.deep_page_of_actors = min(_DEEP, last_page_of_actors)
