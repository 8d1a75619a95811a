"""Storages that fail as real ones do."""

import errno

from django.core.files.storage import InMemoryStorage


class RefusedError(Exception):
    """What a storage elsewhere raises: no OSError."""


class FullStorage(InMemoryStorage):
    """Has room for ``room`` files; the one after them is cut off half-way."""

    def __init__(self, room=2, *, deletes=True, **options):
        super().__init__(**options)
        self.room, self.deletes = room, deletes
        self.failure = OSError(errno.ENOSPC, "No space left on device")

    def _save(self, name, content):
        if self.room < 1:
            super()._save(name, type(content)(content.read()[:5]))
            raise self.failure
        self.room -= 1
        return super()._save(name, content)

    def delete(self, name):
        # What is to be written is deleted first, whether it is there or not.
        if not self.deletes and self.exists(name):
            raise RefusedError(name)
        super().delete(name)


def memory(storage="django.core.files.storage.InMemoryStorage", **options):
    """For ``override_settings``: pictures go to ``storage``."""
    static = "django.contrib.staticfiles.storage.StaticFilesStorage"
    return {
        "default": {"BACKEND": storage, "OPTIONS": options},
        "staticfiles": {"BACKEND": static},
    }


def files_in(storage, folder="images"):
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return []
    found = [f"{folder}/{name}" for name in files]
    for name in folders:
        found += files_in(storage, f"{folder}/{name}")
    return sorted(found)
