"""Puts a backup back in the place of what is there."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection

from ..pictures.keeping import storage
from .archive import PICTURES, Manifest, Reader
from .backing_up import look_into
from .engines import (
    NAMES,
    assert_reachable,
    engine_of,
    migrations_known,
    present_revision,
    what_is_there,
)
from .problems import BackupError


def restore(path: Path, progress: Callable, may_replace: Callable[[Manifest, dict], bool]):
    """Put the backup at ``path`` in the place of the database, and its pictures beside the others.

    All of it is checked before anything is touched. ``may_replace`` is asked with what it holds
    and with {kind: rows} of what would be lost, which may be nothing. The database is exchanged in
    one transaction. Gives the manifest, and whether the tables have to be migrated afterwards.
    """
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=_folder()) as made:
        folder = Path(made)
        with Reader(path) as reader:
            manifest = reader.manifest
            is_older = _assert_fits(manifest, path)
            size = reader.size
        with progress(total=2 * size, desc="Restore", unit="B", unit_scale=True) as bar:
            copy = look_into(path, folder, bar.update)
            assert_reachable()
            if not may_replace(manifest, what_is_there()):
                raise BackupError("Nothing was changed.")
            number = present_revision()
            with Reader(path) as reader:
                for name in manifest.files:
                    if name != manifest.database:
                        _keep_picture(reader, name, bar.update)
            engine_of(connection.vendor).put_back(connection, copy, number)
    return manifest, is_older


def _assert_fits(manifest, path):
    """Refuse what this version and this database cannot take; gives whether it is an older one."""
    if manifest.engine != connection.vendor:
        raise BackupError(
            f"{path} is of a database on {NAMES.get(manifest.engine, manifest.engine)}, and "
            f"DATABASE_URL names one on {NAMES[connection.vendor]}. Restore it where it comes "
            "from; to move from one to the other, use export_catalog and load_catalog."
        )
    known = migrations_known()
    if newer := [name for name in manifest.migrations if name not in known]:
        raise BackupError(
            f"{path} was made by a newer version of the catalogue, whose tables this one does not "
            f"know ({newer[0]}). Restore it with that version or a later one."
        )
    return bool(known - {*manifest.migrations})


def _keep_picture(reader, name, told):
    """Write a picture unless it is there; what is named by its content is the same."""
    stored = name.removeprefix(PICTURES)
    size, _ = reader.manifest.files[name]
    if storage().exists(stored):
        if storage().size(stored) == size:
            told(size)
            return
        storage().delete(stored)
    storage().save(stored, ContentFile(b"".join(reader.parts(name))))
    told(size)


def _folder():
    folder = settings.VAR_DIR / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
