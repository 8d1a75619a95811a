from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from .addresses import path_to
from .afterwards import together
from .dates import PartialDateField, furthest, is_a_day, may_be_after
from .entry import Sourced, count_of, record_for_search
from .episodes import Episode, MaybeAheadQuerySet
from .gate import Gated
from .reach import is_entered, is_seen, still_to_see
from .text import LinesField, as_lines

# As many as can be found in a box; any other point is chosen on the page of the progress.
_SEASONS_OF_A_PREVIEW = 60


class SeasonManager(models.Manager):
    """Brings the series along: a season cannot say its name or its address without it."""

    def get_queryset(self):
        return super().get_queryset().select_related("series")


class SeasonQuerySet(MaybeAheadQuerySet):
    def within(self, audience):
        """All of them, marked: ``is_ahead`` if one has not come to it, ``is_unfinished`` if there
        is more of it to see.
        """
        # A season without episodes is ahead as long as there is something to see before it.
        missing = still_to_see(audience).filter(
            season__series=OuterRef("series"),
            season__number__lte=OuterRef("number"),
        )
        is_ahead = Q(Exists(missing)) & ~is_entered(audience, "pk")
        own = Episode.objects.filter(~is_seen(audience), season=OuterRef("pk"))
        return self.annotate(
            is_ahead=ExpressionWrapper(is_ahead, output_field=BooleanField()),
            is_unfinished=Exists(own),
        )

    def for_series(self, audience):
        """As the series page lists them: with their network and the number of their episodes."""
        return self.annotate(
            episode_count=count_of(Episode.objects.visible_to(audience), of="season")
        ).select_related("network")

    def for_progress(self, series):
        """Those of ``series`` with what names them, the specials last."""
        rows = self.filter(series__in=series).select_related(None).only("series", "number", "name")
        return rows.order_by("series", Case(When(number=0, then=1), default=0), "number", "pk")

    def for_preview(self):
        """The first of all series, with the number of the last episode of each; for editors."""
        episodes = Episode.objects.filter(season=OuterRef("pk")).order_by("-number")
        return (
            self.filter(number__gt=0)
            .annotate(last_number=Subquery(episodes.values("number")[:1]))
            .filter(last_number__gt=0)
            .order_by(
                F("series__premiered").asc(nulls_last=True), "series__sort_name", "number", "pk"
            )[:_SEASONS_OF_A_PREVIEW]
        )

    def coming(self, audience):
        """Those that may start later, and those ordered of which no date is known; as they come.

        None of a series that is over.
        """
        dated = Episode.objects.exclude(aired=None).filter(season=OuterRef("pk"))
        shown = dated.exclude(aired__gt=audience.today)
        may_start = may_be_after("premiered", audience.today) & Q(~Exists(shown))
        is_ordered = Q(~Exists(dated), premiered=None, number__gt=0)
        is_over = Q(series__status__in=["ended", "cancelled"])
        return (
            self.filter(may_start | is_ordered)
            .exclude(is_over)
            .order_by(F("premiered").asc(nulls_last=True), "series__sort_name", "number", "pk")
        )

    def for_steps(self, audience):
        """As the steps of a watch order show them."""
        return self.for_series(audience).with_release(audience)

    def with_release(self, audience):
        """``released``: the premiere, else the date of the first episode that has one, or null."""
        dated = Episode.objects.visible_to(audience).filter(season=OuterRef("pk"))
        first = dated.exclude(aired=None).order_by("aired").values("aired")[:1]
        return self.annotate(released=Coalesce("premiered", Subquery(first)))

    def by_release(self, audience, order):
        """By date, unknown dates last; within a date by the positions of the steps of ``order``."""
        steps = apps.get_model("catalog", "WatchStep").objects.filter(order=order)
        steps = steps.filter(season=OuterRef("pk")).order_by("position", "pk")
        return (
            self.with_release(audience)
            .annotate(position=Subquery(steps.values("position")[:1]))
            .order_by(F("released").asc(nulls_last=True), F("position").asc(nulls_last=True), "pk")
        )

    def to_see(self, audience):
        """Those of a known date of which someone who told how far they are has more to see."""
        return self.with_release(audience).filter(is_unfinished=True, released__isnull=False)

    def dated_before_episodes(self, audience):
        """Those whose premiere is known to the day, and no episode's date."""
        dated = Episode.objects.visible_to(audience).exclude(aired=None)
        return self.filter(is_a_day("premiered"), ~Exists(dated.filter(season=OuterRef("pk"))))

    def number_of_all(self):
        """How many there are, as a subquery."""
        return self.order_by().values(all=Value(1)).annotate(number=Count("pk")).values("number")

    def for_timeline(self, audience, series):
        """Those of ``series`` with ``first_aired`` and ``last_aired`` of their episodes.

        Either is None where no episode has a date. Without their series, which whoever asks has.
        """
        visible = Episode.objects.visible_to(audience)
        aired = visible.filter(season=OuterRef("pk")).order_by().values("season")
        return (
            self.filter(series__in=series)
            .select_related(None)
            .only("series", "number", "name", "premiered")
            .annotate(
                first_aired=Subquery(aired.annotate(date=Min("aired")).values("date")),
                last_aired=Subquery(aired.annotate(date=furthest("aired")).values("date")),
                episode_count=count_of(visible, of="season"),
            )
            .order_by("series", "number", "pk")
        )

    def premiered(self):
        """Those that have started, or are to start on a known date; not those only ordered."""
        return self.exclude(premiered=None)

    def of(self, series):
        return self.filter(series=series).order_by("number")

    def at(self, slug, number):
        return self.filter(series__slug=slug, number=number)


class Season(Gated, Sourced):
    series = models.ForeignKey("catalog.Series", on_delete=models.CASCADE, related_name="seasons")
    number = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(9_999)], help_text="0 holds the specials."
    )
    name = models.CharField(max_length=200, blank=True)
    network = models.ForeignKey(
        "catalog.Network",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seasons",
        help_text="Only when it differs from the network of the series.",
    )
    premiered = PartialDateField()
    synopsis = models.TextField(
        blank=True, help_text="**bold**, lists and [links](https://…) may be used."
    )
    source_novels = LinesField(blank=True, help_text="The novels that it draws on, one to a line.")

    objects = SeasonManager.from_queryset(SeasonQuerySet)()

    # Of a row that ``visible_to`` gave to someone who told how far they are.
    is_ahead = is_unfinished = False

    gates = ("series",)

    class Meta:
        base_manager_name = "objects"
        ordering = ["series__sort_name", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "number"],
                name="season_number_unique",
                violation_error_message="This series already has a season of this number.",
            ),
        ]

    def __str__(self):
        return f"{self.series.name}, {self.title.lower() if not self.name else self.title}"

    def save(self, *args, **kwargs):
        with together():
            super().save(*args, **kwargs)
            record_for_search(Episode.objects.filter(season=self))

    def clean(self):
        super().clean()
        moved = self.pk and Season.objects.filter(pk=self.pk).exclude(series=self.series_id)
        if moved and moved.exists() and (self.episodes.exists() or self.credits.exists()):
            raise ValidationError(
                {"series": "A season with episodes or credits stays in its series."}
            )

    def get_absolute_url(self):
        return path_to("catalog:season-detail", slug=self.series.slug, number=self.number)

    @property
    def title(self) -> str:
        if self.name and not self.is_ahead:
            return self.name
        return "Specials" if self.number == 0 else f"Season {self.number}"

    @property
    def source_novel_list(self) -> list[str]:
        return as_lines(self.source_novels)
