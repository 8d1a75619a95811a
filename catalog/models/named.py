"""Entries by their names, other names included."""

from collections import defaultdict

from django.db.models import Q

from .search import SearchEntry
from .search_terms import name_forms
from .text import fold


def entries_named(model, names) -> dict[str, list]:
    """{folded name: entries of ``model`` that are called so, as their name or another of theirs}.

    Costs two statements however many names there are.
    """
    wanted = {fold(name) for name in names} - {""}
    if not wanted:
        return {}
    kind = model._meta.model_name
    others = SearchEntry.objects.with_other_names(sorted(wanted), kind).values_list(kind, flat=True)
    rows = model.objects.filter(
        Q(sort_name__in=[name[:200] for name in wanted]) | Q(pk__in=list(others))
    )
    found = defaultdict(list)
    for row in rows.order_by("pk"):
        theirs = [row.name, getattr(row, "full_name", ""), *row.also_known_as]
        for form in wanted.intersection(form for name in theirs for form in name_forms(name)):
            found[form].append(row)
    return dict(found)
