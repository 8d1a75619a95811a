"""Makes of an upload what is stored: a master of nothing but pixels, and narrower versions."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from django.core.exceptions import ValidationError
from PIL import Image, features

from ..models import rendition_name
from .bare import is_bare
from .reading import read

FOLDER = "images"

# Of the versions that pages choose from, in pixels; none is wider than the picture itself.
WIDTHS = [160, 320, 640, 1280]

_JPEG = {"quality": 90, "optimize": True, "progressive": True}
_PNG = {"compress_level": 3}  # three times as fast as 6, a tenth larger
_WEBP = {"quality": 80, "method": 4}
# At speed 8 a photo takes half a second and is 3 % larger than at 6, which takes a second.
_AVIF = {"quality": 60, "speed": 8, "max_threads": 2}

# A picture of 50 megapixels takes some hundred MB while it is decoded, so one at a time.
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Picture:
    """What is stored of an upload: ``files`` are {name in the storage: content}, master last."""

    name: str
    content_hash: str
    width: int
    height: int
    widths: list[int]
    has_avif: bool
    files: dict[str, bytes]

    def describe(self, image):
        """Make ``image``, a row, one of this picture."""
        image.file = self.name
        image.content_hash = self.content_hash
        image.width, image.height = self.width, self.height
        image.widths = " ".join(str(width) for width in self.widths)
        image.has_avif = self.has_avif


def make(upload) -> Picture:
    """Raises ValidationError with what is wrong with ``upload``; stores nothing."""
    with _one_at_a_time:
        seen = read(upload)
        if seen.mode == "RGBA":
            return _picture(seen, _encoded(seen, "PNG", _PNG), "png")
        return _picture(seen, _encoded(seen, "JPEG", _JPEG), "jpg")


def make_again(upload) -> Picture:
    """What was made of the picture whose master is ``upload``: that stays, byte for byte.

    Raises ValidationError when it is no master of ours: something else than pixels is in it.
    """
    with _one_at_a_time:
        seen = read(upload)
        upload.seek(0)
        master = upload.read()
        if not is_bare(master, *seen.size, with_alpha=seen.mode == "RGBA"):
            raise ValidationError(
                "This picture is not as the catalogue stores them: it carries more than pixels, "
                "or too many of them. Upload it in the admin, which makes it anew."
            )
        return _picture(seen, master, "png" if seen.mode == "RGBA" else "jpg")


def _picture(seen, master, ending):
    content_hash = hashlib.sha256(master).hexdigest()
    name = f"{FOLDER}/{content_hash[:2]}/{content_hash}.{ending}"
    widths = [width for width in WIDTHS if width < seen.width]
    if seen.width <= WIDTHS[-1]:
        widths.append(seen.width)
    has_avif = features.check("avif")
    files = {}
    narrower = seen
    # Each of the next wider one: to look at all pixels once a size takes longer than the rest.
    for width in reversed(widths):
        height = max(1, round(seen.height * width / seen.width))
        narrower = narrower.resize((width, height), Image.Resampling.LANCZOS)
        files[rendition_name(name, width, "webp")] = _encoded(narrower, "WEBP", _WEBP)
        if has_avif:
            files[rendition_name(name, width, "avif")] = _encoded(narrower, "AVIF", _AVIF)
    files[name] = master
    return Picture(name, content_hash, *seen.size, widths, has_avif, files)


def _encoded(picture, kind, options):
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
