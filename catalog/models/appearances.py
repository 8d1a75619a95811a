"""Where a part is seen: conditions on the places of episodes in their series."""

from django.db.models import Exists, F, OuterRef, Q


def known_in(season, portrayals):
    """The keys of the parts in ``season``: by its list, by their episodes, by their span.

    ``portrayals`` is their model. Three narrow questions and their union: asked of each part of a
    long series in turn, they would take as long as there are parts.
    """
    listed = portrayals.seasons.through.objects.filter(season=season)
    by_episode = portrayals.episodes.through.objects.filter(episode__season=season)
    spans = portrayals.objects.filter(**_reaching_over(season))
    return listed.values("portrayal").union(
        by_episode.values("portrayal"), spans.order_by().values("pk")
    )


def known_or_possible_in(episode, portrayals):
    """The keys of the parts known to be in ``episode``, and of those in its season that may be.

    Left out of the second are parts whose episodes are listed, parts that begin later or ended
    before, and characters who are first seen later. ``portrayals`` is the model of the parts.
    """
    through = portrayals.episodes.through.objects
    episodes = portrayals.first_episode.field.related_model.objects
    after = episodes.after(episode).order_by().values("pk")
    before = episodes.before(episode).order_by().values("pk")
    possible = (
        portrayals.objects.order_by()
        .exclude(first_episode__in=after)
        .exclude(last_episode__in=before)
        .exclude(character__first_appearance__in=after)
        .filter(~Exists(through.filter(portrayal=OuterRef("pk"))))
    )
    in_season = possible.filter(seasons=episode.season_id)
    spans = possible.filter(**_reaching_over(episode.season))
    return (
        through.filter(episode=episode)
        .values("portrayal")
        .union(in_season.values("pk"), spans.values("pk"))
    )


def _reaching_over(season):
    """That a part begins in ``season`` or before, and ends in it or later."""
    return {
        "first_episode__season__series": season.series_id,
        "first_episode__season__number__lte": season.number,
        "last_episode__season__number__gte": season.number,
    }


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
