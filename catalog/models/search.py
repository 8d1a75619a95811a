from django.db import models

from .entry import State, VisibleQuerySet, exactly_one_of
from .text import ByteOrderedField, fold

_TARGETS = ("series", "episode", "character", "person", "organization", "announcement")


class SearchEntryQuerySet(VisibleQuerySet):
    def record(self, targets):
        """Write the rows of ``targets`` anew, in one statement for each kind of target."""
        rows = {}
        for target in targets:
            rows.setdefault(target._meta.model_name, []).append(_row(self.model, target))
        for kind, of_kind in rows.items():
            self.bulk_create(
                of_kind,
                batch_size=100,
                update_conflicts=True,
                unique_fields=[kind],
                update_fields=[
                    "kind",
                    "name",
                    "sort_name",
                    "path",
                    "context",
                    "names",
                    "body",
                    "weight",
                    "revealed_in",
                    "state",
                    "publish_at",
                ],
            )

    def search(self, text):
        """Rows that have every word of ``text`` in their names or in their open text.

        The thing itself comes before what only mentions it: a whole name, then the
        beginning of a name, then any part of a name, then the text.
        """
        wanted = fold(text)
        if not wanted:
            return self.none()
        rows = self
        for word in _words(wanted):
            rows = rows.filter(
                models.Q(names__contains=word) | models.Q(body__contains=word, revealed_in=None)
            )
        return rows.annotate(
            closeness=models.Case(
                models.When(names__contains=f"|{wanted}|", then=0),
                models.When(names__contains=f"|{wanted}", then=1),
                models.When(_in_names(wanted), then=2),
                default=3,
                output_field=models.IntegerField(),
            )
        ).order_by("closeness", "-weight", "sort_name", "pk")

    def with_words_in_names(self, text):
        """Rows that have every word of ``text`` in their names."""
        return self.filter(_in_names(fold(text)))


def _words(folded):
    return folded.split()[:_MOST_WORDS]


def _in_names(folded):
    condition = models.Q()
    for word in _words(folded):
        condition &= models.Q(names__contains=word)
    return condition


# More words than any name has: what follows them can only be a paste.
_MOST_WORDS = 12


def _row(model, target):
    fields = target.search_fields()
    owner = getattr(target, "series", None) if target._meta.model_name == "episode" else target
    return model(
        **{target._meta.model_name: target},
        kind=target._meta.model_name,
        name=fields["names"][0],
        sort_name=fold(fields["names"][0])[:200],
        path=target.get_absolute_url(),
        context=fields["context"],
        names="|" + "|".join(fold(name) for name in fields["names"] if name) + "|",
        body=fold(fields["body"]),
        weight=fields["weight"],
        revealed_in_id=getattr(target, "revealed_in_id", None),
        state=owner.state,
        publish_at=owner.publish_at,
    )


class SearchEntry(models.Model):
    """One row for each findable thing, its text folded so that every database finds alike."""

    revealed_in = models.ForeignKey(
        "catalog.Episode",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="revealed_search_entries",
    )
    kind = models.CharField(max_length=15)
    name = models.CharField(max_length=200)
    sort_name = ByteOrderedField(max_length=200)
    path = models.CharField(max_length=300)
    context = models.CharField(max_length=250, blank=True)
    names = models.TextField(help_text="Its folded names, each between upright bars.")
    body = models.TextField(blank=True, help_text="Its folded text.")
    weight = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State)
    publish_at = models.DateTimeField(null=True, blank=True)
    series = models.OneToOneField(
        "catalog.Series",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="search_entry",
    )
    episode = models.OneToOneField(
        "catalog.Episode",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="search_entry",
    )
    character = models.OneToOneField(
        "catalog.Character",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="search_entry",
    )
    person = models.OneToOneField(
        "catalog.Person",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="search_entry",
    )
    organization = models.OneToOneField(
        "catalog.Organization",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="search_entry",
    )
    announcement = models.OneToOneField(
        "catalog.Announcement",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="search_entry",
    )

    objects = SearchEntryQuerySet.as_manager()

    gates = ("", "revealed_in__season__series")

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [
            models.CheckConstraint(
                condition=exactly_one_of(*_TARGETS), name="search_entry_names_one_thing"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return self.path

    @property
    def kind_label(self) -> str:
        return {"announcement": "News"}.get(self.kind, self.kind.capitalize())
