"""Copies the pictures of an export out of the storage."""

import hashlib

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from ..pictures.making import make
from .folder import PICTURES, ExportFolder

_AT_ONCE = 1024 * 1024


def copy(rows, folder: ExportFolder, bar) -> tuple[dict[int, str], list[str]]:
    """Write the files of the pictures in ``rows`` into ``folder``.

    Gives {primary key: the name of its file in the data files}, and what is wrong with others.
    """
    names, problems = {}, []
    for image in rows.iterator():
        try:
            names[image.pk] = f"{PICTURES}/{_copied(image, folder)}"
        except (OSError, ValidationError, _OtherContentError) as error:
            why = error.messages[0] if isinstance(error, ValidationError) else error
            problems.append(
                f"picture “{image}” ({image.file.name}): {why}. Put its file back into the "
                "storage, or choose the file again on its page in the admin, or delete it there."
            )
        bar.update(1)
    return names, problems


class _OtherContentError(Exception):
    def __init__(self):
        super().__init__("what the storage has is not what was stored")


def _copied(image, folder):
    """The name of the file in the folder of pictures."""
    if not image.content_hash:
        return _made_anew(image, folder)
    name = image.file.name.rpartition("/")[2]
    digest = hashlib.sha256()
    try:
        stored = image.file.open()
    except FileNotFoundError:
        raise FileNotFoundError("the storage does not have its file") from None
    with stored, folder.picture(name).open("wb") as copied:
        for chunk in stored.chunks(_AT_ONCE):
            digest.update(chunk)
            copied.write(chunk)
    if digest.hexdigest() != image.content_hash:
        raise _OtherContentError
    return name


def _made_anew(image, folder):
    """Of a picture that came another way than all that are uploaded: as if it were uploaded now."""
    with image.file.open() as stored:
        picture = make(ContentFile(stored.read(), image.file.name))
    name = picture.name.rpartition("/")[2]
    folder.picture(name).write_bytes(picture.files[picture.name])
    return name
