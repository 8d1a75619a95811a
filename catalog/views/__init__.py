from .characters import CharacterDetail, CharacterList
from .dashboard import Dashboard
from .news import AnnouncementDetail, AnnouncementList
from .organizations import OrganizationDetail, OrganizationList
from .people import ActorList, CrewList, PersonDetail, PersonList
from .robots import Robots
from .search import Search, search_suggest
from .series import EpisodeDetail, EpisodeList, SeasonDetail, SeriesDetail, SeriesList
from .timeline import TimelinePage

__all__ = [
    "ActorList",
    "AnnouncementDetail",
    "AnnouncementList",
    "CharacterDetail",
    "CharacterList",
    "CrewList",
    "Dashboard",
    "EpisodeDetail",
    "EpisodeList",
    "OrganizationDetail",
    "OrganizationList",
    "PersonDetail",
    "PersonList",
    "Robots",
    "Search",
    "SeasonDetail",
    "SeriesDetail",
    "SeriesList",
    "TimelinePage",
    "search_suggest",
]
