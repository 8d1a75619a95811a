"""The servers, as processes of their own, and clients that are slow, impolite or in the middle."""

import os
import runpy
import signal
import socket
import time
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import SimpleTestCase, TransactionTestCase

from .servers import GranianServer, Server

ROOT = Path(__file__).resolve().parent.parent
# Within this an answer comes even on a busy machine; who is kept out by slow clients waits longer.
SOON = 10  # seconds


class Serving:
    """What both servers have to do; each test has one process.

    ``slow`` is how many clients may be slow at once.
    """

    def connect(self, text="", **options):
        client = socket.create_connection(("127.0.0.1", self.server.port), timeout=SOON)
        self.addCleanup(client.close)
        client.sendall(text.encode())
        return client

    def assert_serves(self):
        for _ in range(8):
            assert self.server.get("/series/", headers={"Connection": "close"}).status_code == 200

    def test_a_connection_is_kept(self):
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=SOON)
        self.addCleanup(connection.close)
        seen = set()
        for _ in range(3):
            connection.request("GET", "/series/")
            seen.add(connection.sock.getsockname())
            answer = connection.getresponse()
            assert answer.status == 200
            assert b"</html>" in answer.read()
        assert len(seen) == 1

    def test_what_is_asked_for_in_one_breath_is_all_answered(self):
        request = "GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        client = self.connect(f"{request}\r\n{request}\r\n{request}Connection: close\r\n\r\n")
        assert read_all(client).count(b"User-agent:") == 3

    def test_slow_questions_keep_nobody_out(self):
        request = "GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        clients = [self.connect(request[:1]) for _ in range(self.slow)]
        for place in range(1, len(request) - 1):
            for client in clients:
                client.sendall(request[place].encode())
            if place % 20 == 0:
                self.assert_serves()
        for client in clients:
            client.sendall(request[-1].encode())
            assert b" 200 " in client.recv(1024)

    def test_slow_readers_keep_nobody_out(self):
        request = "GET /static/admin/js/vendor/jquery/jquery.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        for _ in range(self.slow):
            client = socket.socket()
            self.addCleanup(client.close)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", self.server.port))
            client.sendall(request.encode())
        self.assert_serves()

    def test_who_does_not_close_keeps_nobody_out(self):
        request = "GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        clients = [self.connect(request) for _ in range(self.slow)]
        self.assert_serves()
        for client in clients:
            assert b" 200 " in client.recv(1024)

    def test_a_header_has_a_bound(self):
        client = self.connect("GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ")
        try:
            for _ in range(1_000):
                client.sendall(b"a" * 1024)
        except ConnectionError:
            return  # refused in the middle of it
        assert client.recv(1024).split()[1] in {b"400", b"414", b"431"}

    def test_no_visitor_says_where_the_site_is_mounted(self):
        for path, status in [("/series/", 200), ("/elsewhere/series/", 404)]:
            with self.subTest(path=path):
                answer = self.server.get(path, headers={"SCRIPT_NAME": "/elsewhere"})
                assert answer.status_code == status

    def test_a_request_is_answered_though_the_server_stops(self):
        with self.kind() as server:
            client = socket.create_connection(("127.0.0.1", server.port), timeout=SOON)
            self.addCleanup(client.close)
            body = b"series=" + b"a" * 200_000
            client.sendall(
                b"POST /progress/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n"
                b"Content-Length: %d\r\n\r\n" % len(body)
            )
            client.sendall(body[:100_000])
            time.sleep(0.5)  # until a thread has taken it up
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            assert server.process.poll() is None
            client.sendall(body[100_000:])
            answer = HTTPResponse(client)
            self.addCleanup(answer.close)
            answer.begin()
            assert answer.status < 500
            assert server.process.wait(SOON) == 0

    def test_a_worker_that_dies_is_replaced(self):
        for worker in workers_of(self.server):
            os.kill(worker, signal.SIGKILL)
            self.wait_for_others(than={worker})

    def test_workers_are_replaced_when_it_is_asked_for(self):
        before = workers_of(self.server)
        self.server.process.send_signal(signal.SIGHUP)
        self.wait_for_others(than=before)

    def wait_for_others(self, than):
        for _ in range(SOON * 20):
            if (now := workers_of(self.server)) and not now & than:
                break
            time.sleep(0.1)
        else:
            raise AssertionError(self.server.said())
        self.server._wait()
        self.assert_serves()


class GunicornTests(Serving, TransactionTestCase):
    kind = Server
    slow = 7  # of eight threads

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(cls.kind())

    def test_slow_forms_keep_nobody_out(self):
        for _ in range(self.slow):
            self.connect(
                "POST /progress/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n\r\nseries="
            )
        self.assert_serves()

    def test_it_says_nothing_of_clients_that_go_away(self):
        for text in ("", "GET", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"):
            self.connect(text).close()
        self.assert_serves()
        assert "Traceback" not in self.server.said()


class GranianTests(Serving, TransactionTestCase):
    kind = GranianServer
    slow = 40  # they need no thread

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(cls.kind())


def workers_of(server):
    """The process ids of a server's workers."""
    told = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    if not told.exists():
        pytest.skip("only Linux tells what processes a process has")
    return {int(number) for number in told.read_text().split()}


def read_all(client):
    return b"".join(iter(lambda: client.recv(65536), b""))


class SettingsTests(SimpleTestCase):
    def settings(self, **environment):
        with patch.dict(os.environ, environment):
            return runpy.run_path(ROOT / "franchise/gunicorn.conf.py")

    def test_workers_are_as_many_as_one_says(self):
        assert self.settings(WEB_CONCURRENCY="3")["workers"] == 3

    def test_without_a_word_there_are_at_most_eight(self):
        assert 1 <= self.settings(WEB_CONCURRENCY="")["workers"] <= 8

    def test_an_address_of_the_sixth_version_stands_in_brackets(self):
        assert self.settings(HOST="::1", PORT="8001")["bind"] == "[::1]:8001"
