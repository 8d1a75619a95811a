"""Who in the catalogue is meant by the names of a pasted list."""

from collections import defaultdict

from django.db.models import Q

from ..models import SearchEntry
from ..models.search_terms import name_forms
from ..models.text import fold
from .proposals import NEW


def called(model, names):
    """{folded name: entries of ``model`` that have it, as their name or as another of theirs}."""
    wanted = {fold(name) for name in names}
    if not wanted:
        return {}
    kind = model._meta.model_name
    others = SearchEntry.objects.with_other_names(sorted(wanted), kind).values_list(kind, flat=True)
    rows = model.objects.filter(
        Q(sort_name__in=[name[:200] for name in wanted]) | Q(pk__in=list(others))
    )
    found = defaultdict(list)
    for row in rows.order_by("pk"):
        names = [row.name, getattr(row, "full_name", ""), *row.also_known_as]
        for form in wanted.intersection(form for name in names for form in name_forms(name)):
            found[form].append(row)
    return dict(found)


def only_one(rows):
    """The value of a choice among ``rows``: to be chosen where there are several."""
    if not rows:
        return NEW
    return str(rows[0].pk) if len(rows) == 1 else ""


def by_key(rows):
    return {str(row.pk): row for row in rows}


def labels_of(rows, in_series=()):
    """What tells entries of one name apart."""
    labels = {}
    for row in rows:
        details = [
            getattr(row, "occupation", ""),
            f"born {row.born}" if getattr(row, "born", None) else "",
            "in this series" if row.pk in in_series else "",
            row.state_mark.lower(),
        ]
        told = ", ".join(filter(None, details))
        labels[str(row.pk)] = f"{row.name} ({told})" if told else row.name
    return labels


def share_a_word(one, other):
    return bool({*fold(one).split()} & {*fold(other).split()})
