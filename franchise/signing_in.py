"""Whoever tries passwords is slowed down: what django-axes asks of us, and what it answers."""

import logging
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

_log = logging.getLogger(__name__)

# Of the sixth version of addresses, one household or server has all that begin with as many bits.
_NETWORK = 64
_LONGEST_NAME = 150


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
    wait = settings.AXES_COOLOFF_TIME
    told = {"minutes": int(wait.total_seconds() // 60), "limit": settings.AXES_FAILURE_LIMIT}
    return HttpResponse(
        render_to_string("admin/locked_out.html", told, request),
        status=429,
        headers={"Retry-After": int(wait.total_seconds()), "Cache-Control": "no-store"},
    )
