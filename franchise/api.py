"""What the API takes from the site: how often somebody may ask, and what trouble is told."""

import logging
import time

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import APIException, NotFound
from rest_framework.exceptions import PermissionDenied as Denied
from rest_framework.throttling import BaseThrottle

from catalog.api.problems import problem, problem_of

from .errors import trouble_of
from .signing_in import address_of

_WINDOW = 60  # seconds

_log = logging.getLogger(__name__)


class Throttle(BaseThrottle):
    """``API_RATE`` requests a minute from an address, counted by each process for itself.

    Tells of it as the IETF's draft "RateLimit header fields for HTTP" says.
    """

    def allow_request(self, request, view):
        self._count = 0
        if not settings.API_RATE:
            return True
        self._now = time.time()
        window = int(self._now // _WINDOW)
        key = f"{window}:{address_of(request)}"
        counts = caches["api"]
        counts.add(key, 0, timeout=2 * _WINDOW)
        try:
            self._count = counts.incr(key)
        except ValueError:  # pushed out meanwhile
            self._count = 1
        return self._count <= settings.API_RATE

    def wait(self):
        return _WINDOW - self._now % _WINDOW

    def headers(self) -> dict[str, str]:
        if not settings.API_RATE:
            return {}
        left = max(0, settings.API_RATE - self._count)
        return {
            "RateLimit-Policy": f'"address";q={settings.API_RATE};w={_WINDOW}',
            "RateLimit": f'"address";r={left};t={max(1, round(self.wait()))}',
        }


def handle_exception(error, context):
    """REST framework's ``EXCEPTION_HANDLER``: a problem in JSON; None of a fault, to be found."""
    if isinstance(error, Http404):
        error = NotFound(*error.args)
    elif isinstance(error, PermissionDenied):
        error = Denied(*error.args)
    if isinstance(error, APIException):
        return problem_of(error)
    trouble = trouble_of(error)
    if trouble is None:
        return None
    request = context["request"]
    _log.warning("%s: %s %s", trouble.logged, request.method, request.path)
    response = problem(503, f"{trouble.heading}. {trouble.text}")
    response["Retry-After"] = str(trouble.retry_after)
    return response
