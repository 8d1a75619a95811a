"""How the log is written: by Django, and by the servers, which write before Django is there.

To stderr, where systemd, Docker and a terminal all find it. Nobody's address, name or what they
searched for gets into it: of a request it has the path and the number.
"""

from logging import Filter, LogRecord

from django_guid.context import guid
from pythonjsonlogger.core import RESERVED_ATTRS

_JSON, _PLAIN = "json", "plain"


class Numbered(Filter):
    """Tells the number of the request that the message is about, "-" without one."""

    def filter(self, record: LogRecord) -> bool:
        record.request_id = guid.get() or "-"
        return True


class Sparing(Filter):
    """Leaves out what tells the operator nothing more."""

    def filter(self, record: LogRecord) -> bool:
        # What could not be answered for the moment is told by franchise.errors, in one line.
        if record.name == "django.request" and getattr(record, "status_code", None) == 503:
            return False
        # gunicorn tells who sent what is no request; strangers try that all day.
        if record.name == "gunicorn.error" and record.getMessage().startswith("Invalid request"):
            return False
        # A request that was refused is no fault of the code's, so where it stood helps nobody.
        if record.name.startswith("django.security."):
            record.exc_info = None
        return True


def logging_of(form: str, level: str) -> dict:
    """The configuration for ``logging.config.dictConfig``.

    ``form`` is what LOG_FORMAT says: plain, or else it is JSON. ``level`` is that of the least
    serious messages.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "numbered": {"()": Numbered},
            "sparing": {"()": Sparing},
        },
        "formatters": {
            _PLAIN: {
                "format": "%(asctime)s %(levelname)s %(name)s: %(message)s [%(request_id)s]",
            },
            _JSON: {
                "()": "pythonjsonlogger.json.JsonFormatter",
                "fmt": ["timestamp", "levelname", "name", "message", "process", "request_id"],
                "rename_fields": {"levelname": "level", "name": "logger", "exc_info": "traceback"},
                "timestamp": True,
                # A request would tell its whole address.
                "reserved_attrs": [*RESERVED_ATTRS, "request"],
            },
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": _PLAIN if form.lower() == _PLAIN else _JSON,
                "filters": ["numbered", "sparing"],
            },
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level},  # through the root handler, once
            "django.request": {"level": "ERROR"},  # a page not found is no news for the operator
            # It tells who tried to sign in, and from where.
            "axes": {"level": "CRITICAL"},
            # It tells of each request that it has given it a number.
            "django_guid": {"level": "CRITICAL"},
            # Each server has handlers of its own until it reads this.
            "gunicorn.error": {"handlers": [], "propagate": True},
            "_granian": {"handlers": [], "propagate": True},
            # Django leaves it to gunicorn to drop the body of an answer to HEAD, and gunicorn,
            # having done so, would tell of each.
            "gunicorn.http.wsgi": {"level": "ERROR"},
            # The importer says so itself when it could not reach what it asked.
            "urllib3": {"level": "ERROR"},
        },
    }
