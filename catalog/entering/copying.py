"""The cast of one season, to be taken over into the next."""

from dataclasses import dataclass

from ..models import Portrayal, Season
from ..models.review import why_it_waits
from .proposals import MAY_NOT_SHOW

MOST_PARTS = 500


@dataclass
class Offer:
    """A part of the season before; with a ``problem`` it cannot be taken over."""

    part: Portrayal
    problem: str = ""
    is_ticked: bool = True


def season_before(season) -> Season | None:
    """The nearest earlier season of the same series; specials come before none."""
    earlier = Season.objects.filter(series=season.series_id, number__gt=0)
    return earlier.filter(number__lt=season.number).order_by("-number").first()


def offers(before, season, *, may_show) -> list[Offer]:
    """Who is in the season ``before`` and not in ``season`` yet, as the cast list has them.

    What is only announced is left out: it has not been seen in any season. Without a season
    ``before`` there is nobody.
    """
    if before is None:
        return []
    there = Portrayal.objects.for_season(season).order_by().values("pk")
    # With all columns: the history remembers them whole.
    parts = Portrayal.objects.for_season(before).defer(None)
    parts = parts.filter(announced=False).exclude(pk__in=there)
    return [_offer(part, season, may_show=may_show) for part in parts[:MOST_PARTS]]


def _offer(part, season, *, may_show):
    last = part.last_episode
    if last and last.season.number < season.number:
        return Offer(part, f"It ends in {last.code}: change that on its page first.", False)
    why = "" if may_show else MAY_NOT_SHOW if part.shown_from is not None else why_it_waits(part)
    if why:
        return Offer(part, why, False)
    return Offer(part)


def take_over(parts, season, record):
    """Add ``season`` to ``parts``, in a recording that gave ``record``."""
    record.remember(parts)
    for part in parts:
        part.seasons.add(season)
