"""JSON as people and programs write it into files, told of when it cannot be read."""

import json

from .problems import FormError, shown


def parse(raw: bytes) -> object:
    """What ``raw`` says in JSON; raises FormError that says where it cannot be read, and why."""
    try:
        # Some editors begin a file with a byte order mark: -sig takes it off.
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FormError(
            "this is not UTF-8; save the file in that encoding.", f", line {line}"
        ) from None
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        at = f", line {error.lineno}, column {error.colno}"
        raise FormError(f"this is not JSON: {error.msg}.", at) from None
    except RecursionError:
        raise FormError("it is nested too deeply to be a data file of the catalogue.") from None
    except ValueError:
        # Of json's own errors only this one has no place: Python refuses to read such numbers.
        raise FormError("it holds a number that is too long to read.") from None


def _pairs(pairs):
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise FormError(f"an object names {shown(twice)} twice; keep one of the two.")
    return content


def _refuse_constant(name):
    raise FormError(f"{name} is not a number that JSON has.")
