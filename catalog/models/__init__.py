from .characters import Character, CharacterFact, Relationship, RelationshipKind
from .credits import Credit, Job
from .dates import PartialDate
from .duplicates import LikelyDuplicate, Likeness
from .entry import State
from .episodes import Episode
from .history import Change, ChangedRow, last_change_of
from .media import RENDITION_TYPES, Image, rendition_name
from .news import Announcement
from .organizations import Membership, Organization
from .pending_imports import PendingImport
from .people import Person, PersonLink
from .portrayals import Portrayal
from .redirects import Redirect
from .revision import Revision
from .search import SearchEntry, SearchWord
from .seasons import Season
from .series import Network, Series, SeriesLink
from .sources import Source
from .suggestions import Suggestion
from .uploads import UploadedSheet
from .watch_orders import WatchOrder, WatchStep

__all__ = [
    "RENDITION_TYPES",
    "Announcement",
    "Change",
    "ChangedRow",
    "Character",
    "CharacterFact",
    "Credit",
    "Episode",
    "Image",
    "Job",
    "LikelyDuplicate",
    "Likeness",
    "Membership",
    "Network",
    "Organization",
    "PartialDate",
    "PendingImport",
    "Person",
    "PersonLink",
    "Portrayal",
    "Redirect",
    "Relationship",
    "RelationshipKind",
    "Revision",
    "SearchEntry",
    "SearchWord",
    "Season",
    "Series",
    "SeriesLink",
    "Source",
    "State",
    "Suggestion",
    "UploadedSheet",
    "WatchOrder",
    "WatchStep",
    "last_change_of",
    "rendition_name",
]
