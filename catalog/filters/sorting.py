"""The orders of a list, and the box in which a visitor chooses one."""

from dataclasses import dataclass

from django import forms
from django.db.models import F
from django_filters import Filter


@dataclass(frozen=True)
class Order:
    """A way to sort: by ``expression``, the name of a field or what a filter set makes of itself.

    Rows without a value come last in both directions, and ``ties`` decide between equals.
    """

    label: str
    expression: object
    up: str = "lowest first"
    down: str = "highest first"
    ties: tuple = ("sort_name", "pk")
    always_known: bool = False
    turns_ties: bool = False

    @property
    def is_worked_out(self) -> bool:
        """Whether the value of each row must be worked out before the first can be shown."""
        return callable(self.expression)

    def terms(self, filter_set, *, descending):
        expression = self.expression
        expression = F(expression) if isinstance(expression, str) else expression(filter_set)
        last = {} if self.always_known else {"nulls_last": True}
        is_turned = descending and (self.always_known or self.turns_ties)
        ties = [_turned(name) if is_turned else name for name in self.ties]
        return [expression.desc(**last) if descending else expression.asc(**last), *ties]


def _turned(name):
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def by_name(label="Name"):
    return Order(label, "sort_name", "A to Z", "Z to A", ties=("pk",), always_known=True)


class _SortField(forms.ChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            error_messages={"invalid_choice": "This list cannot be sorted by “%(value)s”."},
            **kwargs,
        )


class SortChoice(Filter):
    field_class = _SortField

    def __init__(self):
        super().__init__(label="Sort", required=False)

    @property
    def field(self):
        if not hasattr(self, "_field"):
            self._field = _SortField(
                label=self.label, required=False, choices=self.parent.sort_choices()
            )
        return self._field
