"""Takes changes back, and brings back what was deleted."""

from dataclasses import dataclass, field, replace
from functools import cache

import reversion
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst
from reversion.models import Version

from ..models import Change, ChangedRow
from ..models.constraints import unique_constraints
from .reading import Names, differences, states_at
from .recording import recording
from .registry import COMPANIONS, SUBJECTS, kept_fields, told_fields
from .versions import stored_values, values_of

_REFERS_TO_GONE = "something that it refers to has been deleted."
_REFUSALS = (
    ValidationError,
    ObjectDoesNotExist,
    IntegrityError,
    models.ProtectedError,
    models.RestrictedError,
)

# Beyond what any number of a season, an episode or a step may be, and within its column.
_FAR_AWAY = 20_000


@dataclass
class Step:
    """What is to be done to one row: set ``values``, bring it back with them, or delete it."""

    model: type
    key: int
    name: str
    kind: str  # "set", "bring back" or "delete"
    values: dict = field(default_factory=dict)

    def token(self, name: str = "") -> str:
        """What a form calls this step, or the field ``name`` of it."""
        return f"{self.model._meta.model_name}.{self.key}.{name}"

    def only(self, chosen: set[str]) -> list["Step"]:
        """The step as far as its tokens are among ``chosen``; an empty list for none of it."""
        if self.kind != "set":
            return [self] if self.token() in chosen else []
        names = {name for name in self.values if self.token(name) in chosen}
        values = _with_companions(self.model, names, self.values)
        return [replace(self, values=values)] if values else []


def steps_of_undoing(change: Change):
    """([Step], [str]): what undoes ``change``, and what it leaves since it was changed again."""
    rows = change.rows.of_itself().with_predecessor().order_by("pk")
    before = Version.objects.in_bulk([row.predecessor_id for row in rows if row.predecessor_id])
    steps, kept = [], []
    for row in rows:
        version = row.version
        model, key = version.content_type.model_class(), int(version.object_id)
        now = model._base_manager.filter(pk=key).first()
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
    return steps, kept


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
    return _with_companions(type(now), values, before) | values, left


def _with_companions(model, names, values):
    """Those of ``values`` that have one of ``names``, and what is worked out from them."""
    names = {*names}
    for leader, companions in COMPANIONS.get(model, {}).items():
        names |= {*companions} if leader in names else set()
    return {name: value for name, value in values.items() if name in names}


def undo(change: Change, user, why: str = "", kind: str = Change.Kind.UNDO) -> list[str]:
    """Put the rows of ``change`` back as they were before it.

    Gives, in words, what it left alone because it has been changed again since. Raises
    ValidationError, and changes nothing, when it cannot be done.
    """
    with recording(user, why, kind, undoes=change):
        steps, kept = steps_of_undoing(change)
        if not steps:
            raise ValidationError("There is nothing left of this change to undo.")
        carry_out(steps)
    return kept


def carry_out(steps: list[Step]):
    """Do all of ``steps`` in an order in which they can be done, inside a recording.

    Raises ValidationError with what stands in the way of those that cannot.
    """
    with recording(None) as record:
        record.remember(_rows_of(step for step in steps if step.kind == "set"))
        # Most can be done at the first attempt then; it is only the rest that is tried again.
        steps = sorted(steps, key=_turn)
        stepped_aside = False
        while steps:
            waiting, reasons = [], []
            for step in steps:
                try:
                    with transaction.atomic():
                        _do(step, record)
                except _REFUSALS as error:
                    waiting.append(step)
                    reasons.append(f"{step.name}: {_reason(error)}")
            if len(waiting) == len(steps):
                if stepped_aside:
                    raise ValidationError(reasons)
                # Two that trade places stand in each other's way.
                _step_aside(waiting)
                stepped_aside = True
            steps = waiting


def _turn(step):
    """What others refer to comes back first, and a row is deleted when the others have left it."""
    if step.kind == "bring back":
        return 0, _depth(step.model)
    return (1, 0) if step.kind == "set" else (2, -_depth(step.model))


@cache
def _depth(model) -> int:
    """0 for what refers to nothing that is kept, else one more than what it refers to."""
    related = {each.related_model for each in kept_fields(model) if each.is_relation}
    return max((1 + _depth(each) for each in related & SUBJECTS.keys() - {model}), default=0)


def _reason(error):
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    if isinstance(error, ObjectDoesNotExist):
        return _REFERS_TO_GONE
    if isinstance(error, models.ProtectedError | models.RestrictedError):
        return "other rows depend on it."
    return "it would be there twice."


def _step_aside(steps):
    """Put what must be unique, and is to be set anyway, where nothing else is or will be."""
    for number, step in enumerate(steps):
        if step.kind != "set":
            continue
        for each in _unique_fields(step.model):
            if step.values.get(each.name):
                is_number = isinstance(each, models.IntegerField)
                place = _FAR_AWAY + number if is_number else f"~{step.key}"[: each.max_length]
                step.model._base_manager.filter(pk=step.key).update(**{each.name: place})


def _unique_fields(model):
    """The numbers and texts of ``model`` of which no two may be alike."""
    names = {name for constraint in unique_constraints(model) for name in constraint.fields}
    return [
        each
        for each in kept_fields(model)
        if (each.unique or each.name in names)
        and isinstance(each, models.IntegerField | models.CharField)
    ]


def _rows_of(steps):
    for step in steps:
        yield from step.model._base_manager.filter(pk=step.key)


def _do(step, record):
    if step.kind == "delete":
        record.delete(step.model._base_manager.filter(pk=step.key))
        return
    is_new = step.kind == "bring back"
    row = step.model(pk=step.key) if is_new else step.model._base_manager.get(pk=step.key)
    partners = {}
    for each in kept_fields(step.model):
        if each.name not in step.values:
            continue
        value = step.values[each.name]
        if each.many_to_many:
            partners[each.name] = value
        else:
            setattr(row, each.attname, each.to_python(value))
    row.full_clean(exclude=[] if not is_new else ["id"])
    row.save(force_insert=is_new)
    for name, keys in partners.items():
        if is_new and not keys:
            continue
        relation = getattr(row, name)
        there = relation.model._base_manager.filter(pk__in=keys)
        # One that is gone itself may come back with a later step.
        relation.set(there)
        if len(there) < len(keys):
            raise ValidationError(_REFERS_TO_GONE)
    if is_new and "created_at" in step.values:
        made = step.model._meta.get_field("created_at").to_python(step.values["created_at"])
        step.model._base_manager.filter(pk=row.pk).update(created_at=made)
        row.created_at = made
        reversion.add_to_revision(row)


def steps_of_restoring(row, change: Change) -> list[Step]:
    """What makes ``row``, and what hangs on it, what they were right after ``change``."""
    steps = []
    for (content_type, key), version in states_at(row, change).items():
        model = content_type.model_class()
        now = model._base_manager.filter(pk=key).first()
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
            values = _with_companions(model, names, then)
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
        carry_out(steps)


def offers(steps: list[Step]) -> list[dict]:
    """For a page: of each step its row in words, and a token and the difference for each part."""
    names, pairs = Names(), []
    for step in steps:
        now = step.model._base_manager.filter(pk=step.key).first()
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
