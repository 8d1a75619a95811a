"""The data files as JSON: found, decoded and parsed."""

import hashlib
import json
from pathlib import Path

from .problems import CannotLoadError, FormError, shown


class DataFiles:
    """One file, or all ``*.json`` of a folder: read one by one, as often as they are asked for.

    Raises CannotLoadError when there is nothing to read at ``path``.
    """

    def __init__(self, path: Path):
        self._files = {file.name: file for file in _files(path)}
        self._digests = {}
        self.folder = path if path.is_dir() else path.parent

    @property
    def names(self) -> list[str]:
        return [*self._files]

    def content(self, name: str) -> tuple[dict, int]:
        """The object in the file ``name``, and the size of the file in bytes.

        Raises FormError when it cannot be read, and CannotLoadError when it has changed since it
        was read before.
        """
        raw = _bytes(self._files[name])
        digest = hashlib.sha256(raw).digest()
        if self._digests.setdefault(name, digest) != digest:
            raise CannotLoadError([f"{name}: it changed while it was being loaded; load it again."])
        return _object(raw), len(raw)


def _files(path):
    try:
        if path.is_dir():
            named = (file for file in path.iterdir() if file.suffix == ".json")
            files = sorted(file for file in named if not _is_odd(file))
        elif path.exists():
            return [path]
        else:
            raise CannotLoadError([f"{path}: there is no such file or folder."])
    except OSError as error:
        raise CannotLoadError([f"{path}: it cannot be read: {error.strerror}."]) from None
    if not files:
        raise CannotLoadError([f"{path}: no file in this folder has a name that ends in .json."])
    return files


def _is_odd(file):
    """Whether it is a folder, a pipe or the like; a link to nowhere is not, so it is told of."""
    return not (file.is_file() or file.is_symlink())


def _bytes(file):
    try:
        return file.read_bytes()
    except OSError as error:
        raise FormError(f"it cannot be read: {error.strerror}.") from None


def _object(raw):
    try:
        # Some editors begin a file with a byte order mark: -sig takes it off.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FormError(
            "this is not UTF-8; save the file in that encoding.", f", line {line}"
        ) from None
    try:
        content = json.loads(text, object_pairs_hook=_pairs, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        at = f", line {error.lineno}, column {error.colno}"
        raise FormError(f"this is not JSON: {error.msg}.", at) from None
    except RecursionError:
        raise FormError("it is nested too deeply to be a data file of the catalogue.") from None
    except ValueError:
        # Of json's own errors only this one has no place: Python refuses to read such numbers.
        raise FormError("it holds a number that is too long to read.") from None
    if not isinstance(content, dict):
        raise FormError('it must hold one object, in curly brackets: {"people": [...], ...}.')
    return content


def _pairs(pairs):
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FormError(f"an object names {shown(twice)} twice; keep one of the two.")
    return content


def _refuse_constant(name):
    raise FormError(f"{name} is not a number that JSON has.")
