"""What tells a client that it has an answer already."""

import hashlib
from functools import cache
from pathlib import Path

from django.utils import timezone

from ..models import Revision


class State:
    """The state of the catalogue at the moment of ``request``, as the API tells it."""

    def __init__(self, request, progress):
        self._request, self._progress = request, progress
        self.number, self.since = Revision.objects.state_at(request.audience.moment)

    @property
    def etag(self) -> str:
        """Of the answer to this request. Weak: servers in front may pack it."""
        told = [
            self.number,
            self.since,
            self._request.build_absolute_uri(),
            self._progress,
            _code(),
        ]
        return f'W/"{hashlib.blake2b(repr(told).encode(), digest_size=15).hexdigest()}"'

    @property
    def last_modified(self) -> int | None:
        """When visitors saw something new last, in seconds of the epoch.

        None while that second lasts: what changes later in it would have the same date.
        """
        seconds = int(self.since.timestamp())
        return seconds if seconds < int(timezone.now().timestamp()) else None


@cache
def _code():
    """A digest of this folder: another release may tell the same rows in another form."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
