"""What was changed of late, by whom, and how to take it back."""

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.html import format_html_join
from django.utils.text import capfirst

from ..history.registry import SUBJECTS
from ..history.undoing import offers, steps_of_undoing, undo
from ..models import Change, ChangedRow
from .kept import REVERT, say_why_not, tell, why_of
from .pages import page_of

_ROWS_IN_A_LINE = 4

# What it takes to undo what was done to a row.
_TAKES = {
    ChangedRow.Kind.ADDED: "delete",
    ChangedRow.Kind.CHANGED: "change",
    ChangedRow.Kind.DELETED: "add",
}


class KindFilter(admin.SimpleListFilter):
    title = "kind of change"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [choice for choice in Change.Kind.choices if choice[0] != Change.Kind.BEFORE]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


class ThingFilter(admin.SimpleListFilter):
    title = "kind of thing"
    parameter_name = "thing"

    def lookups(self, request, model_admin):
        things = sorted(SUBJECTS, key=lambda model: model._meta.verbose_name)
        return [(model._meta.model_name, capfirst(model._meta.verbose_name)) for model in things]

    def queryset(self, request, queryset):
        models = {model._meta.model_name: model for model in SUBJECTS}
        if self.value() in models:
            of_kind = ContentType.objects.get_for_model(models[self.value()])
            rows = ChangedRow.objects.of_itself().filter(subject_type=of_kind)
            return queryset.filter(pk__in=rows.values("change"))
        return queryset


class DeedFilter(admin.SimpleListFilter):
    title = "what was done to it"
    parameter_name = "deed"

    def lookups(self, request, model_admin):
        return ChangedRow.Kind.choices

    def queryset(self, request, queryset):
        if self.value() in ChangedRow.Kind.values:
            rows = ChangedRow.objects.of_itself().filter(kind=self.value())
            return queryset.filter(pk__in=rows.values("change"))
        return queryset


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    list_display = ["moment", "person", "kind", "what", "why"]
    list_filter = [
        DeedFilter,
        ThingFilter,
        KindFilter,
        ("revision__user", admin.RelatedOnlyFieldListFilter),
    ]
    date_hierarchy = "revision__date_created"
    search_fields = ["revision__comment", "revision__user__username", "rows__version__object_repr"]
    search_help_text = "Names of what was changed, reasons, and people who changed it."
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/catalog/change.html"

    class Media:
        css = {"all": ["css/admin.css"]}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return Change.objects.told().for_list()

    def changelist_view(self, request, extra_context=None):
        context = {"title": "Recent changes", **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_urls(self):
        undo_view = self.admin_site.admin_view(self.undo_view)
        return [
            path("<int:change_id>/undo/", undo_view, name="catalog_change_undo"),
            *super().get_urls(),
        ]

    @admin.display(description="when", ordering="revision__date_created")
    def moment(self, change):
        return change.revision.date_created

    @admin.display(description="who", ordering="revision__user__username", empty_value="nobody")
    def person(self, change):
        return change.revision.user

    @admin.display(description="what")
    def what(self, change):
        lines = [
            (row.get_kind_display(), row.version.content_type.name, row.version.object_repr)
            for row in change.shown_rows[:_ROWS_IN_A_LINE]
        ]
        more = len(change.shown_rows) - len(lines)
        if more:
            lines.append(("And", "", f"{more} more"))
        return format_html_join("", "{} {} {}<br>", lines)

    @admin.display(description="why", empty_value="")
    def why(self, change):
        return change.revision.comment

    def render_change_form(self, request, context, obj=None, **kwargs):
        tell([obj])
        context["may_revert"] = self._may_undo(request, obj)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def undo_view(self, request, change_id):
        """Shows what undoing it would do, and does it."""
        change = get_object_or_404(self.get_queryset(request), pk=change_id)
        if not self._may_undo(request, change):
            raise PermissionDenied
        deleted = change.kind == Change.Kind.DELETE
        if request.method == "POST":
            kind = Change.Kind.RECOVER if deleted else Change.Kind.UNDO
            try:
                kept = undo(change, request.user, why_of(request), kind)
            except ValidationError as error:
                say_why_not(request, error)
            else:
                messages.success(request, "It is as it was before.")
                for text in kept:
                    messages.warning(request, f"Left as it is: {text}.")
            return redirect(admin_urlname(self.opts, "changelist"))
        steps, kept = steps_of_undoing(change)
        context = {
            "title": "Recover what was deleted" if deleted else "Undo this change",
            "change": change,
            "offers": offers(steps),
            "kept": kept,
        }
        return page_of(self, request, "admin/catalog/undo.html", context)

    def _may_undo(self, request, change):
        """Whether this user may do to each of its rows what undoing it takes."""
        deeds = {(_TAKES[row.kind], row.version.content_type.model) for row in change.shown_rows}
        names = [f"{self.opts.app_label}.{deed}_{model}" for deed, model in deeds]
        return request.user.has_perms([REVERT, *names])
