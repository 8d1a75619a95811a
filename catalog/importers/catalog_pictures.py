"""Takes over the pictures that lie beside the data files."""

import hashlib
from dataclasses import replace
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from ..models import Image
from ..pictures.keeping import discard_unused, keep
from ..pictures.making import make_again
from ..pictures.reading import MAX_BYTES, too_large


class Pictures:
    """The pictures in ``folder``; a ``with`` block takes back what it stored when it fails."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._stored = []

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            for picture, names in self._stored:
                discard_unused(picture, names)

    def restore(self, name: str, image: Image):
        """Make ``image``, a row, that of the file ``name``, and store what pages show of it.

        Raises ValidationError with what is wrong with the file.
        """
        try:
            picture = make_again(ContentFile(self._content(name), name))
            if picture.name.rpartition("/")[2] != name.rpartition("/")[2]:
                raise ValidationError("This file is not what the ending of its name says.")
            # What is stored may be taken back long after: by then the bytes are gone.
            self._stored.append((replace(picture, files={}), keep(picture)))
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error
        picture.describe(image)

    def _content(self, name):
        file = self._folder / name
        try:
            size = file.stat().st_size
            # A link may lead to a pipe or a device, which may have no end.
            if not file.is_file():
                raise ValidationError("This is not a file.")
            if size > MAX_BYTES:
                raise ValidationError(too_large(size))
            content = file.read_bytes()
        except OSError as error:
            raise ValidationError(
                f"The picture cannot be read: {error.strerror}. It must lie beside the data files, "
                "in their folder “images”."
            ) from error
        if hashlib.sha256(content).hexdigest() != Path(name).stem:
            raise ValidationError("This is not the picture that was exported: its content differs.")
        return content
