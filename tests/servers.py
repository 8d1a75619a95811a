"""Real servers, each in processes of its own, on the database of the running test."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

import requests
from django.db import connection
from django.test import Client

from benchmarks.side_by_side.editing import fields_of

ROOT = Path(__file__).resolve().parent.parent
_STARTS_WITHIN = 60  # seconds; a busy machine takes its time


class Server:
    """gunicorn with one worker, as `make run` starts it; inside a ``with`` block.

    The rows of the test must be committed: a TransactionTestCase. ``environment`` is added to
    the variables that the settings read.
    """

    command = ("gunicorn", "--config=franchise/gunicorn.conf.py")

    def __init__(self, **environment):
        self.environment = environment

    def __enter__(self):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = tempfile.TemporaryFile("a+")  # read here, which moves no place of writing
        self.process = subprocess.Popen(  # noqa: S603 - one of our own
            [sys.executable, "-m", *self.command],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": database_url(),
                "VAR_DIR": _static_files(),
                "HOST": "127.0.0.1",
                "PORT": str(self.port),
                "WEB_CONCURRENCY": "1",
                **self.environment,
            },
            stdout=self.log,
            stderr=self.log,
        )
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def get(self, path, **options):
        return requests.get(self.address + path, timeout=30, **options)

    def said(self) -> str:
        """What it has written to its log."""
        self.log.seek(0)
        return self.log.read()

    def _wait(self):
        for _ in range(_STARTS_WITHIN * 20):
            assert self.process.poll() is None, self.said()
            try:
                return self.get("/health/live")
            except requests.ConnectionError:
                time.sleep(0.05)
        raise AssertionError(self.said())


class GranianServer(Server):
    """The same with granian, as `make run SERVER=granian` starts it."""

    command = ("franchise.granian_server",)


class Editor:
    """``user`` at ``server``, signed in, who fills in forms; without a user, still to sign in."""

    def __init__(self, server, user=None):
        self.server = server
        self.session = requests.Session()
        if user is not None:
            client = Client()
            client.force_login(user)
            self.session.cookies["sessionid"] = client.cookies["sessionid"].value

    def get(self, path):
        return self.session.get(self.server.address + path, timeout=30)

    def submit(self, path, files=None, **values):
        """Send the form at ``path`` as it is shown, with these values in its boxes."""
        filled = {**dict(fields_of(self.get(path).text)), **values}
        return self.session.post(self.server.address + path, filled, files=files, timeout=30)


def database_url(database=connection) -> str:
    """That of the database of the running test, or of another connection."""
    told = database.get_connection_params()
    if database.vendor == "sqlite":
        return f"sqlite:///{quote(str(told['database']))}"
    names = ("host", "port", "user", "password")
    where = urlencode({name: told[name] for name in names if told.get(name)})
    return f"postgres:///{quote(told['dbname'])}?{where}"


def wait_until(holds, seconds=30) -> float:
    """Wait until ``holds()``; gives the seconds that it took."""
    start = time.monotonic()
    while not holds():
        assert time.monotonic() - start < seconds, "it never came to be"
        time.sleep(0.05)
    return time.monotonic() - start


@cache
def _static_files() -> str:
    """A folder with the static files as a server needs them; made once."""
    folder = tempfile.mkdtemp(dir=os.environ["VAR_DIR"])
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": folder},
        check=True,
    )
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
