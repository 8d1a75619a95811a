from ..importers.catalog_form import PORTRAYALS
from .resources import SheetResource


class PortrayalSheet(SheetResource):
    kind = PORTRAYALS
    named = ("person", "character")
