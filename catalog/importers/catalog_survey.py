"""Looks through all data files before the first row is written."""

from array import array
from collections import Counter, OrderedDict, defaultdict
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from .catalog_files import DataFiles
from .catalog_form import KIND_OF, Kind
from .catalog_rows import Reading, Reference, Row
from .problems import CannotLoadError, FormError

# Rows of files of so many bytes together are kept; other files are read again.
_KEPT_BYTES = 2_000_000


class Survey:
    """What there is in the files: of each kind how much and where, and what is wrong with it.

    Of most rows it keeps no more than eight bytes. Only of kinds whose rows may need each other
    does it know each row, since these are written in the order in which they do.
    Raises CannotLoadError when files cannot be read.
    """

    def __init__(self, files: DataFiles, progress):
        self._files = files
        self._kept = OrderedDict()
        self._kept_bytes = 0
        self._twins = {}
        self._look(progress)
        if repeated := _repeated(self._hashes):
            # Once more: only now is it known which rows to compare in full.
            self._twins = {code: {} for code in repeated}
            self._kept.clear()
            self._kept_bytes = 0
            self._look(progress)
        self._depths = {kind: self._depths_of(kind) for kind in self._needs}

    def _look(self, progress):
        self.problems: list[str] = []
        self.unsound = set()  # (kind, key)
        self.counts = Counter()
        self.where = defaultdict(list)
        self._hashes = defaultdict(lambda: array("q"))
        self._needs = {kind: {} for kind in KIND_OF.values() if _to_itself(kind)}
        self._places = {}
        unreadable = []
        names = self._files.names
        with progress(total=len(names), desc="Reading", unit=" files") as bar:
            for name in names:
                try:
                    reading, size = self._read(name)
                except FormError as error:
                    unreadable.append(f"{name}{error.at}: {error.why}")
                else:
                    self.problems += reading.problems
                    for kind, rows in reading.rows.items():
                        self._note(name, kind, rows)
                    self._keep(name, reading.rows, size)
                bar.update(1)
        if unreadable:
            raise CannotLoadError(unreadable)

    def _read(self, name):
        content, size = self._files.content(name)
        return Reading(name, content, self._twin_of), size

    def _note(self, name, kind, rows):
        self.where[kind].append(name)
        for row in rows:
            self._hashes[kind].append(hash(row.key))
            if not row.sound:
                self.unsound.add((kind, row.key))
                continue
            self.counts[kind] += 1
            if kind in self._needs:
                others = (row.values.get(field) for field in _to_itself(kind))
                self._needs[kind][row.key] = [other.key for other in others if other]
                self._places[kind, row.key] = row.place

    def _twin_of(self, row: Row):
        """Where the same row is told before; the first one has none."""
        told = self._twins.get((row.kind, hash(row.key)))
        if told is None:
            return None
        place, number = told.setdefault(row.key, (row.place, row.number))
        return None if (place.file, number) == (row.place.file, row.number) else place

    def _keep(self, name, rows, size):
        self._kept[name] = rows, size
        self._kept_bytes += size
        while self._kept_bytes > _KEPT_BYTES and len(self._kept) > 1:
            _, (_, gone) = self._kept.popitem(last=False)
            self._kept_bytes -= gone

    def _rows(self, name):
        if name not in self._kept:
            reading, size = self._read(name)
            self._keep(name, reading.rows, size)
        return self._kept[name][0]

    def batches(self, kind: Kind, most: int):
        """The sound rows as they stand in the files, ``most`` at a time; those that others of
        their kind need come in an earlier batch.
        """
        depths = self._depths.get(kind)
        for depth in sorted({*depths.values()}) if depths else (None,):
            for name in self.where[kind]:
                rows = [
                    row
                    for row in self._rows(name).get(kind, ())
                    if row.sound and (depth is None or depths.get(row.key) == depth)
                ]
                for start in range(0, len(rows), most):
                    yield rows[start : start + most]

    def _depths_of(self, kind):
        """{key: how many others of the kind come before it}; {} for those in a circle."""
        needs = self._needs[kind]
        depths = {}
        try:
            for key in TopologicalSorter(needs).static_order():
                before = [depths.get(other, -1) for other in needs.get(key, ())]
                if key in needs:
                    depths[key] = max(before, default=-1) + 1
        except CycleError as error:
            circle = error.args[1]
            names = " > ".join(str(Reference(kind, key)) for key in circle)
            place = self._places[kind, circle[0]].field(kind.written_names[_to_itself(kind)[0]])
            self.problems.append(f"{place}: this goes round in a circle: {names}.")
            self.unsound.update((kind, key) for key in needs)
            self.where[kind] = []
            return {}
        return depths

    def tells(self, kind: Kind, key: tuple) -> bool:
        """Whether the files have a row of ``kind`` with that key."""
        return hash(key) in self._hashes[kind]

    def names(self, kind: Kind) -> list[str]:
        """What a file may call the rows of a ``kind`` that need each other."""
        return [str(Reference(kind, key)) for key in self._needs.get(kind, ())]


def _to_itself(kind):
    return [name for name, target in kind.references.items() if target is kind]


def _repeated(hashes):
    """(kind, hash) of keys that may be there more than once."""
    found = set()
    for kind, codes in hashes.items():
        found.update((kind, code) for code, next_one in pairwise(sorted(codes)) if code == next_one)
    return found
