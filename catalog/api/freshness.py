"""What tells a client that it has an answer already."""

import hashlib
from pathlib import Path

from django.utils import timezone

from ..digests import digest_of_folder
from ..models import Revision

_HERE = Path(__file__).parent


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
            digest_of_folder(_HERE),
        ]
        return f'W/"{hashlib.blake2b(repr(told).encode(), digest_size=15).hexdigest()}"'

    @property
    def last_modified(self) -> int | None:
        """When visitors saw something new last, in seconds of the epoch.

        None while that second lasts: what changes later in it would have the same date.
        """
        seconds = int(self.since.timestamp())
        return seconds if seconds < int(timezone.now().timestamp()) else None
