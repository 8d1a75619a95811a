"""Stores the files of pictures, and takes back those of an upload that was not saved."""

import logging

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from ..models import Image, Revision
from .making import Picture

_log = logging.getLogger(__name__)


class NotStoredError(ValidationError):
    """The storage refused a picture with which nothing is wrong."""


def storage():
    return Image._meta.get_field("file").storage


def keep(picture: Picture) -> list[str]:
    """Store the files of ``picture`` that are not there yet, and give their names.

    Whoever calls has taken the turn (``Revision.objects.take_turn``), so nobody else stores or
    discards the same ones meanwhile.

    Raises NotStoredError when the storage cannot; nothing new is left then.
    """
    new = []
    try:
        for name, content in picture.files.items():
            if _is_stored(name, content):
                continue
            new.append(name)
            # What another size has under this name was cut off while it was written.
            storage().delete(name)
            stored = storage().save(name, ContentFile(content))
            if stored != name:
                storage().delete(stored)
                raise FileExistsError(name)
    except Exception as error:  # object storage has classes of its own
        _log.exception("A picture could not be stored.")
        discard(new)
        raise NotStoredError(
            f"The picture is fine, but could not be stored ({_reason(error)}). Nothing "
            "was saved. Tell whoever runs this site, and try again."
        ) from error
    except BaseException:
        discard(new)
        raise
    return new


def discard_unused(picture: Picture | None, names: list[str]):
    """Delete the files with ``names``, new ones of ``picture``, unless a row has it by now."""
    if names:
        with transaction.atomic():
            Revision.objects.take_turn()
            if not Image.objects.filter(content_hash=picture.content_hash).exists():
                discard(names)


def discard(names: list[str]) -> list[str]:
    """Delete the files with ``names``, and give those that the storage did not delete.

    Nothing names them, so that they do no harm until ``tidy_images`` finds them.
    """
    left = []
    for name in names:
        try:
            storage().delete(name)
        except Exception:  # noqa: BLE001 - it is kept in the log, and what went before is told
            _log.exception("A file could not be deleted: %s", name)
            left.append(name)
    return left


def _reason(error):
    """Short, and without what an error of a storage may tell of hosts and accounts."""
    return getattr(error, "strerror", None) or type(error).__name__


def _is_stored(name, content):
    return storage().exists(name) and storage().size(name) == len(content)
