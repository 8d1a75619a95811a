"""Finds the files that neither a picture of the library nor its history names any more."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from reversion.models import Version

from ..history.versions import values_of
from ..models import Image, Revision
from .keeping import discard, storage
from .making import FOLDER

# What is younger may belong to an upload that is being saved.
_AT_LEAST = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Findings:
    unused: list[str]  # names of files that nothing names
    missing: list[str]  # names of files that the library names and the storage does not have


def look() -> Findings:
    """What the storage and the library say of each other."""
    stored = set(stored_names())
    now = timezone.now()
    used = _stems_in_use()
    unused = [
        name
        for name in sorted(stored)
        if _stem(name) not in used and now - storage().get_modified_time(name) > _AT_LEAST
    ]
    named = Image.objects.values_list("file", flat=True)
    return Findings(unused, sorted(set(named) - stored))


def remove(names: list[str]) -> list[str]:
    """Delete those of ``names`` that are still unused, and give them; nobody saves meanwhile.

    Without those that the storage did not delete: the log says why.
    """
    with transaction.atomic():
        Revision.objects.take_turn()
        used = _stems_in_use()
        unused = [name for name in names if _stem(name) not in used]
        left = {*discard(unused)}
    return [name for name in unused if name not in left]


def stored_names(folder: str = FOLDER) -> Iterator[str]:
    """The names of all files of pictures that the storage has."""
    try:
        folders, files = storage().listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from stored_names(f"{folder}/{name}")


def _stems_in_use():
    """Of the files of all rows, those of the history included: a deleted row can come back."""
    stems = {_stem(name) for name in Image.objects.values_list("file", flat=True).iterator()}
    versions = Version.objects.filter(content_type=ContentType.objects.get_for_model(Image))
    stems.update(_stem(values_of(version)["file"]) for version in versions.iterator())
    return stems


def _stem(name):
    """Shared by a file and its narrower versions: images/ab/abc…-320.webp -> images/ab/abc…"""
    stem = str(PurePath(name).with_suffix("")) if name else ""
    start, dash, width = stem.rpartition("-")
    return start if dash and width.isdecimal() else stem
