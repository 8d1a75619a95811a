"""The variables of a program under measurement, whatever the caller has set."""

import os

# They lead to another database (the first is what PostgreSQL's programs read), to other pages, or
# to none.
_NOT_OURS = ("PG", "DATABASE_", "PAGE_CACHE_", "STATEMENT_TIMEOUT")


def own() -> dict[str, str]:
    """The caller's, without those that would have something else measured."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}


def of_a_site(var_dir, host: str = "testserver") -> dict[str, str]:
    """The catalogue with the settings of a real site, answering to ``host`` over plain http."""
    return own() | {
        "ALLOWED_HOSTS": host,
        "DEBUG": "off",
        "LOG_LEVEL": "CRITICAL",
        "SECRET_KEY": "a key for the benchmark only, which is as long as a real one",
        "SECRET_KEY_FILE": "",
        "SECURE": "off",
        "VAR_DIR": str(var_dir),
    }
