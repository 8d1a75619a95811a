"""Starts the servers that are compared, on 127.0.0.1 only, and ends those it has started."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress

from .processes import cpu_seconds, proportional_mib, tree

WORKERS = 2
_STARTS_WITHIN = 60  # seconds
_ENDS_WITHIN = 20


class NotHereError(Exception):
    """A contender cannot be tried on this machine; the text says what is missing."""


class Server:
    """A program that serves at 127.0.0.1:``port`` inside a ``with`` block.

    ``behind`` is a server that it hands requests on to and that counts as a part of it.
    ``database`` is the id of the database's first process, whose time counts, its memory not.
    """

    def __init__(
        self, name, command, port, *, env, log, path="/", cwd=None, behind=None, database=None
    ):
        self.name, self.command, self.port = name, [*map(str, command)], port
        self.env, self.cwd, self.log, self.path = env, cwd, log, path
        self.behind, self.database = behind, database
        self.address = f"http://127.0.0.1:{port}"

    def __enter__(self):
        with self.log.open("w") as file:
            # A session of its own: a Ctrl-C ends the benchmark first, and that its servers.
            self.process = subprocess.Popen(
                self.command,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        family = tree(self.process.pid)
        self.process.terminate()
        try:
            self.process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            for pid in family:
                end(pid)
            self.process.wait()

    def processes(self):
        return [*tree(self.process.pid), *(self.behind.processes() if self.behind else ())]

    def cpu_seconds(self):
        """User and system time of all that worked for it until now."""
        return cpu_seconds([*self.processes(), *(tree(self.database) if self.database else ())])

    def memory(self):
        """In MiB, proportional: what its processes share counts once."""
        return proportional_mib(self.processes())

    def get(self, path, headers):
        """(status, headers, body) of a GET, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def _wait(self):
        deadline = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.1)
        raise NotHereError(f"{self.name} did not start:\n{self.said()}")

    def answers(self):
        try:
            self.get(self.path, {})
        except (OSError, http.client.HTTPException):
            return False
        return True

    def said(self):
        return self.log.read_text(encoding="utf-8", errors="replace")[-2_000:].strip()


class SocketServer(Server):
    """One that listens at the socket ``port``, a path, for another server only."""

    def answers(self):
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self.port)) == 0


def end(pid: int):
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def free_port(ports: Iterator[int]) -> int:
    """The next of ``ports`` on which nothing listens."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NotHereError("no port is left: --port says where to begin.")
