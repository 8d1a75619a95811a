"""The data files as JSON: found, decoded and parsed."""

from pathlib import Path

from .json_text import parse
from .problems import CannotLoadError, FormError


def read_files(path: Path) -> dict[str, dict]:
    """The object in each file by the file's name: one file, or all ``*.json`` of a folder.

    Raises CannotLoadError with the problems of all files that cannot be read.
    """
    contents, problems = {}, []
    for file in _files(path):
        try:
            contents[file.name] = _object(file)
        except FormError as error:
            problems.append(f"{file.name}{error.at}: {error.why}")
    if problems:
        raise CannotLoadError(problems)
    return contents


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


def _object(file):
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise FormError(f"it cannot be read: {error.strerror}.") from None
    content = parse(raw)
    if not isinstance(content, dict):
        raise FormError('it must hold one object, in curly brackets: {"people": [...], ...}.')
    return content
