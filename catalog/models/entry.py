"""What every page of the catalogue shares: a name, an address, a state and its sources."""

import datetime as dt

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from .afterwards import together, waiting
from .gate import ALWAYS, Gated, VisibleQuerySet
from .reach import is_revealed
from .text import ByteOrderedField, address, as_lines, fold

# More than ever choose the same slug at the same moment.
_MOST_TRIES = 50


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
        "after a change the old address leads to the new one.",
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

    # The fields by which two of a kind are found to be perhaps the same; () if nobody merges them.
    alike_by = ()

    # The state as it was read from the database; a form may have put another on the row since.
    stored_state = State.DRAFT

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
        needs_slug = not self.slug
        if needs_slug:
            derived.add("slug")
        if update_fields is not None:
            update_fields = {*update_fields, *derived}
        with together():
            old_slug = self._stored_slug(update_fields)
            if needs_slug:
                self._save_at_a_free_slug(*args, update_fields=update_fields, **kwargs)
            else:
                super().save(*args, update_fields=update_fields, **kwargs)
            if old_slug != self.slug:
                redirects = apps.get_model("catalog", "Redirect").objects
                redirects.follow(self, old_slug)
            record_for_search(self.search_targets())
            if update_fields is None or not update_fields.isdisjoint(self.alike_by):
                look_for_duplicates(self)

    @classmethod
    def from_db(cls, *args):
        entry = super().from_db(*args)
        entry.stored_state = entry.__dict__.get("state", State.DRAFT)
        return entry

    @classmethod
    def own_gate(cls):
        out = When(state=State.PUBLISHED, then=Coalesce("publish_at", Value(ALWAYS)))
        return Case(out, default=None, output_field=models.DateTimeField())

    def opens_own_gate(self):
        return self.state == State.PUBLISHED

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

    def _stored_slug(self, update_fields):
        """The slug that it has in the database; "" when it is new, its own when that stays."""
        if update_fields is not None and "slug" not in update_fields:
            return self.slug
        if self._state.adding:
            return ""
        stored = type(self).objects.filter(pk=self.pk).order_by()
        return stored.values_list("slug", flat=True).first() or ""

    def _save_at_a_free_slug(self, *args, **kwargs):
        """Another process may choose the same slug at the same moment: then the next one is free.

        Whoever comes second sees the first only once that is saved.
        """
        others = type(self).objects.exclude(pk=self.pk)
        for _ in range(_MOST_TRIES):
            self.slug = self._free_slug()
            try:
                with transaction.atomic():
                    return super().save(*args, **kwargs)
            except IntegrityError:
                if not others.filter(slug=self.slug).exists():
                    raise
        raise IntegrityError(f"No slug for {self.name!r} stayed free.")

    def _free_slug(self):
        """One that no other entry of the kind has, and from which nothing leads to another."""
        stem = address(self.name) or self._meta.model_name
        others = type(self).objects.exclude(pk=self.pk)
        redirects = apps.get_model("catalog", "Redirect").objects
        if not (others.filter(slug=stem).exists() or redirects.lead_elsewhere(self, stem).exists()):
            return stem
        start = f"{stem}-"
        taken = {
            *others.filter(slug__startswith=start).values_list("slug", flat=True),
            *redirects.starting_with(type(self), start).values_list("old_slug", flat=True),
        }
        number = 2
        while f"{stem}-{number}" in taken:
            number += 1
        return f"{stem}-{number}"


def record_for_search(targets):
    """Bring the search rows of ``targets`` up to date; each save of a findable row calls it."""
    if (later := waiting()) is not None:
        later.follow_search(targets)
    else:
        apps.get_model("catalog", "SearchEntry").objects.record(targets)


def look_for_duplicates(entry):
    """Bring the list of those that may be ``entry`` too up to date."""
    if not entry.alike_by:
        return
    if (later := waiting()) is not None:
        later.follow_likeness(entry)
    else:
        apps.get_model("catalog", "LikelyDuplicate").objects.look_again([entry])


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
