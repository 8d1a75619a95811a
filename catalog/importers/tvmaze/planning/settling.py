"""What comes of one row: new, updated, unchanged or held back."""

from django.core.exceptions import ValidationError

from ....history.since import deleted
from ....models import State
from ....models.entry import Entry
from ....models.review import handed_in
from ..merging import Merging
from ..plan import Outcome, Rights

DELETED = "It was deleted here. To have it again, recover it from the recent changes."
_WOULD_SHOW = "Visitors would see it at once."
_IN_REVIEW = "It belongs to what is in review."


def rows_of(series, model, /, *joins, **of):
    """The rows of the series that there are; of a new series none."""
    rows = model.objects.select_related(*joins) if joins else model.objects
    return list(rows.filter(**of)) if series.pk else []


def deleted_of(series, model, about):
    """What was deleted of the rows that are about some others; of a new series nothing."""
    return deleted(model, about) if series.pk and about else []


class Settling:
    """Sets what it may set by ``rights``, and holds back what is an editor's to decide."""

    def __init__(self, rights: Rights):
        self._rights = rights

    def settled(self, planned, row, told, model, new=None, merging=None):
        """What comes of ``told`` for ``row``, or for a new one that has ``new`` besides."""
        if row is None:
            planned.values = told
            planned.row = model(**{**(new or {}), **told})
            return self.add(planned)
        planned.row = row
        merging = merging or Merging([row])
        merging.merge(planned, told, self._why_held(row))
        return _without_contradictions(planned)

    def add(self, planned):
        """A new row, unless it would show; new entries are drafts."""
        why_held = "" if isinstance(planned.row, Entry) else self._why_held(planned.row)
        if why_held:
            planned.row = None
            return planned.skip(why_held)
        planned.outcome = Outcome.NEW
        return planned

    def _why_held(self, row):
        """Why nothing of ``row`` is changed without an editor's decision; "" if it may be.

        What has been sent to review stands as well as what is published.
        """
        entries = [] if self._rights.show else handed_in(row)
        if any(entry.stored_state == State.IN_REVIEW for entry in entries):
            return _IN_REVIEW
        return _WOULD_SHOW if entries else ""


def _without_contradictions(planned):
    """What cannot stand beside what the catalogue says is suggested, for an editor to decide."""
    if not planned.values or not isinstance(planned.row, Entry):
        return planned
    before = {name: getattr(planned.row, name) for name in planned.values}
    try:
        for name, value in planned.values.items():
            setattr(planned.row, name, value)
        planned.row.clean()
    except ValidationError:
        planned.suggested |= {name: value for name, value in planned.values.items() if value}
        planned.suggestions += planned.differences
        planned.values, planned.differences = {}, []
        planned.outcome = Outcome.UNCHANGED
    finally:
        for name, value in before.items():
            setattr(planned.row, name, value)
    return planned
