from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Coalesce, Concat, RowNumber

from .appearances import known_episodes, known_in, known_or_possible_in, possible_episodes
from .entry import Revealable, RevealableQuerySet, Sourced, index_where_set
from .places import PlacesField
from .reach import IsMet, is_entered, is_seen
from .spans import joined_numbers, told_span

_OPEN = Q(revealed_in=None)

# Unbilled roles follow the billed ones.
_UNBILLED = 32767

# What a row of a cast tells, the series apart.
_TOLD = [
    "kind",
    "announced",
    "billing",
    "credited_as",
    "note",
    "person__name",
    "person__slug",
    "character__name",
    "character__slug",
    "revealed_in__number",
    "revealed_in__season__number",
    "revealed_in__season__series__name",
    "first_episode__number",
    "first_episode__season__number",
    "last_episode__number",
    "last_episode__season__number",
]

_TOLD_ON_CARDS = [
    "kind",
    "announced",
    "credited_as",
    "person__name",
    "person__slug",
    "character__name",
    "series__name",
    "series__slug",
    "series__accent",
]

# Parts that a cell of the grid of crossovers tells.
MOST_IN_A_CELL = 4


class PortrayalManager(models.Manager):
    """Brings person, character and series along: a portrayal cannot say what it is without them."""

    def get_queryset(self):
        return super().get_queryset().select_related("person", "character", "series")


class PortrayalQuerySet(RevealableQuerySet):
    def within(self, audience):
        return super().within(audience).filter(IsMet(audience))

    def for_cards(self):
        """One line for each person, character and series; the earliest series first."""
        told_before = self.filter(
            person=OuterRef("person"),
            character=OuterRef("character"),
            series=OuterRef("series"),
            pk__lt=OuterRef("pk"),
        )
        return (
            self.filter(~Exists(told_before))
            ._telling(_TOLD_ON_CARDS)
            .order_by(F("series__premiered").asc(nulls_last=True), *self._BILLING)
        )

    def for_series(self, series, audience):
        """Without their series, which whoever asks has at hand."""
        rows = self.without_series().with_span(audience)
        return rows.filter(series=series).in_groups()

    def for_person(self, person, audience):
        """By the name of the character; ``is_hidden`` marks a role that stands open nowhere."""
        open_parts = Portrayal.objects.open_to(audience).filter(
            person=person, character=OuterRef("character")
        )
        return (
            self.with_names()
            .with_span(audience)
            .filter(person=person)
            .annotate(
                is_hidden=Case(When(revealed_in=None, then=False), default=~Exists(open_parts))
            )
            .order_by(
                # A hidden role among the others would tell the name by its place in the alphabet.
                "is_hidden",
                Case(When(is_hidden=False, then="character__sort_name")).asc(nulls_last=True),
                "character",
                # A role that stands open anywhere is named openly.
                F("revealed_in").asc(nulls_first=True),
                F("series__premiered").asc(nulls_last=True),
                "pk",
            )
        )

    def for_character(self, character, audience):
        return (
            self.with_names()
            .with_span(audience)
            .filter(character=character)
            .order_by(F("series__premiered").asc(nulls_last=True), *self._BILLING)
        )

    def for_crossovers(self, of, audience):
        """The first parts of each ``of`` ("character" or "person") in each series, by release.

        With the one that a cell of the grid names: of a character who plays it, of a person the
        character. One more than a cell has room for tells that there are others.
        """
        order = (_group_rank(), *self._BILLING)
        place = Window(RowNumber(), partition_by=[of, "series"], order_by=order)
        left_out = ("revealed_in", "note", of)
        columns = [name for name in _TOLD if not name.startswith(left_out)]
        return (
            self._telling([*columns, of, "series"])
            .with_span(audience)
            .annotate(place=place)
            .filter(place__lte=MOST_IN_A_CELL + 1)
            .order_by(
                F("series__premiered").asc(nulls_last=True),
                "series__sort_name",
                "series_id",
                "place",
            )
        )

    def for_season(self, season):
        """Those known to be in ``season``: by its own list, by their episodes or by their span."""
        return self.with_names().filter(pk__in=known_in(season, Portrayal)).in_groups()

    def for_episode(self, episode):
        """Those known to be in ``episode``, and those who may be, because they are in its season.

        ``in_episode`` tells the one from the other. Out of the second are left: parts whose
        episodes are listed without this one, parts that begin later or ended before, and
        characters who are first seen later.
        """
        return (
            self.with_names()
            .told_apart(episode)
            .filter(pk__in=known_or_possible_in(episode, Portrayal))
            .order_by(F("in_episode").desc(), *self._BILLING)
        )

    def told_apart(self, episode):
        """``in_episode`` tells whether a part is known to be in ``episode`` itself."""
        listed = Portrayal.episodes.through.objects.filter(episode=episode)
        return self.annotate(in_episode=_holds(Q(pk__in=listed.values("portrayal"))))

    def in_known_episodes(self):
        """A condition on episodes: some of these parts is known to be in it."""
        return known_episodes(self.order_by())

    def in_possible_episodes(self):
        """A condition on episodes: some of these parts may be in it, since it is in its season.

        As ``for_episode`` has it: not those whose episodes are listed, and none before the
        part or the character is first seen or after the part has ended.
        """
        return possible_episodes(self.order_by().filter(episodes=None))

    def in_groups(self):
        """In the order of ``Portrayal.group``: the cast by kind, then what is only announced."""
        return self.order_by(_group_rank(), *self._BILLING)

    def by_billing(self):
        """Those of one group in the order of ``in_groups``, as an index has them."""
        return self.order_by(
            F("billing").asc(nulls_last=True),
            F("character__sort_name").asc(nulls_first=True),
            "pk",
        )

    def with_names(self):
        """With what a row of a cast tells, and no column beyond it."""
        return self._telling([*_TOLD, "series__name", "series__slug", "series__accent"])

    def without_series(self):
        """As ``with_names``, for whoever has the series of all of them at hand."""
        return self._telling(_TOLD)

    def _telling(self, columns):
        joined = {name.rpartition("__")[0] for name in columns} - {""}
        return self.select_related(None).select_related(*joined).only(*columns)

    def with_span(self, audience):
        """With what ``Portrayal.span`` reads: the numbers of its seasons and episodes.

        For someone who told how far they are, no further: that a part ends is told by its end.
        """
        seasons = Portrayal.seasons.through.objects.filter(portrayal=OuterRef("pk"))
        episodes = Portrayal.episodes.through.objects.filter(portrayal=OuterRef("pk"))
        rows = self
        if audience.progress is not None:
            seasons = seasons.filter(is_entered(audience, "season"))
            episodes = episodes.filter(is_seen(audience, "episode"))
            rows = self.annotate(
                begins_ahead=_holds(~is_seen(audience, "first_episode")),
                ends_ahead=_holds(~is_seen(audience, "last_episode")),
            )
        return rows.annotate(
            season_numbers=joined_numbers(seasons, Cast("season__number", CharField())),
            episode_numbers=joined_numbers(
                episodes,
                Concat(
                    Cast("episode__season__number", CharField()),
                    Value("."),
                    Cast("episode__number", CharField()),
                ),
            ),
        )

    _BILLING = (
        Coalesce("billing", _UNBILLED),
        "announced",
        F("character__sort_name").asc(nulls_first=True),  # on PostgreSQL too
        "pk",
    )


def _group_rank():
    """The place of ``Portrayal.group`` among the groups."""
    ranks = [
        When(announced=True, then=len(Portrayal.Kind) + 1),
        *(When(kind=kind, then=rank) for rank, kind in enumerate(Portrayal.Kind.values)),
    ]
    return Case(*ranks, default=len(Portrayal.Kind), output_field=IntegerField())


def _holds(condition):
    return ExpressionWrapper(condition, output_field=BooleanField())


class Portrayal(Revealable, Sourced):
    """Someone who plays somebody in a series."""

    class Kind(models.TextChoices):
        MAIN = "main", "Main cast"
        RECURRING = "recurring", "Recurring"
        GUEST = "guest", "Guest"
        VOICE = "voice", "Voice"
        ARCHIVE = "archive", "Archive footage"
        SELF = "self", "As themselves"

    person = models.ForeignKey(
        "catalog.Person", on_delete=models.CASCADE, related_name="portrayals", db_index=False
    )
    character = models.ForeignKey(
        "catalog.Character",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="portrayals",
        db_index=False,
        help_text="Leave blank when people play themselves, or while the role is not announced.",
    )
    series = models.ForeignKey(
        "catalog.Series", on_delete=models.CASCADE, related_name="portrayals", db_index=False
    )
    kind = models.CharField(
        max_length=10, choices=Kind, blank=True, help_text="Leave blank while it is not known."
    )
    announced = models.BooleanField(
        default=False, help_text="Announced, and not yet seen on the screen."
    )
    seasons = PlacesField(
        "catalog.Season",
        blank=True,
        related_name="portrayals",
        help_text="The seasons of this series in which the part is played.",
    )
    first_episode = models.ForeignKey(
        "catalog.Episode",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="portrayals_beginning",
    )
    last_episode = models.ForeignKey(
        "catalog.Episode",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="portrayals_ending",
    )
    episodes = PlacesField(
        "catalog.Episode",
        blank=True,
        related_name="portrayals",
        help_text="Every episode of the part, or none while they are not all known.",
    )
    billing = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MaxValueValidator(9_999)],
        help_text="The place in the opening titles, from 1.",
    )
    credited_as = models.CharField(
        max_length=200, blank=True, help_text="Only when the credit differs from the names."
    )
    note = models.CharField(
        max_length=250,
        blank=True,
        help_text="Without spoilers: it is shown from the first episode of the part on.",
    )

    objects = PortrayalManager.from_queryset(PortrayalQuerySet)()

    # Of a row that is dressed for someone who told how far they are.
    begins_ahead = ends_ahead = False

    gates = ("person", "character", "series", "revealed_in__season__series")

    class Meta:
        base_manager_name = "objects"
        ordering = ["series", "billing", "pk"]
        indexes = [
            models.Index(
                fields=["person", "series", "character", "revealed_in", "shown_from"],
                name="portrayal_of_person",
            ),
            models.Index(
                fields=["character", "series", "person", "revealed_in", "shown_from"],
                name="portrayal_of_character",
            ),
            models.Index(
                fields=["series", "announced", "kind", "billing"], name="portrayal_titles_of_series"
            ),
            index_where_set("revealed_in", "portrayal_revealed_in"),
            # What a list asks of a portrayal can be read from one of these alone, in the order of
            # the people or the characters it is about. No list shows what is folded.
            *(
                models.Index(fields=[*fields, "shown_from"], name=name, condition=_OPEN)
                for name, fields in {
                    "portrayal_people_of_series": ["series", "person", "character", "kind"],
                    "portrayal_cast_of_series": ["series", "character", "person", "kind"],
                    "portrayal_people_of_kind": ["kind", "person", "series", "character"],
                    "portrayal_cast_of_kind": ["kind", "character", "series", "person"],
                }.items()
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "character", "series", "kind", "announced"],
                name="portrayal_unique",
                violation_error_message="This portrayal is already in the catalogue: "
                "add the seasons to it.",
            ),
            models.UniqueConstraint(
                fields=["person", "series", "kind", "announced"],
                condition=Q(character=None),
                name="portrayal_without_character_unique",
                violation_error_message="This portrayal is already in the catalogue: "
                "add the seasons to it.",
            ),
            models.CheckConstraint(
                condition=Q(billing=None) | Q(billing__gte=1),
                name="portrayal_billing_from_one",
                violation_error_message="Billing counts from 1.",
            ),
        ]

    def __str__(self):
        if self.character or self.kind == self.Kind.SELF:
            return f"{self.person} as {self.role} in {self.series}"
        return f"{self.person} in {self.series} ({self.role.lower()})"

    def clean(self):
        super().clean()
        first, last = self.first_episode, self.last_episode
        for name, episode in (("first_episode", first), ("last_episode", last)):
            if episode and self.series_id and episode.season.series_id != self.series_id:
                raise ValidationError({name: "This is an episode of another series."})
        if (
            first
            and last
            and (last.season.number, last.number) < (first.season.number, first.number)
        ):
            raise ValidationError({"last_episode": "The last episode is before the first."})
        if self.pk and (
            self.seasons.exclude(series=self.series_id).exists()
            or self.episodes.exclude(season__series=self.series_id).exists()
        ):
            raise ValidationError(
                {"series": "Its seasons or episodes are of another series: take them out first."}
            )

    @property
    def group(self) -> str:
        """The heading under which a cast list has it; see ``in_groups``."""
        if self.announced:
            return "Announced"
        return self.kind_label or "Other cast"

    @property
    def kind_label(self) -> str:
        """As ``get_kind_display``, which makes a dictionary of all kinds each time."""
        return _KIND_LABELS.get(self.kind, self.kind)

    @property
    def part(self):
        """What a person's page groups by: the character, or the words that stand for one."""
        return self.character or self.role

    @property
    def role(self) -> str:
        """What the cast list says after "as"."""
        if self.character:
            return self.character.name
        if self.kind == self.Kind.SELF:
            return self.credited_as or "Themselves"
        return "Role not announced" if self.announced else "Role not known"

    @property
    def span(self) -> str:
        """Where the part is played, as far as known: "Seasons 1–3, 7" or "S3E10".

        Reads the annotations of ``with_span``.
        """
        return told_span(
            self.season_numbers,
            self.episode_numbers,
            None if self.begins_ahead else self.first_episode,
            None if self.ends_ahead else self.last_episode,
        )


_KIND_LABELS = dict(Portrayal.Kind.choices)
