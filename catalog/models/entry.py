"""What every page of the catalogue shares: a name, an address, a state and its sources."""

import datetime as dt

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from .gate import ALWAYS, Gated, VisibleQuerySet
from .reach import is_revealed
from .text import ByteOrderedField, address, as_lines, fold


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    PUBLISHED = "published", "Published"


class RevealableQuerySet(VisibleQuerySet):
    def within(self, audience):
        return self.filter(is_revealed(audience))

    def open_to(self, audience):
        """What stands open to ``audience``: for cards, counts and whatever else folds nothing."""
        rows = self.visible_to(audience)
        return rows.filter(revealed_in=None) if audience.folds else rows


class Sourced(models.Model):
    """A fact that can name where it is known from."""

    sources = models.ManyToManyField(
        "catalog.Source",
        blank=True,
        related_name="supported_%(class)s",
        help_text="Where this is known from. Leave empty when no source confirms it yet.",
    )

    class Meta:
        abstract = True


class Revealable(Gated):
    """A fact that spoils an episode for those who have not seen it."""

    revealed_in = models.ForeignKey(
        "catalog.Episode",
        # Without its episode the row would stand open: whoever deletes the episode decides first.
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        db_index=False,  # most reveal nothing: see ``index_where_set``
        related_name="revealed_%(class)s",
        verbose_name="revealed in",
        help_text="The episode that gives this away; it is shown folded, with a warning. "
        "Leave blank when it spoils nothing.",
    )

    class Meta:
        abstract = True


def index_where_set(field, name):
    """An index of a foreign key that few rows have: the many nulls would mislead a database."""
    return models.Index(fields=[field], name=name, condition=Q(**{f"{field}__isnull": False}))


class Entry(Gated, Sourced):
    """Something that has a page of its own."""

    name = models.CharField(max_length=200)
    slug = models.SlugField(
        max_length=110,
        unique=True,
        blank=True,
        help_text="The last part of its address. Leave blank to have it made from the name; "
        "a change breaks the links of others unless a redirect is added.",
    )
    state = models.CharField(
        max_length=10,
        choices=State,
        default=State.DRAFT,
        help_text="Only published entries are seen by visitors.",
    )
    publish_at = models.DateTimeField(
        "publish at",
        null=True,
        blank=True,
        help_text="A published entry stays hidden until then (time in UTC). "
        "Leave blank to show it at once.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    sort_name = ByteOrderedField(max_length=200, editable=False)

    objects = VisibleQuerySet.as_manager()

    gates = ("",)

    class Meta:
        abstract = True
        # The Meta of each kind of entry inherits this one.
        default_permissions = ("add", "change", "delete", "view", "publish")

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        self.sort_name = fold(self.name)[:200]
        derived = {"updated_at"}
        if update_fields is None or "name" in update_fields:
            derived.add("sort_name")
        if not self.slug:
            self.slug = self._free_slug()
            derived.add("slug")
        if update_fields is not None:
            update_fields = {*update_fields, *derived}
        with transaction.atomic():
            super().save(*args, update_fields=update_fields, **kwargs)
            record_for_search(self.search_targets())

    @classmethod
    def own_gate(cls):
        out = When(state=State.PUBLISHED, then=Coalesce("publish_at", Value(ALWAYS)))
        return Case(out, default=None, output_field=models.DateTimeField())

    def opens_own_gate(self):
        return self.state == State.PUBLISHED

    def clean(self):
        super().clean()
        if not self.slug and not address(self.name):
            raise ValidationError(
                {"slug": "The name has no letters that an address can be made of: write one here."}
            )

    @property
    def state_mark(self) -> str:
        """What an editor should know who sees it: "Draft", "Scheduled for …", "" when it is out."""
        if self.state != State.PUBLISHED:
            return self.get_state_display()
        if self.publish_at is not None and self.publish_at > timezone.now():
            moment = self.publish_at.astimezone(dt.UTC)
            return f"Scheduled for {moment.day} {moment:%B %Y, %H:%M} UTC"
        return ""

    @property
    def also_known_as(self) -> list[str]:
        """Its other names; empty for kinds of entry that have none."""
        return as_lines(getattr(self, "other_names", ""))

    def search_targets(self):
        """This entry and whatever else shows its name, address or state in search."""
        return [self]

    def _free_slug(self):
        stem = address(self.name) or self._meta.model_name
        others = type(self).objects.exclude(pk=self.pk)
        if not others.filter(slug=stem).exists():
            return stem
        taken = set(others.filter(slug__startswith=f"{stem}-").values_list("slug", flat=True))
        number = 2
        while f"{stem}-{number}" in taken:
            number += 1
        return f"{stem}-{number}"


def record_for_search(targets):
    """Bring the search rows of ``targets`` up to date; each save of a findable row calls it."""
    apps.get_model("catalog", "SearchEntry").objects.record(targets)


def count_of(rows, of: str):
    """How many of ``rows`` (a queryset) name the outer row in their field ``of``, as an annotation.

    A subquery for each count: joining two of them would multiply one by the other.
    """
    counted = (
        rows.filter(**{of: OuterRef("pk")})
        .order_by()
        .values(of)
        .annotate(number=Count("pk", distinct=True))
        .values("number")
    )
    return Coalesce(Subquery(counted), 0)


def exactly_one_of(*fields: str) -> Q:
    """The condition that exactly one of these columns is not null."""
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in fields})
    return condition
