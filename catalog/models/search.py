from django.db import connections, models, router, transaction
from django.db.models import Q

from .entry import exactly_one_of
from .gate import Gated, VisibleQuerySet
from .reach import IsKnown, is_revealed, is_seen
from .search_index import Matching, write_terms
from .search_terms import (
    KINDS,
    Wanted,
    name_forms,
    padded_names,
    padded_text,
    terms_like,
    terms_of,
)
from .text import ByteOrderedField, as_plain_text, fold

_TARGETS = ("series", "episode", "character", "person", "organization", "announcement")

_AT_ONCE = 500
_WRITTEN = [
    "kind",
    "name",
    "sort_name",
    "path",
    "context",
    "names",
    "body",
    "text",
    "weight",
    "revealed_in",
    "shown_from",
]


class SearchEntryQuerySet(VisibleQuerySet):
    def within(self, audience):
        """What one has seen and whom one has met."""
        return self.filter(
            is_revealed(audience),
            Q(episode=None) | is_seen(audience, "episode"),
            Q(character=None) | IsKnown(audience, "character"),
        )

    def record(self, targets):
        """Write the rows of ``targets`` anew, with their terms and the words of their names."""
        using = router.db_for_write(self.model)
        rows = {}
        for target in targets:
            rows.setdefault(target._meta.model_name, []).append(_row(self.model, target))
        with transaction.atomic(using):
            for kind, of_kind in rows.items():
                for start in range(0, len(of_kind), _AT_ONCE):
                    self.using(using)._write(kind, of_kind[start : start + _AT_ONCE])
            SearchWord.objects.using(using).keep(row for each in rows.values() for row in each)

    def _write(self, kind, rows):
        self.bulk_create(
            rows,
            batch_size=50,
            update_conflicts=True,
            unique_fields=[kind],
            update_fields=_WRITTEN,
        )
        targets = [getattr(row, f"{kind}_id") for row in rows]
        keys = dict(self.filter(**{f"{kind}__in": targets}).values_list(kind, "pk"))
        terms = (
            (
                keys[getattr(row, f"{kind}_id")],
                terms_of(kind, row.sort_name, row.names, row.body),
            )
            for row in rows
        )
        write_terms(connections[self.db], terms)

    def with_words_in_names(self, text, kind=None):
        """Rows that have every word of ``text``, as a word or its beginning, in their names.

        None for a text without words. Of one ``kind`` each names what is found.
        """
        wanted = Wanted(text)
        if not wanted:
            return self.none()
        rows = self.exclude(**{kind: None}) if kind else self
        return rows.filter(pk__in=Matching(wanted.in_names([kind] if kind else KINDS)))

    def with_names_like(self, names, kind):
        """(the forms of ``names``, the rows of ``kind`` whose names may be a letter away from one).

        Among them are all that are, and many others that begin or end alike.
        """
        forms = list(dict.fromkeys(form for name in names for form in name_forms(name)))
        terms = terms_like(forms, kind)
        rows = self.exclude(**{kind: None})
        return forms, rows.filter(pk__in=Matching([terms])) if terms else rows.none()

    def with_other_names(self, names, kind):
        """Rows of ``kind`` that have one of ``names``, whole, among their other names."""
        wanted = [each for each in map(Wanted, names) if each]
        terms = [
            term for each in wanted for term in each.as_other_name(kind, is_beginning=False)[0]
        ]
        rows = self.exclude(**{kind: None})
        return rows.filter(pk__in=Matching([terms])) if terms else rows.none()


def _row(model, target):
    fields = target.search_fields()
    kind = target._meta.model_name
    revealed_in = getattr(target, "revealed_in_id", None)
    # What gives an episode away is found by its names, never by its text.
    text = as_plain_text(fields["body"]) if revealed_in is None else ""
    return model(
        **{kind: target},
        kind=kind,
        name=fields["names"][0],
        sort_name=fold(fields["names"][0])[:200],
        path=target.get_absolute_url(),
        context=fields["context"],
        names=padded_names(form for name in fields["names"] for form in name_forms(name)),
        body=padded_text(text),
        text=text,
        weight=fields["weight"],
        revealed_in_id=revealed_in,
        shown_from=target.shown_from,
    )


class SearchEntry(Gated):
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
    text = models.TextField(blank=True, help_text="Its text without marks, as results quote it.")
    weight = models.PositiveSmallIntegerField(default=0)
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

    # Straight to entries: the row of an episode follows its series without the episode being saved.
    gates = (
        *(name for name in _TARGETS if name != "episode"),
        "episode__season__series",
        "announcement__revealed_in__season__series",
    )

    class Meta:
        verbose_name_plural = "search entries"
        # What too many words match to be sorted is read in this order.
        indexes = [models.Index(fields=["kind", "sort_name", "id"], name="search_entry_by_name")]
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

    @property
    def target_id(self) -> int:
        """The primary key of what is found."""
        return getattr(self, f"{self.kind}_id")

    @property
    def slug(self) -> str:
        """That of what is found; "" for an episode, which has none."""
        return "" if self.kind == "episode" else self.path.rstrip("/").rpartition("/")[2]


class SearchWordQuerySet(models.QuerySet):
    def keep(self, entries):
        """Add the words of the names of ``entries``, those that are new."""
        words = {word for entry in entries for word in entry.names.split() if _is_spelt(word)}
        self.bulk_create(
            [self.model(word=word, backwards=word[::-1]) for word in sorted(words)],
            batch_size=_AT_ONCE,
            ignore_conflicts=True,
        )


class SearchWord(models.Model):
    """A word of some name, for who misspells it.

    It may be one of a draft, or of what is long gone: whoever suggests it must look whether it
    finds anything. ``rebuild_search`` removes those that nothing has.
    """

    word = ByteOrderedField(max_length=60, primary_key=True)
    backwards = ByteOrderedField(max_length=60, db_index=True)

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        ordering = ["word"]

    def __str__(self):
        return self.word


def _is_spelt(word):
    return 3 <= len(word) <= 60 and word.isalpha()
