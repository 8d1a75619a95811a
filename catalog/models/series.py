from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from .addresses import path_to
from .dates import (
    PartialDate,
    PartialDateField,
    in_order,
    is_a_day,
    may_be_after,
    require_order,
)
from .entry import Entry, Sourced, count_of
from .episodes import Episode
from .external_ids import ExternalIds
from .gate import Gated, VisibleQuerySet
from .places import unless_series_goes
from .reach import is_more_to_see
from .seasons import Season
from .text import LinesField, as_lines


class Network(models.Model):
    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=110, unique=True)
    url = models.URLField("address", max_length=500, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class SeriesQuerySet(VisibleQuerySet):
    def within(self, audience):
        """All of them; ``is_unfinished`` marks those of which there is more to see."""
        return self.annotate(is_unfinished=is_more_to_see(audience, "pk"))

    def for_list(self, audience):
        return self.with_counts(audience).select_related("network", "cover").in_release_order()

    def for_detail(self, audience):
        return self.with_counts(audience).select_related("network", "cover")

    def coming(self, audience):
        """Those announced of which there is no season yet, the first to be shown first."""
        seasons = Season.objects.visible_to(audience).filter(series=OuterRef("pk"))
        may_begin = may_be_after("premiered", audience.today)
        has_begun = Q(premiered__isnull=False) & ~may_begin
        return (
            self.exclude(status__in=Series.OVER)
            .exclude(has_begun)
            .filter(~Exists(seasons))
            .in_release_order()
        )

    def dated_before_seasons(self, audience):
        """Those whose premiere is known to the day, and of which there is no season yet."""
        seasons = Season.objects.visible_to(audience).filter(series=OuterRef("pk"))
        return self.filter(is_a_day("premiered"), ~Exists(seasons))

    def for_steps(self, audience):
        """As the steps of a watch order show them."""
        return self.with_counts(audience)

    def to_see(self, audience):
        """Those of a known date of which someone who told how far they are has more to see."""
        return self.filter(is_unfinished=True, premiered__isnull=False)

    def with_counts(self, audience):
        return self.annotate(
            season_count=count_of(Season.objects.visible_to(audience).premiered(), of="series"),
            episode_count=count_of(Episode.objects.visible_to(audience), of="season__series"),
        )

    @staticmethod
    def told_status(audience):
        """The status as an expression; "" where ``Series.told_status`` has none to tell."""
        if audience.progress is None:
            return F("status")
        begun = {Series.Status.AIRING, *Series.OVER}
        keeps_it = Q(is_unfinished=True, status__in=begun)
        return Case(When(keeps_it, then=Value("")), default="status")

    def in_release_order(self):
        """The oldest first; what has no date yet comes last."""
        return self.order_by(F("premiered").asc(nulls_last=True), "sort_name", "pk")


class Series(ExternalIds, Entry):
    class Status(models.TextChoices):
        ANNOUNCED = "announced", "Announced"
        IN_PRODUCTION = "in-production", "In production"
        UPCOMING = "upcoming", "Upcoming"
        AIRING = "airing", "Returning"
        ENDED = "ended", "Ended"
        CANCELLED = "cancelled", "Cancelled"

    OVER = frozenset({Status.ENDED, Status.CANCELLED})

    class Accent(models.TextChoices):
        """Each has a light and a dark shade in static/css/tokens.css that can be read there."""

        AMBER = "amber", "Amber"
        OCEAN = "ocean", "Ocean"
        VIOLET = "violet", "Violet"
        CRIMSON = "crimson", "Crimson"
        TEAL = "teal", "Teal"
        ROSE = "rose", "Rose"
        OLIVE = "olive", "Olive"
        SLATE = "slate", "Slate"

    other_names = LinesField(
        blank=True, help_text="Titles elsewhere and working titles, one to a line."
    )
    tagline = models.CharField(max_length=200, blank=True, help_text="One line that sells it.")
    synopsis = models.TextField(
        blank=True,
        help_text="What it is about, without spoilers. "
        "**bold**, lists and [links](https://…) may be used.",
    )
    status = models.CharField(max_length=15, choices=Status, default=Status.ANNOUNCED)
    network = models.ForeignKey(
        Network,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="series",
        help_text="Where it is shown now, or was shown last.",
    )
    premiered = PartialDateField()
    ended = PartialDateField()
    based_on = models.CharField(
        max_length=200, blank=True, help_text="“the Harry Bosch novels by Michael Connelly”"
    )
    country = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=80, blank=True)
    production_companies = LinesField(blank=True, help_text="One to a line.")
    opening_theme = models.CharField(max_length=200, blank=True)
    accent = models.CharField(
        max_length=10,
        choices=Accent,
        default=Accent.SLATE,
        help_text="Its colour wherever it appears.",
    )
    cover = models.ForeignKey(
        "catalog.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="covered_series",
    )

    external_kinds = {"imdb_id": "title", "tvmaze_id": "shows", "tmdb_id": "tv"}

    objects = SeriesQuerySet.as_manager()

    # Of a row that ``visible_to`` gave to someone who told how far they are.
    is_unfinished = False

    class Meta(ExternalIds.Meta, Entry.Meta):
        abstract = False
        verbose_name_plural = "series"
        ordering = ["sort_name", "pk"]
        constraints = [
            *ExternalIds.Meta.constraints,
            models.CheckConstraint(
                condition=in_order("premiered", "ended"),
                name="series_ends_after_premiere",
                violation_error_message="A series cannot end before its premiere.",
            ),
        ]

    def get_absolute_url(self):
        return path_to("catalog:series-detail", slug=self.slug)

    def clean(self):
        super().clean()
        require_order(self, "premiered", "ended")

    @property
    def is_running(self) -> bool:
        return self.status == self.Status.AIRING

    @property
    def told_status(self) -> str:
        """Its status in words; "" while one has not come to an end that it tells of."""
        # Of one that runs neither: between the two, silence would tell which is over.
        keeps_it = self.is_unfinished and self.status in {self.Status.AIRING, *self.OVER}
        return "" if keeps_it else self.get_status_display()

    @property
    def told_end(self) -> PartialDate | None:
        return None if self.keeps_its_end else self.ended

    @property
    def tells_its_end(self) -> bool:
        return self.status in self.OVER and not self.keeps_its_end

    @property
    def keeps_its_end(self) -> bool:
        return self.is_unfinished and self.status in self.OVER

    @property
    def year_range(self) -> str:
        """Such as "2014–2021", "2025–" while it runs, "2014–?" when its end is unknown."""
        if not self.premiered:
            return ""
        first = self.premiered.year
        if self.keeps_its_end:
            return f"{first}–"
        if self.ended:
            return str(first) if self.ended.year == first else f"{first}–{self.ended.year}"
        if self.status in self.OVER:
            return f"{first}–?"
        return f"{first}–" if self.is_running else str(first)

    @property
    def production_company_list(self) -> list[str]:
        return as_lines(self.production_companies)

    def search_targets(self):
        return [self, *Episode.objects.filter(season__series=self)]

    def search_fields(self):
        return {
            "names": [self.name, *self.also_known_as],
            "context": self.year_range or self.get_status_display(),
            "body": f"{self.tagline}\n{self.synopsis}",
            "weight": 60,
        }


class SeriesLinkQuerySet(VisibleQuerySet):
    def within(self, audience):
        """All of them, marked for ``SeriesLink.marked_series``."""
        return self.annotate(
            is_unfinished_from=is_more_to_see(audience, "from_series"),
            is_unfinished_to=is_more_to_see(audience, "to_series"),
        )

    def of(self, series):
        """Where ``series`` comes from and what came of it."""
        return self._in_order().filter(Q(from_series=series) | Q(to_series=series))

    def for_timeline(self, series):
        """Those that lead to or from any of ``series``."""
        return self._in_order().filter(Q(from_series__in=series) | Q(to_series__in=series))

    def _in_order(self):
        return self.select_related("from_series", "to_series", "episode__season__series").order_by(
            "kind", "pk"
        )


class SeriesLink(Gated, Sourced):
    class Kind(models.TextChoices):
        SEQUEL = "sequel", "sequel to"
        SPIN_OFF = "spin-off", "spin-off of"
        PREQUEL = "prequel", "prequel to"
        UNIVERSE = "universe", "shares its universe with"

    REVERSED = {
        Kind.SEQUEL: "followed by",
        Kind.SPIN_OFF: "has the spin-off",
        Kind.PREQUEL: "has the prequel",
        Kind.UNIVERSE: "shares its universe with",
    }

    from_series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="links", verbose_name="series"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    to_series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="links_back", verbose_name="of series"
    )
    episode = models.ForeignKey(
        "catalog.Episode",
        on_delete=unless_series_goes,
        null=True,
        blank=True,
        related_name="series_links",
        help_text="The episode where the one leads to the other, if there is one.",
    )
    note = models.CharField(
        max_length=250,
        blank=True,
        help_text="Without spoilers, unless an episode is named: it is then told with it.",
    )

    objects = SeriesLinkQuerySet.as_manager()

    # Of a row that ``visible_to`` gave to someone who told how far they are.
    is_unfinished_from = is_unfinished_to = False

    gates = ("from_series", "to_series")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_series", "to_series", "kind"],
                name="series_link_unique",
                violation_error_message="These two series are already linked in this way.",
            ),
            models.CheckConstraint(
                condition=~Q(from_series=F("to_series")),
                name="series_link_not_to_itself",
                violation_error_message="A series cannot be linked to itself.",
            ),
        ]

    def __str__(self):
        return self.get_kind_display()

    def clean(self):
        super().clean()
        if self.from_series_id and self.from_series_id == self.to_series_id:
            raise ValidationError({"to_series": "A series cannot be linked to itself."})

    @property
    def reverse_phrase(self) -> str:
        return self.REVERSED[self.kind]

    @property
    def is_descent(self) -> bool:
        """Whether ``from_series`` came of ``to_series``, rather than stand beside it."""
        return self.kind != self.Kind.UNIVERSE

    @property
    def marked_series(self):
        """Its two series, marked as ``visible_to`` marks series."""
        self.from_series.is_unfinished = self.is_unfinished_from
        self.to_series.is_unfinished = self.is_unfinished_to
        return self.from_series, self.to_series

    def told_to(self, audience):
        """(episode, note) as far as ``audience`` may see them: None and "" where it may not.

        The note is about the episode, where there is one, and is told with it.
        """
        episode = audience.shown(self.episode)
        return episode, self.note if episode or self.episode_id is None else ""
