"""How commands say why they cannot do what they were asked to do."""

from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError

_MOST_PROBLEMS = 20


def told(opening: str, problems: list[str]) -> str:
    """``opening``, and below it the first of ``problems``, a line each."""
    lines = [opening, *(f"  {problem}" for problem in problems[:_MOST_PROBLEMS])]
    if more := problems[_MOST_PROBLEMS:]:
        lines.append(f"  and {len(more):,} more")
    return "\n".join(lines)


def not_changed(problems: list[str], before: str = "Nothing") -> str:
    count = "one problem" if len(problems) == 1 else f"{len(problems):,} problems"
    return told(f"{before} was changed, because of {count}:", problems)


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
