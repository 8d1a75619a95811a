"""What an editor has given to be imported, while the preview is looked at."""

import datetime as dt
import gzip

from django.conf import settings
from django.db import models
from django.utils import timezone

_KEPT_FOR = dt.timedelta(days=2)
_MOST_OF_ONE_EDITOR = 3


class PendingImportManager(models.Manager):
    def keep(self, editor, content: bytes):
        """A new one; what is older than two days goes, and of this editor all but the last few."""
        self.filter(created_at__lt=timezone.now() - _KEPT_FOR).delete()
        pending = self.create(editor=editor, packed=gzip.compress(content))
        own = self.filter(editor=editor).order_by("-pk")
        old = list(own.values_list("pk", flat=True)[_MOST_OF_ONE_EDITOR:])
        if old:
            self.filter(pk__in=old).delete()
        return pending


class PendingImport(models.Model):
    """The answers of TVmaze between the two pages of an import: too much for a form to carry."""

    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    packed = models.BinaryField()

    objects = PendingImportManager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"Import no. {self.pk}"

    @property
    def content(self) -> bytes:
        return gzip.decompress(self.packed)
