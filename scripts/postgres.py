"""Throw-away PostgreSQL servers from the installed binaries, for tests and benchmarks.

Needs nothing but the standard library.
"""

import glob
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BINARIES = ("initdb", "pg_basebackup", "pg_ctl", "postgres")
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
    """A PostgreSQL that exists inside a `with` block, which gets its DATABASE_URL.

    ``options`` are further ones of the server. It is reachable only through a socket in a folder of
    its own, where its standbys live too.
    """

    port = 5432  # a part of the socket's name, and nothing else

    def __init__(self, binaries, options=""):
        self.binaries = binaries
        self.options = options
        self.account = account()
        self.standbys = []

    def __enter__(self):
        # In /tmp, whatever TMPDIR says: a socket's path has room for 100 characters only, and
        # another account must be able to reach it.
        self.folder = Path(tempfile.mkdtemp(prefix="catalogue-postgres-", dir="/tmp"))
        try:
            if self.account:
                os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
            self.create_cluster()
            self.start()
        except BaseException:
            self.remove()
            raise
        return self.url

    def __exit__(self, *_):
        self.remove()

    @property
    def data(self):
        return self.folder / f"data-{self.port}"

    @property
    def log(self):
        """The path of what the server says, with each statement if its options ask for that."""
        return self.folder / f"log-{self.port}"

    @property
    def url(self):
        return f"postgres://catalogue@/postgres?host={self.folder}&port={self.port}"

    @property
    def pid_file(self):
        return self.data / "postmaster.pid"

    @property
    def pid(self):
        """The id of its first process, while it runs."""
        return int(self.pid_file.read_text().split()[0])

    @property
    def is_running(self):
        return self.pid_file.exists()

    def start(self):
        if self.is_running:
            return
        options = (
            f"-c port={self.port} -c listen_addresses='' "
            f"-c unix_socket_directories={self.folder} {FAST} {self.options}"
        )
        log = f"--log={self.log}"
        self.run("pg_ctl", "start", "--wait", "--silent", log, f"--options={options}")

    def stop(self, mode="immediate"):
        """End at once, as if the power had gone; or "fast", after what is running is called off."""
        if self.is_running:
            self.run("pg_ctl", "stop", "--wait", "--silent", f"--mode={mode}")

    def add_standby(self):
        """A server that follows this one by streaming replication; it goes when this one does."""
        standby = Standby(self)
        self.standbys.append(standby)
        standby.copy_primary()
        standby.start()
        return standby

    def remove(self):
        for server in (*self.standbys, self):
            server.stop()
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
                for path in (self.folder / "output", self.log)
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
                [self.binaries / program, f"--pgdata={self.data}", *arguments],
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **who,
            )
        return result.returncode == 0


class Standby(ThrowAwayServer):
    """A replica of a throw-away server, in the same folder: see `ThrowAwayServer.add_standby`."""

    def __init__(self, primary):
        super().__init__(primary.binaries, primary.options)
        self.folder = primary.folder
        self.primary = primary
        self.port = primary.port + len(primary.standbys) + 1

    def copy_primary(self):
        # --write-recovery-conf makes it a standby that knows where its primary is.
        where = (f"--host={self.folder}", f"--port={self.primary.port}", "--username=catalogue")
        how = ("--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        self.run("pg_basebackup", *where, *how)
