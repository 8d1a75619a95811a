"""The pages whose times are compared, for the catalogue that is in the database."""

from collections import Counter
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count

from catalog.audience import visitor
from catalog.importers.made_up.people import SHARED_NAME
from catalog.importers.made_up.words import GIVEN_NAMES
from catalog.models import Character, Credit, Episode, Organization, Person, Portrayal, Series
from catalog.models.counting import MOST_ROWS
from catalog.views import PersonList

# A surname that the same few have at every size, one of twenty given names, and a word of nearly
# every biography.
RARE = SHARED_NAME.split()[-1].lower()
COMMON = GIVEN_NAMES[0].lower()
IN_EVERY_TEXT = "television"


class Page(NamedTuple):
    """``progress`` is the cookie of a visitor who has told how far they are."""

    label: str
    address: str
    progress: str = ""


def pages():
    """The labels are the same for every size."""
    facts = _Facts()
    for label, address in _addresses(facts):
        yield Page(label, address)
    for label, address in _addresses_in_the_middle(facts):
        yield Page(f"{label}, in the middle", address, facts.progress)
    yield Page("Front page of the admin", "/admin/")


_LISTS = ("/people/", "/actors/", "/crew/", "/characters/", "/episodes/", "/series/", "/news/")


def _addresses(facts):
    first, second = facts.series
    both = [("series", first), ("series", second), ("match", "all")]
    yield from [(f"{path[1:-1].capitalize()}, first page", path) for path in _LISTS]
    yield "Organizations, first page", "/organizations/"
    yield "Crossovers, first page", "/crossovers/"
    yield "Crossovers of people, first page", "/crossovers/people/"
    yield "People, last page", f"/people/?page={facts.last_page_of_people}"
    yield "Actors, last page", f"/actors/?page={facts.last_page_of_actors}"
    yield "Characters, last page", f"/characters/?page={facts.last_page_of_characters}"
    yield "People by their number of credits", _with("/people/", sort="-credits")
    yield "Characters by their first appearance", _with("/characters/", sort="first")
    for name in ("people", "actors", "crew", "characters", "episodes", "news", "organizations"):
        yield f"{name.capitalize()} of the largest series", _with(f"/{name}/", series=first)
    for who, slug in (("an average person", facts.average), ("the busiest", facts.busiest)):
        for name in ("characters", "episodes", "news"):
            yield f"{name.capitalize()} of {who}", _with(f"/{name}/", person=slug)
    for name in ("people", "actors"):
        yield f"{name.capitalize()} in both of two series", f"/{name}/?{urlencode(both)}"
    yield (
        "Actors of the largest series by billing",
        _with("/actors/", series=first, kind="guest", sort="billing"),
    )
    yield "Directors of the largest series", _with("/crew/", series=first, department="directing")
    yield (
        "Guests of the largest series by a common name",
        _with("/characters/", series=first, kind="guest", q=COMMON),
    )
    yield "Crossovers of the largest series", _with("/crossovers/", series=first)
    yield "Crossovers of people of the largest series", _with("/crossovers/people/", series=first)
    yield "Crossovers of an average person", _with("/crossovers/", person=facts.average)
    yield "People by a rare name", _with("/people/", q=RARE)
    yield "People by a common name", _with("/people/", q=COMMON)
    yield "Search for a rare name", _with("/search/", q=RARE)
    yield "Search for a common name", _with("/search/", q=COMMON)
    yield "Search for a misspelt name", _with("/search/", q=_misspelt(RARE))
    yield "Search for a word of every text", _with("/search/", q=IN_EVERY_TEXT)
    yield (
        "Search, second page of people",
        _with("/search/", q=IN_EVERY_TEXT, kind="person", page=2),
    )
    for letters in (1, 2, 4):
        label = f"Suggestions for {letters} letter{'s' if letters > 1 else ''}"
        yield label, _with("/search/suggest/", q=COMMON[:letters])
    within = _with("/characters/", series=first)
    yield (
        "An actor's name within a list",
        _with("/search/suggest/", q=COMMON[:2], kind="person", within=within),
    )
    yield "Page of the busiest person", f"/people/{facts.busiest}/"
    yield "Page of the busiest character", f"/characters/{facts.busiest_character}/"
    yield "Page of the largest series", f"/series/{first}/"
    yield "Page of a season of it", f"/series/{first}/season-{facts.season}/"
    yield "Page of an episode of it", f"/series/{first}/season-{facts.season}/episode-1/"
    yield "Page of the largest organization", f"/organizations/{facts.organization}/"
    yield "Timeline", "/timeline/"
    yield "Choice of the progress", "/progress/"
    yield "Dashboard", "/"


def _addresses_in_the_middle(facts):
    """Those that look at more rows for someone who has told how far they are."""
    first, _ = facts.series
    yield "Characters, first page", "/characters/"
    yield "Actors, first page", "/actors/"
    yield "Characters of the largest series", _with("/characters/", series=first)
    yield "Crossovers, first page", "/crossovers/"
    yield "Search for a common name", _with("/search/", q=COMMON)
    yield "Suggestions for 2 letters", _with("/search/suggest/", q=COMMON[:2])
    yield "Page of the busiest person", f"/people/{facts.busiest}/"
    yield "Page of the largest series", f"/series/{first}/"
    yield "Page of an episode of it", f"/series/{first}/season-{facts.season}/episode-1/"
    yield "Dashboard", "/"


def _with(path, **parameters):
    return f"{path}?{urlencode(parameters)}"


def _misspelt(name):
    return name[:4] + name[5] + name[4] + name[6:]


class _Facts:
    """What the addresses are made of, read off the rows that a visitor may see."""

    def __init__(self):
        audience = visitor()
        people = dict(Person.objects.visible_to(audience).values_list("pk", "slug"))
        series = dict(Series.objects.visible_to(audience).values_list("pk", "slug"))
        parts = Counter(Portrayal.objects.values_list("person", flat=True))
        work = Counter(Credit.objects.values_list("person", flat=True))
        of_series = Counter(Portrayal.objects.values_list("series", flat=True))
        largest, second = sorted(series, key=of_series.__getitem__, reverse=True)[:2]
        self.series = [series[largest], series[second]]
        self.busiest = people[max(people, key=lambda pk: parts[pk] + work[pk])]
        self.average = people[min(people, key=lambda pk: abs(parts[pk] - 2) + abs(work[pk] - 3))]
        visible = Person.objects.visible_to(audience)
        self.last_page_of_people = _last_page(visible)
        self.last_page_of_actors = _last_page(visible.actors(audience))
        characters = Character.objects.visible_to(audience).order_by()
        self.last_page_of_characters = _last_page(characters)
        played = Portrayal.objects.visible_to(audience).exclude(character=None).order_by()
        busiest = played.values("character__slug").annotate(number=Count("pk"))
        self.busiest_character = busiest.order_by("-number", "character__slug")[0][
            "character__slug"
        ]
        organizations = Organization.objects.visible_to(audience).order_by()
        members = organizations.annotate(number=Count("memberships"))
        self.organization = members.order_by("-number", "pk")[0].slug
        seasons = Episode.objects.visible_to(audience).filter(season__series=largest, number=1)
        numbers = sorted(seasons.order_by().values_list("season__number", flat=True))
        self.season = numbers[len(numbers) // 2]
        self.progress = f"{series[largest]}.{self.season}.1~{series[second]}.all"


def _last_page(rows):
    """The number of the last page of a list of people or characters."""
    number = min(rows.order_by().count(), MOST_ROWS)
    return -(-number // PersonList.paginate_by)
