"""Pictures made on the spot, as files that somebody uploads."""

import struct
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageCms


def gradient(width=300, height=200, mode="RGB"):
    """Red grows to the right, green downwards."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    picture = Image.merge("RGB", (across, down, Image.new("L", (width, height), 40)))
    return picture if mode == "RGB" else picture.convert(mode)


def content(picture, kind="JPEG", **options):
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def upload(data, name="photo.jpg"):
    return SimpleUploadedFile(name, data)


def uploaded(picture=None, name="photo.jpg", kind="JPEG", **options):
    return upload(content(picture or gradient(), kind, **options), name)


def exif(orientation=None, *, with_place=False):
    data = Image.Exif()
    data[ExifTags.Base.Make] = "Secret Camera"
    if orientation:
        data[ExifTags.Base.Orientation] = orientation
    if with_place:
        data[ExifTags.IFD.GPSInfo] = {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (34.0, 3.0, 8.0),
        }
    return data


def profile(*, swaps_red_and_green=False):
    """sRGB, or with its reds where its greens should be: bytes as they stand in a file."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if swaps_red_and_green:
        data = data.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    return data


def png_header(width, height):
    """A PNG that claims its size and has hardly a pixel."""

    def chunk(kind, data):
        checksum = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )
