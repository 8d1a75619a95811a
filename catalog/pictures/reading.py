"""Reads an upload as a picture, or says why it is none that we take."""

import struct
import zlib
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePath

from django.core.exceptions import ValidationError
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 50_000_000  # decoded, 200 MB at most
MAX_SIDE = 12_000  # pixels
LONGER_SIDE = 2_400  # of what is kept, in pixels

# The formats that are read, by Pillow's names, with the endings that their files may have.
ENDINGS = {
    "JPEG": {"jpg", "jpeg", "jpe", "jfif"},
    "PNG": {"png"},
    "WEBP": {"webp"},
    "AVIF": {"avif"},
    "GIF": {"gif"},
}
_NAMES = {"WEBP": "WebP"}
_ACCEPTED = "Choose a JPEG, PNG, WebP, AVIF or GIF picture."

# How files begin that are chosen by mistake, or to do harm.
_SIGNATURES = [
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture, or a camera's raw data"),
    (b"MM\x00*", "a TIFF picture, or a camera's raw data"),
    (b"8BPS", "a Photoshop document"),
    (b"\x00\x00\x01\x00", "an icon file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
]
_HEIC = {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}

# By the numbers of EXIF.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# What Pillow and the libraries below it raise on files that are broken or made to break them.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)


def read(upload) -> Image.Image:
    """The picture in ``upload``, a file with ``name`` and ``size``, as it is to be seen.

    It stands upright, is RGB or RGBA in the colours of sRGB, measures at most ``LONGER_SIDE``
    pixels, and carries nothing else. Raises ValidationError with what was found instead.
    """
    if upload.size > MAX_BYTES:
        raise ValidationError(too_large(upload.size))
    # Before anything is decoded: its header says what it is and how many pixels it has.
    with _opened(upload) as picture:
        _check_name(upload.name, picture)
        _check_size(*picture.size)
        _check_stillness(picture)
        try:
            return _as_seen(picture)
        except _BROKEN as error:
            raise ValidationError(
                f"This {_format_of(picture)} picture is damaged or not complete. "
                "Open it in a picture program, save it anew, and choose that file."
            ) from error


def too_large(size: int | None = None) -> str:
    """The refusal of a file of ``size`` bytes; None for one that was not received to its end."""
    has = f"has {_megabytes(size)}" if size else "is too large"
    return (
        f"This file {has}; at most {_megabytes(MAX_BYTES)} are taken. "
        f"Make the picture smaller: {LONGER_SIDE:,} pixels on its longer side are enough."
    )


def _megabytes(size):
    return f"{size / 1024 / 1024:.1f} MB".replace(".0 ", " ")


@contextmanager
def _opened(upload):
    upload.seek(0)
    start = upload.read(1024)
    if not start:
        raise ValidationError(f"This file is empty. {_ACCEPTED}")
    upload.seek(0)
    try:
        picture = Image.open(upload, formats=list(ENDINGS))
    except UnidentifiedImageError as error:
        raise ValidationError(f"This is {_guess(start)}. {_ACCEPTED}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(_too_many_pixels()) from error
    except _BROKEN as error:
        raise ValidationError(f"This file cannot be read as a picture. {_ACCEPTED}") from error
    with picture:
        yield picture


def _guess(start):
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    if start[4:8] == b"ftyp":
        return "a HEIC picture" if start[8:12] in _HEIC else "a video"
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "an SVG drawing, which may carry programs"
    if text.startswith((b"<!doctype html", b"<html", b"<script")):
        return "a web page"
    if b"\x00" not in start:
        try:
            # The last character may be cut.
            start[:-4].decode() if len(start) == 1024 else start.decode()
        except UnicodeDecodeError:
            pass
        else:
            return "a text"
    return "no picture, or a broken one"


def _format_of(picture):
    # Phones put a second picture behind a JPEG; the first is what one sees.
    name = "JPEG" if picture.format == "MPO" else picture.format
    return _NAMES.get(name, name)


def _check_name(name, picture):
    ending = PurePath(name or "").suffix.lower().lstrip(".")
    found = _format_of(picture)
    if ending and ending not in ENDINGS[found.upper()]:
        raise ValidationError(
            f"This file is not what its name says: it ends in “.{ending[:20]}” and is a "
            f"{found} picture. Save it anew as what it should be."
        )


def _check_size(width, height):
    if width < 1 or height < 1:
        raise ValidationError("This picture has no pixels.")
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise ValidationError(_too_many_pixels(f"has {width:,} × {height:,}"))


def _too_many_pixels(has="has too many"):
    return (
        f"This picture {has} pixels; at most {MAX_PIXELS // 1_000_000} million are taken, and "
        f"{MAX_SIDE:,} on a side. Make it smaller: {LONGER_SIDE:,} on the longer side are enough."
    )


def _check_stillness(picture):
    try:
        is_moving = picture.format != "MPO" and getattr(picture, "is_animated", False)
    except _BROKEN as error:
        raise ValidationError("This picture is damaged: its frames cannot be read.") from error
    if is_moving:
        raise ValidationError(
            "This picture moves, and only stills are shown here. Save one of its frames as a "
            "picture, and choose that."
        )


def _as_seen(picture):
    profile = picture.info.get("icc_profile")
    scale = LONGER_SIDE / max(picture.size)
    if scale < 1:
        # A JPEG is then decoded at a half, a quarter or an eighth; the others ignore it.
        picture.draft(None, tuple(max(1, round(side * scale)) for side in picture.size))
    picture.load()
    turn = _turn_of(picture)
    seen = _eight_bits(picture)
    if max(seen.size) > LONGER_SIDE:
        seen.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.LANCZOS)
    seen = _in_srgb(seen, profile)
    if seen.mode == "RGBA" and seen.getchannel("A").getextrema()[0] == 255:
        seen = seen.convert("RGB")
    if turn is not None:
        seen = seen.transpose(turn)
    # Some encoders write what stands there into the file: profiles, comments.
    seen.info = {}
    return seen


def _turn_of(picture):
    """How to turn the picture as its camera says; None for not at all."""
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation)
    except (*_BROKEN, UserWarning):  # it is the pixels that count
        return None
    return _TURNS.get(orientation)


def _eight_bits(picture):
    """In one of the modes L, LA, RGB, RGBA and CMYK."""
    if picture.mode.startswith("I"):  # 16 bits of grey: Pillow would cut them, not scale them
        return picture.point(lambda grey: grey / 256).convert("L")
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in {"P", "PA"} or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        return picture
    return picture.convert("RGB")


def _in_srgb(picture, profile):
    has_alpha = picture.mode in {"LA", "RGBA"}
    colours = picture.convert(picture.mode.rstrip("A")) if has_alpha else picture
    converted = None
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(colours, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None  # a profile that is broken or meant for other colours
    converted = converted or colours.convert("RGB")
    if has_alpha:
        converted.putalpha(picture.getchannel("A"))
    return converted
