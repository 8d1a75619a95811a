"""What every page of the catalogue shares: a name, an address, a state, and the one gate."""

import datetime as dt

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from .text import ByteOrderedField, address, as_lines, fold


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    PUBLISHED = "published", "Published"


class VisibleQuerySet(models.QuerySet):
    """Rows that pass the gate of the entries they belong to.

    Every public queryset goes through ``visible_to`` and through nothing else. The
    model's ``gates`` name the entries on which its rows depend, as lookup paths; the
    empty path is the row itself. A path that may be null lets its nulls pass.
    """

    def visible_to(self, audience):
        if audience.sees_drafts:
            return self
        return self.filter(*(_gate(self.model, path, audience) for path in self.model.gates))

    def hidden_from(self, audience):
        """The entries that ``visible_to`` withholds: as a rule a few among many."""
        return self.unpublished() | self.scheduled_after(audience.moment)

    def unpublished(self):
        return self.filter(state__in=[state for state in State if state != State.PUBLISHED])

    def scheduled_after(self, moment):
        return self.filter(publish_at__gt=moment)


def _gate(model, path, audience):
    if not path:
        return Q(state=State.PUBLISHED) & (Q(publish_at=None) | Q(publish_at__lte=audience.moment))
    # The few that are hidden are looked up once; to look at the entry of each row takes as
    # long as there are rows.
    first, _, rest = path.partition("__")
    return ~Q(**{f"{first}__in": _hidden(model, first, rest, audience)})


def _hidden(model, name, path, audience):
    """The primary keys of what ``model`` may point to by ``name`` and must not show."""
    target = model._meta.get_field(name).related_model
    if not path:
        # Each half is answered by an index of its own; asked for both at once, SQLite reads
        # every entry.
        unpublished = target.objects.unpublished().order_by().values("pk")
        scheduled = target.objects.scheduled_after(audience.moment).order_by().values("pk")
        return unpublished.union(scheduled, all=True)
    first, _, rest = path.partition("__")
    beyond = _hidden(target, first, rest, audience)
    return target.objects.filter(**{f"{first}__in": beyond}).values("pk")


class RevealableQuerySet(VisibleQuerySet):
    def unspoiled(self):
        """Without the rows that give an episode away: for whatever is not folded."""
        return self.filter(revealed_in=None)


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


class Revealable(models.Model):
    """A fact that spoils an episode for those who have not seen it."""

    revealed_in = models.ForeignKey(
        "catalog.Episode",
        # Without its episode the row would stand open: whoever deletes the episode decides first.
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="revealed_%(class)s",
        verbose_name="revealed in",
        help_text="The episode that gives this away; it is shown folded, with a warning. "
        "Leave blank when it spoils nothing.",
    )

    class Meta:
        abstract = True


class Entry(Sourced):
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
        db_index=True,
        help_text="Only published entries are seen by visitors.",
    )
    publish_at = models.DateTimeField(
        "publish at",
        null=True,
        blank=True,
        db_index=True,
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

    def clean(self):
        super().clean()
        if not self.slug and not address(self.name):
            raise ValidationError(
                {"slug": "The name has no letters that an address can be made of: write one here."}
            )

    def is_visible_to(self, audience) -> bool:
        """The gate of ``visible_to``, asked of a row that is already at hand."""
        return audience.sees_drafts or (
            self.state == State.PUBLISHED
            and (self.publish_at is None or self.publish_at <= audience.moment)
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
