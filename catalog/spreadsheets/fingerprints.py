"""What a row was when it was exported, so that an import knows which cells somebody changed.

The last column of a sheet holds a fingerprint of each cell of its row. A cell that still has the
same one was not touched in the sheet; a row of the catalogue that has another one was changed
since by somebody else.
"""

import base64
import binascii
from hashlib import blake2b

from .cells import tidy

COLUMN = "version"

_SIZE = 3  # of one, in bytes: that a change has the same is one in 16 million
_MARK = "v"  # a text that begins with a letter is neither a number nor a formula


class OtherRowError(ValueError):
    """The fingerprints are of another row: columns of the sheet were sorted apart."""


def fingerprint(key: int, column: str, text: str) -> bytes:
    told = f"{key}\0{column}\0{tidy(text)}".encode(errors="surrogatepass")
    return blake2b(told, digest_size=_SIZE).digest()


def version_of(key: int, columns: list[str], texts: list[str]) -> str:
    """What the last column says of the row ``key``, whose ``columns`` have these ``texts``."""
    parts = [fingerprint(0, COLUMN, "\n".join(columns)), fingerprint(key, COLUMN, "")]
    parts += [fingerprint(key, column, text) for column, text in zip(columns, texts, strict=True)]
    return _MARK + base64.urlsafe_b64encode(b"".join(parts)).decode()


def read_version(text: str, key: int, columns: list[str]) -> dict[str, bytes] | None:
    """{column: fingerprint of its cell}; None if the columns were others then.

    Raises OtherRowError, or ValueError for what is no such text.
    """
    try:
        raw = base64.b64decode(text.removeprefix(_MARK), altchars=b"-_", validate=True)
    except binascii.Error:
        raw = b""
    parts = [raw[start : start + _SIZE] for start in range(0, len(raw), _SIZE)]
    if not text.startswith(_MARK) or len(parts) < 2 or len(parts[-1]) < _SIZE:
        raise ValueError(text)
    layout, row, *cells = parts
    if row != fingerprint(key, COLUMN, ""):
        raise OtherRowError(text)
    if layout != fingerprint(0, COLUMN, "\n".join(columns)) or len(cells) != len(columns):
        return None
    return dict(zip(columns, cells, strict=True))
