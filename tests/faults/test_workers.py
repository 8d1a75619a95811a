import os
import signal
import time

from django.test import SimpleTestCase

from ..servers import GranianServer, Server, wait_until
from ..test_serving import workers_of
from .account import tell
from .people import Editors, Visitors
from .site import OnSQLite

PAGE = "/series/bosch/"
# wrk has so many connections, each with one request under way.
CONNECTIONS = 16


class KilledWorkers:
    """What both servers have to do."""

    def check(self, kind, kills, seconds):
        """Of the requests only those that were under way are broken off, of the saves none lost."""
        with OnSQLite(kind=kind) as site:
            with Editors(site) as editors, Visitors(site.address + PAGE, seconds) as visitors:
                for _ in range(kills):
                    time.sleep(1.5)
                    before = workers_of(site.server)
                    os.kill(min(before), signal.SIGKILL)
                    wait_until(lambda before=before: len(workers_of(site.server) - before) == 1)
                wait_until(lambda: len(editors.saved) > 10, 60)
            assert len(workers_of(site.server)) == len(before)
            assert visitors.answered > 1_000
            assert visitors.failed == 0
            assert visitors.broken <= kills * CONNECTIONS
            assert set(editors.refused) <= {0}
            lost = editors.lost()
            tell(
                f"A worker of {kind.command[0].split('.')[-1]} killed, {site.name}",
                times=kills,
                answered=visitors.answered,
                broken_off=visitors.broken,
                saves_acknowledged=len(editors.saved),
                saves_lost=len(lost),
            )
            assert lost == []
            site.assert_whole()


class GunicornTests(KilledWorkers, SimpleTestCase):
    def test_workers_that_are_killed_lose_nothing_that_was_acknowledged(self):
        self.check(Server, kills=3, seconds=8)

    def test_a_restart_drops_no_request(self):
        with OnSQLite() as site:
            with Editors(site) as editors, Visitors(site.address + PAGE, 8, anew=True) as visitors:
                for _ in range(3):
                    time.sleep(1.5)
                    before = workers_of(site.server)
                    site.server.process.send_signal(signal.SIGHUP)
                    wait_until(lambda before=before: not before & workers_of(site.server))
            lost = editors.lost()
            tell(
                "Restarted three times (SIGHUP), SQLite",
                answered=visitors.answered,
                broken_off=visitors.broken,
                saves_acknowledged=len(editors.saved),
                saves_refused=editors.refused.total(),
                saves_lost=len(lost),
            )
            assert visitors.answered > 500
            assert (visitors.failed, visitors.broken) == (0, 0)
            assert editors.refused.total() == 0
            assert lost == []
            site.assert_whole()


class GranianTests(KilledWorkers, SimpleTestCase):
    def test_a_worker_that_is_killed_loses_nothing_that_was_acknowledged(self):
        self.check(GranianServer, kills=1, seconds=6)
