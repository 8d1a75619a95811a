"""Formsets of rows that others may delete or move while the page is open."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import TOTAL_FORM_COUNT
from django.utils.functional import cached_property

from .three_way import ThreeWayForm, as_key


class StandingRows:
    """For formsets: once posted there is one row for each posted key, in the order of the page.

    How many there are is counted: a page that announces others has lost some on its way, or was
    never ours.
    """

    def total_form_count(self):
        announced = super().total_form_count()
        return min(announced, len(self._sent)) if self.is_bound else announced

    @cached_property
    def _sent(self):
        """The numbers of the rows of which anything was posted."""
        names = re.compile(rf"{re.escape(self.prefix)}-(\d{{1,9}})-", re.ASCII)
        return {int(match[1]) for match in map(names.match, self.data) if match}

    def clean(self):
        if self.management_form.is_valid():  # else it has been refused already
            announced = self.management_form.cleaned_data[TOTAL_FORM_COUNT]
            if announced != len(self._sent) or self._sent != {*range(len(self._sent))}:
                raise ValidationError(
                    f"This page announced {announced:,} rows and sent {len(self._sent):,}, so "
                    "nothing was saved. Open it anew and change it there."
                )
        super().clean()

    def get_queryset(self):
        if self.is_bound and not hasattr(self, "_queryset"):
            self._queryset = [self._posted.get(key) or GoneRow(key) for key in self._keys()]
        return super().get_queryset()

    def _existing_object(self, pk):
        return self._posted.get(pk)

    @cached_property
    def _posted(self):
        """Those of the posted rows that are still there, by their keys."""
        return self.queryset.in_bulk(set(self._keys()) - {None})

    def _keys(self):
        """None stands for what cannot be a key."""
        name = self.model._meta.pk.name
        numbers = range(min(self.initial_form_count(), self.total_form_count()))
        posted = [self.data.get(f"{self.add_prefix(number)}-{name}") for number in numbers]
        return [as_key(self.model, text) for text in posted]

    def add_fields(self, form, index):
        if index is not None and index < self.initial_form_count():
            form.is_gone = self.is_bound and form.instance._state.adding
            form.show_what_is_shown()
        super().add_fields(form, index)


class GoneRow:
    """Stands among the rows of a page where one was that somebody has deleted since."""

    def __init__(self, pk):
        self.pk = pk

    def __str__(self):
        return "Deleted in the meantime"


class RowOfList(ThreeWayForm):
    """The boxes of one line of a list."""

    gone_message = "Somebody deleted this in the meantime. Copy what you typed, and leave the page."

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Makes Django pass over lines that nobody touched, without a statement for each.
        self.empty_permitted = True
        self.name_boxes()


class RowsOfList(StandingRows, forms.BaseModelFormSet):
    """The boxes of a list of which several people change the rows."""

    # Asked of each changed row; the admin of the list knows.
    may_change = None

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if form.has_changed() and not self.may_change(form.instance):
                raise ValidationError(f"You may not change “{form.instance}”.")
