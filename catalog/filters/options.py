"""What a visitor can choose in a filter: one of a few options, or an entry by its name."""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import Q
from django_filters import CharFilter, Filter

from ..models import Redirect, SearchEntry, Series
from ..models.counting import Bounded
from ..models.statements import Statement
from ..models.text import fold

ANY, ALL = "any", "all"

_LONGEST = 200
_SLUG = re.compile(r"[-\w]+", re.ASCII)

# More at once would each make the statement longer, and nobody means them.
_MOST_ENTRIES = 10

# More people of one name than this cannot be meant together.
_MOST_OF_A_NAME = 50


@dataclass
class Option:
    """One choice: ``value`` stands in the address, ``key`` is what the query asks for."""

    value: str
    key: object
    label: str
    accent: str = ""
    chosen: bool = False
    count: Bounded | None = None

    @property
    def is_empty(self) -> bool:
        """Choosing it would leave nothing; what is chosen already can always be taken back."""
        return self.count == 0 and not self.chosen


def among(path: str, keys) -> Q:
    """The condition that ``path`` leads to one of ``keys``; a single one may be an expression."""
    return Q(**{path: keys[0]}) if len(keys) == 1 else Q(**{f"{path}__in": keys})


def choices(kind):
    """The options of a ``TextChoices``."""
    return lambda audience: [Option(value, value, label) for value, label in kind.choices]


_SERIES = Statement(
    lambda audience: (
        Series.objects.visible_to(audience)
        .in_release_order()
        .values_list("slug", "pk", "name", "accent")
    )
)


def series_options(audience):
    return [Option(*told) for told in _SERIES(audience)]


class _SeveralTexts(forms.Widget):
    def value_from_datadict(self, data, files, name):
        values = [value.strip() for value in data.getlist(name)]
        return list(dict.fromkeys(value for value in values if value))


def _shortened(text):
    return text if len(text) <= 60 else f"{text[:59]}…"


class _OptionField(forms.Field):
    """Cleans to the chosen options, in the order in which they are offered."""

    widget = _SeveralTexts

    def __init__(self, *, options, several, entries=None, **kwargs):
        self.options = options
        self.several = several
        self.entries = entries
        super().__init__(**kwargs)

    def clean(self, value):
        asked = value if self.several else value[-1:]
        known = {option.value for option in self.options}
        old = {text for text in asked if text not in known and _SLUG.fullmatch(text)}
        if self.entries and old:
            new = Redirect.objects.renamed(self.entries, old)
            asked = [new.get(text, text) for text in asked]
        for text in asked:
            if text not in known:
                raise ValidationError(f"There is no {self.label.lower()} “{_shortened(text)}”.")
        for option in self.options:
            option.chosen = option.value in asked
        return [option for option in self.options if option.chosen]


class OptionFilter(Filter):
    """One of a few options, or ``several`` of them; ``options`` makes them for an audience."""

    field_class = _OptionField

    def __init__(
        self,
        label,
        options,
        *,
        several=False,
        is_structural=False,
        of_entry=False,
        entries=None,
        **kwargs,
    ):
        """``is_structural``: it decides what is asked at all, so its options are counted singly.

        ``of_entry``: it asks for something of the entry, not of what ties it to the rest.
        ``entries``: the model of which the options are the slugs, old slugs included.
        """
        self.options = options
        self.entries = entries
        self.several = several
        self.is_structural = is_structural
        self.of_entry = of_entry
        super().__init__(label=label, required=False, **kwargs)

    @property
    def field(self):
        if not hasattr(self, "_field"):
            audience = self.parent.request.audience
            self._field = _OptionField(
                label=self.label,
                required=False,
                options=self.options(audience),
                several=self.several,
                entries=self.entries,
            )
        return self._field


class SeriesChoice(OptionFilter):
    def __init__(self):
        super().__init__("Series", series_options, several=True, entries=Series)


class MatchChoice(OptionFilter):
    """Whether one of several chosen entries is enough, or all are needed."""

    def __init__(self, of="series"):
        self.of = of
        super().__init__(
            "Match",
            lambda audience: [Option(ANY, "", "any of them"), Option(ALL, ALL, "all of them")],
        )


@dataclass
class Named:
    """What a visitor chose: one entry by its slug, or all of a name; ``key`` holds their keys."""

    value: str
    label: str
    key: list
    accent: str = ""  # only series have one, and they are options


class _EntryField(forms.Field):
    """Entries by slug or, typed, by name; cleans to a list of ``Named``."""

    widget = _SeveralTexts

    def __init__(self, *, rows, nouns, several, **kwargs):
        self.rows = rows
        self.one, self.many = nouns.split(",")
        self.several = several
        super().__init__(**kwargs)

    def clean(self, value):
        if self.several and len(value) > _MOST_ENTRIES:
            raise ValidationError(f"Choose {_MOST_ENTRIES} {self.many} at the most.")
        named = [self._named(text) for text in (value if self.several else value[-1:])]
        return list({choice.value: choice for choice in named}.values())

    def _named(self, text):
        MaxLengthValidator(_LONGEST, "Write fewer than %(limit_value)d characters.")(text)
        ProhibitNullCharactersValidator("This cannot be a name.")(text)
        entry = self.rows.filter(slug=text).first() or self._renamed(text)
        if entry is not None:
            return Named(entry.slug, entry.name, [entry.pk])
        entries = self._of_name(text)
        if not entries:
            raise ValidationError(f"There is no {self.one} called “{_shortened(text)}”.")
        if len(entries) > _MOST_OF_A_NAME:
            raise ValidationError(
                f"More than {_MOST_OF_A_NAME} {self.many} are found by “{_shortened(text)}”: "
                "write more of the name."
            )
        if len(entries) == 1:
            return Named(entries[0].slug, entries[0].name, [entries[0].pk])
        label = f"“{_shortened(text)}” ({len(entries)} {self.many})"
        return Named(text, label, [entry.pk for entry in entries])

    def _renamed(self, text):
        """The entry that had the slug before; None for what is no slug, as most names are not."""
        if not _SLUG.fullmatch(text):
            return None
        entry = Redirect.objects.target_of(self.rows.model, text)
        return entry and self.rows.filter(pk=entry.pk).first()

    def _of_name(self, text):
        """The entries that have every word in their names; those of just this name if there are."""
        kind = self.rows.model._meta.model_name
        found = SearchEntry.objects.with_words_in_names(text, kind)
        entries = self.rows.filter(pk__in=found.values(kind)).order_by("sort_name", "pk")
        called = list(entries.filter(sort_name=fold(text)[:_LONGEST])[: _MOST_OF_A_NAME + 1])
        return called or list(entries[: _MOST_OF_A_NAME + 1])


class EntryFilter(Filter):
    """An entry of ``model``, such as a person, chosen in a type-ahead or typed by name."""

    field_class = _EntryField

    is_structural = of_entry = False

    def __init__(self, label, model, nouns, *, several=False, **kwargs):
        self.entries = model
        self.nouns = nouns
        self.several = several
        super().__init__(label=label, required=False, **kwargs)

    @property
    def field(self):
        if not hasattr(self, "_field"):
            self._field = _EntryField(
                label=self.label,
                required=False,
                rows=self.entries.objects.visible_to(self.parent.request.audience),
                nouns=self.nouns,
                several=self.several,
            )
        return self._field

    @property
    def kind(self) -> str:
        return self.entries._meta.model_name


class TextFilter(CharFilter):
    """Every word stands in the names, whatever its case and accents."""

    def __init__(self, label="Name"):
        super().__init__(
            label=label,
            max_length=200,
            error_messages={"max_length": "Write fewer than %(limit_value)d characters."},
        )
