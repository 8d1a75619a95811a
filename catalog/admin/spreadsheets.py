"""A list as a spreadsheet: taken out as it is shown, and brought back after a preview."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from ..history import recording
from ..models import Change, State, UploadedSheet
from ..models.entry import Entry
from ..models.uploads import LONGEST_NAME
from ..roles import may_publish, may_show
from ..spreadsheets.exporting import MOST_ROWS_IN_A_WORKBOOK, csv_of, lines_of, workbook_of
from ..spreadsheets.files import MEGABYTES, MOST_ROWS, Sheet, UnreadableError
from ..spreadsheets.importing import Plan, Rights
from ..spreadsheets.reading import read_sheet
from .base import CatalogAdmin
from .entries import MAY_NOT_PUBLISH
from .kept import say, say_why_not
from .pages import page_of
from .standing import why_not_saved
from .who import who_and_when

# {ending: media type}
_FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}

LINES_ON_A_PAGE = 100
_MOST_PROBLEMS = 200
_MOST_QUESTIONS = 200

# Of a list's address, what does not narrow or order it.
_NOT_OF_THE_LIST = {"p", "e", "all"}


class SheetForm(forms.Form):
    sheet = forms.FileField(
        label="Spreadsheet",
        help_text=f"A .xlsx or .csv file with up to {MOST_ROWS:,} rows and {MEGABYTES} MB. Nothing "
        "is saved before you have seen what will come of it.",
    )

    def __init__(self, data, files, resource, *, is_too_large=False):
        super().__init__(data, files)
        self.resource = resource
        self.is_too_large = is_too_large

    def full_clean(self):
        super().full_clean()
        if self.is_too_large:  # it was dropped as it arrived
            self._errors.clear()
            why = f"It has more than {MEGABYTES} MB: split it into several files."
            self.add_error("sheet", why)

    def clean_sheet(self):
        upload = self.cleaned_data["sheet"]
        try:
            self.read = read_sheet(upload, self.resource)
        except UnreadableError as error:
            raise forms.ValidationError(f"“{upload.name}” was not read. {error}") from error
        return upload


class SpreadsheetAdmin(CatalogAdmin):
    """A list that can be exported and imported; ``sheet`` is the resource that says how."""

    sheet = None
    change_list_template = "admin/spreadsheets/change_list.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        return [
            path("spreadsheet/", wrap(self.spreadsheet_view), name=f"{name}_spreadsheet"),
            *(
                path(
                    f"spreadsheet/export.{ending}",
                    wrap(self.export_view),
                    {"ending": ending},
                    name=f"{name}_export_{ending}",
                )
                for ending in _FORMATS
            ),
            path("spreadsheet/<int:pk>/", wrap(self.import_view), name=f"{name}_import"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        context = {
            "spreadsheet": self._sheet_address("spreadsheet", request),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    # Out -----------------------------------------------------------------------------------------

    def get_actions(self, request):
        actions = super().get_actions(request)
        if IS_POPUP_VAR in request.GET or not self.has_view_permission(request):
            return actions
        for ending in _FORMATS:
            actions |= {
                name: (function, name, description)
                for function, name, description in [self.get_action(f"export_{ending}")]
            }
        return actions

    @admin.action(description="Export selected %(verbose_name_plural)s as a workbook (.xlsx)")
    def export_xlsx(self, request, queryset):
        return self._export_selected(request, "xlsx")

    @admin.action(description="Export selected %(verbose_name_plural)s as .csv")
    def export_csv(self, request, queryset):
        return self._export_selected(request, "csv")

    def _export_selected(self, request, ending):
        """Leads to the export, which needs no turn among those who save."""
        chosen = {}
        if request.POST.get("select_across") != "1":
            keys = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
            chosen = {"id__in": ",".join(key for key in keys if key.isdecimal())}
        return redirect(self._sheet_address(f"export_{ending}", request, **chosen))

    def export_view(self, request, ending):
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown = self._shown(request)
        if shown is None:
            return redirect(f"{reverse(admin_urlname(self.opts, 'changelist'))}?e=1")
        resource = self.sheet()
        name = f"{self.opts.verbose_name_plural}-{timezone.localdate():%Y-%m-%d}.{ending}"
        kind = _FORMATS[ending]
        lines = lines_of(resource, shown.queryset)
        if ending == "csv":
            return StreamingHttpResponse(
                csv_of(lines),
                content_type=f"{kind}; charset=utf-8",
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            )
        if shown.queryset[MOST_ROWS_IN_A_WORKBOOK:][:1]:
            messages.error(
                request,
                f"A workbook has room for {MOST_ROWS_IN_A_WORKBOOK:,} rows here: narrow the list, "
                "or choose CSV.",
            )
            return redirect(self._sheet_address("spreadsheet", request))
        file = workbook_of(resource, lines)
        return FileResponse(file, as_attachment=True, filename=name, content_type=kind)

    def _shown(self, request):
        """The list as the address has it; None for an address that no list has."""
        try:
            return self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return None

    def _sheet_address(self, page, request, **more):
        """That of ``page`` about the list that ``request`` shows."""
        told = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in _NOT_OF_THE_LIST | more.keys()
        ]
        query = urlencode([*told, *more.items()])
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")
        return f"{address}?{query}" if query else address

    # In ------------------------------------------------------------------------------------------

    def spreadsheet_view(self, request):
        """Leads to the exports of what the list shows, and takes a file to import."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        resource = self.sheet()
        may_import = self._may_import(request)
        form = SheetForm(None, None, resource)
        if request.method == "POST":
            if not may_import:
                raise PermissionDenied
            form = SheetForm(
                request.POST,
                request.FILES,
                resource,
                is_too_large=getattr(request, "is_upload_too_large", False),
            )
            if form.is_valid():
                kept = UploadedSheet.objects.keep(
                    request.user,
                    self.opts.model_name,
                    form.cleaned_data["sheet"].name.replace("\0", "")[-LONGEST_NAME:],
                    form.read.as_plain(),
                )
                return redirect(self._import_address(kept))
        shown = self._shown(request)
        if shown is None:
            return redirect(f"{reverse(admin_urlname(self.opts, 'changelist'))}?e=1")
        context = {
            "title": f"{str(self.opts.verbose_name_plural).capitalize()} as a spreadsheet",
            "form": form,
            "may_import": may_import,
            "count": shown.result_count,
            "is_narrowed": bool(shown.query or shown.has_active_filters),
            "too_many": shown.result_count > MOST_ROWS_IN_A_WORKBOOK,
            "most_rows": MOST_ROWS_IN_A_WORKBOOK,
            "exports": [
                (ending, self._sheet_address(f"export_{ending}", request))
                for ending in ("xlsx", "csv")
            ],
            "columns": resource.header,
        }
        return page_of(self, request, "admin/spreadsheets/spreadsheet.html", context)

    def import_view(self, request, pk):
        """Shows what would come of an uploaded sheet, and saves exactly what was shown."""
        if not self._may_import(request):
            raise PermissionDenied
        mine = UploadedSheet.objects.filter(user=request.user, kind=self.opts.model_name)
        uploaded = mine.filter(pk=pk).first()
        if uploaded is None:
            return self._no_longer_kept(request)
        if request.method != "POST":
            return self._preview(request, uploaded, self._plan(request, uploaded))
        try:
            with recording(request.user, uploaded.file_name, Change.Kind.IMPORT) as record:
                # Within its turn, so that nothing changes any more between looking and saving.
                if not mine.filter(pk=pk).exists():
                    return self._no_longer_kept(request)
                plan = self._plan(request, uploaded)
                why = self._why_not_saved(plan, request.POST.get("digest"))
                if not why:
                    plan.carry_out(record)
                    uploaded.delete()
        except (ValidationError, IntegrityError) as error:
            if isinstance(error, IntegrityError):
                error = ValidationError("The database refuses it: something would be there twice.")
            say_why_not(request, error)
            return redirect(self._import_address(uploaded))
        if why:
            messages.error(request, f"Nothing was saved. {why}")
            return self._preview(request, uploaded, plan)
        say(request, f"“{uploaded.file_name}” was imported: {_told(self.opts, plan)}.", record)
        return redirect(admin_urlname(self.opts, "changelist"))

    def _no_longer_kept(self, request):
        messages.error(
            request,
            "This sheet is no longer kept: it was imported, or you chose another one since. To "
            "import it, choose the file again.",
        )
        return redirect(self._sheet_address("spreadsheet", request))

    def _may_import(self, request):
        return self.has_add_permission(request) or self.has_change_permission(request)

    def _import_address(self, uploaded):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_import"
        return reverse(name, args=[uploaded.pk])

    def _plan(self, request, uploaded):
        post = request.POST
        return Plan(
            self.sheet(),
            Sheet.of_plain(uploaded.content),
            self._rights(request),
            choices={name: post[name] for name in post if name.startswith("choice-")},
            otherwise=post.get("otherwise", ""),
        )

    @staticmethod
    def _why_not_saved(plan, digest):
        if plan.problems:
            return "Some cells need mending: see below."
        if plan.digest != digest:
            return "The catalogue has changed since the preview: look at it again."
        if plan.undecided:
            return "Choose for each cell that was changed here too which of the two should stand."
        return "There is nothing to save." if plan.is_empty else ""

    def _rights(self, request):
        plural = self.opts.verbose_name_plural
        may_add = self.has_add_permission(request)
        may_change = self.has_change_permission(request)
        is_entry = issubclass(self.model, Entry)
        publishes = not is_entry or may_publish(request.user, self.model)
        shows = may_show(request.user, self.model)

        def why_it_stands(row):
            if row is None:
                return "" if may_add else f"You may not add {plural}."
            if not may_change:
                return f"You may not change {plural}."
            return self.why_it_stands(request, row)

        def why_not_so(row, columns):
            if not publishes and "state" in columns and row.state == State.PUBLISHED:
                return [("state", MAY_NOT_PUBLISH)]
            if not publishes and "publish_at" in columns:
                return [("publish_at", "You may not publish: leave this as it was, or blank.")]
            why = "" if shows else why_not_saved(row)
            return [("", why)] if why else []

        return Rights(why_it_stands, why_not_so)

    def _preview(self, request, uploaded, plan):
        questions = plan.questions[:_MOST_QUESTIONS]
        page = Paginator(plan.saved, LINES_ON_A_PAGE).get_page(request.GET.get("p"))
        context = {
            "title": f"Import {self.opts.verbose_name_plural}",
            "uploaded": uploaded,
            "plan": plan,
            "summary": _told(self.opts, plan, "to change", "to add"),
            "problems": plan.problems[:_MOST_PROBLEMS],
            "more_problems": max(len(plan.problems) - _MOST_PROBLEMS, 0),
            "questions": self._asked(questions),
            "more_questions": len(plan.questions) - len(questions),
            "otherwise": plan.otherwise,
            "page": page,
            "start": self._sheet_address("spreadsheet", request),
        }
        return page_of(self, request, "admin/spreadsheets/preview.html", context)

    def _asked(self, cells):
        """Questions, with who changed the same cell of the catalogue, and when."""
        rows = self.model._base_manager.in_bulk({cell.line.key for cell in cells})
        asked = []
        for cell in cells:
            who = when = ""
            if cell.asked == "changed":
                name = cell.line.plan.resource.fields[cell.column].attribute
                who, when = who_and_when(rows[cell.line.key], name)
            asked.append({"cell": cell, "who": who, "when": when})
        return asked


def _told(opts, plan, done="changed", added="added"):
    """ "3 people changed, 2 people added, 40 as they are", of a plan."""
    changed, new = len(plan.changed), len(plan.new)
    told = []
    if changed:
        told.append(f"{changed:,} {model_ngettext(opts, changed)} {done}")
    if new:
        told.append(f"{new:,} {model_ngettext(opts, new)} {added}")
    if plan.unchanged:
        told.append(f"{plan.unchanged:,} as they are")
    return ", ".join(told) or "nothing to change"
