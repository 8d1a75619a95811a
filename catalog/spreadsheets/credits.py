from ..importers.catalog_form import CREDITS
from .resources import SheetResource


class CreditSheet(SheetResource):
    kind = CREDITS
    named = ("person",)
