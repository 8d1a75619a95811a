from ..importers.catalog_form import PEOPLE
from .resources import SheetResource


class PersonSheet(SheetResource):
    kind = PEOPLE
