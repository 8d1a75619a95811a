"""Puts a backup back in the place of what is there."""

from collections.abc import Callable
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import connection

from ..pictures.keeping import storage
from ..schema import migrations_known
from .archive import PICTURES, Manifest, Reader
from .backing_up import folder_in, look_into, own_folder
from .engines import (
    NAMES,
    assert_reachable,
    engine_of,
    named,
    present_revision,
    what_is_there,
)
from .problems import BackupError


def restore(path: Path, progress: Callable, agreed: Callable[[Manifest, dict], object]):
    """Put the backup at ``path`` in the place of the database, and its pictures beside the others.

    All of it is checked before anything is touched. ``agreed`` is called with what it holds and
    with {kind: rows} of what would be lost, which may be nothing, and raises what is to stop it.
    The database is exchanged in one transaction. Gives the manifest, and whether the tables have to
    be migrated afterwards.
    """
    with folder_in(own_folder()) as folder:
        with Reader(path) as reader:
            manifest = reader.manifest
            is_older = _assert_fits(manifest, path)
            size = reader.size
        with progress(total=2 * size, desc="Restore", unit="B", unit_scale=True) as bar:
            copy = look_into(path, folder, bar.update)
            assert_reachable()
            agreed(manifest, what_is_there())
            number = present_revision()
            with Reader(path) as reader:
                for name in reader.pictures:
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
    known = {*named(migrations_known())}
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
