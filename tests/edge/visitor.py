"""Asks the page cache as a server does, in process."""

from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote

from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from catalog.edge import Edge
from franchise.handler import Handler


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def mark(self):
        return self.headers["X-Cache"]

    @property
    def text(self):
        return self.body.decode()


class Visitor:
    """Someone who asks ``edge``; ``headers`` go with each request."""

    def __init__(self, edge=None, **headers):
        self.edge = edge or new_edge()
        self.headers = headers

    def ask(self, method, address, body=b"", scheme="http", **headers) -> Answer:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": scheme,
            "wsgi.input": BytesIO(body),
        }
        for name, value in {**self.headers, **headers}.items():
            environ[f"HTTP_{name.upper()}"] = value
        return self.send(environ)

    def send(self, environ) -> Answer:
        """What is answered to the request that a server has put into ``environ``."""
        told = []
        # As Django's own test client: the connection of a test stays open.
        signals = (request_started, request_finished)
        connected = [signal for signal in signals if signal.disconnect(close_old_connections)]
        try:
            parts = self.edge(environ, lambda *answer: told.append(answer[:2]))
            found = b"".join(parts)
            if hasattr(parts, "close"):
                parts.close()
        finally:
            for signal in connected:
                signal.connect(close_old_connections)
        status, headers = told[-1]
        names = [name.lower() for name, _ in headers if name != "Set-Cookie"]
        assert len(names) == len(set(names)), "a header was sent twice"
        return Answer(int(status.split()[0]), dict(headers), found)

    def get(self, address, **options):
        return self.ask("GET", address, **options)

    def head(self, address, **options):
        return self.ask("HEAD", address, **options)

    def marks(self, *addresses):
        return [self.get(address).mark for address in addresses]


def new_edge(application=None, size=2**22):
    return Edge(application or Handler(), size)
