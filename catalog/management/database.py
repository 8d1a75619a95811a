"""What a command says when the database refuses it."""

from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError


@contextmanager
def refusals_in_words():
    """Inside, an error of the database ends the command with what to do in place of a traceback."""
    try:
        yield
    except DatabaseError as error:
        raise CommandError(
            f"The database refuses this: {str(error).strip()}. If it is new or older than this "
            "version, run “manage.py migrate” first; if others write to it, try again."
        ) from error
