"""Versions of rows as plain values: as their JSON has them, by the names of the fields."""

import json

from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db.models import Max
from reversion.models import Version

from .registry import kept_fields


def values_of(version) -> dict:
    """{field name: value}; a relation has the key of its row, one to many a sorted list of them."""
    return _values(version.serialized_data)


def stored_values(row) -> dict:
    """The same of ``row`` as it is now at hand."""
    return _values(_serialized(row))


def stored_rows(model, keys) -> dict:
    """{key: row} of those of ``keys`` that are there, each with what ``stored_values`` reads."""
    relations = [field.name for field in model._meta.many_to_many]
    return model._base_manager.prefetch_related(*relations).in_bulk(keys)


def version_of(row, revision):
    """A version of ``row`` as it is at hand, not saved yet."""
    return Version(
        revision=revision,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        db=row._state.db,
        format="json",
        serialized_data=_serialized(row),
        object_repr=str(row),
    )


def last_versions(model, keys) -> dict:
    """{key: the latest version} of those of the rows with ``keys`` that have one."""
    versions = Version.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(key) for key in keys],
    )
    latest = versions.order_by().values("object_id").annotate(latest=Max("pk")).values("latest")
    return {int(version.object_id): version for version in Version.objects.filter(pk__in=latest)}


def _serialized(row):
    names = [field.name for field in kept_fields(type(row))]
    return serializers.serialize("json", [row], fields=names)


def _values(data):
    values = json.loads(data)[0]["fields"]
    return {
        name: sorted(value) if isinstance(value, list) else value for name, value in values.items()
    }
