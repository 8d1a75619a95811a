from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import models

from .entry import exactly_one_of

_TARGETS = ("series", "character", "person", "organization", "announcement", "watch_order")


def _delete(rows):
    for row in rows:
        row.delete()


# How those go that give way. While a change is recorded, the record keeps them for the history.
removing = ContextVar("removing", default=_delete)


class RedirectQuerySet(models.QuerySet):
    """An old address leads to an entry, never to another address.

    So there are no chains to follow, and no loops: whatever the entry is called next, all its
    old addresses lead there at once.
    """

    def target_of(self, model, slug):
        """The entry of ``model`` that once answered at ``slug``, or None."""
        name = self._target_name(model)
        redirect = self._of(model).filter(old_slug=slug).select_related(name).first()
        return redirect and getattr(redirect, name)

    def renamed(self, model, slugs=None) -> dict[str, str]:
        """{old slug: new slug} of those of ``slugs`` at which an entry of ``model`` once was.

        Of all old slugs when none are named.
        """
        rows = self._of(model)
        if slugs is not None:
            rows = rows.filter(old_slug__in=slugs)
        return dict(rows.values_list("old_slug", f"{self._target_name(model)}__slug"))

    def lead_elsewhere(self, entry, slug):
        """Of the redirects from ``slug`` that which leads to another entry of the same kind."""
        rows = self._of(type(entry)).filter(old_slug=slug)
        return rows.exclude(**{self._target_name(type(entry)): entry.pk})

    def at(self, model, slug):
        """That which leads from ``slug`` to an entry of ``model``; none, or one."""
        return self._of(model).filter(old_slug=slug)

    def starting_with(self, model, stem):
        return self._of(model).filter(old_slug__startswith=stem)

    def follow(self, entry, old_slug=""):
        """Keep ``old_slug`` of an entry that was renamed; whatever led from its new slug gives way.

        "" stands for an entry that is new.
        """
        removing.get()(self._of(type(entry)).filter(old_slug__in=[entry.slug, old_slug]))
        if old_slug:
            self.create(old_slug=old_slug, **{self._target_name(type(entry)): entry})

    def _of(self, model):
        return self.filter(**{f"{self._target_name(model)}__isnull": False})

    def _target_name(self, model):
        return next(f.name for f in self.model._meta.fields if f.related_model is model)


class Redirect(models.Model):
    """An address that an entry had before: it was renamed, or merged into another."""

    old_slug = models.SlugField(
        "old slug",
        max_length=110,
        help_text="The last part of the old address. A change of a slug adds this by itself.",
    )
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

    def clean(self):
        super().clean()
        target = self.target
        here = target and type(target).objects.filter(slug=self.old_slug).first()
        if here is not None:
            raise ValidationError(
                {
                    "old_slug": f"“{here}” answers at this address now, so it leads nowhere else. "
                    "Give that another slug first, or write another old slug here."
                }
            )

    @property
    def target(self):
        """The entry that the old address leads to; None while none is chosen."""
        entries = (getattr(self, name) for name in _TARGETS)
        return next((entry for entry in entries if entry is not None), None)
