"""What must be unique, asked of rows at hand."""

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
