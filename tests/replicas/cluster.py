"""A PostgreSQL and a standby that follows it, both real, with the Bosch catalogue in them."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from functools import partial

import psycopg

from scripts.postgres import ThrowAwayServer, find_binaries

from .. import servers
from ..servers import ROOT

BINARIES = find_binaries()

# What takes longer than that on any machine will not happen.
wait_until = partial(servers.wait_until, seconds=60)

# The catalogue's tables are read; not how far the servers are, which is asked every second. What is
# sent with its values apart is "executed", by a name where it is prepared.
_READ = re.compile(r"(?:statement|execute \S+): (?:SELECT|WITH)\b.*\bcatalog_")


class Cluster:
    """``primary`` and ``standby`` inside a ``with`` block; both log each statement."""

    def __enter__(self):
        self.primary = ThrowAwayServer(BINARIES, "-c log_statement=all")
        self.primary.__enter__()
        try:
            self.manage("migrate", "--verbosity=0")
            self.manage("load_catalog", "--verbosity=0")
            self.standby = self.primary.add_standby()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.primary.__exit__()

    def manage(self, *arguments, **environment):
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": self.primary.url, **environment},
            check=True,
        )

    @contextmanager
    def sources(self):
        """The servers from which the catalogue was read in the block: a set, filled after it."""
        logs = {name: getattr(self, name).log for name in ("primary", "standby")}
        before = {name: log.stat().st_size for name, log in logs.items()}
        found = set()
        yield found
        for name, log in logs.items():
            if _READ.search(log.read_bytes()[before[name] :].decode()):
                found.add(name)


def execute(server, *statements):
    """Run each in a transaction of its own; the rows of the last, if it has any."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else None
