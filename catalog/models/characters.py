from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, F, Min, OuterRef, Prefetch, Q, Subquery

from .addresses import path_to
from .crossovers import series_of_character
from .entry import Entry, Revealable, RevealableQuerySet, Sourced, index_where_set
from .external_ids import LARGEST_ID
from .gate import VisibleQuerySet
from .places import unless_series_goes
from .portrayals import Portrayal
from .reach import IsKnown
from .text import LinesField

_MOST_MAIN_CHARACTERS = 300
# Of these, the billing is looked up.
_MOST_LEADING = 24


class CharacterQuerySet(VisibleQuerySet):
    def within(self, audience):
        """Whom one has met: those who play a part so far."""
        return self.filter(IsKnown(audience))

    def for_list(self, audience):
        """With the portrayals that a card names: who plays the character, and where."""
        portrayals = Portrayal.objects.open_to(audience).for_cards()
        return (
            self.select_related("image")
            .prefetch_related(Prefetch("portrayals", portrayals, to_attr="shown_portrayals"))
            .order_by("sort_name", "pk")
        )

    def for_crossovers(self, audience):
        """With the parts that a grid of crossovers tells."""
        portrayals = Portrayal.objects.open_to(audience).for_crossovers("character", audience)
        return self.select_related("image").prefetch_related(
            Prefetch("portrayals", portrayals, to_attr="shown_portrayals")
        )

    def for_dashboard(self, audience):
        """The main characters in two or more series, those in the most first, then as billed.

        In a catalogue with more of them than any franchise has, those are looked at that were
        entered first.
        """
        parts = Portrayal.objects.open_to(audience).order_by()
        main = parts.filter(kind=Portrayal.Kind.MAIN).exclude(character=None)
        some = main.order_by("character").values("character").distinct()[:_MOST_MAIN_CHARACTERS]
        of_character = parts.filter(character__in=some).values("character")
        leading = (
            of_character.annotate(series_count=Count("series", distinct=True))
            .filter(series_count__gte=2)
            .order_by("-series_count", "character")
            .values("character")[:_MOST_LEADING]
        )
        own = parts.filter(character=OuterRef("pk")).values("character")
        best = Subquery(own.annotate(best=Min("billing")).values("best"))
        return (
            self.for_list(audience)
            .filter(pk__in=leading)
            .annotate(series_count=series_of_character(audience))
            .order_by("-series_count", best.asc(nulls_last=True), "sort_name", "pk")
        )

    def for_detail(self):
        return self.select_related("image", "inspired_by", "first_appearance__season__series")

    def inspired_by(self, person):
        return self.filter(inspired_by=person).order_by("sort_name", "pk")

    def for_episode(self, episode):
        """Those who are first seen in ``episode``."""
        return self.filter(first_appearance=episode).order_by("sort_name", "pk")


class Character(Entry):
    full_name = models.CharField(max_length=200, blank=True)
    other_names = LinesField(blank=True, help_text="Nicknames and spellings, one to a line.")
    occupation = models.CharField(
        "occupation or rank", max_length=200, blank=True, help_text="When first seen, no spoilers."
    )
    biography = models.TextField(
        blank=True,
        help_text="Without spoilers: what an episode gives away belongs below, as a fact. "
        "**bold**, lists and [links](https://…) may be used.",
    )
    image = models.ForeignKey(
        "catalog.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="characters"
    )
    inspired_by = models.ForeignKey(
        "catalog.Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,  # few are: see ``index_where_set``
        related_name="inspired_characters",
        help_text="The real person who was the model for the character.",
    )
    first_appearance = models.ForeignKey(
        "catalog.Episode",
        on_delete=unless_series_goes,
        null=True,
        blank=True,
        related_name="first_appearances",
        help_text="Leave blank while only the season is known.",
    )
    tvmaze_id = models.PositiveIntegerField(
        "TVmaze id", null=True, blank=True, validators=[MaxValueValidator(LARGEST_ID)]
    )

    alike_by = ("name", "full_name", "other_names")

    objects = CharacterQuerySet.as_manager()

    class Meta(Entry.Meta):
        abstract = False
        permissions = [("merge_character", "Can merge characters")]
        ordering = ["sort_name", "pk"]
        # A page far down the list is found without looking at the rows before it.
        indexes = [
            models.Index(fields=["sort_name", "id", "shown_from"], name="character_by_name"),
            # Of thousands the few that wait; the other entries are few.
            models.Index(fields=["state", "publish_at"], name="character_by_state"),
            index_where_set("inspired_by", "character_inspired_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["tvmaze_id"],
                condition=Q(tvmaze_id__isnull=False),
                name="character_tvmaze_id_unique",
                violation_error_message="Another character already has this TVmaze id.",
            ),
        ]

    def get_absolute_url(self):
        return path_to("catalog:character-detail", slug=self.slug)

    @property
    def actors(self) -> list:
        """Each once, in the order of the series; of a row that ``for_list`` fetched."""
        return list(dict.fromkeys(portrayal.person for portrayal in self.shown_portrayals))

    @property
    def is_recast(self) -> bool:
        """Whether several people play it; of a row that was fetched with its portrayals."""
        return len({portrayal.person_id for portrayal in self.shown_portrayals}) > 1

    @property
    def crossed_series(self) -> list:
        """The series that it is in, the earliest first; of a row that ``for_list`` fetched."""
        return list(dict.fromkeys(portrayal.series for portrayal in self.shown_portrayals))

    def search_fields(self):
        return {
            "names": [self.name, self.full_name, *self.also_known_as],
            "context": self.occupation,
            "body": f"{self.occupation}\n{self.biography}",
            "weight": 50,
        }


class CharacterFactQuerySet(RevealableQuerySet):
    def within(self, audience):
        """Of those whom one has met."""
        return super().within(audience).filter(IsKnown(audience, "character"))

    def for_character(self, character):
        return (
            self.filter(character=character)
            .select_related("revealed_in__season__series")
            .order_by(F("revealed_in").asc(nulls_first=True), "pk")
        )

    def for_episode(self, episode):
        """What ``episode`` gives away."""
        return self.filter(revealed_in=episode).select_related("character")


class CharacterFact(Revealable, Sourced):
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="facts")
    text = models.CharField(max_length=500)

    objects = CharacterFactQuerySet.as_manager()

    gates = ("character", "revealed_in__season__series")

    class Meta:
        ordering = ["character", "pk"]
        indexes = [index_where_set("revealed_in", "character_fact_revealed_in")]
        constraints = [
            models.UniqueConstraint(
                fields=["character", "text"],
                name="character_fact_unique",
                violation_error_message="This fact is already told of the character.",
            ),
        ]

    def __str__(self):
        return self.text


class RelationshipKind(models.Model):
    slug = models.SlugField(max_length=60, unique=True)
    phrase = models.CharField(
        max_length=80, help_text="Read from the first to the second: “daughter of”."
    )
    reverse_phrase = models.CharField(
        max_length=80,
        help_text="Read the other way: “parent of”. The same phrase again where both are alike.",
    )

    class Meta:
        ordering = ["phrase", "pk"]

    def __str__(self):
        return f"{self.phrase} / {self.reverse_phrase}"

    @property
    def is_symmetric(self) -> bool:
        return self.phrase == self.reverse_phrase


class RelationshipManager(models.Manager):
    """Brings both characters and the kind along: a relationship cannot be told without them."""

    def get_queryset(self):
        return super().get_queryset().select_related("character", "kind", "other")


class RelationshipQuerySet(RevealableQuerySet):
    def within(self, audience):
        """Between those whom one has met."""
        known = (IsKnown(audience, path) for path in ("character", "other"))
        return super().within(audience).filter(*known)

    def of(self, character):
        """Stated from either side."""
        return (
            self.filter(Q(character=character) | Q(other=character))
            .select_related("revealed_in__season__series")
            .order_by(F("revealed_in").asc(nulls_first=True), "pk")
        )


class Relationship(Revealable, Sourced):
    character = models.ForeignKey(Character, on_delete=models.CASCADE, related_name="relationships")
    kind = models.ForeignKey(
        RelationshipKind, on_delete=models.PROTECT, related_name="relationships"
    )
    other = models.ForeignKey(
        Character,
        on_delete=models.CASCADE,
        related_name="relationships_back",
        verbose_name="other character",
    )
    note = models.CharField(
        max_length=250, blank=True, help_text="Gives away no more than “revealed in” says."
    )

    objects = RelationshipManager.from_queryset(RelationshipQuerySet)()

    gates = ("character", "other", "revealed_in__season__series")

    class Meta:
        base_manager_name = "objects"
        indexes = [index_where_set("revealed_in", "relationship_revealed_in")]
        constraints = [
            models.UniqueConstraint(
                fields=["character", "other", "kind"],
                name="relationship_unique",
                violation_error_message="This relationship is already stated.",
            ),
            models.CheckConstraint(
                condition=~Q(character=F("other")),
                name="relationship_not_to_itself",
                violation_error_message="A character cannot be related to itself.",
            ),
        ]

    def __str__(self):
        return f"{self.character}, {self.kind.phrase} {self.other}"

    def clean(self):
        super().clean()
        if not (self.character_id and self.other_id and self.kind_id):
            return
        if self.character_id == self.other_id:
            raise ValidationError({"other": "A character cannot be related to itself."})
        turned = type(self).objects.filter(
            character=self.other_id, other=self.character_id, kind=self.kind_id
        )
        if self.kind.is_symmetric and turned.exclude(pk=self.pk).exists():
            raise ValidationError(
                {"other": "This is already stated from the other character's side."}
            )
