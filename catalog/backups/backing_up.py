"""Makes a backup while the site goes on, and looks into it afterwards."""

import os
import tempfile
from collections.abc import Callable
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from ..pictures.keeping import storage
from ..pictures.tidying import stored_names
from .archive import PICTURES, Manifest, Reader, Writer
from .engines import assert_reachable, engine_of, migrations_applied, tables
from .problems import BackupError


def back_up(path: Path, progress: Callable) -> Manifest:
    """Write a backup to ``path``, where there is nothing yet; gives what it holds.

    It is one state of the database, and all pictures that this names. Written beside, checked,
    and then put in its place, so that under its name there is never half of one. ``progress`` makes
    a bar, as tqdm does. Raises BackupError, and OSError where the disk refuses.
    """
    if path.exists():
        raise BackupError(f"{path} is there already, and nothing is overwritten. Name another.")
    assert_reachable()
    engine = engine_of(connection.vendor)
    with folder_in(path.parent) as folder:
        copy, archive = folder / engine.NAME, folder / "backup.zip"
        named = tables()
        applied = migrations_applied()
        counts, images = engine.copy_out(connection, copy, named)
        manifest = Manifest(
            made=timezone.now().isoformat(timespec="seconds"),
            engine=connection.vendor,
            database=engine.NAME,
            migrations=applied,
            counts=counts,
            images=images,
        )
        # Pictures are written before the rows that name them, and not deleted with them: those that
        # are there now are all that the copy can name.
        pictures = dict(_stored())
        size = copy.stat().st_size + sum(pictures.values())
        with progress(total=2 * size, desc="Backup", unit="B", unit_scale=True) as bar:
            _write(archive, manifest, copy, pictures, engine, bar.update)
            copy.unlink()
            look_into(archive, folder, bar.update)
        _put_in_place(archive, path)
    return manifest


@contextmanager
def folder_in(place: Path):
    """A folder below ``place``, which is made too, for its owner alone; gone after the block."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=place) as folder:
        yield Path(folder)


def look_into(archive: Path, folder: Path, told: Callable[[int], object]) -> Path:
    """Check the ``archive`` as a whole; gives the copy of its database, which is in ``folder``."""
    with Reader(archive) as reader:
        manifest = reader.manifest
        copy = folder / "checked"
        reader.check(copy, told)
    found = engine_of(manifest.engine).look_into(copy, [*manifest.counts])
    if found != (manifest.counts, manifest.images):
        raise BackupError(f"{archive} does not hold the rows that it should. Take another.")
    return copy


def own_folder() -> Path:
    """Where backups go that are named by the time, and what is restored is unpacked."""
    return settings.VAR_DIR / "backups"


def remove_older(folder: Path, pattern: str, keep: int) -> list[Path]:
    """Delete all but the newest ``keep`` files of ``folder`` with such names; gives them."""
    older = sorted(folder.glob(pattern), reverse=True)[keep:]
    for path in older:
        path.unlink()
    return older


def _write(archive, manifest, copy, pictures, engine, told):
    writer = Writer(archive, told)
    try:
        with copy.open("rb") as source:
            writer.add(engine.NAME, source, packed=not engine.IS_PACKED)
        for name in pictures:
            # One that is gone by now, but is named, is among the manifest's ``missing``.
            with suppress(FileNotFoundError), storage().open(name) as source:
                writer.add(PICTURES + name, source)
        writer.finish(manifest)
    finally:
        writer.close()


def _stored():
    """(name, bytes) of each file of a picture; those of an upload that failed may go meanwhile."""
    for name in stored_names():
        with suppress(FileNotFoundError):
            yield name, storage().size(name)


def _put_in_place(archive, path):
    archive.chmod(0o600)
    with archive.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(archive, path)  # which, other than to rename, never overwrites
    except FileExistsError:
        raise BackupError(f"{path} is there by now, and nothing is overwritten.") from None
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
