"""How far a visitor's progress reaches: conditions on rows, each asked by a ``within``.

All of them come from one question, which episodes have been seen. Their keys are looked up once
for an audience (``Audience.seen``) and then stand in the statements: asked anew in each part of
a statement, they would be more than SQLite takes in.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    Expression,
    F,
    Func,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Concat


@dataclass(frozen=True)
class Seen:
    """Keys: of the episodes seen, of their seasons, of the series started, and of those finished.

    A finished series is one of which all was told to have been seen, whatever may follow.
    """

    episodes: frozenset[int] = frozenset()
    seasons: frozenset[int] = frozenset()
    started: frozenset[int] = frozenset()
    finished: frozenset[int] = frozenset()

    def value(self, name: str, vendor: str) -> str:
        """The keys called ``name`` as one value of a statement: see ``_AMONG``."""
        return _LISTS[vendor].format(self._told[name])

    @cached_property
    def _told(self):
        # They stand in a statement many times, and in many statements of a page.
        kinds = ("episodes", "seasons", "started", "finished")
        return {name: ",".join(map(str, sorted(getattr(self, name)))) for name in kinds}


# What follows a column to ask whether it is one of several keys, which are one value, and how that
# is written.
_AMONG = {
    "sqlite": "IN (SELECT value FROM json_each(%s))",
    "postgresql": "= ANY(%s::bigint[])",
}
_LISTS = {"sqlite": "[{}]", "postgresql": "{{{}}}"}


class _AtPlaces(Func):
    """A condition on an episode and any of ``places``, each (slug of the series, season, number).

    Written as it is sent: the two hundred that a visitor may tell, put together from querysets,
    would take seconds.
    """

    output_field = BooleanField()
    text = ""

    def __init__(self, places: tuple):
        super().__init__(F("season__series__slug"), F("season__number"), F("number"))
        self.places = places

    def as_sql(self, compiler, connection, **context):
        columns = (compiler.compile(column)[0] for column in self.source_expressions)
        columns = dict(zip(["slug", "season", "number"], columns, strict=True))
        asked = self.text.format(**columns)
        params = [value for place in self.places for value in self.values_of(*place)]
        return f"({' OR '.join([asked] * len(self.places))})", params

    def values_of(self, slug, season, number):
        return slug, season, number


class _IsAt(_AtPlaces):
    """That it stands just there."""

    text = "({slug} = %s AND {season} = %s AND {number} = %s)"


class _IsUpTo(_AtPlaces):
    """That it stands there or before, specials among the specials."""

    text = "({slug} = %s AND ({season} > 0 AND {season} < %s OR {season} = %s AND {number} <= %s))"

    def values_of(self, slug, season, number):
        return slug, season, season, number


def seen_by(progress) -> Q:
    """The condition on an episode that someone with this ``progress`` has seen it.

    A special counts once an episode of its series that came out later has been seen; it is
    compared by its date, the end of which must be past. Where a special is told, what came out
    before it counts.
    """
    if not progress.places:
        return Q(pk__in=[])
    whole = [slug for slug, place in progress.places if place.is_end]
    places = tuple(
        (slug, place.season, place.number) for slug, place in progress.places if not place.is_end
    )
    regular = tuple(place for place in places if place[1])
    specials = tuple(place for place in places if not place[1])
    condition = Q()
    # With "~" behind it "2019" is not before a day of that year.
    end = Concat(OuterRef("aired"), Value("~"), output_field=CharField())
    of_series = _episodes().filter(season__series=OuterRef("season__series"))
    if places:
        condition |= Q(_IsUpTo(places))
    if regular:
        later = of_series.filter(_IsUpTo(regular), aired__gte=end)
        condition |= Q(season__number=0) & Q(Exists(later))
    if specials:
        condition |= Q(Exists(of_series.filter(_IsAt(specials), aired__gt=end)))
    if whole:
        condition |= Q(season__series__slug__in=whole)
    # Said once more of all of them, so that no other series is looked at.
    return Q(season__series__slug__in=[slug for slug, place in progress.places]) & condition


def _episodes():
    # Without the rows that an episode brings along: here only keys are asked for.
    return apps.get_model("catalog", "Episode")._default_manager.order_by().select_related(None)


class Among(Func):
    """The condition that ``path`` leads to one of the keys called ``name`` in ``seen``."""

    output_field = BooleanField()

    def __init__(self, path, seen, name):
        super().__init__(F(path) if isinstance(path, str) else path)
        self.seen = seen
        self.name = name

    def __repr__(self):
        return f"Among({self.source_expressions[0]!r}, {self.name})"

    def as_sql(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[0])
        keys = self.seen.value(self.name, connection.vendor)
        return f"{sql} {_AMONG[connection.vendor]}", [*params, keys]


def is_seen(audience, path="pk") -> Q:
    """The condition that ``path`` leads to an episode that ``audience`` has seen."""
    return Q(Among(path, audience.seen, "episodes"))


def is_entered(audience, path) -> Q:
    """The condition that ``path`` leads to a season of which some episode has been seen."""
    return Q(Among(path, audience.seen, "seasons"))


def is_more_to_see(audience, series) -> Exists:
    """The condition that not all episodes of ``series``, a path from the row, have been seen."""
    return Exists(still_to_see(audience).filter(season__series=OuterRef(series)))


def still_to_see(audience):
    """The episodes that ``audience`` has not seen.

    None of a special without a date: it has no place among the others, so it could never be told.
    """
    return _episodes().filter(~is_seen(audience)).exclude(season__number=0, aired=None)


def is_revealed(audience) -> Q:
    """The condition on a row with ``revealed_in`` that it gives away nothing not yet seen."""
    return Q(revealed_in=None) | is_seen(audience, "revealed_in")


class _AsSent(Func):
    """A condition that is written as it is sent: ``text``, with names in braces.

    They are of ``columns``, or of keys seen, which follow a column. Conditions of this kind stand
    several times in most statements of whoever has told a progress; put together from querysets,
    they would cost more than their answer.
    """

    output_field = BooleanField()
    text = ""

    def __init__(self, audience, **columns):
        super().__init__(*columns.values())
        self.names = tuple(columns)
        self.seen = audience.seen

    def as_sql(self, compiler, connection, **context):
        columns = map(compiler.compile, self.source_expressions)
        columns = dict(zip(self.names, columns, strict=True))
        params = []

        def filled_in(match):
            sql, values = columns.get(match[1]) or (
                _AMONG[connection.vendor],
                [self.seen.value(match[1], connection.vendor)],
            )
            params.extend(values)
            return sql

        return _NAME.sub(filled_in, self.text), params


_NAME = re.compile(r"{(\w+)}")

# The cheap questions come first, and the costly ones are asked of the series being watched. By the
# "+" the keys are not looked up one by one in the index, of which a part has only a few rows. Each
# part is asked by itself: of EXISTS PostgreSQL may first make a table of all that have any.
_MET = """(
    {series} {finished}
    OR {series} {started} AND (
        {first_episode} {episodes}
        OR (
            SELECT 1 FROM catalog_portrayal_episodes AS listed
            WHERE listed.portrayal_id = {pk} AND +listed.episode_id {episodes} LIMIT 1
        ) IS NOT NULL
        OR (
            SELECT 1 FROM catalog_portrayal_seasons AS listed
            WHERE listed.portrayal_id = {pk} AND +listed.season_id {seasons} LIMIT 1
        ) IS NOT NULL
        AND (
            {kind} = 'main'
            OR {first_episode} IS NULL
            AND (
                SELECT 1 FROM catalog_portrayal_episodes AS listed
                WHERE listed.portrayal_id = {pk} LIMIT 1
            ) IS NULL
            AND (
                SELECT 1 FROM catalog_character AS whose
                JOIN catalog_episode AS first_seen ON first_seen.id = whose.first_appearance_id
                JOIN catalog_season AS its_season ON its_season.id = first_seen.season_id
                WHERE whose.id = {character} AND its_season.series_id = {series}
                AND NOT first_seen.id {episodes} LIMIT 1
            ) IS NULL
        )
    )
    OR {kind} = 'main' AND (
        (
            SELECT 1 FROM catalog_portrayal_seasons AS listed
            JOIN catalog_season AS its_season ON its_season.id = listed.season_id
            WHERE listed.portrayal_id = {pk} AND its_season.number = 1 LIMIT 1
        ) IS NOT NULL
        OR (
            SELECT 1 FROM catalog_portrayal_episodes AS listed
            JOIN catalog_episode AS its_episode ON its_episode.id = listed.episode_id
            JOIN catalog_season AS its_season ON its_season.id = its_episode.season_id
            WHERE listed.portrayal_id = {pk} AND its_season.number = 1 LIMIT 1
        ) IS NOT NULL
    )
    OR NOT {announced} AND {first_episode} IS NULL
    AND (
        SELECT 1 FROM catalog_portrayal_seasons AS listed WHERE listed.portrayal_id = {pk} LIMIT 1
    ) IS NULL
    AND (
        SELECT 1 FROM catalog_portrayal_episodes AS listed WHERE listed.portrayal_id = {pk} LIMIT 1
    ) IS NULL
    OR {announced} AND (
        SELECT 1 FROM catalog_episode AS to_see
        JOIN catalog_season AS its_season ON its_season.id = to_see.season_id
        WHERE its_season.series_id = {series} AND NOT to_see.id {episodes}
        AND NOT (to_see.aired IS NULL AND its_season.number = 0) LIMIT 1
    ) IS NULL
)"""

_COLUMNS_OF_A_PART = ("pk", "series", "kind", "announced", "first_episode", "character")


class IsMet(_AsSent):
    """The condition on a portrayal that it has been met.

    A part is met in its first episode; where only seasons are known, in the first of them. The
    main cast stands on the poster, so that of a first season is met beforehand. Who is only
    announced waits until all there is of the series has been seen.
    """

    text = _MET

    def __init__(self, audience):
        super().__init__(audience, **{name: F(name) for name in _COLUMNS_OF_A_PART})


_COLUMNS_OF_PART = {
    "pk": "part.id",
    "series": "part.series_id",
    "kind": "part.kind",
    "announced": "part.announced",
    "first_episode": "part.first_episode_id",
    "character": "part.character_id",
}
_MET_OF_PART = _NAME.sub(lambda match: _COLUMNS_OF_PART.get(match[1], match[0]), _MET)

# A part that others may see: a draft must not hide whom the catalogue shows without it.
_IS_SHOWN = "AND part.shown_from <= {moment}"

_KNOWN = """(
    (
        SELECT 1 FROM catalog_portrayal AS part
        WHERE part.character_id = {character} %(is_shown)s
        AND (part.revealed_in_id IS NULL OR part.revealed_in_id {episodes})
        AND %(is_met)s LIMIT 1
    ) IS NOT NULL
    OR ({first_appearance} IS NULL OR {first_appearance} {episodes})
    AND (
        SELECT 1 FROM catalog_portrayal AS part
        WHERE part.character_id = {character} %(is_shown)s LIMIT 1
    ) IS NULL
)"""


class IsKnown(_AsSent):
    """The condition that a visible portrayal of the character has been met.

    ``character`` is the path to it; "" for the row itself. Without any portrayal it is the
    episode of the first appearance that decides.
    """

    def __init__(self, audience, character=""):
        columns = {
            "character": F(character or "pk"),
            "first_appearance": F(f"{character}__first_appearance".removeprefix("__")),
        }
        if not audience.sees_drafts:
            moment = audience.moment
            is_expression = isinstance(moment, Expression)
            columns["moment"] = moment if is_expression else Value(moment, DateTimeField())
        super().__init__(audience, **columns)
        self.text = _KNOWN % {
            "is_shown": "" if audience.sees_drafts else _IS_SHOWN,
            "is_met": _MET_OF_PART,
        }
