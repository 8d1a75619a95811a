"""Who plays whom in the series."""

from django.utils import timezone

from ....models import Portrayal, Series
from ..plan import Outcome, Planned
from ..told import UNTOLD, Part, Told
from .people import Who
from .settling import DELETED, Settling, deleted_of, rows_of


def plan_parts(
    told: Told, series: Series, who: Who, settling: Settling
) -> list[tuple[Part, Planned]]:
    """Each part with its portrayal."""
    there = {
        (row.person_id, row.character_id, row.announced)
        for row in rows_of(series, Portrayal, series=series)
    }
    gone = {(each["person"], each["character"]) for each in deleted_of(series, Portrayal, [series])}
    parts, planned = [], set()
    is_announced = _is_ahead(told.show, series)
    for part in told.parts:
        person = who.people[part.person]
        character = who.characters.get(part.character)
        role = character.label if character else "themselves"
        row = Planned(Portrayal, f"{person.label} as {role}")
        parts.append((part, row))
        if who.is_left_out(row, person, character):
            continue
        both = person.row.pk, character and character.row.pk
        # A new character has no key, just as somebody who plays themselves has none.
        is_known = character is None or character.row.pk
        if is_known and (*both, is_announced) in there:
            row.outcome = Outcome.UNCHANGED
            continue
        if is_known and both in gone:
            row.skip(DELETED)
            continue
        same = id(person.row), character and id(character.row)
        if same in planned:
            row.skip("It is told twice.")
            continue
        planned.add(same)
        kind = Portrayal.Kind.VOICE if part.is_voice else Portrayal.Kind.MAIN
        row.row = Portrayal(
            person=person.row,
            character=character and character.row,
            series=series,
            kind=kind if character else Portrayal.Kind.SELF,
            announced=is_announced,
        )
        settling.add(row)
    return parts


def _is_ahead(show, series):
    """Whether nobody has seen the series yet, so that its cast is only announced."""
    premiered = show.premiered if show and show.premiered is not UNTOLD else None
    if not premiered and series.premiered:
        premiered = series.premiered.iso
    if premiered:
        return premiered > timezone.localdate().isoformat()
    return bool(show) and show.status == "In Development"
