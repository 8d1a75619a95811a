from django.db.models import Case, F, Q, When
from django.db.models.functions import Substr

from ..models import Character, Credit, Episode, Network, Person, Season, Series
from ..models.dates import in_year
from ..models.entry import count_of
from ..models.statements import Statement
from .base import CatalogFilter
from .options import (
    ALL,
    EntryFilter,
    MatchChoice,
    Option,
    OptionFilter,
    SeriesChoice,
    TextFilter,
    among,
    choices,
)
from .people import parts, work
from .sorting import Order, by_name


def years(rows, path):
    """The years of the dates at ``path``, the latest first, as options."""
    found = rows.exclude(**{path: None}).order_by().annotate(year=Substr(path, 1, 4))
    return [
        Option(year, year, year)
        for year in sorted(found.values_list("year", flat=True).distinct(), reverse=True)
    ]


_NETWORKS = Statement(
    lambda audience: (
        Network.objects.filter(series__in=Series.objects.visible_to(audience))
        .distinct()
        .values_list("slug", "pk", "name")
    )
)
_SEASON_NUMBERS = Statement(
    lambda audience: (
        Season.objects.visible_to(audience)
        .order_by("number")
        .values_list("number", flat=True)
        .distinct()
    )
)


def _networks(audience):
    return [Option(*told) for told in _NETWORKS(audience)]


def _season_numbers(audience):
    return [
        Option(str(number), number, f"Season {number}" if number else "Specials")
        for number in _SEASON_NUMBERS(audience)
    ]


class SeriesFilter(CatalogFilter):
    orders = {
        "date": Order("Premiere", "premiered", "oldest first", "newest first"),
        "name": by_name(),
        "episodes": Order(
            "Number of episodes",
            lambda filter_set: count_of(
                Episode.objects.visible_to(filter_set.request.audience), of="season__series"
            ),
            "fewest first",
            "most first",
        ),
    }
    default_sort = "date"

    q = TextFilter("Title")
    person = EntryFilter("Person", Person, "person,people")
    network = OptionFilter("Network", _networks)
    status = OptionFilter("Status", choices(Series.Status), several=True)

    @property
    def columns(self):
        return {"network": "network", "status": Series.objects.told_status(self.request.audience)}

    def narrow(self, rows, chosen):
        if "person" in chosen:
            audience = self.request.audience
            rows = rows.filter(
                Q(pk__in=parts(audience, chosen).values("series"))
                | Q(pk__in=work(audience, chosen).values("series"))
            )
        if "network" in chosen:
            rows = rows.filter(network=chosen["network"])
        if "status" in chosen:
            rows = rows.annotate(told=self.columns["status"])
            rows = rows.filter(among("told", chosen["status"]))
        return rows


def _shown_title(filter_set):
    """The title as it is sorted; none of an episode that keeps its title."""
    if filter_set.request.audience.progress is None:
        return F("search_entry__sort_name")
    return Case(When(is_ahead=False, then="search_entry__sort_name"))


class EpisodeFilter(CatalogFilter):
    """Cast are looked for in what is known of each part; ``known`` leaves out mere seasons."""

    orders = {
        "date": Order(
            "Air date",
            "aired",
            "oldest first",
            "newest first",
            ties=("season__series__sort_name", "season__number", "number", "pk"),
            turns_ties=True,
        ),
        # As search has it: folded, and "Episode 7" where the title is not known.
        "title": Order("Title", _shown_title, "A to Z", "Z to A", ties=("pk",)),
    }
    default_sort = "date"
    columns = {
        "series": "season__series",
        "season": "season__number",
        "year": Substr("aired", 1, 4),
    }

    q = TextFilter("Title")
    series = SeriesChoice()
    season = OptionFilter("Season", _season_numbers)
    person = EntryFilter("Person", Person, "person,people")
    character = EntryFilter("Characters", Character, "character,characters", several=True)
    match = MatchChoice(of="character")
    known = OptionFilter(
        "Certainty",
        lambda audience: [Option("episode", "episode", "Only where the episode is known")],
        is_structural=True,
    )
    year = OptionFilter(
        "Year", lambda audience: years(Episode.objects.visible_to(audience), "aired")
    )

    def narrow(self, rows, chosen):
        if "series" in chosen:
            rows = rows.filter(among("season__series", chosen["series"]))
        if "season" in chosen:
            rows = rows.filter(season__number=chosen["season"])
        if "year" in chosen:
            rows = rows.filter(in_year("aired", chosen["year"]))
        condition = self._cast_condition(chosen, certain="known" in chosen)
        if condition and self.request.audience.progress:
            # In which episodes somebody will be is for those to tell who have seen them.
            rows = rows.filter(is_ahead=False)
        return rows.filter(condition)

    @property
    def is_costly(self):
        return self.asks_for_cast

    @property
    def asks_for_cast(self) -> bool:
        return bool(self.chosen.keys() & {"person", "character"})

    def certain(self):
        """The condition that all that was chosen of the cast is known of the episode itself."""
        return self._cast_condition(self.chosen, certain=True)

    def _cast_condition(self, chosen, *, certain):
        audience = self.request.audience
        condition = Q()
        if "person" in chosen:
            credits = Credit.objects.visible_to(audience).filter(among("person", chosen["person"]))
            condition &= (
                self._seen(parts(audience, {"person": chosen["person"]}), certain)
                | Q(pk__in=credits.order_by().exclude(episode=None).values("episode"))
                | Q(season__in=credits.order_by().exclude(season=None).values("season"))
            )
        together = Q()
        for character in chosen.get("character", []):
            seen = self._seen(parts(audience, {"character": character}), certain)
            together = together & seen if chosen.get("match") == ALL else together | seen
        return condition & together

    @staticmethod
    def _seen(portrayals, certain):
        known = portrayals.in_known_episodes()
        return known if certain else known | portrayals.in_possible_episodes()
