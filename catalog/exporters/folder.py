"""The folder of an export: written beside its place, and put there when it is whole."""

import json
import re
import secrets
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from ..importers.catalog_form import CATALOG
from .problems import CannotExportError

# Long enough that there are few, short enough to be read and compared. With the rows inside others.
ROWS_OF_A_FILE = 1_000
PICTURES = "images"

_README = "README.txt"
_ABOUT = """\
This folder is an export of a franchise catalogue, written by: manage.py export_catalog

To read it into an empty database: manage.py load_catalog FOLDER
The next export into this folder replaces all of it, so keep nothing else here.

Each file holds rows of one kind. Their form is explained in catalog/importers/catalog_form.py.
Pictures lie in "images", each named by the SHA-256 of its content.
"""
_SOMETHING_ELSE = (
    "there is something in this folder, and it is not an export. Name an empty folder, one that is "
    "not there yet, or one with an export to be replaced."
)
_DATA = re.compile(rf"({'|'.join(CATALOG)})(-\d{{4,}})?\.json", re.ASCII)
_PICTURE = re.compile(r"[0-9a-f]{64}\.(jpg|png)", re.ASCII)


class ExportFolder:
    """A ``with`` block in which an export is written; only at its end does ``path`` change.

    What an older export has left at ``path`` goes as a whole. Raises CannotExportError when
    ``path`` holds anything else, or cannot be written.
    """

    def __init__(self, path: Path):
        self._path = path.resolve()
        if not self._path.name:
            raise CannotExportError([f"{path}: {_SOMETHING_ELSE}"])
        self._new = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}.new")
        _refuse_what_is_not_ours(path, self._path)

    def __enter__(self):
        try:
            self._new.mkdir()
            if self._path.exists():
                # Whoever is kept from reading the older one is kept from this one, from now on.
                self._new.chmod(stat.S_IMODE(self._path.stat().st_mode) | stat.S_IRWXU)
        except OSError as error:
            raise CannotExportError(
                [f"{self._path.parent}: no folder can be made there: {error.strerror}."]
            ) from error
        return self

    def __exit__(self, kind, error, _):
        try:
            if kind is None:
                (self._new / _README).write_text(_ABOUT, encoding="utf-8", newline="\n")
                self._put_in_place()
        except OSError as problem:
            error = problem
        finally:
            shutil.rmtree(self._new, ignore_errors=True)
        if isinstance(error, OSError):
            raise CannotExportError(
                [f"{self._path}: it cannot be written: {error.strerror or error}."]
            ) from error

    def _put_in_place(self):
        if not self._path.exists():
            self._new.rename(self._path)
            return
        _refuse_what_is_not_ours(self._path, self._path)
        old = self._new.with_suffix(".old")
        self._path.rename(old)
        try:
            self._new.rename(self._path)
        except BaseException:
            old.rename(self._path)
            raise
        shutil.rmtree(old, ignore_errors=True)

    def write_rows(self, name: str, records: Iterable[dict]):
        """Write ``records`` into one file, or into several that count on, as they come."""
        waiting, size, number = [], 0, 0
        for record in records:
            rows = _rows_in(record)
            if waiting and size + rows > ROWS_OF_A_FILE:
                number += 1
                self._write(f"{name}-{number:04}.json", {name: waiting})
                waiting, size = [], 0
            waiting.append(record)
            size += rows
        if waiting:
            end = f"-{number + 1:04}" if number else ""
            self._write(f"{name}{end}.json", {name: waiting})

    def _write(self, name, content):
        text = json.dumps(content, ensure_ascii=False, indent=2)
        (self._new / name).write_text(f"{text}\n", encoding="utf-8", newline="\n")

    def picture(self, name: str) -> Path:
        """Where the file of a picture is to be written."""
        folder = self._new / PICTURES
        folder.mkdir(exist_ok=True)
        return folder / name


def _rows_in(record):
    inside = (value for value in record.values() if isinstance(value, list))
    return 1 + sum(_rows_in(item) for rows in inside for item in rows if isinstance(item, dict))


def _begins_as_ours(file):
    first, _, _ = _ABOUT.partition("\n")
    with file.open("rb") as opened:
        return opened.readline(200).decode(errors="replace").strip() == first


def _refuse_what_is_not_ours(told, path):
    try:
        if not path.exists():
            return
        if not path.is_dir():
            raise CannotExportError([f"{told}: this is a file; name a folder."])
        names = {file.name for file in path.iterdir()}
        if not names:
            return
        is_ours = _README in names and _begins_as_ours(path / _README)
        others = [name for name in sorted(names - {_README, PICTURES}) if not _DATA.fullmatch(name)]
        if is_ours and PICTURES in names:
            pictures = (file.name for file in (path / PICTURES).iterdir())
            others += [f"{PICTURES}/{name}" for name in pictures if not _PICTURE.fullmatch(name)]
    except OSError as error:
        raise CannotExportError([f"{told}: it cannot be read: {error.strerror}."]) from error
    if not is_ours:
        raise CannotExportError([f"{told}: {_SOMETHING_ELSE}"])
    if others:
        besides = f"besides an export there is “{others[0]}” in this folder, and would be lost."
        raise CannotExportError([f"{told}: {besides} Move it away, or name another folder."])
