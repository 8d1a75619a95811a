"""Copies the pictures of an export out of the storage."""

import hashlib
from contextlib import contextmanager

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
        except _NotReadableError as error:
            problems.append(
                f"picture “{image}” ({image.file.name}): {error}. Put its file back into the "
                "storage, or choose the file again on its page in the admin, or delete it there."
            )
        bar.update(1)
    return names, problems


class _NotReadableError(Exception):
    """The storage does not give the picture; what the folder does not take is no fault of it."""


@contextmanager
def _reading():
    try:
        yield
    except FileNotFoundError:
        raise _NotReadableError("the storage does not have its file") from None
    except OSError as error:
        raise _NotReadableError(error.strerror or error) from error
    except ValidationError as error:
        raise _NotReadableError(error.messages[0].rstrip(".")) from error


def _copied(image, folder):
    """The name of the file in the folder of pictures."""
    if not image.content_hash:
        return _made_anew(image, folder)
    name = image.file.name.rpartition("/")[2]
    digest = hashlib.sha256()
    with _reading():
        stored = image.file.open()
    with stored, folder.picture(name).open("wb") as copied:
        while chunk := _next_chunk(stored):
            digest.update(chunk)
            copied.write(chunk)
    if digest.hexdigest() != image.content_hash:
        raise _NotReadableError("what the storage has is not what was stored")
    return name


def _next_chunk(stored):
    with _reading():
        return stored.read(_AT_ONCE)


def _made_anew(image, folder):
    """Of a picture that came another way than all that are uploaded: as if it were uploaded now."""
    with _reading(), image.file.open() as stored:
        picture = make(ContentFile(stored.read(), image.file.name))
    name = picture.name.rpartition("/")[2]
    folder.picture(name).write_bytes(picture.files[picture.name])
    return name
