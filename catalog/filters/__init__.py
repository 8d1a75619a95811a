"""One ``FilterSet`` for each public list. Each narrows rows that are already visible."""

from .calendar import CalendarFilter, Milestone
from .crossovers import CharacterCrossoverFilter, PersonCrossoverFilter
from .news import AnnouncementFilter
from .people import ActorFilter, CharacterFilter, CrewFilter, OrganizationFilter, PersonFilter
from .rows import CreditFilter, MembershipFilter, PortrayalFilter, SeasonFilter
from .series import EpisodeFilter, SeriesFilter
from .timeline import TimelineFilter

__all__ = [
    "ActorFilter",
    "AnnouncementFilter",
    "CalendarFilter",
    "CharacterCrossoverFilter",
    "CharacterFilter",
    "CreditFilter",
    "CrewFilter",
    "EpisodeFilter",
    "MembershipFilter",
    "Milestone",
    "OrganizationFilter",
    "PersonCrossoverFilter",
    "PersonFilter",
    "PortrayalFilter",
    "SeasonFilter",
    "SeriesFilter",
    "TimelineFilter",
]
