"""Boxes are written as Django's templates would write them, letter for letter."""

import datetime as dt

from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.test import SimpleTestCase
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from franchise.boxes import BoxRenderer

NASTY = "<b>\"O’Shea\" & 'sons'"
DATE = dt.date(2014, 2, 6)
VALUES = [None, "", NASTY, mark_safe("&amp;"), 0, 1234567, 12345.5, True, False, DATE]
ATTRIBUTES = [
    {},
    {"id": "id_name", "required": True, "disabled": False, "data-x": None, "maxlength": 1200},
    {"class": NASTY, 'a"b': mark_safe("&lt;"), "placeholder": gettext_lazy("Name")},
]
CHOICES = [
    ("", "---------"),
    (None, "Unknown"),
    (1, "One"),
    (1234567, 1234567),
    (NASTY, NASTY),
    ("safe", mark_safe("<i>safe</i>")),
    ("lazy", gettext_lazy("Name")),
]


class BoxTests(SimpleTestCase):
    def assert_same(self, widget, value, attrs):
        ours, theirs = (
            widget.render("a&b", value, attrs, renderer)
            for renderer in (BoxRenderer(), DjangoTemplates())
        )
        assert ours == theirs

    def test_is_how_forms_are_written(self):
        assert isinstance(get_default_renderer(), BoxRenderer)

    def test_of_one_value(self):
        for widget in (
            forms.TextInput(),
            forms.HiddenInput(),
            forms.NumberInput({"step": "any"}),
            forms.EmailInput(),
            forms.URLInput(),
            forms.PasswordInput(),
            forms.FileInput(),
            forms.ClearableFileInput(),
            forms.CheckboxInput(),
            forms.DateInput(),
            forms.TimeInput(),
            forms.Textarea(),
            forms.MultipleHiddenInput(),
            forms.SplitDateTimeWidget(),
        ):
            is_several = isinstance(widget, forms.MultiWidget | forms.MultipleHiddenInput)
            for value in VALUES if not is_several else [None, [], ["1", "2"]]:
                for attrs in ATTRIBUTES:
                    with self.subTest(widget=type(widget).__name__, value=value, attrs=attrs):
                        self.assert_same(widget, value, attrs)

    def test_of_a_choice(self):
        grouped = [*CHOICES, (NASTY, [("in", "Within"), ("too", "Too")])]
        kinds = (forms.Select, forms.SelectMultiple, forms.NullBooleanSelect, forms.RadioSelect)
        for kind in kinds:
            for choices in ([], CHOICES, grouped):
                widget = kind()
                widget.choices = choices
                for value in (None, "", NASTY, 1234567, "in", ["1", "safe"]):
                    if isinstance(value, list) and kind is forms.NullBooleanSelect:
                        continue
                    for attrs in ATTRIBUTES:
                        with self.subTest(widget=kind.__name__, value=value, attrs=attrs):
                            self.assert_same(widget, value, attrs)
