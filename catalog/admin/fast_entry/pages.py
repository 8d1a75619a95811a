"""What the pages of fast entry share: whose page it is, who may use it, and how it ends."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html

LONGEST_PASTE = 100_000


def row_of(model_admin, request, pk):
    """The series or season of the page; Http404, or PermissionDenied for who may not see it."""
    row = model_admin.get_object(request, pk)
    if row is None:
        raise Http404(f"There is no such {model_admin.opts.verbose_name}.")
    require(model_admin.has_view_or_change_permission(request, row))
    return row


def require(is_allowed):
    if not is_allowed:
        raise PermissionDenied


def count(rows, one, many=None):
    return f"{len(rows)} {one if len(rows) == 1 else many or f'{one}s'}"


def say(request, text, record):
    """Tell what was done, with the way to look at it and to take it back."""
    if record.change is None:
        messages.success(request, text)
        return
    address = reverse("admin:catalog_change_change", args=[record.change.pk])
    messages.success(request, format_html('{} <a href="{}">What was done</a>', text, address))
