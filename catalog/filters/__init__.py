"""One ``FilterSet`` for each public list. Each narrows rows that are already visible."""

from .calendar import CalendarFilter, Milestone
from .crossovers import CharacterCrossoverFilter, PersonCrossoverFilter
from .news import AnnouncementFilter
from .people import ActorFilter, CharacterFilter, CrewFilter, OrganizationFilter, PersonFilter
from .series import EpisodeFilter, SeriesFilter
from .timeline import TimelineFilter

__all__ = [
    "ActorFilter",
    "AnnouncementFilter",
    "CalendarFilter",
    "CharacterCrossoverFilter",
    "CharacterFilter",
    "CrewFilter",
    "EpisodeFilter",
    "Milestone",
    "OrganizationFilter",
    "PersonCrossoverFilter",
    "PersonFilter",
    "SeriesFilter",
    "TimelineFilter",
]
