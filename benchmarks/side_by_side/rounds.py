"""Asks all contenders in turn, round after round, so that all meet the machine in each mood."""

import gzip
from contextlib import nullcontext
from typing import NamedTuple

from .workshop import Row
from .wrk import Load, is_kept, load

# Of a response beside its body, at most.
_HEADERS = 2_500  # bytes
# Workers have their pages after a few seconds, or many on a busy machine; a worker that had nothing
# to do in one second may have in the next.
_WARMING, _WARMINGS, _ENOUGH = 1, 90, 2  # seconds, times, times


class CheckError(Exception):
    """A contender does not answer as it should; the text says how."""


class Measured(NamedTuple):
    load: Load
    cpu_each: float  # milliseconds of processor time for a request
    saves: int


def run(rows: list[Row], rounds: int, seconds: int, say) -> dict[str, list[Measured]]:
    """By the rows' keys, what was measured in each round."""
    measured = {row.key: [] for row in rows}
    for number in range(rounds):
        for row in in_turn(rows, number):
            say(f"round {number + 1} of {rounds}: {row.label}")
            measured[row.key].append(measure(row, seconds))
    return measured


def in_turn(rows: list[Row], number: int) -> list[Row]:
    """``rows`` in the order of that round, counted from 0: every other one goes backwards."""
    return rows[::-1] if number % 2 else rows


def measure(row: Row, seconds: int) -> Measured:
    headers = checked(row)[0]
    address = row.server.address + row.path
    if row.paths:
        warm(row, address, headers)
    before = row.server.cpu_seconds()
    with row.editor or nullcontext():
        found = load(address, seconds, headers, row.paths)
        spent = row.server.cpu_seconds() - before
    _, body = checked(row)
    if not row.paths and not len(body) <= found.bytes_each <= len(body) + _HEADERS:
        raise CheckError(
            f"{row.label}: answers of {found.bytes_each:,.0f} bytes under load, while one "
            f"alone has a body of {len(body):,}"
        )
    return Measured(found, 1000 * spent / found.requests, row.editor.saves if row.editor else 0)


def warm(row: Row, address: str, headers: dict):
    """Ask until all workers have all pages in their caches; an edit before made them outdated."""
    in_a_row = 0
    for _ in range(_WARMINGS):
        in_a_row = in_a_row + 1 if is_kept(address, _WARMING, headers, row.paths) else 0
        if in_a_row == _ENOUGH:
            return
    raise CheckError(f"{row.label}: its page cache does not fill")


def checked(row: Row) -> tuple[dict, bytes]:
    """The headers to ask with, and the body as it was sent, of an answer that is as it should."""
    headers = dict(row.headers)
    if row.status == 304:
        _, told, _ = row.server.get(row.path, headers)
        headers["If-None-Match"] = told.get("ETag", "none")
    status, told, body = row.server.get(row.path, headers)
    if status != row.status:
        raise CheckError(f"{row.label}: {row.path} answers {status}, not {row.status}")
    text = (gzip.decompress(body) if told.get("Content-Encoding") == "gzip" else body).decode()
    if (missing := first_missing(row.holds, text)) is not None:
        raise CheckError(f"{row.label}: {row.path} does not hold “{missing}” where it should")
    return headers, body


def first_missing(words: tuple[str, ...], text: str) -> str | None:
    """The first of ``words`` that does not follow the one before it in ``text``."""
    position = 0
    for word in words:
        found = text.find(word, position)
        if found < 0:
            return word
        position = found + len(word)
    return None
