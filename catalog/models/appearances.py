"""Where a part is seen: conditions on the places of episodes in their series."""

from django.db.models import F, Q


def before(path, episode):
    """The condition that the episode at ``path`` stands before ``episode`` in its series."""
    return _beside(path, episode, "lt")


def after(path, episode):
    """The condition that the episode at ``path`` stands after ``episode`` in its series."""
    return _beside(path, episode, "gt")


def _beside(path, episode, side):
    """Whether the episode at ``path`` stands before or after ``episode`` in its series."""
    season, number = episode.season.number, episode.number
    return Q(**{f"{path}__season__number__{side}": season}) | Q(
        **{f"{path}__season__number": season, f"{path}__number__{side}": number}
    )


def reaches(season, number):
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
