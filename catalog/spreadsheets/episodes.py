from ..importers.catalog_form import EPISODES
from .resources import SheetResource


class EpisodeSheet(SheetResource):
    kind = EPISODES
