"""Copies of a database on PostgreSQL, by its own programs."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from .problems import BackupError

NAME = "database.dump"
IS_PACKED = True  # by pg_dump itself

_AHEAD = 1_000  # as in sqlite.py
_RAISED = (
    "INSERT INTO public.catalog_revision AS revision (id, number) VALUES (1, {number}) "
    "ON CONFLICT (id) DO UPDATE SET number = GREATEST(revision.number + {ahead}, {number});\n"
)


def copy_out(connection, path: Path, tables: list[str]):
    """Write a dump of one state of the database to ``path``, and tell what that state holds."""
    server = Server(connection)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        # An account may be bound to less time than a dump and the counts take.
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        server.run(
            *("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--schema=public"),
            *(f"--snapshot={snapshot}", f"--file={path}"),
        )
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 - names of our tables
            (counts[table],) = cursor.fetchone()
        cursor.execute("SELECT file FROM catalog_image")
        return counts, sorted({name for (name,) in cursor.fetchall()})


def look_into(path: Path, tables: list[str]):
    """(rows by table, pictures that are named) of the dump at ``path``, read to its end."""
    counts, images = dict.fromkeys(tables, 0), set()
    table, place = None, None
    for line in _lines("pg_restore", "--data-only", "--file=-", path):
        if table is not None:
            if line == b"\\.\n":
                table = None
                continue
            if table in counts:
                counts[table] += 1
            if place is not None:
                images.add(line.rstrip(b"\n").split(b"\t")[place].decode())
        elif line.startswith(b"COPY "):
            name, columns = line.decode().removeprefix("COPY ").split(" (", 1)
            table = name.split(".")[-1].strip('"')
            columns = columns.split(")", 1)[0].split(", ")
            place = columns.index("file") if table == "catalog_image" else None
    return counts, sorted(images)


def put_back(connection, path: Path, number: int):
    """Have the database be as the dump at ``path``, in one transaction, and its revision higher.

    ``number`` is the revision that it has now.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
    server = Server(connection)
    connection.close()
    psql = server.started(
        *("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"),
        "--file=-",
    )
    try:
        try:
            # With psql's own --single-transaction, what came until this process died would be kept.
            psql.stdin.write(b"BEGIN;\nSET LOCAL client_min_messages = warning;\n")
            for table in tables:
                psql.stdin.write(f'DROP TABLE public."{table}" CASCADE;\n'.encode())
            for line in _lines("pg_restore", "--no-owner", "--no-privileges", "--file=-", path):
                # The schema is there, and may belong to somebody else.
                if not line.startswith((b"CREATE SCHEMA public;", b"COMMENT ON SCHEMA public ")):
                    psql.stdin.write(line)
            psql.stdin.write(_RAISED.format(number=number + _AHEAD, ahead=_AHEAD).encode())
            psql.stdin.write(b"COMMIT;\n")
        except BaseException:
            psql.kill()
            raise
        finally:
            psql.stdin.close()
    except BrokenPipeError:
        pass  # it says why
    said = psql.stderr.read().decode(errors="replace").strip()
    psql.stderr.close()
    if psql.wait() != 0:
        raise BackupError(f"The database could not be written, and is as it was:\n{said}")


# PostgreSQL's programs ----------------------------------------------------------------------------

# What an address may tell them. psycopg knows more, which older programs would refuse.
_PARAMETERS = [
    *("host", "hostaddr", "port", "dbname", "user", "options", "connect_timeout"),
    *("sslmode", "sslrootcert", "sslcrl", "sslcert", "sslkey"),
    *("gssencmode", "krbsrvname", "target_session_attrs"),
]


class Server:
    """The server that an open ``connection`` leads to, for programs that connect by themselves.

    Raises BackupError where they are missing, or older than the server.
    """

    def __init__(self, connection):
        told = connection.connection.info  # a file of passwords or services is read by then
        self._address = _as_words(told.get_parameters())
        # The list of processes shows arguments to everybody. What else the caller's variables say
        # of a server is in the address, or is not meant.
        self._env = {name: it for name, it in os.environ.items() if not name.startswith("PG")}
        if told.password:
            self._env["PGPASSWORD"] = told.password
        for name in ("pg_dump", "pg_restore", "psql"):
            _refuse_older(name, connection.pg_version // 10_000)

    def run(self, program, *arguments):
        process = self.started(program, *arguments)
        _, said = process.communicate()
        if process.returncode != 0:
            raise BackupError(f"{program} failed:\n{said.decode(errors='replace').strip()}")

    def started(self, program, *arguments):
        """A process, to be written to and waited for."""
        return subprocess.Popen(  # noqa: S603 - one of PostgreSQL's programs
            [_program(program), f"--dbname={self._address}", *arguments],
            env=self._env,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def _as_words(parameters):
    """{"host": "a b"} as PostgreSQL's programs read it: host='a b'."""
    escaped = str.maketrans({"\\": "\\\\", "'": "\\'"})
    return " ".join(
        f"{name}='{parameters[name].translate(escaped)}'"
        for name in _PARAMETERS
        if parameters.get(name)
    )


def _program(name):
    if (path := shutil.which(name)) is None:
        raise BackupError(
            f"{name} is not installed here. It comes with PostgreSQL's programs for clients "
            "(Debian: apt install postgresql-client); take the server's version or a newer one."
        )
    return path


def _refuse_older(name, version):
    """Refuse a program before PostgreSQL ``version``, such as 15."""
    done = subprocess.run(  # noqa: S603 - one of PostgreSQL's programs
        [_program(name), "--version"], capture_output=True, text=True, check=False
    )
    found = re.search(r"\d+", done.stdout)
    if not found or int(found[0]) < version:
        raise BackupError(
            f"{name} here is older than the server, which is PostgreSQL {version}: "
            f"{done.stdout.strip()}. Install that version's programs for clients, or newer ones "
            f"(Debian: apt install postgresql-client-{version})."
        )


def _lines(program, *arguments) -> Iterator[bytes]:
    """What a program says, line by line; BackupError if it ends with an error."""
    process = subprocess.Popen(  # noqa: S603 - one of PostgreSQL's programs
        [_program(program), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield from process.stdout
        said = process.stderr.read().decode(errors="replace").strip()
        if process.wait() != 0:
            raise BackupError(f"{program} cannot read the dump:\n{said}")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()
