"""Serves the catalogue with granian instead of gunicorn: `python -m franchise.granian_server`.

Reads the same variables as gunicorn.conf.py and keeps the same bounds, as far as granian has them;
docs/operating.md says which it has not.
"""

import gc
import os
import sys
from importlib import import_module

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from franchise.logs import logging_of
from franchise.machine import usable_cores, usable_memory, workers_for

host = os.environ.get("HOST", "") or "127.0.0.1"
port = os.environ.get("PORT", "") or "8000"
workers = os.environ.get("WEB_CONCURRENCY", "") or workers_for(usable_cores(), usable_memory())

sys.setswitchinterval(0.0005)  # seconds; as in gunicorn.conf.py

server = Granian(
    "franchise.wsgi:application",
    address=host,
    port=int(port),
    interface=Interfaces.WSGI,
    workers=int(workers),
    # For what is being answered, each with a connection to the database. Fewer than gunicorn has:
    # most of what clients are slow with is not waited for in these.
    blocking_threads=4,
    # Connections of a worker; whoever comes beyond that waits in the backlog.
    backpressure=800,
    backlog=1024,
    # https, and with it HTTP/2, is for the proxy in front.
    http=HTTPModes.http1,
    websockets=False,
    http1_settings=HTTP1Settings(
        header_read_timeout=15_000,  # milliseconds that a header may take to come
        max_buffer_size=64 * 1024,  # bytes that a header may take
    ),
    # A worker that dies is replaced. What is running gets this many seconds when the server stops.
    respawn_failed_workers=True,
    workers_kill_timeout=20,
    log_level=LogLevels.warning,
    # In the form of all other lines, from the first one on.
    log_dictconfig=logging_of(os.environ.get("LOG_FORMAT", ""), "WARNING"),
)


@server.on_startup
def load():
    """Load the application before the workers fork, where they do; they share what it takes.

    A start that fails stops the server here, with the reason.
    """
    import_module("franchise.wsgi")
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    server.serve()
