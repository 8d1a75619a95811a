"""Compares what TVmaze tells of a show with the catalogue: what would be new, updated or left."""

from ..plan import Answers, Plan, Rights
from ..told import Told
from .credits import plan_credits
from .episodes import Episodes
from .networks import Networks
from .parts import plan_parts
from .people import Who
from .series import plan_series
from .settling import Settling


def plan(told: Told, answers: Answers, rights: Rights) -> Plan:
    """Costs the same number of statements however much is told; writes nothing."""
    found = Plan(told.name, told.address)
    networks, settling = Networks(found, rights), Settling(rights)
    series = plan_series(told, answers, found, networks, settling)
    if series.row is None:
        found.rows = [series]
        return found
    of_series = Episodes(told, series, networks, settling)
    seasons, episodes = of_series.plan_seasons(), of_series.plan_episodes()
    who = Who(told, series.row, answers, found, settling)
    who.plan_people()
    who.plan_characters()
    parts = plan_parts(told, series.row, who, settling)
    jobs, works = plan_credits(told, series.row, who, rights, settling)
    who.leave_out_who_has_nothing_to_do(parts, works)
    found.rows = [
        *networks.planned([series, *seasons]),
        series,
        *seasons,
        *episodes,
        *who.people.values(),
        *who.characters.values(),
        *jobs,
        *(row for _, row in parts),
        *(row for _, row in works),
    ]
    return found
