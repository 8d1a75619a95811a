"""Runs a command against a PostgreSQL: python scripts/with_postgres.py COMMAND [ARGUMENTS]

When DATABASE_URL names a PostgreSQL, it is that one. Otherwise a throw-away server is started from
the installed binaries, reachable only through a socket in a folder of its own, and removed at the
end, however the end comes. The exit code is the command's.

Needs nothing but the standard library.
"""

import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

BINARIES = ("initdb", "pg_ctl", "postgres")
PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # PostgreSQL's own packages for Fedora and its kin
    "/usr/local/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/latest/bin",
)

# The order of a language, as on a real site, where it differs from SQLite's: "de" before "Zoo", "É"
# beside "E". It comes from ICU, which is the same on every machine; the system's own locales are
# missing on many. With --locale=C the rest (messages, numbers) depends on no machine either.
OF_A_LANGUAGE = ("--encoding=UTF8", "--locale-provider=icu", "--icu-locale=en-US", "--locale=C")
# For a PostgreSQL before 15, or one built without ICU: by code point, as SQLite sorts.
BY_CODE_POINT = ("--encoding=UTF8", "--no-locale")

# Nothing here outlives a crash, so nothing needs to reach the disk.
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def find_binaries():
    """The folder that holds the server's programs, the newest version first; None without one."""
    folders = os.get_exec_path()
    if pg_config := shutil.which("pg_config"):
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True)
        folders.append(asked.stdout.strip())
    for place in PLACES:
        folders += sorted(glob.glob(place), key=version, reverse=True)
    for folder in folders:
        if folder and all(os.access(Path(folder, name), os.X_OK) for name in BINARIES):
            return Path(folder)
    return None


def version(path):
    return [int(number) for number in re.findall(r"\d+", path)]


def account():
    """Who may run the server: PostgreSQL refuses root, so then an account that owns nothing."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    sys.exit("PostgreSQL refuses to run as root, and there is no account `postgres` or `nobody`.")


class ThrowAwayServer:
    """A PostgreSQL that exists inside a `with` block, which gets its DATABASE_URL."""

    def __init__(self, binaries):
        self.binaries = binaries
        self.account = account()

    def __enter__(self):
        # In /tmp, whatever TMPDIR says: a socket's path has room for 100 characters only, and
        # another account must be able to reach it.
        self.folder = Path(tempfile.mkdtemp(prefix="catalogue-postgres-", dir="/tmp"))
        try:
            if self.account:
                os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
            self.create_cluster()
            options = f"-c listen_addresses='' -c unix_socket_directories={self.folder} {FAST}"
            log = f"--log={self.folder / 'log'}"
            self.run("pg_ctl", "start", "--wait", "--silent", log, f"--options={options}")
        except BaseException:
            self.remove()
            raise
        return f"postgres://catalogue@/postgres?host={self.folder}&port=5432"

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def create_cluster(self):
        initdb = ("initdb", "--username=catalogue", "--auth=trust", "--no-sync")
        if self.succeeds(*initdb, *OF_A_LANGUAGE):
            return
        # If that was not for want of ICU, this fails too, and says why.
        self.run(*initdb, *BY_CODE_POINT)
        print("This PostgreSQL cannot sort as a language does (no ICU): by code point instead.")

    def run(self, program, *arguments):
        if not self.succeeds(program, *arguments):
            words = "".join(
                path.read_text(errors="replace")
                for path in (self.folder / "output", self.folder / "log")
                if path.exists()
            )
            sys.exit(f"{words.strip()}\n\nThe throw-away PostgreSQL failed: see {program} above.")

    def succeeds(self, program, *arguments):
        who = {}
        if self.account:
            who = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        # A session of its own, so that a Ctrl-C ends the tests first and the server after them.
        # The output goes to a file: the server keeps it open, and a pipe would wait for its end.
        with (self.folder / "output").open("w") as file:
            result = subprocess.run(
                [self.binaries / program, f"--pgdata={self.folder / 'data'}", *arguments],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **who,
            )
        return result.returncode == 0


def main(command):
    if not command:
        sys.exit(__doc__)
    if os.environ.get("DATABASE_URL", "").startswith(("postgres", "pgsql")):
        return subprocess.run(command).returncode
    binaries = find_binaries()
    if binaries is None:
        sys.exit(
            "No PostgreSQL server was found: initdb, pg_ctl and postgres are neither on PATH nor\n"
            "in the usual places. Install one (Debian, Ubuntu: sudo apt install postgresql;\n"
            "macOS: brew install postgresql), or name one that runs:\n"
            "DATABASE_URL=postgres://user:password@host/name make test-postgres"
        )
    # Being asked to stop ends the `with` block like any other end.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with ThrowAwayServer(binaries) as url:
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
