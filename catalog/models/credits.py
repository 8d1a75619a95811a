from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import (
    Exists,
    F,
    OuterRef,
    Q,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from .addresses import path_to
from .entry import Sourced
from .gate import Gated, VisibleQuerySet

# Jobs that a cell of the grid of crossovers tells.
MOST_JOBS_IN_A_CELL = 4

# What a row of a crew tells, the series apart.
_TOLD = ["note", "job__name", "job__slug", "job__department", "person__name", "person__slug"]


class Job(models.Model):
    class Department(models.TextChoices):
        CREATION = "creation", "Creation"
        PRODUCTION = "production", "Production"
        DIRECTING = "directing", "Directing"
        WRITING = "writing", "Writing"
        PHOTOGRAPHY = "photography", "Photography"
        MUSIC = "music", "Music"
        CASTING = "casting", "Casting"
        CONSULTING = "consulting", "Consulting"
        ART = "art", "Art and design"
        EDITING = "editing", "Editing"
        SOUND = "sound", "Sound"
        STUNTS = "stunts", "Stunts"
        EFFECTS = "effects", "Visual effects"
        OTHER = "other", "Other"

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=110, unique=True)
    department = models.CharField(max_length=15, choices=Department)
    rank = models.PositiveSmallIntegerField(
        default=500,
        validators=[MaxValueValidator(9_999)],
        help_text="The place in a list of credits; small numbers come first.",
    )

    class Meta:
        ordering = ["rank", "name", "pk"]

    def __str__(self):
        return self.name


class CreditManager(models.Manager):
    """Brings person, job and series along: a credit cannot say what it is without them."""

    def get_queryset(self):
        return super().get_queryset().select_related("person", "job", "series")


class CreditQuerySet(VisibleQuerySet):
    def for_cards(self):
        """One line for each person, job and series, however many episodes it is for."""
        told_before = self.filter(
            person=OuterRef("person"),
            job=OuterRef("job"),
            series=OuterRef("series"),
            pk__lt=OuterRef("pk"),
        )
        return (
            self.filter(~Exists(told_before))
            .select_related(None)
            .select_related("job", "series")
            .only("person", "job__name", "series__name", "series__accent")
            .order_by("job__rank", F("series__premiered").asc(nulls_last=True), "pk")
        )

    def for_crossovers(self):
        """The first jobs of each person in each series, and one more where there are others."""
        order = ("job__rank", "job__name", "pk")
        place = Window(RowNumber(), partition_by=["person", "series"], order_by=order)
        return (
            self.for_cards()
            .select_related(None)
            .select_related("job")
            .only("person", "series", "job__name")
            .annotate(place=place)
            .filter(place__lte=MOST_JOBS_IN_A_CELL + 1)
            .order_by("series_id", "place")
        )

    def for_series(self, series):
        """Every credit of ``series``, those of its seasons and episodes included.

        Without the series itself, which whoever asks has at hand.
        """
        rows = self._in_order().select_related(None).select_related("person", "job")
        return rows.only(*_TOLD).filter(series=series)

    def for_season(self, season):
        own = Credit.objects.filter(season=season).order_by().values("pk")
        of_episodes = Credit.objects.filter(episode__season=season).order_by().values("pk")
        return self.in_order().filter(pk__in=own.union(of_episodes))

    def for_episode(self, episode):
        """The credits of ``episode`` itself and those of its whole season."""
        return self.in_order().filter(Q(episode=episode) | Q(season=episode.season_id))

    def for_person(self, person):
        return self.in_order().filter(person=person)

    def in_order(self):
        """With what a row of a crew tells, and no column beyond it."""
        return self._in_order().only(*_TOLD, "series__name", "series__slug", "series__accent")

    def _in_order(self):
        rows = self.annotate(
            season_number=Coalesce("season__number", "episode__season__number"),
            episode_number=F("episode__number"),
        )
        return rows.order_by(
            "job__rank",
            "job",
            F("series__premiered").asc(nulls_last=True),
            "series",
            "person__sort_name",
            "person",
            F("season__number").asc(nulls_first=True),
            "episode__season__number",
            "episode__number",
            "pk",
        )


class Credit(Gated, Sourced):
    """A piece of crew work, on a whole series, on one season or on one episode."""

    person = models.ForeignKey(
        "catalog.Person", on_delete=models.CASCADE, related_name="credits", db_index=False
    )
    series = models.ForeignKey(
        "catalog.Series", on_delete=models.CASCADE, related_name="credits", db_index=False
    )
    season = models.ForeignKey(
        "catalog.Season",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="credits",
        help_text="Only for work on one season.",
    )
    episode = models.ForeignKey(
        "catalog.Episode",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="credits",
        help_text="Only for work on one episode.",
    )
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="credits", db_index=False)
    note = models.CharField(max_length=250, blank=True)

    objects = CreditManager.from_queryset(CreditQuerySet)()

    gates = ("person", "series")

    class Meta:
        base_manager_name = "objects"
        ordering = ["series", "job__rank", "pk"]
        # What a list asks of a credit can be read from one of these alone, in the order of people.
        indexes = [
            # For the cards too, which name a job once however many episodes it is for.
            models.Index(fields=["person", "job", "series", "shown_from"], name="credit_of_person"),
            models.Index(
                fields=["series", "person", "job", "shown_from"], name="credit_people_of_series"
            ),
            models.Index(
                fields=["series", "job", "person", "shown_from"], name="credit_jobs_of_series"
            ),
            models.Index(
                fields=["job", "person", "series", "shown_from"], name="credit_people_of_job"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(season=None) | Q(episode=None),
                name="credit_for_season_or_episode",
                violation_error_message="Give the season or the episode, not both.",
            ),
            models.UniqueConstraint(
                fields=["person", "job", "series"],
                condition=Q(season=None, episode=None),
                name="credit_of_series_unique",
                violation_error_message="This person already has this credit.",
            ),
            models.UniqueConstraint(
                fields=["person", "job", "season"],
                condition=Q(season__isnull=False),
                name="credit_of_season_unique",
                violation_error_message="This person already has this credit.",
            ),
            models.UniqueConstraint(
                fields=["person", "job", "episode"],
                condition=Q(episode__isnull=False),
                name="credit_of_episode_unique",
                violation_error_message="This person already has this credit.",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.job.name.lower()} of {self.series}"

    @property
    def mark(self) -> str:
        """The episode or season that it is for: "S3E10", "Season 3"; "" for the whole series.

        It and ``place_address`` read the annotations of ``in_order``.
        """
        if self.episode_number is not None:
            return f"S{self.season_number}E{self.episode_number}"
        if self.season_number is not None:
            return f"Season {self.season_number}" if self.season_number else "Specials"
        return ""

    @property
    def place_address(self) -> str:
        """That of the episode or season; "" for the whole series."""
        slug, season, number = self.series.slug, self.season_number, self.episode_number
        if number is not None:
            return path_to("catalog:episode-detail", slug=slug, season=season, number=number)
        return "" if season is None else path_to("catalog:season-detail", slug=slug, number=season)

    def clean(self):
        super().clean()
        if self.season_id and self.episode_id:
            raise ValidationError({"episode": "Give the season or the episode, not both."})
        if self.series_id and self.season_id and self.season.series_id != self.series_id:
            raise ValidationError({"season": "This is a season of another series."})
        if self.series_id and self.episode_id and self.episode.season.series_id != self.series_id:
            raise ValidationError({"episode": "This is an episode of another series."})
