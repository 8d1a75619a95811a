from django.db import models

from .entry import exactly_one_of

_TARGETS = ("series", "character", "person", "organization", "announcement", "watch_order")


class RedirectQuerySet(models.QuerySet):
    def target_of(self, model, slug):
        """The entry of ``model`` that once answered at ``slug``, or None."""
        name = next(f.name for f in self.model._meta.fields if f.related_model is model)
        redirect = self.filter(**{f"{name}__isnull": False}, old_slug=slug).first()
        return redirect and getattr(redirect, name)


class Redirect(models.Model):
    """An address that an entry had before: it was renamed, or merged into another."""

    old_slug = models.SlugField("old slug", max_length=110)
    series = models.ForeignKey(
        "catalog.Series", on_delete=models.CASCADE, null=True, blank=True, related_name="redirects"
    )
    character = models.ForeignKey(
        "catalog.Character",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
    )
    person = models.ForeignKey(
        "catalog.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="redirects"
    )
    organization = models.ForeignKey(
        "catalog.Organization",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
    )
    announcement = models.ForeignKey(
        "catalog.Announcement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
    )
    watch_order = models.ForeignKey(
        "catalog.WatchOrder",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
    )

    objects = RedirectQuerySet.as_manager()

    # It leads somewhere once its target is out; no gate of its own.
    gates = _TARGETS

    class Meta:
        ordering = ["old_slug", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one_of(*_TARGETS),
                name="redirect_names_one_entry",
                violation_error_message="Choose exactly one entry that the old address leads to.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["old_slug"],
                    condition=models.Q(**{f"{name}__isnull": False}),
                    name=f"redirect_{name}_slug_unique",
                    violation_error_message="This old address already leads somewhere.",
                )
                for name in _TARGETS
            ),
        ]

    def __str__(self):
        return self.old_slug
