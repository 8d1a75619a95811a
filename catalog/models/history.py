"""Who changed what, when and why: an index of the versions that django-reversion keeps."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import OuterRef, Prefetch, Q, Subquery


class ChangeQuerySet(models.QuerySet):
    def told(self):
        """Without those that only hold what was there before the first change."""
        return self.exclude(kind=Change.Kind.BEFORE)

    def of(self, row):
        """Those that concern ``row``: of itself, and of what hangs on it."""
        rows = ChangedRow.objects.of(row)
        return self.filter(pk__in=rows.values("change"))

    def last_moment(self):
        """When anything was changed last; None if nothing was since the first load."""
        moments = self.order_by("-pk").values_list("revision__date_created", flat=True)
        return moments.first()

    def for_list(self, about=None):
        """With what was changed, each row once, or only what concerns the row ``about``."""
        rows = ChangedRow.objects.of(about) if about else ChangedRow.objects.of_itself()
        return self.select_related("revision__user", "undoes").prefetch_related(
            Prefetch("rows", rows.with_predecessor().order_by("pk"), to_attr="shown_rows")
        )


class Change(models.Model):
    """One act of one person: a page saved, a merge, an undo."""

    class Kind(models.TextChoices):
        EDIT = "edit", "Edited"
        DELETE = "delete", "Deleted"
        MERGE = "merge", "Merged"
        UNDO = "undo", "Undone"
        RESTORE = "restore", "Restored"
        RECOVER = "recover", "Recovered"
        LOAD = "load", "Loaded from files"
        IMPORT = "import", "Imported"
        # Not any import: what it wrote is the base with which its next one is merged.
        TVMAZE = "tvmaze", "Imported from TVmaze"
        BEFORE = "before", "As it was before"

    revision = models.OneToOneField(
        "reversion.Revision", on_delete=models.CASCADE, related_name="change"
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EDIT)
    undoes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="undone_by"
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "recent changes"
        ordering = ["-pk"]
        permissions = [("revert_changes", "Can undo changes and recover what was deleted")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.revision.date_created:%Y-%m-%d %H:%M}"


class ChangedRowQuerySet(models.QuerySet):
    def of(self, row):
        """What concerns ``row``, on whose page of history it is shown."""
        return self.filter(subject_type=ContentType.objects.get_for_model(row), subject_id=row.pk)

    def of_itself(self):
        """Each changed row once, however many pages of history it is shown on."""
        return self.filter(is_itself=True)

    def with_predecessor(self):
        """With the version before; ``predecessor_id`` is its key, None for what was added."""
        versions = self.model._meta.get_field("version").related_model.objects
        earlier = versions.filter(
            content_type=OuterRef("version__content_type"),
            object_id=OuterRef("version__object_id"),
            pk__lt=OuterRef("version"),
        ).order_by("-pk")
        return self.select_related("version__content_type").annotate(
            predecessor_id=Subquery(earlier.values("pk")[:1])
        )


class ChangedRow(models.Model):
    """That a row was changed, once for each page of history on which it is shown."""

    class Kind(models.TextChoices):
        ADDED = "added", "Added"
        CHANGED = "changed", "Changed"
        DELETED = "deleted", "Deleted"

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="rows")
    version = models.ForeignKey(
        "reversion.Version",
        on_delete=models.CASCADE,
        related_name="changed_rows",
        help_text="The row as it then was; of a deleted one as it was before.",
    )
    kind = models.CharField(max_length=10, choices=Kind)
    subject_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    is_itself = models.BooleanField(default=False)

    objects = ChangedRowQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["subject_type", "subject_id", "change"], name="changed_row_of_subject"
            ),
            models.Index(
                fields=["subject_type", "kind", "change"],
                condition=Q(is_itself=True),
                name="changed_row_by_kind",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.version.object_repr}"


def last_change_of(model):
    """When a row of ``model``, the outer query's, or anything that hangs on it was changed last."""
    rows = ChangedRow.objects.filter(
        subject_type=ContentType.objects.get_for_model(model), subject_id=OuterRef("pk")
    )
    return Subquery(rows.order_by("-change").values("change__revision__date_created")[:1])
