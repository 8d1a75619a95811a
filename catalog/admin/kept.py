"""Every change made in the admin is kept, can be read, compared and taken back."""

from operator import attrgetter

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html

from ..history import recording
from ..history.reading import states_at, told_between, told_rows
from ..history.registry import SUBJECTS
from ..history.undoing import offers, restore, steps_of_restoring
from ..models import Change
from .pages import page_of

REVERT = "catalog.revert_changes"
CHANGES_ON_A_PAGE = 25


class KeptAdmin(admin.ModelAdmin):
    """Puts each request that may change something into one recording, ``request.record``."""

    def changeform_view(self, request, *args, **kwargs):
        return self._recorded(super().changeform_view, request, *args, **kwargs)

    def changelist_view(self, request, *args, **kwargs):
        is_deletion = request.POST.get("action") == "delete_selected"
        kind = Change.Kind.DELETE if is_deletion else Change.Kind.EDIT
        return self._recorded(super().changelist_view, request, *args, kind=kind, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        kind = Change.Kind.DELETE
        return self._recorded(super().delete_view, request, *args, kind=kind, **kwargs)

    def _recorded(self, view, request, *args, kind=Change.Kind.EDIT, **kwargs):
        if request.method != "POST" or hasattr(request, "record"):
            return view(request, *args, **kwargs)
        with recording(request.user, why_of(request), kind) as request.record:
            return view(request, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            request.record.remember([obj])
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        changed = [row.instance for row in formset.initial_forms if row.has_changed()]
        request.record.remember(row for row in changed if row.pk is not None)
        formset.record = request.record
        super().save_formset(request, form, formset, change)

    def delete_model(self, request, obj):
        request.record.delete([obj])

    def delete_queryset(self, request, queryset):
        request.record.delete(queryset)

    # Reading it ----------------------------------------------------------------------------------

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        site = self.admin_site
        return [
            path(
                "<path:object_id>/history/compare/",
                site.admin_view(self.compare_view),
                name=f"{name}_compare",
            ),
            path(
                "<path:object_id>/history/<int:change_id>/",
                site.admin_view(self.restore_view),
                name=f"{name}_restore",
            ),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        if self.model not in SUBJECTS:
            return super().history_view(request, object_id, extra_context)
        row = self._row_with_history(request, object_id)
        changes = Change.objects.told().of(row).for_list(about=row)
        page = Paginator(changes, CHANGES_ON_A_PAGE).get_page(request.GET.get("p"))
        tell(page.object_list)
        context = {
            "title": f"History: {row}",
            "crumb": "History",
            "page": page,
            "may_revert": self._may_revert(request, row),
            **(extra_context or {}),
        }
        return page_of(self, request, "admin/catalog/history.html", context, row)

    def compare_view(self, request, object_id):
        """How it was after one change and after another, field by field."""
        row = self._row_with_history(request, object_id)
        ends = [self._change_of(row, request.GET.get(name, "")) for name in ("one", "two")]
        older, newer = sorted(ends, key=attrgetter("pk"))
        context = {
            "title": f"Compare: {row}",
            "crumb": "Compare",
            "older": older,
            "newer": newer,
            "told_rows": told_between(states_at(row, older), states_at(row, newer)),
        }
        return page_of(self, request, "admin/catalog/compare.html", context, row)

    def restore_view(self, request, object_id, change_id):
        """Shows what would change to make it what it was, and does what is ticked of that."""
        row = self._row_with_history(request, object_id)
        if not self._may_revert(request, row):
            raise PermissionDenied
        change = self._change_of(row, str(change_id))
        if request.method == "POST":
            chosen = set(request.POST.getlist("chosen"))
            try:
                restore(row, change, chosen, request.user, why_of(request))
            except ValidationError as error:
                say_why_not(request, error)
            else:
                messages.success(request, f"“{row}” was restored as ticked.")
            return redirect(admin_urlname(self.opts, "history"), row.pk)
        context = {
            "title": f"Restore: {row}",
            "crumb": "Restore",
            "change": change,
            "offers": offers(steps_of_restoring(row, change)),
        }
        return page_of(self, request, "admin/catalog/restore.html", context, row)

    def _row_with_history(self, request, object_id):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404(f"There is no such {self.opts.verbose_name}; perhaps it was deleted.")
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return row

    def _may_revert(self, request, row):
        return request.user.has_perm(REVERT) and self.has_change_permission(request, row)

    @staticmethod
    def _change_of(row, key):
        if not key.isdecimal() or len(key) > 18:
            raise Http404("Choose two changes of the list to compare.")
        changes = Change.objects.of(row).select_related("revision__user")
        return get_object_or_404(changes, pk=key)


def why_of(request):
    # PostgreSQL keeps no text with a null byte in it.
    return request.POST.get("why", "").replace("\x00", "")[:250]


def say(request, text, record):
    """Tell what was done, with the way to look at the change of ``record`` and to take it back."""
    if record.change is None:
        messages.success(request, text)
        return
    address = reverse("admin:catalog_change_change", args=[record.change.pk])
    messages.success(request, format_html('{} <a href="{}">What was done</a>', text, address))


def say_why_not(request, error):
    messages.error(request, f"Nothing was changed: {' '.join(error.messages)}")


def tell(changes):
    """Put on each of ``changes``, fetched ``for_list``, its ``told_rows``."""
    rows = [row for change in changes for row in change.shown_rows]
    told = iter(told_rows(rows))
    for change in changes:
        change.told_rows = [next(told) for _ in change.shown_rows]
