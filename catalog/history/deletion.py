"""What goes when rows are deleted, and what loses a link to them."""

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

    def _unlinked(self):
        """Those of which a foreign key is set to null."""
        for updated in self._collector.field_updates.values():
            for rows in updated:
                yield from rows
