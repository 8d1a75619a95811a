"""Sheets that were uploaded and wait until their preview is accepted."""

import datetime as dt
import json
import zlib

from django.conf import settings
from django.db import models
from django.utils import timezone

# Nobody comes back to a preview after that.
_KEPT_FOR = dt.timedelta(days=2)

LONGEST_NAME = 200


class UploadedSheetQuerySet(models.QuerySet):
    def keep(self, user, kind: str, file_name: str, content: dict):
        """A new one; others of this user for the same kind, and those of old, are let go."""
        outdated = models.Q(uploaded_at__lt=timezone.now() - _KEPT_FOR)
        self.filter(outdated | models.Q(user=user, kind=kind)).delete()
        packed = zlib.compress(json.dumps(content).encode())
        return self.create(user=user, kind=kind, file_name=file_name, packed=packed)


class UploadedSheet(models.Model):
    """Its cells stay in the database, where each web machine finds them."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploaded_sheets"
    )
    kind = models.CharField(max_length=30)
    file_name = models.CharField(max_length=LONGEST_NAME)
    packed = models.BinaryField()
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = UploadedSheetQuerySet.as_manager()

    class Meta:
        # Nobody sees any but their own, on the page of the import.
        default_permissions = ()

    def __str__(self):
        return self.file_name

    @property
    def content(self) -> dict:
        return json.loads(zlib.decompress(self.packed))
