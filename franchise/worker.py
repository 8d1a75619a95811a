"""The worker class of gunicorn.conf.py: no client holds a thread by being slow."""

import re
import socket
import struct
import time
from collections import deque
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ

from gunicorn import util
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

# How long all of a request may take to come; an upload, until a thread can begin with it.
ASKING = 15  # seconds
# How long clients may take to close their side; cut off at once, they could lose the answer's end.
LEAVING = 2  # seconds
# How long a thread waits for the next bytes of an upload, or to get rid of some of an answer.
STALLED = 20  # seconds
# Browsers send one to three thousand bytes, a thousand of them for the address they come from.
LONGEST_HEADER = 64 * 1024  # bytes
# A body up to this size, a form, is waited for like a header. A larger one is an upload, which the
# thread reads, so that it never stands in memory as a whole.
SMALL_BODY = 64 * 1024  # bytes
# What the system takes of an answer without the thread: nearly every page as a whole, be the client
# as slow as it may. Linux allows this much without being told to, and then gives twice as much.
SEND_BUFFER = 208 * 1024  # bytes

_AT_ONCE = 64 * 1024  # bytes that are read before others have their turn
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,9})[ \t]*\r\n", re.IGNORECASE)
# Bodies of no known length, and those that come only when they are called for.
_NOT_TO_BE_WAITED_FOR = re.compile(rb"\r\n(?:transfer-encoding|expect):", re.IGNORECASE)


class Connection(TConn):
    """A connection, with what has come of its next request."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.received = bytearray()
        self._size = None  # of the request, once its header is there

    @property
    def is_too_long(self):
        return self._size is None and len(self.received) > LONGEST_HEADER

    def is_whole(self) -> bool:
        """Whether a thread can take the request up without waiting for the client."""
        if self._size is None:
            end = self.received.find(_END)
            if end < 0:
                return False
            self._size = end + len(_END)
            header = self.received[: self._size]
            length = _LENGTH.search(header)
            if length and not _NOT_TO_BE_WAITED_FOR.search(header):
                length = int(length[1])
                self._size += length if length <= SMALL_BODY else 0
        return len(self.received) >= self._size

    def hand_over(self):
        """Have gunicorn begin with what has come, and go on from the socket."""
        self.init()
        self.parser.unreader.unread(bytes(self.received))
        self.received.clear()
        self._size = None

    def take_back(self):
        """Take what gunicorn has read of the request after the one that it answered."""
        self.sock.setblocking(False)
        self.received += self.parser.unreader.take_buffered()


class PatientWorker(ThreadWorker):
    """gunicorn's worker with threads, where a thread is for a request that has come as a whole.

    The original gives a connection to a thread at its first byte, and the thread waits for the
    others: as many slow clients as there are threads keep everybody else out. Its main loop in
    turn waits for clients to close their side. Here the main loop, which never waits for one of
    them, waits for all of them. Plain HTTP/1 only: https is for the proxy in front.
    """

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.leaving_conns = deque()

    def init_process(self):
        # What is accepted has the options of the socket that accepts it.
        stalled = struct.pack("ll", STALLED, 0)
        for listener in self.sockets:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, stalled)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, stalled)
        super().init_process()

    # A request comes ----------------------------------------------------------------------------

    def accept(self, listener):
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker was first, or the client has gone
        self.nr_conns += 1
        self._begin(Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn, client):
        """A request comes on a connection that was kept."""
        self._stop_waiting(self.keepalived_conns, conn)
        self._begin(conn)

    def on_pending_socket_readable(self, conn, client):
        """More of a request comes."""
        if next_step := self._receive(conn):
            self._stop_waiting(self.pending_conns, conn)
            next_step(conn)

    def _begin(self, conn):
        # Nearly always all of it is there already.
        if next_step := self._receive(conn):
            next_step(conn)
        else:
            self._wait(self.pending_conns, conn, ASKING, self.on_pending_socket_readable)

    def _receive(self, conn):
        """Read what there is; returns what to do with ``conn`` then, None while more must come."""
        if not conn.is_whole():  # gunicorn may have read it with the one before
            data = _read(conn.sock)
            if data is None:
                return None
            if not data:
                return self._close
            conn.received += data
        if conn.is_whole():
            return self._take_up
        return self._refuse if conn.is_too_long else None

    def _take_up(self, conn):
        conn.hand_over()
        self.enqueue_req(conn)

    def _refuse(self, conn):
        with suppress(OSError):
            util.write_error(conn.sock, 431, "Request Header Fields Too Large", "")
        self._leave(conn)

    # A request has been answered ----------------------------------------------------------------

    def finish_request(self, conn, future):
        """Keep the connection, or leave it, as its thread says."""
        is_kept = not future.cancelled() and future.exception() is None and future.result()
        if not is_kept:
            self._leave(conn)
            return
        conn.take_back()
        if conn.received:
            self._begin(conn)
        else:
            seconds = self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER
            self._wait(self.keepalived_conns, conn, seconds, self.on_client_socket_readable)

    def _leave(self, conn):
        """Close our side, and the rest when the client has closed its own."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
        else:
            self._wait(self.leaving_conns, conn, LEAVING, self._see_off)

    def _see_off(self, conn, client):
        if _read(client) == b"":
            self._stop_waiting(self.leaving_conns, conn)
            self._close(conn)

    def _close(self, conn):
        self.nr_conns -= 1
        conn.close()

    # Waiting ------------------------------------------------------------------------------------

    def _wait(self, among, conn, seconds, what_then):
        """Wait ``among`` others, which all wait as many seconds, until something comes."""
        conn.timeout = time.monotonic() + seconds
        among.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(what_then, conn))

    def _stop_waiting(self, among, conn):
        self.poller.unregister(conn.sock)
        among.remove(conn)

    def murder_pending(self):
        """Close what has waited for long enough; the main loop asks for it at each turn."""
        now = time.monotonic()
        for waiting in (self.pending_conns, self.leaving_conns):
            while waiting and waiting[0].timeout <= now:
                conn = waiting[0]
                self._stop_waiting(waiting, conn)
                self._close(conn)

    def _cap_keepalive(self, deadline):
        """When the worker stops: do not wait long for requests that have not come by now."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


def _read(client):
    """What has come; None if nothing has, nothing if the client has gone."""
    try:
        return client.recv(_AT_ONCE)
    except BlockingIOError:
        return None
    except OSError:
        return b""
