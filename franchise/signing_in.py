"""Who may sign in, and how those who try passwords are slowed down by django-axes."""

import logging
from ipaddress import IPv6Address, ip_address
from math import ceil

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

_log = logging.getLogger(__name__)

# Of the sixth version of addresses, one household or server has all that begin with as many bits.
_NETWORK = 64
_LONGEST_NAME = 150


class EditorsBackend(ModelBackend):
    """Lets editors in, and fails alike for all others.

    The form would refuse who edits nothing, but after the right password: it would not be counted
    among the tries that failed, and whoever counts along would learn that it was right.
    """

    def authenticate(self, request, username=None, password=None, **kwargs):
        user = super().authenticate(request, username=username, password=password, **kwargs)
        return user if user is not None and user.is_staff else None


class TriesHandler(AxesDatabaseHandler):
    """Counts the tries for an account from an address in one row, and notes nothing of browsers.

    By default there is a row for each browser, and to delete one would not lift the lock.
    """

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is not None:
            request.axes_user_agent = request.axes_http_accept = request.axes_path_info = ""
        return super().user_login_failed(sender, credentials, request, **kwargs)


def address_of(request) -> str:
    """Where a request comes from: an address, or of the sixth version the network.

    What a proxy says of it counts only where one is trusted, and of that the last word, which is
    the proxy's own.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        told = request.headers.get("x-forwarded-for", told).split(",")[-1].strip()
    try:
        address = ip_address(told)
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - a server that listens on a socket has no addresses
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> _NETWORK << _NETWORK))


def name_of(request, credentials) -> str:
    """The name that was typed, as far as an account can have one."""
    told = (credentials or {}).get("username") or request.POST.get("username") or ""
    return told.replace("\0", "")[:_LONGEST_NAME]


def locked_out(request, response, credentials) -> HttpResponse:
    """What is answered in the place of a sign-in once there were too many that failed.

    The same for accounts that there are and that there are not, and for the right password.
    """
    _log.warning("A sign-in is locked for a while: too many have failed.")
    seconds = _seconds_left(request, credentials)
    told = {"minutes": ceil(seconds / 60), "limit": settings.AXES_FAILURE_LIMIT}
    return HttpResponse(
        render_to_string("admin/locked_out.html", told, request),
        status=429,
        headers={"Retry-After": seconds, "Cache-Control": "no-store"},
    )


def _seconds_left(request, credentials) -> int:
    """Until the next try; at least one, since somebody may have lifted the lock just now."""
    tries = AccessAttempt.objects.filter(
        username=name_of(request, credentials), ip_address=address_of(request)
    )
    last = tries.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    if last is None:
        return 1
    return max(1, ceil((last + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()))
