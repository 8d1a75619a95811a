"""The data files as JSON: found, decoded and parsed."""

import hashlib
from pathlib import Path

from .json_text import parse
from .problems import CannotLoadError, FormError

# A file of an export has about 1,000 rows and a few MB at most; a larger one is read as a whole all
# the same, and takes ten times as much memory as it is long.
MOST_BYTES = 64 * 1024 * 1024


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
    """Whether it is a folder, a pipe or the like; of a link it is told where that leads nowhere."""
    return not (file.is_file() or file.is_symlink())


def _bytes(file):
    try:
        size = file.stat().st_size
        # A pipe or a device may have no end, or never begin; a link may lead to one.
        if not file.is_file():
            raise FormError("this is not a file that can be read twice; save it as one.")
        if size > MOST_BYTES:
            raise FormError(
                f"it has {size:,} bytes; at most {MOST_BYTES:,} are read. Put its rows into "
                "several files."
            )
        return file.read_bytes()
    except OSError as error:
        raise FormError(f"it cannot be read: {error.strerror}.") from None


def _object(raw):
    content = parse(raw)
    if not isinstance(content, dict):
        raise FormError('it must hold one object, in curly brackets: {"people": [...], ...}.')
    return content
