"""Which version of the catalogue is the present one."""

import logging
import math
import time
from threading import Lock
from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.utils import timezone

from .. import replicas
from ..models import Revision

# An edit is seen everywhere within a second: half of it may pass until it is noticed, the rest
# while its pages are made anew.
_LOOKS_EVERY = 0.5  # seconds
_SEEN_WITHIN = 1.0  # seconds

_log = logging.getLogger(__name__)


class Version(NamedTuple):
    """A state of the catalogue, as visitors see it until the moment ``until``, by the clock."""

    number: int
    until: float


class Present(NamedTuple):
    """The present ``version``, and the database from which it was read.

    Its pages are read from there too: another database may not have come so far yet, and an old
    page would be kept for a new version.
    ``previous`` is the version before it, which may be shown until ``previous_until``, by the
    monotonic clock.
    """

    version: Version
    alias: str
    previous: Version | None
    previous_until: float

    def still_allows(self, version) -> bool:
        return version == self.previous and time.monotonic() < self.previous_until


class Watch:
    """Looks for the present version when it is asked, but not more often than need be."""

    def __init__(self):
        self._present = None
        self._looks_again_at = -math.inf  # by the monotonic clock
        self._is_wanted = False
        self._until = math.inf
        self._read_at = 0.0  # by the clock
        self._confirmed_at = -math.inf  # by the monotonic clock
        self._lock = Lock()
        # Whether the database answered when it was last looked at.
        self.is_answered = True

    def present(self) -> Present | None:
        """The present version; the last one known while the database does not answer.

        None where none is known yet.
        """
        if not self._is_due():
            return self._present
        # One looks; whoever comes meanwhile goes on with what is known.
        if self._lock.acquire(blocking=self._present is None):
            try:
                if self._is_due():
                    self._look()
            finally:
                self._lock.release()
        return self._present

    def present_without(self, alias) -> Present:
        """The present version once more, since pages cannot be read from ``alias`` any longer."""
        replicas.failed(alias)
        with self._lock:
            if self._present.alias == alias:
                self._look()
            return self._present

    def look_again(self):
        """Have the next who asks look: something has just been written here."""
        self._is_wanted = True

    def _is_due(self):
        return (
            time.monotonic() >= self._looks_again_at
            or time.time() >= self._until
            or self._is_wanted
        )

    def _look(self):
        moment = time.monotonic()
        # What is written from here on is for the next look.
        self._is_wanted = False
        try:
            version, alias = self._read()
        except Error as error:
            # Its pages are better than none. Connections are made anew by the next look.
            self._looks_again_at, self._until = moment + _LOOKS_EVERY, math.inf
            if self.is_answered:
                self.is_answered = False
                _log.warning("The database does not answer; pages are as they were: %s", error)
            return
        if not self.is_answered:
            self.is_answered = True
            _log.warning("The database answers again.")
        known = self._present
        if known is None or known.version != version:
            previous = known and known.version
            until = self._confirmed_at + _SEEN_WITHIN
            self._present = Present(version, alias, previous, until)
        elif known.alias != alias:
            self._present = known._replace(alias=alias)
        self._looks_again_at, self._until = moment + _LOOKS_EVERY, version.until
        self._confirmed_at = moment

    def _read(self):
        """(version, alias): the present one, and where public pages are read from now."""
        while (alias := replicas.chosen()) != DEFAULT_DB_ALIAS:
            try:
                return self._read_from(alias), alias
            except Error:
                replicas.failed(alias)
        return self._read_from(alias), alias

    def _read_from(self, alias):
        connection = connections[alias]
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        revisions = Revision.objects.db_manager(alias)
        number = revisions.current()
        now = timezone.now()
        known = self._present
        if (
            known is not None
            and known.version.number == number
            and self._read_at <= now.timestamp() < known.version.until  # clocks are set back, too
        ):
            return known.version
        self._read_at = now.timestamp()
        until = revisions.next_moment(after=now)
        return Version(number, until.timestamp())
