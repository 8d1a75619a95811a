"""How far a visitor's progress reaches: conditions on rows, each asked by a ``within``.

All of them come from one question, which episodes have been seen. Their keys are looked up once
for an audience (``Audience.seen``) and then stand in the statements: asked anew in each part of
a statement, they would be more than SQLite takes in.
"""

import json

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
    return Q(aired__lt=Subquery(special.values("aired"))) | Q(
        season__number=0, number__lte=place.number
    )


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

    @property
    def identity(self):
        return (*super().identity, self.keys)


def is_seen(audience, path="pk") -> Q:
    """The condition that ``path`` leads to an episode that ``audience`` has seen."""
    return Q(Among(path, audience.seen))


def is_entered(audience, path) -> Q:
    """The condition that ``path`` leads to a season of which some episode has been seen."""
    return Q(Among(path, audience.seen.values()))


def is_more_to_see(audience, series) -> Exists:
    """The condition that not all episodes of ``series``, a path from the row, have been seen."""
    return Exists(_episodes().filter(~is_seen(audience), season__series=OuterRef(series)))


def is_revealed(audience) -> Q:
    """The condition on a row with ``revealed_in`` that it gives away nothing not yet seen."""
    return Q(revealed_in=None) | is_seen(audience, "revealed_in")


def is_met(portrayals, audience) -> Q:
    """The condition on a portrayal, one of ``portrayals``, that it has been met.

    A part is met in its first episode; where only seasons are known, in the first of them. The
    main cast stands on the poster, so that of a first season is met beforehand. Of whom nothing is
    known but an announcement waits until all there is of the series has been seen.
    """
    listed = portrayals.model.episodes.through.objects
    seasons = portrayals.model.seasons.through.objects
    of_this = Q(portrayal=OuterRef("pk"))
    by_season_only = Q(~Exists(listed.filter(of_this)), first_episode=None)
    in_episode = is_seen(audience, "first_episode") | Q(
        Exists(listed.filter(of_this, is_seen(audience, "episode")))
    )
    entered = Exists(seasons.filter(of_this, is_entered(audience, "season")))
    on_first_poster = Exists(seasons.filter(of_this, season__number=1)) | Exists(
        listed.filter(of_this, episode__season__number=1)
    )
    nothing_known = by_season_only & Q(~Exists(seasons.filter(of_this)))
    return (
        in_episode
        | Q(Q(entered) | Q(on_first_poster), kind="main")
        | (by_season_only & Q(entered) & _may_be_seen(audience))
        | (nothing_known & (Q(announced=False) | Q(~is_more_to_see(audience, "series"))))
    )


def _may_be_seen(audience):
    """Not of a character who is first seen in an episode of this series that is still to come."""
    first = "character__first_appearance"
    elsewhere = Q(**{f"{first}__season__series__lt": F("series")}) | Q(
        **{f"{first}__season__series__gt": F("series")}
    )
    return Q(**{first: None}) | elsewhere | is_seen(audience, first)


def is_known(portrayals, audience) -> Q:
    """The condition on a character that one of ``portrayals``, which are visible, is of them.

    Without any portrayal it is the episode of the first appearance that decides.
    """
    played = portrayals.order_by().filter(character=OuterRef("pk"))
    any_part = portrayals.model._default_manager.filter(character=OuterRef("pk")).order_by()
    first_seen = Q(first_appearance=None) | is_seen(audience, "first_appearance")
    return Q(Exists(played)) | Q(first_seen, ~Exists(any_part))
