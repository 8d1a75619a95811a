"""One ``FilterSet`` for each public list. Each narrows rows that are already visible."""

from .news import AnnouncementFilter
from .people import ActorFilter, CharacterFilter, CrewFilter, OrganizationFilter, PersonFilter
from .series import EpisodeFilter, SeriesFilter
from .timeline import TimelineFilter

__all__ = [
    "ActorFilter",
    "AnnouncementFilter",
    "CharacterFilter",
    "CrewFilter",
    "EpisodeFilter",
    "OrganizationFilter",
    "PersonFilter",
    "SeriesFilter",
    "TimelineFilter",
]
