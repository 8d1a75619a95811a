"""Where a part is seen: conditions on the places of episodes in their series."""

from django.db.models import Exists, F, OuterRef, Q


def known_in(season, portrayals):
    """The keys of the parts in ``season``: by its list, by their episodes, by their span.

    ``portrayals`` is their model. Three narrow questions and their union: asked of each part of a
    long series in turn, they would take as long as there are parts.
    """
    listed = portrayals.seasons.through.objects.filter(season=season)
    by_episode = portrayals.episodes.through.objects.filter(episode__season=season)
    spans = portrayals.objects.filter(
        first_episode__season__series=season.series_id,
        first_episode__season__number__lte=season.number,
        last_episode__season__number__gte=season.number,
    )
    return listed.values("portrayal").union(
        by_episode.values("portrayal"), spans.order_by().values("pk")
    )


def may_be_in(episode, portrayals):
    """The condition that a part may be in ``episode``, because it is in its season.

    Left out are parts whose episodes are listed, parts that begin later or ended before, and
    characters who are first seen later. ``portrayals`` is the model of the parts.
    """
    listed = portrayals.episodes.through.objects.filter(portrayal=OuterRef("pk"))
    seasons = portrayals.seasons.through.objects.filter(season=episode.season_id)
    spans = ~_after("first_episode", episode) & ~_before("last_episode", episode)
    known_span = Q(first_episode__isnull=False, last_episode__isnull=False)
    unseen = Q(character__first_appearance__season__series=episode.season.series_id)
    unseen &= _after("character__first_appearance", episode)
    in_season = Q(pk__in=seasons.values("portrayal"))
    # The last is asked of each row by itself, so it comes last.
    return (in_season | known_span) & spans & ~unseen & ~Q(Exists(listed))


def known_episodes(parts):
    """The condition on an episode that one of ``parts``, a queryset, is known to be in it."""
    listed = parts.model.episodes.through.objects.filter(portrayal__in=parts.values("pk"))
    return (
        Q(pk__in=listed.values("episode"))
        | Q(pk__in=parts.exclude(first_episode=None).values("first_episode"))
        | Q(pk__in=parts.exclude(last_episode=None).values("last_episode"))
    )


def possible_episodes(parts):
    """The condition on an episode that one of ``parts`` may be in it, since it is in its season.

    ``parts`` is a queryset of those whose episodes are not listed.
    """
    by_season = parts.filter(
        _reaches("seasons__number", "seasons__episodes__number"), seasons__isnull=False
    )
    spans = parts.filter(
        _reaches("series__seasons__number", "series__seasons__episodes__number"),
        first_episode__isnull=False,
        last_episode__isnull=False,
    )
    return Q(pk__in=by_season.values("seasons__episodes")) | Q(
        pk__in=spans.values("series__seasons__episodes")
    )


def _before(path, episode):
    """The condition that the episode at ``path`` stands before ``episode`` in its series."""
    return _beside(path, episode, "lt")


def _after(path, episode):
    """The condition that the episode at ``path`` stands after ``episode`` in its series."""
    return _beside(path, episode, "gt")


def _beside(path, episode, side):
    """Whether the episode at ``path`` stands before or after ``episode`` in its series."""
    season, number = episode.season.number, episode.number
    return Q(**{f"{path}__season__number__{side}": season}) | Q(
        **{f"{path}__season__number": season, f"{path}__number__{side}": number}
    )


def _reaches(season, number):
    """The condition that the episode at two paths from a portrayal is not out of its span."""
    elsewhere = Q(character__first_appearance__season__series__lt=F("series")) | Q(
        character__first_appearance__season__series__gt=F("series")
    )
    seen = elsewhere | _up_to("character__first_appearance", "lt", season, number)
    return (
        seen
        & _up_to("first_episode", "lt", season, number)
        & _up_to("last_episode", "gt", season, number)
    )


def _up_to(path, side, season, number):
    """The episode at ``path`` is unknown, stands on that side, or is the one at the two paths."""
    return (
        Q(**{path: None})
        | Q(**{f"{path}__season__number__{side}": F(season)})
        | Q(**{f"{path}__season__number": F(season), f"{path}__number__{side}e": F(number)})
    )
