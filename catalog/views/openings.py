"""What the page of a series shows of its cast and its crew: the beginning of each."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Subquery

from ..models import Credit, Job, Portrayal
from ..models.counting import bounded_count, count_each, most_counted_for
from ..models.statements import Statement
from .sections import ROWS_ON_A_PAGE

CREDITS_SHOWN = 120

# A longer cast or crew is not put in order as a whole for the few rows that are shown.
LONG = 1_000
# Of a longer cast, "1,000+" says enough.
_MOST_ACTORS = 1_000

_CAST = Statement(
    lambda audience, series: Portrayal.objects.visible_to(audience).for_series(series, audience),
    dressed=lambda audience, series: Portrayal.objects.for_series(series, audience),
)
# All that its order goes by is joined anyway, so these rows are read in one step.
_CREW = Statement(lambda audience, series: Credit.objects.visible_to(audience).for_series(series))


@dataclass(frozen=True)
class Opening:
    """The first rows; ``total`` says how many people there are in all, where some are left out."""

    rows: list
    is_cut: bool
    total: int = 0


def with_cast_mark(rows, series="series"):
    """``rows``, each marked with ``cast_fits``: no page of it can tell of more parts than one has.

    ``series`` leads to the series of each. Drafts count: marks choose the way to the rows, and
    say nothing of what is shown.
    """
    parts = Portrayal.objects.filter(series=OuterRef(series)).order_by().values("pk")
    return rows.annotate(cast_fits=~Exists(parts[ROWS_ON_A_PAGE : ROWS_ON_A_PAGE + 1]))


def with_long_marks(series):
    """``series`` ``with_cast_mark``, each also marked ``has_long_cast`` and ``has_long_crew``."""
    parts = Portrayal.objects.filter(series=OuterRef("pk")).order_by()
    credits = Credit.objects.filter(series=OuterRef("pk")).order_by()
    return with_cast_mark(series, "pk").annotate(
        has_long_cast=Exists(parts.values("pk")[LONG : LONG + 1]),
        has_long_crew=Exists(credits.values("pk")[LONG : LONG + 1]),
    )


def opening_cast(series, audience):
    """The cast of a series ``with_long_marks`` in the order of the titles."""
    if series.has_long_cast:
        parts = Portrayal.objects.visible_to(audience)
        found, number = _first_group(parts, series, audience), LONG
    elif series.cast_fits:
        found = _CAST(audience, series=series)
        number = len(found)
    else:
        found, number = _CAST.cut(0, ROWS_ON_A_PAGE, audience, series=series)
    for part in found:
        part.series = series
    is_cut = number > len(found)
    most = most_counted_for(audience, _MOST_ACTORS)
    total = bounded_count(_actors(series, audience), most) if is_cut else 0
    return Opening(found, is_cut, total)


def _actors(series, audience):
    parts = Portrayal.objects.open_to(audience).filter(series=series)
    return parts.order_by().values("person").distinct()


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
    if series.has_long_crew:
        found = _first_credits(series, audience)
    else:
        found, number = _CREW.cut(0, CREDITS_SHOWN, audience, series=series)
    for credit in found:
        credit.series = series
    return Opening(found, series.has_long_crew or number > len(found))


def _first_credits(series, audience):
    credits = Credit.objects.visible_to(audience).for_series(series)
    keys = credits.filter(job__in=_first_jobs(credits)).values_list("pk", flat=True)
    keys = list(keys[:CREDITS_SHOWN])
    found = Credit.objects.for_series(series).in_bulk(keys)
    return [found[key] for key in keys if key in found]


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
