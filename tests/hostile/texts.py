"""Which fields hold text that editors write; found by their types, so that none is forgotten."""

from django.db import models

from catalog.importers.catalog_form import KIND_OF
from catalog.models.text import ByteOrderedField, LinesField

_OF_TEXT = {models.CharField, models.TextField, ByteOrderedField, LinesField}

# What has rows that editors write.
MODELS = [*KIND_OF]


def text_fields(model) -> list:
    """Those for any text: no slugs, dates, addresses, choices, nor the ids of other catalogues."""
    return [
        field
        for field in model._meta.concrete_fields
        if type(field) in _OF_TEXT
        and field.editable
        and not field.choices
        and not any(hasattr(validator, "regex") for validator in field.validators)
    ]


def address_fields(model) -> list:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.URLField)]


def texts_of(model, text) -> dict:
    """``text`` for each field of ``model`` that holds any, as much of it as there is room for."""
    return {field.name: text[: field.max_length] for field in text_fields(model)}
