"""Writes the catalogue into a folder of data files: all of it, or nothing."""

from collections import Counter
from functools import partial
from itertools import islice
from pathlib import Path

from tqdm import tqdm

from ..audience import editor, visitor
from ..importers.catalog_form import CATALOG, IMAGES
from .choosing import rows_of
from .folder import ExportFolder
from .pictures import copy
from .problems import CannotExportError
from .snapshot import snapshot
from .telling import Names, Telling, joined

_AT_ONCE = 500
_SILENT = partial(tqdm, disable=True)


def export(path: Path, *, everything: bool = False, progress=_SILENT) -> Counter:
    """Write what visitors may see now, or ``everything``, into the folder ``path``.

    It is one state of the database, whoever saves meanwhile, and the same state gives the same
    bytes. What ``path`` holds is replaced once all is written; it must be empty, absent or an
    older export. ``progress`` makes a bar, as tqdm does. Gives the number of rows of each kind,
    without those inside others; raises CannotExportError, and nothing is changed then.
    """
    audience = editor() if everything else visitor()
    with ExportFolder(path) as folder, snapshot():
        rows = {kind: rows_of(kind, audience) for kind in CATALOG.values()}
        counts = Counter({kind: each.order_by().count() for kind, each in rows.items()})
        with progress(total=counts.total(), desc="Writing", unit=" rows") as bar:
            names, problems = copy(rows.pop(IMAGES), folder, bar)
            if problems:
                raise CannotExportError(problems)
            telling = Telling(audience, Names(audience, names))
            folder.write_rows(IMAGES.name, _pictures(telling, names))
            for kind, of_kind in rows.items():
                records = _told(telling, kind, of_kind, bar)
                folder.write_rows(kind.name, joined(kind, records))
        return counts


def _told(telling, kind, rows, bar):
    found = rows.iterator(chunk_size=_AT_ONCE)
    while batch := list(islice(found, _AT_ONCE)):
        yield from telling.tell(kind, batch)
        bar.update(len(batch))


def _pictures(telling, names):
    """In the order of their files: of one that is made anew only now it is known."""
    files = {name: pk for pk, name in sorted(names.items(), reverse=True)}
    found = iter(sorted(files))
    while batch := list(islice(found, _AT_ONCE)):
        images = IMAGES.model.objects.in_bulk([files[name] for name in batch])
        yield from telling.tell(IMAGES, [images[files[name]] for name in batch])
