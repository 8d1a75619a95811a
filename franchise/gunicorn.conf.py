"""How gunicorn serves the catalogue: `gunicorn -c franchise/gunicorn.conf.py`.

gunicorn reads this file before Django exists, so it is the one place besides settings.py that
reads the environment. .env.example says what each variable means.
"""

import os


def usable_cores() -> int:
    """The processor cores that this process may use, which can be fewer than the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


host = os.environ.get("HOST", "") or "127.0.0.1"
port = os.environ.get("PORT", "") or "8000"
bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

wsgi_app = "franchise.wsgi:application"

# Rendering is bound by the processor, so a worker per core; two at least, so that one slow page
# does not hold up the rest; eight at most, because each worker keeps a page cache of its own.
workers = int(os.environ.get("WEB_CONCURRENCY", "") or min(max(usable_cores(), 2), 8))
# Threads let a worker answer from its cache while another thread waits for the database.
threads = 4

# The application is loaded once, before the workers fork: they share its memory, and a start
# that fails stops the server with the reason instead of restarting workers for ever.
# (So `kill -HUP` does not pick up new code: restart the service instead.)
preload_app = True

# A list filtered by many things at once is a long address. In bytes; gunicorn's largest bound, and
# its default of 4094 refuses some links that the filter forms make.
limit_request_line = 8190

timeout = 30  # seconds without a sign of life before a worker is replaced
graceful_timeout = 20  # seconds that running requests get to finish when the server stops
keepalive = 5  # seconds; a browser loads the page's files over the connection it has

# Workers report their health by touching a file; in memory, so that a busy disk cannot fake a hang.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

accesslog = None  # whoever wants one has it in the web server in front; "-" prints it here
errorlog = "-"  # stderr
control_socket_disable = True  # nothing here uses gunicornc, so it needs no socket
