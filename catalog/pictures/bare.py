"""Whether the bytes of a picture hold its pixels and nothing else, as those that we make do."""

import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_START, _END, _SCAN, _JFIF = 0xD8, 0xD9, 0xDA, 0xE0
# Tables, the header of the frame in its usual forms, and how often to restart.
_OF_PIXELS = {0xDB, 0xC4, 0xC0, 0xC1, 0xC2, 0xDD, _SCAN}
_FRAMES = {0xC0, 0xC1, 0xC2}
_JFIF_LENGTH = 16  # without a thumbnail


def is_bare(content: bytes, width: int, height: int, *, with_alpha: bool) -> bool:
    """True for a PNG with alpha, or a JPEG in colour without, of just that size.

    Profiles, comments, what a camera wrote, and whatever stands behind the end make it False.
    """
    try:
        if with_alpha:
            return content.startswith(_PNG) and _is_bare_png(content, width, height)
        return _is_bare_jpeg(content, width, height)
    except (IndexError, ValueError, struct.error):  # it ends too early
        return False


def _is_bare_png(content, width, height):
    at, chunks = len(_PNG), []
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if not chunks and struct.unpack_from(">IIBB", content, at + 8) != (width, height, 8, 6):
            return False
        chunks.append(kind)
        at += 12 + length
    # Of several chunks of pixels one is told.
    return list(dict.fromkeys(chunks)) == [b"IHDR", b"IDAT", b"IEND"] and at == len(content)


def _is_bare_jpeg(content, width, height):
    at, frames = 2, []
    if content[:2] != bytes([0xFF, _START]):
        return False
    while (marker := content[at + 1]) != _END:
        (length,) = struct.unpack_from(">H", content, at + 2)
        if content[at] != 0xFF or not (
            marker in _OF_PIXELS or (marker == _JFIF and length == _JFIF_LENGTH)
        ):
            return False
        if marker in _FRAMES:
            frames.append(struct.unpack_from(">HHB", content, at + 5))
        at += 2 + length
        if marker == _SCAN:
            at = _end_of_scan(content, at)
    return frames == [(height, width, 3)] and at + 2 == len(content)


def _end_of_scan(content, at):
    """Where the next marker stands; within the pixels 0xFF is followed by 0 or by a restart."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2
