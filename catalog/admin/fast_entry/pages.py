"""What the pages of fast entry share: whose page it is, and who may use it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

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
