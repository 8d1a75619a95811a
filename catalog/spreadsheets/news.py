from ..importers.catalog_form import ANNOUNCEMENTS
from .resources import SheetResource


class AnnouncementSheet(SheetResource):
    kind = ANNOUNCEMENTS
