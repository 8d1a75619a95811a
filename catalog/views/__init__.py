from .cards import card
from .characters import CharacterDetail, CharacterList
from .crossovers import CharacterCrossoverList, PersonCrossoverList
from .dashboard import Dashboard
from .installing import OpenSearch, manifest
from .news import AnnouncementDetail, AnnouncementList
from .organizations import OrganizationDetail, OrganizationList
from .people import ActorList, CrewList, PersonDetail, PersonList
from .progress import ProgressPage
from .robots import Robots
from .search import Search, search_suggest
from .series import EpisodeDetail, EpisodeList, SeasonDetail, SeriesDetail, SeriesList
from .timeline import TimelinePage
from .watch_orders import WatchOrderDetail, WatchOrderList

__all__ = [
    "ActorList",
    "AnnouncementDetail",
    "AnnouncementList",
    "CharacterCrossoverList",
    "CharacterDetail",
    "CharacterList",
    "CrewList",
    "Dashboard",
    "EpisodeDetail",
    "EpisodeList",
    "OpenSearch",
    "OrganizationDetail",
    "OrganizationList",
    "PersonCrossoverList",
    "PersonDetail",
    "PersonList",
    "ProgressPage",
    "Robots",
    "Search",
    "SeasonDetail",
    "SeriesDetail",
    "SeriesList",
    "TimelinePage",
    "WatchOrderDetail",
    "WatchOrderList",
    "card",
    "manifest",
    "search_suggest",
]
