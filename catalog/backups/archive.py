"""The file of a backup: a zip archive with the database, the pictures, and what it should hold."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

from .problems import BackupError

MANIFEST = "backup.json"
PICTURES = "media/"
FORMAT = 1

_CHUNK = 2**20
_MOST_OF_MANIFEST = 256 * 2**20  # bytes; some hundred for each picture

# What reading a file of a damaged archive may raise; OSError for a place before its beginning.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
_UNREADABLE = (*_DAMAGED, KeyError, ValueError, TypeError, AttributeError)


@dataclass
class Manifest:
    """What a backup says of itself.

    ``engine`` is "sqlite" or "postgresql", ``database`` the name of its file. ``counts`` are rows
    by table, ``migrations`` "app.name" of each that was applied. ``images`` are the pictures that
    the library names, ``files`` {name in the archive: [bytes, SHA-256]}.
    """

    made: str
    engine: str
    database: str
    migrations: list[str]
    counts: dict[str, int]
    images: list[str]
    files: dict[str, list] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def missing(self) -> list[str]:
        """The pictures that the library names and the backup does not have."""
        return [name for name in self.images if PICTURES + name not in self.files]


class Writer:
    """Writes a new archive at ``path``; ``told`` is called with each number of bytes."""

    def __init__(self, path: Path, told: Callable[[int], object]):
        self._archive = zipfile.ZipFile(path, "w")
        self._told = told
        self._files = {}

    def add(self, name: str, source: BinaryIO, *, packed: bool = False):
        """Add what ``source`` has under ``name``; ``packed`` where that makes it smaller."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as target:
            while part := source.read(_CHUNK):
                target.write(part)
                digest.update(part)
                size += len(part)
                self._told(len(part))
        self._files[name] = [size, digest.hexdigest()]

    def finish(self, manifest: Manifest):
        manifest.files = self._files
        text = json.dumps(asdict(manifest), indent=1)
        self._archive.writestr(MANIFEST, text, zipfile.ZIP_DEFLATED)
        self._archive.close()

    def close(self):
        self._archive.close()


class Reader:
    """Reads the archive at ``path`` in a ``with`` block; raises BackupError if it is none."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self):
        try:
            self._archive = zipfile.ZipFile(self.path)
        except FileNotFoundError:
            raise BackupError(f"There is no file {self.path}.") from None
        except _DAMAGED as error:
            raise BackupError(
                f"{self.path} is no backup, or was cut off ({error}). Take another."
            ) from error
        try:
            self.manifest = self._read_manifest()
        except BaseException:
            self._archive.close()
            raise
        return self

    def __exit__(self, *_):
        self._archive.close()

    def _read_manifest(self):
        try:
            info = self._archive.getinfo(MANIFEST)
            if info.file_size > _MOST_OF_MANIFEST:
                raise ValueError("it is too long")
            told = json.loads(self._archive.read(info))
            if told.get("format") != FORMAT:
                raise BackupError(
                    f"{self.path} was made by another version of the catalogue, in a form that "
                    "this one does not know. Restore it with that version."
                )
            return Manifest(**told)
        except _UNREADABLE as no:
            raise BackupError(f"{self.path} is no backup of a catalogue ({no}).") from no

    @property
    def size(self) -> int:
        return sum(size for size, _ in self.manifest.files.values())

    @property
    def pictures(self) -> list[str]:
        return [name for name in self.manifest.files if name != self.manifest.database]

    def check(self, database: Path, told: Callable[[int], object]):
        """Read all of it and compare it with what it should be; the database goes to a new file.

        ``told`` is called with each number of bytes.
        """
        names = [info.filename for info in self._archive.infolist()]
        if sorted(names) != sorted([*self.manifest.files, MANIFEST]):
            raise BackupError(f"{self.path} does not hold the files that it should.")
        if self.manifest.database not in names:
            raise BackupError(f"{self.path} has no database in it.")
        if strange := [name for name in self.pictures if not _is_of_a_picture(name)]:
            raise BackupError(
                f"{self.path} has a file in it that is none of a backup: {strange[0]}"
            )
        with database.open("xb") as target:
            for part in self.parts(self.manifest.database):
                target.write(part)
                told(len(part))
        for name in self.pictures:
            for part in self.parts(name):
                told(len(part))

    def parts(self, name: str) -> Iterable[bytes]:
        """The file ``name``, piece by piece; raises BackupError where it is not as it was."""
        size, expected = self.manifest.files[name]
        digest, read = hashlib.sha256(), 0
        with self._damage_told(name), self._archive.open(name) as source:
            while part := source.read(_CHUNK):
                digest.update(part)
                read += len(part)
                if read > size:
                    break
                yield part
        if (read, digest.hexdigest()) != (size, expected):
            raise BackupError(f"{self.path} is damaged: {name} is not as it was. Take another.")

    @contextmanager
    def _damage_told(self, name):
        try:
            yield
        except _DAMAGED as error:
            raise BackupError(f"{self.path} is damaged: {name}: {error}. Take another.") from error


def _is_of_a_picture(name):
    """Whether it is a plain path below the pictures."""
    steps = name.removeprefix(PICTURES).split("/")
    return (
        name.startswith(PICTURES)
        and all(step not in {"", ".", ".."} for step in steps)
        and not {"\\", ":", "\0"} & {*name}
    )
