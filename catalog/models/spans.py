"""The span of a part, as far as it is known: its seasons, its episodes, or its ends."""

from django.db.models import Aggregate, CharField, Subquery, Value
from django.db.models.functions import Coalesce

# A part in more episodes than these is told by its seasons.
_EPISODES_NAMED = 3


class _Joined(Aggregate):
    """The texts of a group with a blank between them, in no particular order."""

    output_field = CharField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="GROUP_CONCAT(%(expressions)s, ' ')", **context
        )

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="STRING_AGG(%(expressions)s, ' ')", **context
        )


def joined_numbers(through, text):
    """The ``text`` of each row of ``through`` that a portrayal has, as one text, blanks between."""
    joined = through.order_by().values("portrayal").annotate(joined=_Joined(text)).values("joined")
    return Coalesce(Subquery(joined), Value(""), output_field=CharField())


def told_span(season_numbers: str, episode_numbers: str, first, last) -> str:
    """Such as "Seasons 1–3, 7" or "S3E10", of "1 2 3 7" or "3.10" and the episodes at its ends."""
    episodes = sorted(tuple(map(int, place.split("."))) for place in episode_numbers.split())
    if 0 < len(episodes) <= _EPISODES_NAMED:
        return ", ".join(f"S{season}E{number}" for season, number in episodes)
    seasons = sorted(map(int, season_numbers.split()))
    if seasons:
        return f"{'Season' if len(seasons) == 1 else 'Seasons'} {_runs(seasons)}"
    if episodes:
        return f"{len(episodes)} episodes"
    beginning = f"from {first.code}" if first else ""
    end = f"until {last.code}" if last else ""
    return f"{beginning} {end}".strip()


def _runs(numbers: list[int]) -> str:
    """[1, 2, 3, 7] as "1–3, 7"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
