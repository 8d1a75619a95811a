"""Asking the catalogue."""

from django import forms

from .models import SearchEntry


class SearchForm(forms.Form):
    q = forms.CharField(
        label="Search",
        required=False,
        max_length=200,
        error_messages={"max_length": "Search for fewer than %(limit_value)d characters."},
    )


def find(text, audience):
    """The search rows that ``audience`` may see for ``text``, the closest first."""
    return SearchEntry.objects.visible_to(audience).search(text)
