"""Boxes that choose other rows by typing their names."""

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError

from .three_way import as_key


class ChosenOnly:
    """Shows what was chosen as far as it can be a key.

    The stock box asks the database for whatever stands in an address or was posted, and fails.
    """

    def optgroups(self, name, value, attr=None):
        model = self.field.remote_field.model
        keys = [str(key) for key in value if as_key(model, key) is not None]
        return super().optgroups(name, keys, attr)


class RelationSelect(ChosenOnly, AutocompleteSelect):
    pass


class RelationSelectMultiple(ChosenOnly, AutocompleteSelectMultiple):
    pass


class RowsField(forms.ModelMultipleChoiceField):
    """Refuses a number that is beyond any key too, which a database cannot be asked for."""

    def clean(self, value):
        for key in value or ():
            if as_key(self.queryset.model, key) is None:
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return super().clean(value)
