"""What people are told when a page cannot be made, or something cannot be saved."""

import errno
import logging
import sys
from typing import NamedTuple

from django.db import InterfaceError, OperationalError
from django.http import (
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseNotFound,
)
from django.template.loader import render_to_string
from django_guid import get_guid

_log = logging.getLogger(__name__)


class BucketError(OSError):
    """As of a disk: ``strerror`` says what is the matter, ``filename`` with which bucket."""

    def __init__(self, why: str, bucket: str):
        super().__init__(errno.EIO, why, bucket)


class Trouble(NamedTuple):
    """Something that is over after a while, and no fault of the code's."""

    heading: str
    text: str
    retry_after: int  # seconds
    logged: str


TOO_LONG = Trouble(
    "This took too long",
    "The page was given up so that others need not wait for it. Try again in a minute, or ask for "
    "less, such as with one filter fewer.",
    60,
    "A statement took too long and was cut off",
)
UNREACHABLE = Trouble(
    "The catalogue cannot be read just now",
    "Its database does not answer, which is mostly over within a minute; try again then. If you "
    "were saving something: go back in your browser, which still has what you typed, and look "
    "whether it was saved before you send it again.",
    5,
    "The database does not answer",
)
FULL = Trouble(
    "There is no room left to save this",
    "The disk of the server is full. Nothing of what you sent was saved, and nothing that was "
    "there before is lost; pages can be read as ever. Tell whoever looks after the server. What "
    "you typed is still in your browser: go back, and save again when there is room.",
    300,
    "The disk is full, nothing was saved",
)
BUSY = Trouble(
    "Somebody else is saving just now",
    "That took so long that your turn did not come, and nothing of what you sent was saved. What "
    "you typed is still in your browser: go back, and save again.",
    10,
    "The database was busy for too long, nothing was saved",
)
READ_ONLY = Trouble(
    "Nothing can be saved just now",
    "The database can only be read for the moment, so nothing of what you sent was saved. What you "
    "typed is still in your browser: go back, and save again later.",
    60,
    "The database can only be read",
)
WITHOUT_PICTURES = Trouble(
    "The pictures are out of reach just now",
    "What keeps them does not answer, which is mostly over within a minute; try again then. All "
    "else goes on as ever.",
    30,
    "The bucket of the pictures does not answer",
)

# By the codes of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html) and of
# SQLite (https://www.sqlite.org/rescode.html), or as much as they begin with.
_BY_CODE = {
    "57014": TOO_LONG,  # query_canceled
    "SQLITE_INTERRUPT": TOO_LONG,
    "08": UNREACHABLE,  # connection exceptions
    "57P": UNREACHABLE,  # shuts down, starts up
    "53300": UNREACHABLE,  # too_many_connections
    "SQLITE_CANTOPEN": UNREACHABLE,
    "53100": FULL,  # disk_full
    "SQLITE_FULL": FULL,
    "55P03": BUSY,  # lock_not_available
    "40": BUSY,  # serialization_failure, deadlock_detected
    "SQLITE_BUSY": BUSY,
    "25006": READ_ONLY,  # read_only_sql_transaction
    "SQLITE_READONLY": READ_ONLY,
}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """The trouble of which ``error`` tells; None where it tells of none, and so of a fault."""
    if isinstance(error, BucketError):
        return WITHOUT_PICTURES
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return FULL
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    cause = error.__cause__
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    if code is None:
        # What fails between here and PostgreSQL has no code.
        return UNREACHABLE if type(cause).__module__.startswith("psycopg") else None
    return next((trouble for start, trouble in _BY_CODE.items() if code.startswith(start)), None)


# Django's own handlers of the following three make a token for forms, and read what was sent for
# that; what cannot be read would then be a fault. No page of an error has such a form.


def bad_request(request, exception):
    """Django's ``handler400``."""
    return HttpResponseBadRequest(render_to_string("400.html"))


def permission_denied(request, exception):
    """Django's ``handler403``."""
    return HttpResponseForbidden(render_to_string("403.html", request=request))


def page_not_found(request, exception):
    """Django's ``handler404``."""
    return HttpResponseNotFound(render_to_string("404.html", request=request))


def server_error(request):
    """Django's ``handler500``: a page in words, which asks nothing of a database.

    503 where it is worth trying again, with ``Retry-After``; else 500.
    """
    trouble = trouble_of(sys.exc_info()[1])
    told = {"trouble": trouble, "request_id": get_guid()}
    if trouble is None:
        return HttpResponse(render_to_string("500.html", told), status=500)
    _log.warning("%s: %s %s", trouble.logged, request.method, request.path)
    return HttpResponse(
        render_to_string("503.html", told),
        status=503,
        headers={"Retry-After": trouble.retry_after, "Cache-Control": "no-store"},
    )
