"""Who changed a value, when, and what it is in words: for editors who meet on the same page."""

from django.utils import timezone
from django.utils.formats import date_format

from ..history.reading import Names, in_words, last_change
from ..history.versions import stored_values


def who_and_when(row, name):
    """("anna", "on 25 November 2026 at 10:42") of the last change of the field ``name``."""
    known = last_change(row, name)
    if known is None:
        return "Somebody", "in the meantime"
    user, moment = known
    who = user.get_full_name() or user.get_username() if user else "Somebody"
    return who, date_format(timezone.localtime(moment), r"\o\n j F Y \a\t H:i")


def value_in_words(row, field):
    """What is stored in ``field`` of ``row``, as an editor reads it; "" for nothing."""
    values, names = stored_values(row), Names()
    names.want(type(row), values)
    return in_words(field, values, names)
