import socket
import ssl
import time
from threading import Event, Thread

import requests
from django.test import SimpleTestCase

from ..servers import GranianServer, wait_until
from ..test_serving import workers_of
from .account import tell
from .people import Visitors, Watcher
from .proxy import Proxy
from .site import OnSQLite

SLOW = 200
PAGE = "/series/bosch/"


class SlowClients:
    """SLOW of them in a ``with`` block, each with a request of which a byte comes now and then.

    Some send a header so, some a form; some ask for a large file and do not read it.
    """

    HEADER = "GET /series/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + "a" * 10_000
    FORM = (
        "POST /progress/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n" + "a" * 10_000
    )
    READER = "GET /static/admin/js/vendor/jquery/jquery.js HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def __init__(self, port, kinds=("HEADER",), certificate=None):
        self.port = port
        self.requests = [getattr(self, kind) for kind in kinds]
        self.context = ssl.create_default_context(cafile=certificate) if certificate else None

    def __enter__(self):
        self._stopped = Event()
        self.clients = [self._connect() for _ in range(SLOW)]
        self._thread = Thread(target=self._drip)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self._thread.join()
        for client in self.clients:
            client.close()

    def _connect(self):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        if self.context:
            client = self.context.wrap_socket(client, server_hostname="localhost")
        return client

    def _drip(self):
        """A few hundred bytes at first, then one every half second."""
        sent = 0
        while not self._stopped.wait(0.5 if sent else 0):
            for number, client in enumerate(self.clients):
                request = self.requests[number % len(self.requests)]
                part = request[:200] if not sent else request[200 + sent : 201 + sent]
                try:
                    client.sendall(part.encode())
                except OSError:
                    continue  # the server has let it go
            sent += 1


class DirectTests(SimpleTestCase):
    def test_gunicorn_serves_again_as_soon_as_they_are_gone(self):
        """Two processes of eight threads each: sixteen hold all of them."""
        with OnSQLite() as site:
            wait_until(lambda: len(workers_of(site.server)) == site.workers)
            workers = workers_of(site.server)
            with SlowClients(site.server.port):
                time.sleep(8)
            took = wait_until(lambda: site.get(PAGE).status_code == 200)
            with Visitors(site.address + PAGE, 3) as visitors:
                pass
            tell(
                f"{SLOW} slow clients at gunicorn itself, afterwards",
                seconds_until_it_served=round(took, 1),
                answered=visitors.answered,
                failed=visitors.failed + visitors.broken,
            )
            assert took < 10
            assert visitors.answered > 500
            assert (visitors.failed, visitors.broken) == (0, 0)
            assert workers_of(site.server) == workers

    def test_granian_serves_others_meanwhile(self):
        with OnSQLite(kind=GranianServer) as site:
            assert site.get(PAGE).status_code == 200
            with (
                SlowClients(site.server.port, ("HEADER", "READER")),
                Visitors(site.address + PAGE, 6) as visitors,
                Watcher(site) as watcher,
            ):
                time.sleep(5)
            tell_of(f"{SLOW} slow clients at granian itself", visitors, watcher)
            assert_served(visitors, watcher)


class BehindNginxTests(SimpleTestCase):
    def test_nginx_keeps_them_away_from_everybody(self):
        with OnSQLite(SECURE="on", TRUST_PROXY="on", ALLOWED_HOSTS="localhost,127.0.0.1") as site:
            with (
                Proxy(site.server.port, site.folder) as proxy,
                SlowClients(proxy.port, ("HEADER", "FORM", "READER"), proxy.certificate),
                Visitors(proxy.address + PAGE, 6) as visitors,
                Watcher(Through(proxy)) as watcher,
            ):
                time.sleep(5)
            tell_of(f"{SLOW} slow clients at nginx", visitors, watcher)
            assert_served(visitors, watcher)


class Through:
    """A site as it is reached by way of ``proxy``."""

    def __init__(self, proxy):
        self.proxy = proxy

    def get(self, path, **options):
        address = self.proxy.address + path
        return requests.get(address, timeout=30, verify=self.proxy.certificate, **options)


def tell_of(what, visitors, watcher):
    tell(
        what,
        answered=visitors.answered,
        failed=visitors.failed + visitors.broken,
        made_anew_meanwhile=len(watcher.seen),
        seconds_at_most=round(max(seen.took for seen in watcher.seen), 1),
    )


def assert_served(visitors, watcher):
    assert visitors.answered > 500
    assert (visitors.failed, visitors.broken) == (0, 0)
    assert len(watcher.seen) > 10
    assert {seen.status for seen in watcher.seen} == {200}
    assert max(seen.took for seen in watcher.seen) < 3
