"""Runs a command against a PostgreSQL: python scripts/with_postgres.py COMMAND [ARGUMENTS]

When DATABASE_URL names a PostgreSQL, it is that one. Otherwise a throw-away server is started from
the installed binaries, reachable only through a socket in a folder of its own, and removed at the
end, however the end comes. The exit code is the command's.

Needs nothing but the standard library.
"""

import os
import signal
import subprocess
import sys

from postgres import ThrowAwayServer, find_binaries

# Tests fill tables and take it back, again and again. What that leaves behind, and what the server
# believes of the tables, would make some statements a hundred times slower within a minute.
TIDY = "-c autovacuum_naptime=1s -c autovacuum_vacuum_cost_delay=0"


def main(command):
    if not command:
        sys.exit(__doc__)
    if os.environ.get("DATABASE_URL", "").startswith(("postgres", "pgsql")):
        return subprocess.run(command).returncode
    binaries = find_binaries()
    if binaries is None:
        sys.exit(
            "No PostgreSQL server was found: initdb, pg_basebackup, pg_ctl, postgres are neither\n"
            "on PATH nor in the usual places. Install one (Debian, Ubuntu: sudo apt install\n"
            "postgresql; macOS: brew install postgresql), or name one that runs:\n"
            "DATABASE_URL=postgres://user:password@host/name make test-postgres"
        )
    # Being asked to stop ends the `with` block like any other end.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with ThrowAwayServer(binaries, TIDY) as url:
        print(f"A throw-away PostgreSQL from {binaries} is running.", flush=True)
        # PGHOST and the like would lead the command elsewhere.
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        child = subprocess.Popen(command, env=env | {"DATABASE_URL": url})
        try:
            return child.wait()
        except KeyboardInterrupt:
            child.wait()  # the Ctrl-C reached it too: it ends in its own way, then its server goes
            raise
        except SystemExit:
            child.terminate()
            child.wait()
            raise


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
