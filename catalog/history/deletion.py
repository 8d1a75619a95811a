"""What goes when rows are deleted, and what loses a link to them."""

from collections import defaultdict
from itertools import chain

from django.contrib.admin.utils import NestedObjects
from django.db import router

from .registry import SUBJECTS


class Deletion:
    """The deletion of ``rows``, looked at before it is done; there is at least one of them."""

    def __init__(self, rows):
        self._collector = NestedObjects(using=router.db_for_write(type(rows[0])), origin=rows)
        for model in {type(row) for row in rows}:
            self._collector.collect([row for row in rows if type(row) is model])
        # Of the rows that are kept, {model: {key: row}}.
        self.going = {
            model: {row.pk: row for row in found}
            for model, found in self._collector.data.items()
            if model in SUBJECTS
        }

    def losing(self) -> list:
        """The rows that lose a link to what is deleted, without being deleted themselves."""
        losing = {(type(row), row.pk): row for row in self._unlinked() if type(row) in SUBJECTS}
        for model, found in self.going.items():
            for relation in model._meta.related_objects:
                owner = relation.related_model
                if relation.many_to_many and owner in SUBJECTS:
                    path = f"{relation.field.name}__in"
                    owners = owner._base_manager.filter(**{path: list(found)})
                    losing.update({(owner, row.pk): row for row in owners.distinct()})
        return [row for (model, key), row in losing.items() if key not in self.going.get(model, {})]

    def reaching_beyond(self, planned) -> set:
        """Those of the rows ``planned`` that cannot go without others going or losing a link.

        All are (model, key). What such a row hangs on stays with it.
        """
        ties = defaultdict(set)  # {row: the rows that hang on it or name it}
        for row in chain(*self._collector.data.values(), self._unlinked()):
            tied = _whose(row)
            for field in row._meta.concrete_fields if tied[0] in SUBJECTS else ():
                target = field.related_model, getattr(row, field.attname)
                if target in planned and target != tied:
                    ties[target].add(tied)
        staying = {target for target, tied in ties.items() if not tied <= planned}
        while more := {row for row, tied in ties.items() if tied & staying} - staying:
            staying |= more
        return staying

    def _unlinked(self):
        """Those of which a foreign key is set to null."""
        for updated in self._collector.field_updates.values():
            for rows in updated:
                yield from rows


def _whose(row):
    """(model, key) of a row; of one that only ties two others together, of the one that names."""
    model = type(row)
    if owner := model._meta.auto_created:
        [name] = (
            field.m2m_field_name()
            for field in owner._meta.local_many_to_many
            if field.remote_field.through is model
        )
        return owner, getattr(row, f"{name}_id")
    return model, row.pk
