"""What is hardly a request, sent to real servers: each refuses it, and serves the next one."""

import errno
import re
import socket
from random import Random

import pytest
from django.test import TransactionTestCase
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from ..factories import make_series
from ..servers import GranianServer, Server

_PATIENCE = 20  # seconds
_PART = 0.1  # of all requests that are to be sent

# Of a connection that the server has closed, having heard enough.
_GONE = {errno.ENOTCONN, errno.ECONNRESET, errno.EPIPE}

# A status line stands at the start of an answer; where several were asked for, behind the last.
_STATUS = re.compile(rb"(?:^|\n|>|\})HTTP/1\.[01] (\d{3})")
# Besides those below 500: what is asked for that no server knows, or in another version of HTTP.
_REFUSALS = {501, 505}

_HEAD = b"GET /series/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
_POST = b"POST /progress/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
_CHUNKED = _POST + _FORM + b"Transfer-Encoding: chunked\r\n\r\n"

KNOWN = [
    b"",
    b"\r\n",
    b"\r\n" * 2_000,
    b"\x00",
    b"GET",
    b"GET /",
    b"GET / HTTP/1.1",
    b"GET /\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\n\n",
    b"get / http/1.1\r\n\r\n",
    b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1 HTTP/1.1\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
    b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n",
    b"GET /?" + b"&" * 8_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET /# HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"GET //[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"\xffGET / HTTP/1.1\r\n\r\n",
    _HEAD,
    _HEAD + b"no colon\r\n\r\n",
    _HEAD + b": no name\r\n\r\n",
    _HEAD + b"A : blank\r\n\r\n",
    _HEAD + b" folded\r\n\r\n",
    _HEAD + b"A: b\r\n folded\r\n\r\n",
    _HEAD + b"A: \x00\r\n\r\n",
    _HEAD + b"A: b\rB: c\r\n\r\n",
    _HEAD + b"A\xff: b\r\n\r\n",
    _HEAD + b"A: " + b"a" * 70_000 + b"\r\n\r\n",
    _HEAD + b"A: b\r\n" * 5_000 + b"\r\n",
    _HEAD + b"Host: evil.example\r\n\r\n",
    _HEAD + b"Script_Name: /evil\r\nPath_Info: /admin/\r\n\r\n",
    _HEAD + b"Expect: 100-continue\r\n\r\n",
    _HEAD + b"Expect: zq\r\n\r\n",
    _HEAD + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: zq\r\n\r\n",
    _HEAD + b"Upgrade: h2c\r\nHTTP2-Settings: zq\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n",
    _HEAD + b"Content-Type: text/html; charset=base64\r\n\r\n",
    *[
        _POST + _FORM + b"Content-Length: " + length + b"\r\n\r\nat=a"
        for length in (b"-1", b"a", b"", b"4, 4", b"+4", b"0x4", b"9" * 30, b"\xb2", b"3", b"400")
    ],
    _POST + _FORM + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nat=ab",
    _POST + _FORM + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nat=a",
    _POST
    + _FORM
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nat=a\r\n0\r\n\r\n",
    *[
        _POST + _FORM + b"Transfer-Encoding: " + coding + b"\r\n\r\n4\r\nat=a\r\n0\r\n\r\n"
        for coding in (
            b"chunked",
            b"zq",
            b"gzip, chunked",
            b"chunked, chunked",
            b"chunked, zq",
            b"",
        )
    ],
    *[
        _CHUNKED + chunks
        for chunks in (
            b"",
            b"4",
            b"4\r\nat",
            b"4\r\nat=a",
            b"4\r\nat=a\r\n",
            b"4\r\nat=abcdef\r\n0\r\n\r\n",
            b"zq\r\nat=a\r\n0\r\n\r\n",
            b"-4\r\nat=a\r\n0\r\n\r\n",
            b"+4\r\nat=a\r\n0\r\n\r\n",
            b"4;zq=" + b"a" * 9_000 + b"\r\nat=a\r\n0\r\n\r\n",
            b"F" * 17 + b"\r\nat=a\r\n0\r\n\r\n",
            b"F" * 5_000,
            b"4\r\nat=a\r\n0\r\nnot a trailer\r\n\r\n",
            b"4\r\nat=a\r\n0\r\nA: b\r\n\r\n",
            b"0\r\n\r\nGET /admin/ HTTP/1.1\r\nHost: a\r\n\r\n",
            b"1\r\na\r\n" * 500 + b"0\r\n\r\n",
        )
    ],
    (_HEAD + b"\r\n") * 50,
    _HEAD + b"\r\n" + b"rubbish behind it\r\n\r\n",
    _HEAD + b"\r\n" + b"\x00" * 5_000,
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    b"\x05\x01\x00",
    b"SSH-2.0-zq\r\n",
    b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n" + _HEAD + b"\r\n",
    b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x7f\x00\x00\x01\x7f\x00\x00\x01\x00\x01\x00\x02",
]


def spoilt(chance, messages, number):
    """``number`` of ``messages``, cut off, or with bytes that are others, there twice, or more."""
    found = []
    for _ in range(number):
        message = bytearray(chance.choice(messages)[:20_000])
        for _ in range(chance.randrange(1, 4)):
            place, length = chance.randrange(len(message) + 1), chance.randrange(1, 12)
            match chance.randrange(4):
                case 0:
                    del message[place:]
                case 1:
                    message[place : place + length] = chance.randbytes(length)
                case 2:
                    message[place:place] = message[place : place + length]
                case _:
                    message[place:place] = chance.choice(
                        [b"\r\n", b"\x00", b" ", b":", b"\xff", b"\t"]
                    )
        found.append(bytes(message))
    return found


class BytesTests:
    kind = None

    @pytest.fixture(autouse=True)
    def _take_options(self, pytestconfig):
        self.total, self.seed = pytestconfig.option.requests, pytestconfig.option.seed

    def setUp(self):
        make_series("Bosch")
        self.server = self.enterContext(self.kind())

    def send(self, message):
        """The statuses of what is answered to ``message``, after which nothing more is said."""
        with socket.create_connection(("127.0.0.1", self.server.port), _PATIENCE) as connection:
            told = b""
            try:
                connection.sendall(message)
                connection.shutdown(socket.SHUT_WR)
                while part := connection.recv(65_536):
                    told += part
            except OSError as error:
                if error.errno not in _GONE:
                    raise
        return [int(status) for status in _STATUS.findall(told)]

    def test_rubbish_is_refused_and_the_next_is_served(self):
        number = round(self.total * _PART)
        messages = [*KNOWN, *spoilt(Random(self.seed), KNOWN, number)]
        made_up = st.one_of(*[st.sampled_from(messages)] * 9, st.binary(max_size=80))
        refused = 0

        @seed(self.seed)
        @settings(
            max_examples=number,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=[*HealthCheck],
        )
        @given(made_up)
        def holds(message):
            nonlocal refused
            statuses = self.send(message)
            assert all(it < 500 or it in _REFUSALS for it in statuses), statuses
            refused += not statuses or statuses[-1] >= 400

        for message in KNOWN:
            with self.subTest(message=message[:200]):
                statuses = self.send(message)
                assert all(it < 500 or it in _REFUSALS for it in statuses), statuses
        holds()
        assert refused > number / 2
        assert self.server.get("/series/").status_code == 200
        said = self.server.said()
        assert "Traceback" not in said, said[:5_000]
        assert "Internal Server Error" not in said
        # Nobody fills the log: hosts that are not ours have a short line each.
        lines = said.splitlines()
        assert len(lines) < number / 2, said[:5_000]
        assert max(map(len, lines), default=0) < 500


class GunicornTests(BytesTests, TransactionTestCase):
    kind = Server


class GranianTests(BytesTests, TransactionTestCase):
    kind = GranianServer
