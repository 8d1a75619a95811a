"""What the contenders are built in: folders, ports, databases, and the servers that run."""

import shutil
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import psycopg

from scripts.postgres import ThrowAwayServer, find_binaries

from .. import environment
from .machine import version_of
from .packages import python_of_contenders
from .servers import WORKERS, NotHereError, Server, free_port

ROOT = Path(__file__).resolve().parents[2]
SITES = Path(__file__).with_name("sites")
# Whatever is gained by how ours is served is gained by all.
GUNICORN = (f"--config={ROOT / 'franchise' / 'gunicorn.conf.py'}", "--log-level=warning")
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def gunicorn_variables(port: int) -> dict[str, str]:
    """What its configuration reads, granian's of ours too; and what `make run` sets besides."""
    return {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": str(WORKERS),
        "MALLOC_ARENA_MAX": "1",
        "MALLOC_MMAP_THRESHOLD_": "131072",
        "MALLOC_TRIM_THRESHOLD_": "131072",
    }


class Database(NamedTuple):
    url: str
    process: int | None  # the first one of its server; None of SQLite


class Row(NamedTuple):
    """One line of the table: what is asked of which server.

    All of ``holds`` must be in the answer's body, in that order. ``paths`` is a file with the paths
    that are asked for in turn, instead of ``path`` alone, once all workers of ours have them in
    their caches. ``editor`` saves something every second meanwhile.
    """

    key: str
    label: str
    server: Server
    path: str
    holds: tuple[str, ...]
    headers: dict = {}  # nobody writes into it
    status: int = 200
    paths: Path | None = None
    editor: object = None


class Workshop:
    """Inside a ``with`` block; what it has started ends with the block."""

    def __init__(self, folder: Path, ports: range):
        self.folder, self._ports = folder, iter(ports)
        self.left_out = {}
        self.versions = {}
        # The catalogue's own page, which nginx serves as a file.
        self.page = b""

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self._stack = ExitStack().__enter__()
        self._postgres = None
        self._servers = []
        return self

    def __exit__(self, *error):
        # Asked twice to stop, it still ends all that it has started.
        stops = (signal.SIGINT, signal.SIGTERM)
        handlers = {number: signal.signal(number, signal.SIG_IGN) for number in stops}
        # All at once, since some take a few seconds over it.
        for server in self._servers:
            server.process.terminate()
        try:
            return self._stack.__exit__(*error)
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)

    def python(self):
        return python_of_contenders(self.folder)

    def anew(self, name):
        """An empty folder of that name."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return folder

    def port(self):
        return free_port(self._ports)

    def leave_out(self, label, error):
        self.left_out[label] = str(error)

    # Servers ------------------------------------------------------------------------------------

    def serve(self, name, command, port, *, kind=Server, env=None, **options):
        env = environment.own() if env is None else env
        log = self.folder / f"{name}.log"
        server = self._stack.enter_context(kind(name, command, port, env=env, log=log, **options))
        self._servers.append(server)
        return server

    def serve_with_gunicorn(self, name, site, application, env, **options):
        """Another's ``application`` in the folder ``site``, served as ours is."""
        port = self.port()
        command = [self.python(), "-m", "gunicorn", *GUNICORN, f"--chdir={site}", application]
        env = env | gunicorn_variables(port) | {"PYTHONPATH": str(ROOT)}
        return self.serve(name, command, port, env=env, **options)

    # Databases ----------------------------------------------------------------------------------

    def database(self, kind, name):
        """An empty one of ``kind``: "sqlite" or "postgres"."""
        if kind == "sqlite":
            return Database(f"sqlite:///{self.anew(f'{name}-sqlite')}/db.sqlite3", None)
        url, process = self._server()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return Database(url.replace("/postgres?", f"/{name}?"), process)

    def _server(self):
        if self._postgres is None:
            binaries = find_binaries()
            if binaries is None:
                raise NotHereError("no PostgreSQL server is installed (Debian: postgresql).")
            server = ThrowAwayServer(binaries)
            self.versions["PostgreSQL"] = version_of(binaries / "postgres", "--version")
            url = self._stack.enter_context(server)
            self._postgres = url, server.pid
        return self._postgres
