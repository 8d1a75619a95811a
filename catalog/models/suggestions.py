"""What a source elsewhere says otherwise than the catalogue: for an editor to take or decline."""

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

from .entry import exactly_one_of, index_where_set

TARGETS = ("series", "season", "episode", "person", "character")


class SuggestionQuerySet(models.QuerySet):
    def of(self, model, keys):
        """Those for the rows of ``model`` with ``keys``; none for rows that get no suggestions."""
        name = model._meta.model_name
        return self.filter(**{f"{name}__in": keys}) if name in TARGETS else self.none()

    def open(self):
        return self.filter(declined=False)

    def for_list(self):
        return self.select_related(
            "source",
            "series__network",
            "season__series",
            "season__network",
            "episode__season__series",
            "person",
            "character",
        )

    def settle(self, model, values: dict[int, dict]):
        """Drop those with which the rows agree by now: {key: values as the history keeps them}."""
        if model._meta.model_name not in TARGETS:
            return
        name = f"{model._meta.model_name}_id"
        agreed = [
            suggestion.pk
            for suggestion in self.of(model, list(values))
            if values[getattr(suggestion, name)].get(suggestion.field) == suggestion.value
        ]
        if agreed:
            self.filter(pk__in=agreed).delete()


def _of(model):
    return models.ForeignKey(
        f"catalog.{model}",
        on_delete=models.CASCADE,
        null=True,
        db_index=False,
        related_name="+",
    )


class Suggestion(models.Model):
    """Another value for one field of one row.

    A declined one stays, so that its value is not suggested again.
    """

    series = _of("Series")
    season = _of("Season")
    episode = _of("Episode")
    person = _of("Person")
    character = _of("Character")
    field = models.CharField(max_length=50)
    value = models.JSONField(help_text="As the history keeps values.")
    words = models.TextField("suggested", blank=True, help_text="The value as an editor reads it.")
    source = models.ForeignKey("catalog.Source", on_delete=models.CASCADE, related_name="+")
    suggested_at = models.DateTimeField("when", auto_now=True)
    declined = models.BooleanField(default=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        ordering = ["declined", "-suggested_at", "-pk"]
        indexes = [index_where_set(name, f"suggestion_{name}") for name in TARGETS]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one_of(*TARGETS), name="suggestion_for_one_row"
            ),
            *(
                models.UniqueConstraint(
                    fields=[name, "field"],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"suggestion_{name}_field_unique",
                )
                for name in TARGETS
            ),
        ]

    def __str__(self):
        return f"{self.label}: {self.words}"

    @property
    def row(self):
        """The row that it is for."""
        return next(filter(None, (getattr(self, name) for name in TARGETS)))

    @property
    def model_field(self):
        return type(self.row)._meta.get_field(self.field)

    @property
    def label(self) -> str:
        """What the field is called: "Synopsis"."""
        return capfirst(self.model_field.verbose_name)


def words_of(field, row) -> str:
    """What stands in ``field`` of ``row``, as an editor reads it; "" for nothing."""
    return in_words(field, getattr(row, field.name))


def in_words(field, value) -> str:
    if value is None:
        return ""
    # A row that is not saved yet is no key to look for.
    return str(dict(field.flatchoices).get(value, value) if field.flatchoices else value)
