"""What is missing in the catalogue, or cannot be as it stands.

Each gap is one condition on the rows of a model. The admin's front page counts those rows and
leads to the list of the same ones.
"""

from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Now

from .characters import Character, CharacterFact, Relationship
from .counting import Bounded, bounded_count
from .credits import Credit
from .dates import is_certainly_before
from .duplicates import LikelyDuplicate
from .entry import State
from .episodes import Episode
from .media import Image
from .news import Announcement
from .organizations import Membership, Organization
from .people import Person
from .portrayals import Portrayal
from .seasons import Season
from .series import Series, SeriesLink
from .watch_orders import WatchOrder

# Beyond this it makes no difference to somebody who sets out to fill them.
_MOST = 1_000


class Publication(models.TextChoices):
    """Where an entry is on its way to the visitors; being scheduled is no state of its own."""

    IN_REVIEW = "in-review", "In review"
    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHED = "published", "Published"

    @property
    def condition(self) -> Q:
        if self in {self.IN_REVIEW, self.DRAFT}:
            return Q(state=self.value)
        is_later = Q(publish_at__gt=Now())
        if self == self.SCHEDULED:
            return Q(is_later, state=State.PUBLISHED)
        return Q(Q(publish_at=None) | ~is_later, state=State.PUBLISHED)


WAITING = (Publication.IN_REVIEW, Publication.DRAFT, Publication.SCHEDULED)
ENTRIES = (Series, Character, Person, Organization, Announcement, WatchOrder)


@dataclass(frozen=True)
class Gap:
    """Rows of ``model`` that lack something.

    ``name`` stands in addresses, and is unique among the gaps of a model; ``words`` follow the
    plural of the model: "without a source".
    """

    model: type
    name: str
    words: str
    condition: Q

    def __str__(self):
        return f"{self.model._meta.verbose_name_plural} {self.words}"

    def count(self) -> Bounded:
        return count_of_rows(self.model, self.condition)


@dataclass(frozen=True)
class SourceGap(Gap):
    def count(self) -> Bounded:
        """All of them without those that name a source, as their indexes have it.

        To look for the sources of each row takes five times as long where nearly all have some.
        """
        tie = self.model.sources.through
        names_one = Count(self.model._meta.model_name, distinct=True)
        named = tie.objects.order_by().values(all=Value(1)).annotate(number=names_one)
        without = Count("*") - Coalesce(Subquery(named.values("number")), 0)
        rows = self.model.objects.order_by()
        return Bounded.of(rows.aggregate(number=without)["number"], _MOST)


def count_of_rows(model, condition) -> Bounded:
    """How many rows of ``model`` meet the condition, counted to a thousand; one statement."""
    return bounded_count(model.objects.filter(condition), _MOST)


def _names_no_source(model):
    tie = model.sources.through
    return Q(~Exists(tie.objects.filter(**{model._meta.model_name: OuterRef("pk")})))


def _without_source(model):
    return SourceGap(model, "source", "without a source", _names_no_source(model))


def _without_picture(model, field="image"):
    return Gap(model, "picture", "without a picture", Q(**{field: None}))


def _tied(model, path="pk", of="person"):
    """Whether some row of ``model`` names the outer row."""
    return Exists(model.objects.order_by().filter(**{of: OuterRef(path)}))


_DATED = Episode.objects.order_by().exclude(aired=None)

# Specials are numbered as somebody thought best, whatever their dates.
_REGULAR = Q(season__number__gt=0)


def _episodes_out_of_order():
    """Aired before the nearest earlier one of the season that has a date."""
    earlier = _DATED.filter(season=OuterRef("season"), number__lt=OuterRef("number"))
    previous = Subquery(earlier.order_by("-number").values("aired")[:1])
    return _REGULAR & Q(is_certainly_before(F("aired"), previous))


def _seasons_out_of_order():
    """Begun after one of its episodes, before the series, or before an earlier season."""
    episodes = _DATED.filter(season=OuterRef("pk"))
    earlier = Season.objects.order_by().exclude(premiered=None)
    earlier = earlier.filter(series=OuterRef("series"), number__gt=0, number__lt=OuterRef("number"))
    begun_before = Q(is_certainly_before(F("premiered"), F("series__premiered"))) | Q(
        Exists(earlier.filter(is_certainly_before(OuterRef("premiered"), F("premiered"))))
    )
    aired_before = Exists(episodes.filter(is_certainly_before(F("aired"), OuterRef("premiered"))))
    return Q(number__gt=0, premiered__isnull=False) & (Q(aired_before) | begun_before)


def _series_out_of_order():
    """Ended before one of its regular episodes or seasons."""
    episodes = _DATED.filter(_REGULAR, season__series=OuterRef("pk"))
    seasons = Season.objects.order_by().filter(series=OuterRef("pk"), number__gt=0)
    return Q(ended__isnull=False) & (
        Q(Exists(episodes.filter(is_certainly_before(OuterRef("ended"), F("aired")))))
        | Q(Exists(seasons.filter(is_certainly_before(OuterRef("ended"), F("premiered")))))
    )


def _people_out_of_order():
    """Born after the end of a series that they are in, or that they worked on."""
    is_over = is_certainly_before(F("series__ended"), OuterRef("born"))
    ended = Series.objects.exclude(ended=None).order_by("ended").values("ended")
    return Q(born__gt=Subquery(ended[:1])) & (
        Q(Exists(Portrayal.objects.order_by().filter(is_over, person=OuterRef("pk"))))
        | Q(Exists(Credit.objects.order_by().filter(is_over, person=OuterRef("pk"))))
    )


def _relationships_of_one_side():
    """Of two characters one is out, and the other is not: neither page tells of it."""
    is_hidden = {name: Q(**{f"{name}__shown_from": None}) for name in ("character", "other")}
    return (is_hidden["character"] & ~is_hidden["other"]) | (
        is_hidden["other"] & ~is_hidden["character"]
    )


def _relationships_told_twice():
    """Stated from the other side too: each page tells it from the one row, and now twice."""
    turned = Relationship.objects.order_by().filter(
        character=OuterRef("other"), other=OuterRef("character")
    )
    same = Q(kind=OuterRef("kind"))
    opposite = Q(
        kind__phrase=OuterRef("kind__reverse_phrase"), kind__reverse_phrase=OuterRef("kind__phrase")
    )
    return Q(Exists(turned.filter(same | opposite)))


GAPS = {
    "Sources": [
        _without_source(Series),
        Gap(
            Season,
            "source",
            "with a date, without a source",
            _names_no_source(Season) & Q(premiered__isnull=False),
        ),
        Gap(
            Episode,
            "source",
            "with a title, without a source",
            _names_no_source(Episode) & ~Q(name=""),
        ),
        _without_source(Character),
        _without_source(Person),
        _without_source(Organization),
        _without_source(Announcement),
        _without_source(Portrayal),
        _without_source(Credit),
        _without_source(CharacterFact),
        _without_source(Relationship),
        _without_source(Membership),
        _without_source(SeriesLink),
    ],
    "Pictures": [
        _without_picture(Series, "cover"),
        _without_picture(Character),
        _without_picture(Person),
        _without_picture(Organization),
        Gap(Image, "rights", "without credit or licence", Q(credit="") | Q(licence="")),
    ],
    "Dates and titles": [
        Gap(
            Series,
            "date",
            "that have begun, without a premiere date",
            Q(premiered=None, status__in=[Series.Status.AIRING, *sorted(Series.OVER)]),
        ),
        Gap(
            Season,
            "date",
            "with dated episodes, without a premiere date",
            Q(Exists(_DATED.filter(season=OuterRef("pk"))), premiered=None),
        ),
        Gap(Episode, "date", "without an air date", Q(aired=None)),
        Gap(Episode, "title", "without a title", Q(name="")),
        Gap(Announcement, "date", "without a date", Q(date=None)),
    ],
    "Parts and credits": [
        Gap(Character, "cast", "nobody plays", Q(~_tied(Portrayal, of="character"))),
        Gap(
            Person,
            "work",
            "without a part or a credit",
            # The model for a character need not have worked on anything.
            Q(~_tied(Portrayal), ~_tied(Credit), ~_tied(Character, of="inspired_by")),
        ),
    ],
    "Duplicates": [
        Gap(LikelyDuplicate, "open", "to look at", Q(dismissed=False)),
    ],
    "Dates out of order": [
        Gap(Series, "order", "that end before their last episode", _series_out_of_order()),
        Gap(
            Season,
            "order",
            "that begin before their series or an earlier season, or after an episode",
            _seasons_out_of_order(),
        ),
        Gap(Episode, "order", "that air before an earlier one", _episodes_out_of_order()),
        Gap(Person, "order", "born after the end of their series", _people_out_of_order()),
    ],
    "Relationships": [
        Gap(
            Relationship,
            "one-side",
            "of which only one side is published or scheduled",
            _relationships_of_one_side(),
        ),
        Gap(
            Relationship,
            "both-sides",
            "stated from both sides, and so told twice",
            _relationships_told_twice(),
        ),
    ],
}


def gaps_of(model) -> dict:
    """The gaps of ``model`` by their names."""
    return {gap.name: gap for gaps in GAPS.values() for gap in gaps if gap.model is model}
