"""The rows of the database that others point to, by what the files call them."""

from ..models import Redirect
from .catalog_form import EPISODES, IMAGES, REFERENCED, SEASONS, SERIES, Kind, picture_called
from .catalog_rows import Reference


class Known:
    """Finds primary keys. Read once for each kind that is asked for; new rows join them.

    Nothing but keys is held. An entry that was renamed is found by its old slugs too, and so is
    whatever is its own.
    """

    def __init__(self):
        self._keys = {}
        self._new_slugs = {}

    def find(self, kind: Kind, key: tuple) -> int | None:
        told = self.plain(kind, key)
        found = self._of(kind).get(told)
        if found is None and kind.is_entry:
            if kind not in self._new_slugs:
                self._new_slugs[kind] = Redirect.objects.renamed(kind.model)
            found = self._of(kind).get((self._new_slugs[kind].get(told[0]),))
        return found

    def add(self, kind: Kind, key: tuple, pk: int):
        if kind in REFERENCED:
            self._of(kind)[self.plain(kind, key)] = pk

    def plain(self, kind: Kind, key: tuple) -> tuple:
        """``key`` as the columns of the database have it: a primary key for each reference."""
        return tuple(
            self.find(target, part) if part and (target := kind.references.get(name)) else part
            for name, part in zip(kind.key, key, strict=True)
        )

    def names(self, kind: Kind) -> list[str]:
        """What a file may call the rows of ``kind``."""
        if kind is SEASONS:
            return [str(Reference(kind, key)) for key in self._season_keys().values()]
        if kind is EPISODES:
            seasons = self._season_keys()
            return [
                str(Reference(kind, (seasons[season], number)))
                for season, number in self._of(kind)
                if season in seasons
            ]
        return [key for (key,) in self._of(kind)]

    def _season_keys(self):
        series = {pk: key for key, pk in self._of(SERIES).items()}
        return {pk: (series[of], number) for (of, number), pk in self._of(SEASONS).items()}

    def _of(self, kind):
        if kind not in self._keys:
            rows = kind.model.objects.select_related(None).order_by()
            columns = [kind.model._meta.get_field(name).attname for name in kind.key]
            found = rows.values_list(*columns, "pk").iterator()
            self._keys[kind] = {_as_told(kind, key): pk for *key, pk in found}
        return self._keys[kind]


def _as_told(kind, key):
    if kind is IMAGES:
        return (picture_called(key[0]),)
    return tuple(key)
