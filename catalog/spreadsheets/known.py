"""The rows that the cells of a sheet name, looked up with a few statements for all of them."""

from collections import defaultdict
from pathlib import PurePosixPath

from ..importers.catalog_form import EPISODES, IMAGES, SEASONS
from ..importers.catalog_load import key_of
from ..importers.catalog_rows import Reference
from ..importers.problems import did_you_mean, shown
from ..models import Redirect

_AT_ONCE = 1_000
# To look for a similar name takes a statement, and nobody reads on beyond these.
_MOST_SUGGESTIONS = 20
_MOST_NAMES = 2_000


class Known:
    """``want`` what is needed, ``look_up`` once, then ``find``."""

    def __init__(self):
        self._wanted = defaultdict(set)
        self._found = {}
        self._renamed = {}
        self._suggested = 0

    def want(self, value):
        """Note the rows that ``value`` names: a Reference, a list of them, or anything else."""
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Reference):
                self._wanted[each.kind].add(each.key)

    def look_up(self):
        for kind, keys in self._wanted.items():
            if kind is SEASONS:
                self._look_up_places(kind, "series__slug", [key[0][0] for key in keys])
            elif kind is EPISODES:
                self._look_up_places(kind, "season__series__slug", [key[0][0][0] for key in keys])
            elif kind is IMAGES:
                self._look_up_pictures(sorted(key[0] for key in keys))
            else:
                self._look_up_slugs(kind, sorted(key[0] for key in keys))
        self._wanted.clear()

    def find(self, reference: Reference):
        """The row; raises ValueError with a sentence when there is none."""
        row = self._found.get((reference.kind, reference.key))
        if row is not None:
            return row
        end = "."
        if self._suggested < _MOST_SUGGESTIONS:
            self._suggested += 1
            end = did_you_mean(str(reference), self._names_like(reference))
        raise ValueError(f"there is no {reference.kind.word} {shown(str(reference))}{end}")

    def _look_up_slugs(self, kind, slugs):
        for start in range(0, len(slugs), _AT_ONCE):
            some = slugs[start : start + _AT_ONCE]
            for row in kind.model.objects.filter(slug__in=some):
                self._found[kind, (row.slug,)] = row
        missing = [slug for slug in slugs if (kind, (slug,)) not in self._found]
        if missing and kind.is_entry:
            renamed = self._now_called(kind.model, missing)
            for row in kind.model.objects.filter(slug__in=renamed.values()):
                for old in (old for old, new in renamed.items() if new == row.slug):
                    self._found[kind, (old,)] = row

    def _look_up_pictures(self, names):
        """By what is in them, which their names tell."""
        for start in range(0, len(names), _AT_ONCE):
            hashes = [PurePosixPath(name).stem for name in names[start : start + _AT_ONCE]]
            for row in IMAGES.model.objects.filter(content_hash__in=hashes):
                self._found[IMAGES, key_of(IMAGES, row)] = row

    def _look_up_places(self, kind, path, slugs):
        """All of the series that are named; a sheet seldom names but one of a series."""
        series = path.rpartition("__")[0]
        model = kind.model._meta.get_field(series.split("__")[0]).related_model
        model = model if kind is SEASONS else model._meta.get_field("series").related_model
        slugs = set(slugs)
        there = set(model.objects.filter(slug__in=slugs).values_list("slug", flat=True))
        renamed = self._now_called(model, sorted(slugs - there))
        old_names = defaultdict(list)
        for old, new in renamed.items():
            old_names[new].append(old)
        for row in kind.model.objects.filter(
            **{f"{path}__in": sorted(there | set(renamed.values()))}
        ).select_related(series):
            key = key_of(kind, row)
            self._found[kind, key] = row
            slug = key[0][0] if kind is SEASONS else key[0][0][0]
            for old in old_names[slug]:
                of_old = ((old,), key[1]) if kind is SEASONS else (((old,), key[0][1]), key[1])
                self._found[kind, of_old] = row

    @staticmethod
    def _now_called(model, slugs):
        return Redirect.objects.renamed(model, slugs) if slugs else {}

    @staticmethod
    def _names_like(reference):
        if reference.kind in (SEASONS, EPISODES, IMAGES):
            return []
        # Nearly all slips leave the first letters as they are.
        start = reference.key[0][:2]
        slugs = reference.kind.model.objects.filter(slug__startswith=start).order_by("slug")
        return list(slugs.values_list("slug", flat=True)[:_MOST_NAMES])
