"""What is to be done to rows to take a change back, and the order in which it can be done."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache

import reversion
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction

from ..models.constraints import concerned, unique_constraints
from .addresses import there_already
from .deletion import Deletion
from .recording import recording
from .registry import COMPANIONS, SUBJECTS, kept_fields
from .versions import stored_rows

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

    @property
    def row(self) -> tuple[type, int]:
        return self.model, self.key

    def token(self, name: str = "") -> str:
        """What a form calls this step, or the field ``name`` of it."""
        return f"{self.model._meta.model_name}.{self.key}.{name}"

    def only(self, chosen: set[str]) -> list["Step"]:
        """The step as far as its tokens are among ``chosen``; an empty list for none of it."""
        if self.kind != "set":
            return [self] if self.token() in chosen else []
        names = {name for name in self.values if self.token(name) in chosen}
        values = with_companions(self.model, names, self.values)
        return [replace(self, values=values)] if values else []


def with_companions(model, names, values: dict) -> dict:
    """Those of ``values`` that have one of ``names``, and what is worked out from them."""
    names = {*names}
    for leader, companions in COMPANIONS.get(model, {}).items():
        names |= {*companions} if leader in names else set()
    return {name: value for name, value in values.items() if name in names}


def rows_there(wanted) -> dict:
    """{(model, key): row} of those of the rows ``wanted``, (model, key) each, that are there."""
    keys = defaultdict(set)
    for model, key in wanted:
        keys[model].add(key)
    return {
        (model, key): row
        for model, of_model in keys.items()
        for key, row in stored_rows(model, of_model).items()
    }


def held_back(steps: list[Step]) -> list[Step]:
    """Those that delete a row with which more would go, or lose a link, than ``steps`` say."""
    going = rows_there(step.row for step in steps if step.kind == "delete")
    if not going:
        return []
    held = Deletion(list(going.values())).reaching_beyond({step.row for step in steps})
    return [step for step in steps if step.kind == "delete" and step.row in held]


# The permission that each kind of step takes.
_TAKES = {"set": "change", "bring back": "add", "delete": "delete"}


def refuse_what_is_not_allowed(steps: list[Step], user):
    """Raises ValidationError with what ``user`` may not do of ``steps``; a command may do all."""
    if user is None:
        return
    needed = {(_TAKES[step.kind], step.model._meta) for step in steps}
    refused = [
        f"You may not {deed} {meta.verbose_name_plural}."
        for deed, meta in needed
        if not user.has_perm(f"{meta.app_label}.{deed}_{meta.model_name}")
    ]
    if refused:
        raise ValidationError(sorted(refused))


def carry_out(steps: list[Step]):
    """Do all of ``steps`` in an order in which they can be done, inside a recording.

    Raises ValidationError with what stands in the way of those that cannot.
    """
    with recording(None) as record:
        record.remember(rows_there(step.row for step in steps if step.kind == "set").values())
        back = [step for step in steps if step.kind == "bring back"]
        record.remember(filter(None, map(there_already, back)))
        stepped_aside = False
        # Most can be done at the first attempt then; it is only the rest that is tried again.
        steps = sorted(steps, key=_turn)
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
    """What others refer to comes back first; what moves away from a row does not go with it."""
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


def _do(step, record):
    if step.kind == "delete":
        record.delete(step.model._base_manager.filter(pk=step.key))
        return
    is_new = step.kind == "bring back"
    if is_new and (row := there_already(step)):
        is_new = False
    else:
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
    if step.kind == "set":
        # What stays as it is stored costs nothing: neither its rules nor what is made of it.
        names = {each.name for each in step.model._meta.fields}
        row.full_clean(names - concerned(step.model, step.values))
        row.save(update_fields=step.values.keys() - partners.keys())
    else:
        row.full_clean(["id"] if is_new else [])
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
