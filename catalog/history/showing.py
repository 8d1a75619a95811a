"""Holds every change to the permission to publish, whichever page it came from.

Forms and lists refuse earlier, and tell where. This is for what they cannot see: rows that go
along with a deletion, or lose a link by it, and pages yet to be written.
"""

from collections import defaultdict

from django.db.models import prefetch_related_objects
from reversion.models import Version

from ..models.gate import is_open
from ..roles import NotShownError, may_show
from .versions import values_of


def refuse_what_shows(change, user):
    """Raise NotShownError if ``change`` touches what visitors see and ``user`` may not do that.

    What they see are rows that were shown before it, or are afterwards.
    """
    if user.is_superuser:
        return
    rows = list(change.rows.of_itself().with_predecessor())
    before = Version.objects.in_bulk([row.predecessor_id for row in rows if row.predecessor_id])
    states = defaultdict(dict)
    for row in rows:
        model = row.version.content_type.model_class()
        for version in filter(None, [row.version, before.get(row.predecessor_id)]):
            states[model][version.pk] = version
    for model, versions in states.items():
        if not may_show(user, model):
            _refuse_open_ones(model, versions.values())


def _refuse_open_ones(model, versions):
    paths = [gate for gate in model.gates if gate]
    rows = [(_row(model, values_of(version)), version.object_repr) for version in versions]
    if paths:
        prefetch_related_objects([row for row, name in rows], *paths)
    for row, name in rows:
        if is_open(row):
            raise NotShownError(
                f"This would change what visitors see of “{name}”. You may not publish: ask an "
                "editor to do it."
            )


def _row(model, values):
    """A row with as much of ``values`` as its gates ask for, not to be saved."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.name in values and (field.is_relation or field.name == "state")
    ]
    return model(**{field.attname: field.to_python(values[field.name]) for field in fields})
