"""What the page of a series shows of its cast and its crew: the beginning of each."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from ..models import Credit, Job, Portrayal
from ..models.counting import bounded_count, count_each, most_counted_for
from .sections import ROWS_ON_A_PAGE, cut

CREDITS_SHOWN = 120

# A longer cast or crew is not put in order as a whole for the few rows that are shown.
LONG = 1_000
# Of a longer cast, "1,000+" says enough.
_MOST_ACTORS = 1_000


@dataclass(frozen=True)
class Opening:
    """The first rows; ``total`` says how many people there are in all, where some are left out."""

    rows: list
    is_cut: bool
    total: int = 0


def with_long_marks(series):
    """``series``, each marked with ``has_long_cast`` and ``has_long_crew``.

    Drafts count: the marks choose the way to the rows, and say nothing of what is shown.
    """
    parts = Portrayal.objects.filter(series=OuterRef("pk")).order_by()
    credits = Credit.objects.filter(series=OuterRef("pk")).order_by()
    return series.annotate(
        has_long_cast=Exists(parts.values("pk")[LONG : LONG + 1]),
        has_long_crew=Exists(credits.values("pk")[LONG : LONG + 1]),
    )


def opening_cast(series, audience):
    """The cast of a series ``with_long_marks`` in the order of the titles."""
    parts = Portrayal.objects.visible_to(audience)
    if series.has_long_cast:
        found, number = _first_group(parts, series, audience), LONG
    else:
        ordered = parts.for_series(series, audience)
        dressed = Portrayal.objects.for_series(series, audience)
        found, number = cut(ordered, 0, ROWS_ON_A_PAGE, dressed)
    is_cut = number > len(found)
    actors = Portrayal.objects.open_to(audience).filter(series=series)
    actors = actors.order_by().values("person").distinct()
    most = most_counted_for(audience, _MOST_ACTORS)
    total = bounded_count(actors, most) if is_cut else 0
    return Opening(found, is_cut, total)


def _first_group(parts, series, audience):
    """Of a long cast the main cast, or whatever group stands first when there is none."""
    dressed = Portrayal.objects.for_series(series, audience)
    for announced in (False, True):
        for kind in [*Portrayal.Kind.values, ""]:
            group = parts.filter(series=series, announced=announced, kind=kind)
            if keys := _first_billed(group) or _first(group):
                found = dressed.in_bulk(keys)
                return [found[key] for key in keys if key in found]
    return []


def _first_billed(group):
    """The keys of the first of ``group``, if as many are billed as a page shows; else none.

    Only those are put in order that are billed as high as the last of them.
    """
    billed = group.exclude(billing=None).order_by("billing").values("billing")
    last = billed[ROWS_ON_A_PAGE - 1 : ROWS_ON_A_PAGE]
    return _first(group.filter(billing__lte=Subquery(last)))


def _first(group):
    return list(group.by_billing().values_list("pk", flat=True)[:ROWS_ON_A_PAGE])


def opening_crew(series, audience):
    """The credits of a series ``with_long_marks`` in the order of the jobs."""
    credits = Credit.objects.visible_to(audience).for_series(series)
    if series.has_long_crew:
        credits = credits.filter(job__in=_first_jobs(credits))
    found, number = cut(credits, 0, CREDITS_SHOWN, Credit.objects.for_series(series))
    return Opening(found, series.has_long_crew or number > len(found))


def _first_jobs(credits):
    """As many of the jobs, in their order, as are needed to fill the page."""
    jobs = list(Job.objects.values_list("pk", flat=True))
    numbers = count_each(lambda job: credits.filter(job=job), jobs, CREDITS_SHOWN)
    chosen, number = [], 0
    for job in jobs:
        if number > CREDITS_SHOWN:
            break
        if numbers[job]:
            chosen.append(job)
            number += numbers[job]
    return chosen
