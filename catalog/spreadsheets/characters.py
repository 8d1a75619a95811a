from ..importers.catalog_form import CHARACTERS
from .resources import SheetResource


class CharacterSheet(SheetResource):
    kind = CHARACTERS
    named = ("inspired_by",)
