"""How far a visitor's progress reaches: conditions on rows, each asked by a ``within``.

All of them come from one question, which episodes have been seen. Their keys are looked up once
for an audience (``Audience.seen``) and then stand in the statements: asked anew in each part of
a statement, they would be more than SQLite takes in.
"""

import json
from dataclasses import dataclass

from django.apps import apps
from django.db.models import (
    BooleanField,
    CharField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Concat
from django.db.models.lookups import LessThan


@dataclass(frozen=True)
class Seen:
    """Keys: of the episodes seen, of their seasons, of the series started, and of those finished.

    A finished series is one of which all was told to have been seen, whatever may follow.
    """

    episodes: frozenset[int] = frozenset()
    seasons: frozenset[int] = frozenset()
    started: frozenset[int] = frozenset()
    finished: frozenset[int] = frozenset()


def seen_by(progress) -> Q:
    """The condition on an episode that someone with this ``progress`` has seen it.

    A special counts once an episode of its series that came out later has been seen; it is
    compared by its date, the end of which must be past.
    """
    regular, specials, whole = Q(), Q(), []
    for slug, place in progress.places:
        if place.is_end:
            whole.append(slug)
        elif place.season:
            regular |= Q(season__series__slug=slug) & _up_to(place)
        else:
            specials |= Q(season__series__slug=slug) & _up_to_special(slug, place)
    if not progress.places:
        return Q(pk__in=[])
    condition = specials
    if regular:
        later = _episodes().filter(
            regular,
            season__series=OuterRef("season__series"),
            aired__gte=Concat(OuterRef("aired"), Value("~"), output_field=CharField()),
        )
        condition |= regular | Q(Exists(later), season__number=0)
    if whole:
        condition |= Q(season__series__slug__in=whole)
    return condition


def _up_to(place):
    return Q(season__number__gt=0, season__number__lt=place.season) | Q(
        season__number=place.season, number__lte=place.number
    )


def _up_to_special(slug, place):
    """What came out before the special, and the specials up to it."""
    special = _episodes().filter(season__series__slug=slug, season__number=0, number=place.number)
    # With "~" behind it "2019" is not before a day of that year.
    end = Concat("aired", Value("~"), output_field=CharField())
    came_out_before = Q(LessThan(end, Subquery(special.values("aired"))))
    return came_out_before | Q(season__number=0, number__lte=place.number)


def _episodes():
    # Without the rows that an episode brings along: here only keys are asked for.
    return apps.get_model("catalog", "Episode")._default_manager.order_by().select_related(None)


class Among(Func):
    """The condition that ``path`` leads to one of ``keys``, however many, as one parameter."""

    output_field = BooleanField()

    def __init__(self, path, keys):
        super().__init__(F(path) if isinstance(path, str) else path)
        self.keys = tuple(sorted(keys))

    def __repr__(self):
        return f"Among({self.source_expressions[0]!r}, {len(self.keys)} keys)"

    def as_sqlite(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[0])
        among = f"{sql} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - no value in it
        return among, [*params, json.dumps(self.keys)]

    def as_postgresql(self, compiler, connection, **context):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{sql} = ANY(%s::bigint[])", [*params, list(self.keys)]


def is_seen(audience, path="pk") -> Q:
    """The condition that ``path`` leads to an episode that ``audience`` has seen."""
    return Q(Among(path, audience.seen.episodes))


def is_entered(audience, path) -> Q:
    """The condition that ``path`` leads to a season of which some episode has been seen."""
    return Q(Among(path, audience.seen.seasons))


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


def is_met(portrayals, audience) -> Q:
    """The condition on a portrayal, one of ``portrayals``, that it has been met.

    A part is met in its first episode; where only seasons are known, in the first of them. The
    main cast stands on the poster, so that of a first season is met beforehand. Who is only
    announced waits until all there is of the series has been seen.
    """
    # The cheap questions come first, and the costly ones are asked of the series being watched.
    seen = audience.seen
    return (
        Q(series__in=seen.finished)
        | Q(series__in=seen.started) & _is_met_in(portrayals, audience)
        | Q(kind="main") & _is_on_first_poster(portrayals)
        | Q(announced=False, first_episode=None) & _is_of_unknown_place(portrayals)
        | Q(announced=True) & Q(~is_more_to_see(audience, "series"))
    )


def _is_met_in(portrayals, audience):
    """``is_met`` of a part in a series that has been started."""
    seasons, episodes = _places(portrayals)
    still_to_come = _episodes().filter(
        ~is_seen(audience),
        first_appearances=OuterRef("character"),
        season__series=OuterRef("series"),
    )
    by_season = Q(first_episode=None) & Q(~Exists(episodes), ~Exists(still_to_come))
    return (
        is_seen(audience, "first_episode")
        | Q(Exists(episodes.filter(is_seen(audience, "episode"))))
        | Q(Exists(seasons.filter(is_entered(audience, "season")))) & (Q(kind="main") | by_season)
    )


def _is_on_first_poster(portrayals):
    seasons, episodes = _places(portrayals)
    return Q(Exists(seasons.filter(season__number=1))) | Q(
        Exists(episodes.filter(episode__season__number=1))
    )


def _is_of_unknown_place(portrayals):
    seasons, episodes = _places(portrayals)
    return Q(~Exists(seasons), ~Exists(episodes))


def _places(portrayals):
    """The rows that list the seasons of a portrayal, and those that list its episodes."""
    model, of_this = portrayals.model, Q(portrayal=OuterRef("pk"))
    return model.seasons.through.objects.filter(of_this), model.episodes.through.objects.filter(
        of_this
    )


def is_known(portrayals, audience, character="") -> Q:
    """The condition that one of ``portrayals``, which are visible, is of the character.

    ``character`` is the path to it; "" for the row itself. Without any portrayal it is the
    episode of the first appearance that decides.
    """
    path = f"{character}__" if character else ""
    of_them = Q(character=OuterRef(character or "pk"))
    # Of those that others may see: a draft must not hide whom the catalogue shows without it.
    shown = portrayals.model.objects.visible_to(audience.told_nothing())
    any_part = shown.filter(of_them).order_by()
    first_seen = Q(**{f"{path}first_appearance": None}) | is_seen(
        audience, f"{path}first_appearance"
    )
    return Q(Exists(portrayals.order_by().filter(of_them))) | Q(~Exists(any_part), first_seen)
