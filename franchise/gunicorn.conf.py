"""How gunicorn serves the catalogue: `gunicorn -c franchise/gunicorn.conf.py`.

gunicorn reads this file before Django exists, so like granian_server.py it reads the environment
itself. .env.example says what each variable means, docs/operating.md what is bounded by what.
"""

import gc
import os
import sys

from franchise.logs import logging_of
from franchise.machine import usable_cores, usable_memory, workers_for

host = os.environ.get("HOST", "") or "127.0.0.1"
port = os.environ.get("PORT", "") or "8000"
bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

wsgi_app = "franchise.wsgi:application"

workers = int(os.environ.get("WEB_CONCURRENCY", "") or workers_for(usable_cores(), usable_memory()))
# While one thread renders, the others answer from memory, wait for the database or an editor's turn
# to save, or read from a client that is slow; a worker has one to spare until all of them are.
# Threads are made when they are needed, and each has a connection to the database.
worker_class = "gthread"
threads = 8
# A thread that renders lets the others have a turn ten times as often as Python would: they answer
# from memory, which takes them a moment. Measured: a third more of it, and no page takes longer.
sys.setswitchinterval(0.0005)  # seconds

# For each worker; with the files of the threads' databases it stays below the 1,024 open files that
# most systems allow a process. Who comes beyond that waits in the backlog.
worker_connections = 800
backlog = 1024

# A list filtered by many things at once is a long address. In bytes; gunicorn's largest bound, and
# its default of 4094 refuses some links that the filter forms make.
limit_request_line = 8190

# By default a proxy on the same machine may say with SCRIPT_NAME where the site is mounted, and one
# that hands on headers with underscores lets every visitor say so.
forwarder_headers = ""

timeout = 30  # seconds without a sign of life before a worker is replaced
graceful_timeout = 20  # seconds that running requests get to finish when the server stops
keepalive = 5  # seconds; a browser loads the page's files over the connection it has

# A worker is replaced after millions of requests, not all of them at the same time: for memory that
# goes astray over weeks. With a worker goes its page cache, so it shall not happen often; under a
# thousand requests a second without a pause, every hour or two.
max_requests = 5_000_000
max_requests_jitter = 1_000_000

# The application is loaded once, before the workers fork: they share its memory, and a start
# that fails stops the server with the reason instead of restarting workers for ever.
# (So `kill -HUP` does not pick up new code: restart the service instead.)
preload_app = True

# Workers report their health by touching a file; in memory, so that a busy disk cannot fake a hang.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

accesslog = None  # whoever wants one has it in the web server in front; "-" prints it here
errorlog = "-"  # stderr
# In the form of all other lines, from the first one on.
logconfig_dict = logging_of(os.environ.get("LOG_FORMAT", ""), "INFO")
control_socket_disable = True  # nothing here uses gunicornc, so it needs no socket


def when_ready(server):
    """Before the first fork: let the garbage collector of the workers leave alone what they share.

    It would write into each object that it looks at, and so make each worker copy all of them.
    """
    gc.collect()
    gc.freeze()
