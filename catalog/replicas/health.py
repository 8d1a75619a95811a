"""Which database public pages are read from now, and which replicas are to be skipped.

Each process asks its servers once a second how far they are. A replica is as old as the primary
was when that had last written no more than the replica has replayed by now: no clock of another
machine counts, and where nobody writes, nobody is behind.
"""

import logging
import math
import os
import threading
from collections import deque
from time import monotonic

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

log = logging.getLogger(__name__)

# Seconds from one question to the next.
_EVERY = 1.0
# Seconds after which a server that has said nothing new counts as lost, though its connection may
# still stand.
_PATIENCE = 3.0
_NEVER = -math.inf

# Positions in the log of what was written, as numbers. What the primary has not put on its disk is
# not sent to replicas. (A transaction that waits, half of it sent, can hold a replica just short of
# it: until somebody else commits, or for a quarter of a minute. Then pages come from the primary.)
_HOW_FAR_IT_WROTE = "SELECT pg_current_wal_flush_lsn() - '0/0'"
_HOW_FAR_IT_REPLAYED = """
    SELECT pg_is_in_recovery(),
           EXISTS (SELECT FROM pg_stat_wal_receiver),
           CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - '0/0' END
"""


class Server:
    """A database, asked by a thread of its own: only that waits for one that does not answer."""

    question = ""

    def __init__(self, alias):
        self.alias = alias
        self.trouble = ""  # what came of the last question instead of an answer
        self.was_asked = threading.Event()
        self._answered_at = _NEVER
        self._watched_from = math.inf
        self._thread = None
        self._starting = threading.Lock()

    def watch(self):
        """See that it is asked. The threads of a process that forked are not in the new one."""
        if self._thread is None or not self._thread.is_alive():
            with self._starting:
                if self._thread is None or not self._thread.is_alive():
                    self._watched_from = monotonic()
                    name = f"watch-{self.alias}"
                    self._thread = threading.Thread(target=self._ask_on, name=name, daemon=True)
                    self._thread.start()

    def answers(self, now) -> bool:
        return now - self._answered_at <= _PATIENCE

    def is_lost(self, now) -> bool:
        """Whether it has been asked in vain; one that was not asked yet is not lost."""
        return bool(self.trouble) or now - max(self._answered_at, self._watched_from) > _PATIENCE

    def fail(self, trouble):
        self.trouble, self._answered_at = trouble, _NEVER
        self.was_asked.set()

    def tell(self, asked_at, *answer):
        """Note what it answered to a question that was put at ``asked_at``."""
        self.trouble, self._answered_at = "", asked_at
        self.was_asked.set()

    def _ask_on(self):
        pause = threading.Event()
        while True:
            self._ask()
            pause.wait(_EVERY)

    def _ask(self):
        asked_at = monotonic()
        connection = connections[self.alias]
        try:
            with connection.cursor() as cursor:
                cursor.execute(self.question)
                answer = cursor.fetchone()
        except Error as error:
            connection.close()
            self.fail(" ".join(str(error).split()) or type(error).__name__)
        else:
            self.tell(asked_at, *answer)


class Primary(Server):
    question = _HOW_FAR_IT_WROTE

    def __init__(self, alias, max_lag):
        super().__init__(alias)
        self._written = deque(maxlen=int(max_lag / _EVERY) + 2)  # (when it was asked, position)

    def tell(self, asked_at, position):
        self._written.append((asked_at, position))
        super().tell(asked_at)

    def had_written(self, position) -> float:
        """The last moment at which it was asked and had written no more than up to ``position``."""
        moments = (moment for moment, written in tuple(self._written) if written <= position)
        return max(moments, default=_NEVER)


class Replica(Server):
    question = _HOW_FAR_IT_REPLAYED

    def __init__(self, alias, primary, max_lag):
        super().__init__(alias)
        self._primary = primary
        self._max_lag = max_lag
        self._is_standby = True
        self._as_of = _NEVER  # it has all that the primary had then

    def tell(self, asked_at, is_standby, is_receiving, position):
        self._is_standby = is_standby
        # One that hears nothing of the primary may have all that it had, but not what comes next.
        if is_standby and is_receiving:
            self._as_of = max(self._as_of, self._primary.had_written(position))
        super().tell(asked_at)

    def fault(self, now) -> str:
        """Why pages are not to be read from it, "" if they may be."""
        if not self.answers(now):
            return "it does not answer"
        if not self._is_standby:
            return "it is no standby but a server of its own"
        if now - self._as_of > self._max_lag:
            return f"it is more than {self._max_lag:g} seconds behind the primary"
        return ""

    def can_stand_in(self, now) -> bool:
        """Whether it can be read while the primary is lost, and nobody knows of anything newer."""
        return self.answers(now) and self._is_standby

    def _ask_on(self):
        # What the primary has written must be known before anything can be compared with it.
        self._primary.was_asked.wait(_PATIENCE)
        super()._ask_on()


class Servers:
    """The primary and its replicas, as one process knows them."""

    def __init__(self, replicas, max_lag):
        self.primary = Primary(DEFAULT_DB_ALIAS, max_lag)
        self.replicas = [Replica(alias, self.primary, max_lag) for alias in replicas]
        self._all = {server.alias: server for server in (self.primary, *self.replicas)}
        self._logged = {}
        self._logging = threading.Lock()

    def watch(self):
        for server in self._all.values():
            server.watch()

    def chosen(self) -> str:
        now = monotonic()
        faults = {replica: replica.fault(now) for replica in self.replicas}
        if faults != self._logged:
            self._log(faults)
        usable = [replica for replica, fault in faults.items() if not fault]
        if not usable and self.primary.is_lost(now):
            usable = [replica for replica in self.replicas if replica.can_stand_in(now)]
        # Processes have numbers in a row, so they spread evenly.
        return usable[os.getpid() % len(usable)].alias if usable else DEFAULT_DB_ALIAS

    def fail(self, alias):
        if server := self._all.get(alias):
            server.fail("a page could not be read from it")

    def _log(self, faults):
        with self._logging:
            for replica, fault in faults.items():
                if not replica.was_asked.is_set() or fault == self._logged.get(replica):
                    continue
                if fault:
                    why = f"{fault} ({replica.trouble})" if replica.trouble else fault
                    log.warning("%s is skipped: %s.", replica.alias, why)
                else:
                    log.info("Public pages are read from %s.", replica.alias)
                self._logged[replica] = fault


_servers = Servers(settings.REPLICAS, settings.REPLICA_MAX_LAG)


def chosen() -> str:
    """The alias of the database from which this process reads public pages now.

    A replica that answers and is not too far behind, else the primary; while the primary is lost,
    whatever replica answers. It waits for no server: what it tells is at most a second old.
    """
    if not _servers.replicas:
        return DEFAULT_DB_ALIAS
    _servers.watch()
    return _servers.chosen()


def failed(alias: str):
    """Told that reading from ``alias`` failed: it is skipped until it has answered again.

    Closes this thread's connection to it, so that the next use makes a new one.
    """
    connections[alias].close()
    _servers.fail(alias)


def is_lost(alias: str) -> bool:
    """Whether a request that has just failed, in this thread, has no connection to ``alias`` left.

    Without replicas there is nowhere else to ask, so nothing counts as lost.
    """
    return bool(_servers.replicas) and not connections[alias].is_usable()
