from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from .addresses import path_to
from .afterwards import together
from .dates import PartialDateField, is_a_day
from .entry import Sourced, record_for_search
from .external_ids import ExternalIds
from .gate import Gated, VisibleQuerySet
from .reach import Seen, is_seen, seen_by
from .text import LinesField, as_lines, isolated

# What a row tells.
_TOLD = [
    "number",
    "name",
    "aired",
    "season__number",
    "season__series__name",
    "season__series__slug",
    "season__series__accent",
]


class MaybeAheadQuerySet(VisibleQuerySet):
    """Of seasons and episodes all are listed; those that one has not come to are marked."""

    def reached_by(self, audience):
        rows = self.visible_to(audience)
        return rows if audience.progress is None else rows.filter(is_ahead=False)


class EpisodeManager(models.Manager):
    """Brings season and series along: an episode cannot say its address without them."""

    def get_queryset(self):
        return super().get_queryset().select_related("season__series")


class EpisodeQuerySet(MaybeAheadQuerySet):
    def within(self, audience):
        """All of them; ``is_ahead`` marks those that one has not seen, which keep their titles."""
        is_ahead = ExpressionWrapper(~is_seen(audience), output_field=BooleanField())
        return self.annotate(is_ahead=is_ahead)

    def seen_by(self, progress) -> Seen:
        """The keys of what someone with this ``progress`` has seen."""
        rows = self.filter(seen_by(progress)).order_by().select_related(None)
        names = "pk", "season", "season__series", "season__series__slug"
        keys = list(zip(*rows.values_list(*names), strict=True)) or [()] * len(names)
        whole = {slug for slug, place in progress.places if place.is_end}
        finished = {key for key, slug in zip(keys[2], keys[3], strict=True) if slug in whole}
        return Seen(*map(frozenset, [keys[0], keys[1], {*keys[2]} - finished, finished]))

    def for_list(self, audience):
        return self.for_rows().in_release_order()

    def for_rows(self):
        """With what a row tells, and no column beyond it."""
        return self.only(*_TOLD)

    def without_season(self):
        """As ``for_rows``, for whoever has the season of all of them at hand."""
        own = [name for name in _TOLD if "__" not in name]
        return self.select_related(None).only(*own, "season_id")

    def for_progress(self, series):
        """(key, season, number, name, whether it has a place) of each episode of ``series``.

        A place is what ``Episode.progress_item`` tells.
        """
        is_placed = Q(season__number__gt=0) | Q(number__gt=0, aired__isnull=False)
        rows = self.filter(season__series__in=series).order_by("season", "number")
        return rows.values_list(
            "pk", "season", "number", "name", ExpressionWrapper(is_placed, BooleanField())
        )

    def for_calendar(self, audience):
        """Those whose day is known, with what a calendar tells of them.

        ``is_premiere`` of the first of a season, ``is_finale`` of the last where that will stay so:
        of a season that another one follows, or of a series that is over. Specials are neither.
        """
        others = Episode.objects.visible_to(audience).order_by().filter(season=OuterRef("season"))
        later = Episode.objects.visible_to(audience).order_by()
        later = later.filter(
            season__series=OuterRef("season__series"), season__number__gt=OuterRef("season__number")
        )
        is_over = Q(season__series__status__in=["ended", "cancelled"])
        return self.filter(is_a_day("aired")).annotate(
            is_premiere=_is(
                Q(season__number__gt=0) & ~Exists(others.filter(number__lt=OuterRef("number")))
            ),
            is_finale=_is(
                Q(season__number__gt=0)
                & ~Exists(others.filter(number__gt=OuterRef("number")))
                & (is_over | Exists(later))
            ),
            is_followed=Exists(later),
        )

    def for_steps(self, audience):
        """As the steps of a watch order show them."""
        return self

    def to_see(self, audience):
        """Those of a known date that someone who told how far they are has not seen."""
        return self.filter(is_ahead=True, aired__isnull=False)

    def with_certainty(self, condition):
        """``is_certain`` tells whether ``condition`` holds of the episode itself."""
        return self.annotate(is_certain=Case(When(condition, then=True), default=False))

    def of(self, season):
        return self.filter(season=season).order_by("number")

    def in_release_order(self):
        """By air date, unknown dates last; within a day by series, season and number."""
        return self.order_by(
            F("aired").asc(nulls_last=True),
            "season__series__sort_name",
            "season__number",
            "number",
            "pk",
        )

    def coming(self, audience):
        """Those of a known later date, the next one first."""
        return self.filter(aired__gt=audience.today).in_release_order()

    def next_to_see(self):
        """Of series that one has started, the first episode of each that is still to be seen."""
        place = Window(
            RowNumber(), partition_by="season__series", order_by=["season__number", "number"]
        )
        return (
            self.filter(season__number__gt=0, is_ahead=True).annotate(place=place).filter(place=1)
        )

    def first_of_each(self, several):
        """The first row of each of ``several`` querysets of episodes, in no order."""
        first = Q(pk__in=[])
        for rows in several:
            first |= Q(pk=Subquery(rows.values("pk")[:1]))
        return self.filter(first)

    def at(self, slug, season, number):
        return self.filter(season__series__slug=slug, season__number=season, number=number)

    def at_any(self, places) -> set:
        """(slug, season, number) of those that are at one of ``places``: (slug, place) each."""
        here = Q(pk__in=[])
        for slug, place in places:
            here |= Q(season__series__slug=slug, season__number=place.season, number=place.number)
        names = "season__series__slug", "season__number", "number"
        return set(self.filter(here).order_by().values_list(*names))

    def before(self, episode):
        """The earlier episodes of the same series, the nearest first."""
        return self._around(episode, "lt").order_by("-season__number", "-number")

    def after(self, episode):
        """The later episodes of the same series, the nearest first."""
        return self._around(episode, "gt").order_by("season__number", "number")

    def _around(self, episode, side):
        return self.filter(season__series=episode.season.series_id).filter(
            Q(**{f"season__number__{side}": episode.season.number})
            | Q(season=episode.season_id, **{f"number__{side}": episode.number})
        )


def _is(condition):
    return ExpressionWrapper(condition, output_field=BooleanField())


class Episode(ExternalIds, Gated, Sourced):
    season = models.ForeignKey("catalog.Season", on_delete=models.CASCADE, related_name="episodes")
    number = models.PositiveSmallIntegerField(validators=[MaxValueValidator(9_999)])
    name = models.CharField(
        max_length=200,
        blank=True,
        help_text="Leave blank while it is unknown; it is then shown as “Episode 4”.",
    )
    other_names = LinesField(blank=True, help_text="Other titles, one to a line.")
    aired = PartialDateField()
    runtime = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(9_999)], help_text="In minutes."
    )
    synopsis = models.TextField(
        blank=True, help_text="**bold**, lists and [links](https://…) may be used."
    )
    source_novels = LinesField(blank=True, help_text="The novels that it draws on, one to a line.")

    external_kinds = {"imdb_id": "title", "tvmaze_id": "episodes"}

    objects = EpisodeManager.from_queryset(EpisodeQuerySet)()

    # Of a row that ``visible_to`` gave to someone who told how far they are.
    is_ahead = False

    gates = ("season__series",)

    class Meta(ExternalIds.Meta):
        abstract = False
        base_manager_name = "objects"
        ordering = ["season__series__sort_name", "season__number", "number", "pk"]
        indexes = [models.Index(fields=["aired"], name="episode_aired")]
        constraints = [
            *ExternalIds.Meta.constraints,
            models.UniqueConstraint(
                fields=["season", "number"],
                name="episode_number_unique",
                violation_error_message="This season already has an episode of this number.",
            ),
        ]

    def __str__(self):
        return f"{self.series.name} {self.code}: {self.title}"

    def save(self, *args, **kwargs):
        with together():
            super().save(*args, **kwargs)
            # As it is stored: a form may have come with what the season was called before.
            record_for_search(Episode.objects.filter(pk=self.pk))

    def clean(self):
        super().clean()
        kept = Episode.objects.filter(pk=self.pk).first() if self.pk else None
        if kept and self.season_id and kept.season.series_id != self.season.series_id:
            raise ValidationError({"season": "An episode stays in its series."})

    def get_absolute_url(self):
        return path_to(
            "catalog:episode-detail",
            slug=self.series.slug,
            season=self.season.number,
            number=self.number,
        )

    @property
    def series(self):
        return self.season.series

    @property
    def code(self) -> str:
        """Its place in the series as fans write it: "S3E10"."""
        return f"S{self.season.number}E{self.number}"

    @property
    def full_code(self) -> str:
        """Such as "Bosch S3E10"."""
        return f"{isolated(self.series.name)} {self.code}"

    @property
    def title(self) -> str:
        """Its name, if it is known and one has come so far."""
        return self.title_of(self.number, self.name, is_ahead=self.is_ahead)

    @staticmethod
    def title_of(number, name, *, is_ahead):
        return f"Episode {number}" if is_ahead else name or f"Episode {number}"

    @property
    def progress_item(self) -> str:
        """How "watched up to here" is told, as in "bosch.3.4"; "" where it cannot be.

        A special has its place among the other episodes by its date.
        """
        is_placed = self.season.number or (self.number and self.aired)
        return f"{self.series.slug}.{self.season.number}.{self.number}" if is_placed else ""

    @property
    def also_known_as(self) -> list[str]:
        return as_lines(self.other_names)

    @property
    def source_novel_list(self) -> list[str]:
        return as_lines(self.source_novels)

    def search_fields(self):
        novels = self.source_novel_list or self.season.source_novel_list
        return {
            "names": [self.title, *self.also_known_as, self.code, f"{self.series} {self.code}"],
            "context": f"{self.series.name} {self.code}",
            "body": f"{self.synopsis}\n{', '.join(novels)}",
            "weight": 30,
        }
