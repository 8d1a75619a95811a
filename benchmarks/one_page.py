"""What one page costs: statements, the processor's time, and where it goes. See README.md."""

import argparse
import cProfile
import io
import os
import pstats
import sys
from pathlib import Path
from statistics import median
from time import process_time

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
from local import environment  # noqa: E402 - found there only now

# The settings and the database of `make run`, unless the environment has others.
os.environ.update(environment(), DJANGO_SETTINGS_MODULE="franchise.settings")

from django.conf import settings  # noqa: E402 - it reads the environment
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402

_WARM_UP = 3


class Visitor:
    """Asks Django's WSGI application, all middleware included; the page cache is not asked."""

    def __init__(self, cookie):
        self._application = get_wsgi_application()
        self._cookie = cookie

    def get(self, address):
        """The status and the body."""
        path, _, query = address.partition("?")
        host = next((name for name in settings.ALLOWED_HOSTS if name[0] not in ".*["), "localhost")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": host,
            "SERVER_PORT": "443" if settings.SECURE_SSL_REDIRECT else "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "https" if settings.SECURE_SSL_REDIRECT else "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        }
        if self._cookie:
            environ["HTTP_COOKIE"] = self._cookie
        told = []
        response = self._application(environ, lambda status, headers: told.append(status))
        body = b"".join(response)
        response.close()
        return told[0], body


def statements_of(visitor, address):
    """(statement, milliseconds of the processor) of each that the page asks."""
    asked = []

    def note(execute, sql, parameters, many, context):
        start = process_time()
        try:
            return execute(sql, parameters, many, context)
        finally:
            asked.append((sql, 1000 * (process_time() - start)))

    with connection.execute_wrapper(note):
        visitor.get(address)
    return asked


def milliseconds(visitor, address, runs):
    """The processor's time for the page, the median of ``runs``."""
    times = []
    for _ in range(runs):
        start = process_time()
        visitor.get(address)
        times.append(1000 * (process_time() - start))
    return median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="such as /series/bosch/ or '/people/?series=bosch'")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--top", type=int, default=25, help="how many functions to list")
    parser.add_argument("--sort", default="cumulative", choices=["cumulative", "tottime"])
    parser.add_argument("--cookie", default="", help="such as progress=bosch.3.4")
    options = parser.parse_args()

    visitor = Visitor(options.cookie)
    for _ in range(_WARM_UP):
        status, body = visitor.get(options.address)
    asked = statements_of(visitor, options.address)
    spent = milliseconds(visitor, options.address, options.runs)
    for sql, ms in asked:
        print(f"{ms:6.2f} ms  {sql[:160]}")
    print(f"\n{status}, {len(body):,} bytes, {len(asked)} statements, {spent:.1f} ms\n")

    profile = cProfile.Profile()
    profile.enable()
    for _ in range(options.runs):
        visitor.get(options.address)
    profile.disable()
    pstats.Stats(profile).strip_dirs().sort_stats(options.sort).print_stats(options.top)


if __name__ == "__main__":
    main()
