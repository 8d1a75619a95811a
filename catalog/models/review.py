"""What has been handed in: whoever may not publish leaves it as it is.

Otherwise what somebody looks at, and publishes, could become something else in between.
"""

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q
from django.utils.text import get_text_list

from .entry import Entry, State
from .gate import ends_of, steps

_MOST_NAMES = 5


def handed_in(row) -> list[Entry]:
    """The entries by which ``row``, saved or not, stands as it is; an empty list if it does not.

    An entry stands by itself once it has been sent to review. A row stands once all that it is
    about has been: as long as some of it is a draft, that is still to be looked at. What counts is
    the state that is stored, whatever a form has made of it since.
    """
    try:
        entries = [row] if isinstance(row, Entry) else ends_of(row)
    except ObjectDoesNotExist:
        return []
    return [] if any(entry.stored_state == State.DRAFT for entry in entries) else entries


def why_it_waits(row) -> str:
    """What to do before ``row`` may be changed, if it stands by what is in review; else ""."""
    entries = handed_in(row)
    waiting = list(dict.fromkeys(e for e in entries if e.stored_state == State.IN_REVIEW))
    if not waiting:
        return ""
    names = [f"“{entry}”" for entry in waiting][:_MOST_NAMES]
    is_one = len(names) == 1
    return (
        f"{get_text_list(names, 'and')} {'is' if is_one else 'are'} in review. Take "
        f"{'it' if is_one else 'one of them'} back to draft to change what belongs to it, then "
        "send it to review again."
    )


def is_named(source) -> bool:
    """Whether something that has been handed in names ``source``."""
    kinds = [each for each in source._meta.related_objects if each.many_to_many]
    return any(
        _handed_in_of(kind.related_model.objects.filter(**{kind.field.name: source})).exists()
        for kind in kinds
    )


def _handed_in_of(rows):
    """Those of ``rows``, a queryset, that stand: ``handed_in``, asked of the database."""
    if issubclass(rows.model, Entry):
        return rows.exclude(state=State.DRAFT)
    for gate in rows.model.gates:
        entry_is_in = Q((f"{gate}__state__in", [State.IN_REVIEW, State.PUBLISHED]))
        leads_nowhere = [
            (f"{path}__isnull", True) for path, field in steps(rows.model, gate) if field.null
        ]
        rows = rows.filter(Q(entry_is_in, *leads_nowhere, _connector=Q.OR))
    return rows
