"""Copies of a database on SQLite, by its own online backup."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from .problems import BackupError

NAME = "database.sqlite3"
IS_PACKED = False

# The restored revision is so far above the present one, which others may raise meanwhile.
_AHEAD = 1_000


def copy_out(connection, path: Path, tables: list[str]):
    """Write a copy of one state of the database to ``path``; others go on reading and saving."""
    live = _live(connection)
    try:
        with closing(_opened(live)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
            # One file, without a log beside it.
            target.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"The database could not be copied: {error}") from error
    return look_into(path, tables)


def look_into(path: Path, tables: list[str]):
    """(rows by table, pictures that are named) of the copy at ``path``, which is checked."""
    try:
        with closing(_opened(path)) as copy:
            if (faults := copy.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
                raise BackupError(f"The database is damaged: {faults[0][0]}")
            if broken := copy.execute("PRAGMA foreign_key_check").fetchone():
                raise BackupError(
                    f"A row of {broken[0]} points to one of {broken[2]} that is not there."
                )
            counts = {
                table: copy.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0]  # noqa: S608
                for table in tables
            }
            images = copy.execute("SELECT file FROM catalog_image").fetchall()
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be read: {error}") from error
    return counts, sorted({name for (name,) in images})


def put_back(connection, path: Path, number: int):
    """Have the database be as the copy at ``path``, in one transaction, and its revision higher.

    ``number`` is the revision that it has now. No file is exchanged, so processes that have the
    database open see the new state, as they see any change.
    """
    live = _live(connection)
    connection.close()
    with closing(sqlite3.connect(path)) as copy:
        with copy:
            copy.execute(
                "INSERT INTO catalog_revision (id, number) VALUES (1, ?) "
                "ON CONFLICT (id) DO UPDATE SET number = MAX(number + ?, excluded.number)",
                [number + _AHEAD, _AHEAD],
            )
        live.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(sqlite3.connect(live, timeout=60)) as target:
                copy.backup(target)
        except sqlite3.Error as error:
            told = f"The database could not be written, and is as it was: {error}"
            raise BackupError(told) from error


def _live(connection):
    name = str(connection.settings_dict["NAME"])
    if ":memory:" in name or "mode=memory" in name:
        raise BackupError("The database is in memory alone, so there is nothing to keep.")
    return Path(name)


def _opened(path):
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=60)
