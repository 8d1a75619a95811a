"""Cards that were drawn are kept in a folder, the last few thousand of them."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Lock

from django.conf import settings

from .drawing import drawn

_MOST = 5_000  # some 60 kB each
_LOOKS_EVERY = 100  # cards

# One at a time in each process: the others go on answering.
_drawing = Lock()
_since_looked = 0


def kept(card) -> bytes:
    """``card`` as a JPEG, drawn at the first time."""
    path = _folder() / f"{card.digest}.jpg"
    with suppress(OSError):
        return path.read_bytes()
    with _drawing:
        with suppress(OSError):  # somebody else has drawn it meanwhile
            return path.read_bytes()
        content = drawn(card)
        # Where nothing can be written, it is drawn each time.
        with suppress(OSError):
            _write(path, content)
    return content


def _folder():
    return Path(settings.VAR_DIR) / "cards"


def _write(path, content):
    """Whoever reads at ``path`` finds all of it, or nothing."""
    global _since_looked  # noqa: PLW0603 - under the lock
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        part.replace(path)
    except BaseException:
        part.unlink()
        raise
    _since_looked += 1
    if _since_looked >= _LOOKS_EVERY:
        _since_looked = 0
        tidy(path.parent)


def tidy(folder, most=_MOST):
    """Delete all but the latest cards in ``folder``."""
    found = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in found[most:]:
        path.unlink(missing_ok=True)
