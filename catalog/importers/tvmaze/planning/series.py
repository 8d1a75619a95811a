"""Which series is meant, and what would come of it."""

from django.db.models import Q

from ....models import Series
from .. import values
from ..matching import Matching
from ..plan import Answers, Plan, Planned
from ..told import UNTOLD, Told
from .networks import Networks
from .settling import Settling


def plan_series(
    told: Told, answers: Answers, plan: Plan, networks: Networks, settling: Settling
) -> Planned:
    """Its ``row`` is None if nobody can be taken for the show.

    Questions and notes go to ``plan``.
    """
    show = told.show
    planned = Planned(Series, told.name)
    row = Series.objects.filter(tvmaze_id=told.id).first() or _by_other_ids(show)
    if row is None:
        if show is None:
            return planned.skip(
                "The catalogue has no series with this TVmaze id, and the show itself is not "
                f"among what was given. Add the answer of /shows/{told.id}."
            )
        detail = f"premiered {show.premiered}" if isinstance(show.premiered, str) else ""
        matching = Matching(Series, {show.id: show}, answers, details={show.id: detail})
        plan.questions += matching.questions.values()
        if why := matching.why_not(show.id):
            return planned.skip(why)
        row = matching.row_of(show.id)
    if row is not None and show is None:
        plan.name = planned.label = row.name
    new = values.of_series(show, row) if show else {}
    if show and show.status is not UNTOLD and "status" not in new and row is None:
        new["status"] = Series.Status.AIRING
        plan.notes.append(
            "TVmaze leaves open whether the series goes on: its status is “Returning” until "
            "somebody knows."
        )
    if show and "network" in new:
        new["network"] = networks.row_of(show.network)
        if new["network"] is UNTOLD:
            del new["network"]
    _leave_out_taken_ids(new, row, plan)
    return settling.settled(planned, row, new, Series)


def _by_other_ids(show):
    """One that another catalogue calls the same; not if TVmaze has another id for it."""
    same = Q(pk__in=[])
    for name in ("imdb_id", "tvdb_id"):
        value = getattr(show, name, UNTOLD)
        if value not in (UNTOLD, None):
            same |= Q(**{name: value})
    found = list(Series.objects.filter(same, tvmaze_id=None)[:2])
    return found[0] if len(found) == 1 else None


def _leave_out_taken_ids(new, row, plan):
    for name in ("imdb_id", "tvdb_id"):
        value = new.get(name)
        others = Series.objects.exclude(pk=row and row.pk)
        if value and (other := others.filter(**{name: value}).first()):
            label = Series._meta.get_field(name).verbose_name
            plan.notes.append(f"The {label} {value} is left out: “{other}” has it.")
            del new[name]
