"""Takes changes back, and brings back what was deleted."""

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from reversion.models import Version

from ..models import Change, ChangedRow
from .addresses import settled
from .reading import Names, differences, states_at
from .recording import recording
from .registry import told_fields
from .steps import (
    Step,
    carry_out,
    held_back,
    refuse_what_is_not_allowed,
    rows_there,
    with_companions,
)
from .versions import stored_values, values_of


def steps_of_undoing(change: Change):
    """([Step], [str]): what undoes ``change``, and what it leaves since it was changed again."""
    rows = list(change.rows.of_itself().with_predecessor().order_by("pk"))
    before = Version.objects.in_bulk([row.predecessor_id for row in rows if row.predecessor_id])
    stored = rows_there(_row_of(row.version) for row in rows)
    steps, kept = [], []
    for row in rows:
        version = row.version
        model, key = _row_of(version)
        now = stored.get((model, key))
        name = version.object_repr
        if row.kind == ChangedRow.Kind.DELETED:
            if now is None:
                steps.append(Step(model, key, name, "bring back", values_of(version)))
        elif now is None:
            kept.append(f"{name}: deleted since")
        elif row.kind == ChangedRow.Kind.ADDED:
            if stored_values(now) == values_of(version):
                steps.append(Step(model, key, name, "delete"))
            else:
                kept.append(f"{name}: changed since it was added")
        else:
            values, left = _values_before(now, values_of(before[row.predecessor_id]), version)
            kept += [f"{name}, {label}: changed again since" for label in left]
            if values:
                steps.append(Step(model, key, name, "set", values))
    steps, left = settled(steps, rows, before)
    held = held_back(steps)
    kept += [*left, *(f"{step.name}: something else hangs on it by now" for step in held)]
    return [step for step in steps if step not in held], kept


def _row_of(version):
    return version.content_type.model_class(), int(version.object_id)


def _values_before(now, before, version):
    """The values to set back, and the labels of the fields that have been changed again."""
    after, stored = values_of(version), stored_values(now)
    values, left = {}, []
    for each in told_fields(type(now)):
        name = each.name
        if before.get(name) == after.get(name) or name not in before:
            continue
        if each.many_to_many:
            # What was added goes, what was taken out comes back, and what came since stays.
            added = set(after[name]) - set(before[name])
            taken = set(before[name]) - set(after[name])
            values[name] = sorted((set(stored[name]) - added) | taken)
        elif stored.get(name) == after.get(name):
            values[name] = before[name]
        else:
            left.append(str(each.verbose_name))
    return with_companions(type(now), values, before) | values, left


def undo(change: Change, user, why: str = "", kind: str = Change.Kind.UNDO) -> list[str]:
    """Put the rows of ``change`` back as they were before it.

    Gives, in words, what it left alone because it has been changed again since. Raises
    ValidationError, and changes nothing, when it cannot be done.
    """
    with recording(user, why, kind, undoes=change):
        steps, kept = steps_of_undoing(change)
        if not steps:
            raise ValidationError("There is nothing left of this change to undo.")
        refuse_what_is_not_allowed(steps, user)
        carry_out(steps)
    return kept


def steps_of_restoring(row, change: Change) -> list[Step]:
    """What makes ``row``, and what hangs on it, what they were right after ``change``."""
    steps = []
    states = {
        (content_type.model_class(), key): version
        for (content_type, key), version in states_at(row, change).items()
    }
    there = rows_there(states)
    for (model, key), version in states.items():
        now = there.get((model, key))
        if version is None:
            if now is not None:
                steps.append(Step(model, key, str(now), "delete"))
        elif now is None:
            steps.append(Step(model, key, version.object_repr, "bring back", values_of(version)))
        else:
            stored, then = stored_values(now), values_of(version)
            names = [
                each.name
                for each in told_fields(model)
                if each.name in then and stored[each.name] != then[each.name]
            ]
            values = with_companions(model, names, then)
            if values:
                steps.append(Step(model, key, str(now), "set", values))
    return steps


def restore(row, change: Change, chosen: set[str], user, why: str = ""):
    """Make ``row`` what it was right after ``change``, as far as ``chosen``: tokens of its steps.

    Raises ValidationError, and changes nothing, when it cannot be done.
    """
    with recording(user, why, Change.Kind.RESTORE, undoes=change):
        steps = [part for step in steps_of_restoring(row, change) for part in step.only(chosen)]
        if not steps:
            raise ValidationError("Nothing was ticked, or it is so already.")
        refuse_what_is_not_allowed(steps, user)
        if held := held_back(steps):
            why = "something that is not ticked hangs on it. Delete it on its own page."
            raise ValidationError([f"{step.name}: {why}" for step in held])
        carry_out(steps)


def offers(steps: list[Step]) -> list[dict]:
    """For a page: of each step its row in words, and a token and the difference for each part."""
    names, pairs = Names(), []
    there = rows_there(step.row for step in steps)
    for step in steps:
        now = there.get(step.row)
        stored = stored_values(now) if now else {}
        names.want(step.model, stored, step.values)
        pairs.append((step, stored))
    return [
        {
            "step": step,
            "label": capfirst(step.model._meta.verbose_name),
            "parts": [
                {"token": step.token(told.name), "difference": told}
                for told in differences(step.model, stored, {**stored, **step.values}, names)
            ]
            if step.kind == "set"
            else [{"token": step.token()}],
        }
        for step, stored in pairs
    ]
