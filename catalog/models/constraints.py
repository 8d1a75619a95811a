"""The rules that the database enforces, asked of rows at hand."""

from functools import cache

from django.db.models import UniqueConstraint, Value


def unique_constraints(model) -> list[UniqueConstraint]:
    return [each for each in model._meta.constraints if isinstance(each, UniqueConstraint)]


def falls_under(constraint, row) -> bool:
    """Whether ``constraint`` holds for ``row`` as it is at hand, saved like this or not.

    Costs a statement where the constraint has a condition.
    """
    return constraint.condition is None or constraint.condition.check(
        {field.name: Value(getattr(row, field.attname), field) for field in row._meta.fields}
    )


def concerned(model, changed) -> set[str]:
    """The fields that rules of ``model`` tie to those named in ``changed``, these included.

    To ask for each of many rows whether all rules hold for all of it would take most of the time.
    """
    found = set(changed)
    for names in _tied_fields(model):
        if not names.isdisjoint(changed):
            found |= names
    return found


@cache
def _tied_fields(model):
    """The names of the fields of each constraint."""
    tied = []
    for constraint in model._meta.constraints:
        condition = constraint.condition
        names = set(condition.referenced_base_fields) if condition is not None else set()
        tied.append(names | set(getattr(constraint, "fields", ())))
    return tied
