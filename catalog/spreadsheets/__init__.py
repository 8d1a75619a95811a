"""Rows as spreadsheets: written for editors, read back, compared and brought in."""

from .characters import CharacterSheet
from .credits import CreditSheet
from .episodes import EpisodeSheet
from .news import AnnouncementSheet
from .people import PersonSheet
from .portrayals import PortrayalSheet

__all__ = [
    "AnnouncementSheet",
    "CharacterSheet",
    "CreditSheet",
    "EpisodeSheet",
    "PersonSheet",
    "PortrayalSheet",
]
