"""A show from TVmaze: named or uploaded, previewed with its questions, and imported."""

import json
from functools import partial

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse

from ..importers.problems import CannotLoadError
from ..importers.tvmaze.answers import MOST_BYTES, Answer, by_show, read_bytes, too_large
from ..importers.tvmaze.plan import LEFT_OUT, NEW, Answers, Outcome, Rights
from ..importers.tvmaze.planning import plan
from ..importers.tvmaze.writing import import_show
from ..later import Later
from ..models import Character, PendingImport, Person, Series
from ..roles import may_publish
from .kept import say, why_of
from .pages import page_of

fetching = Later("catalog.importers.tvmaze.fetching")  # and with it requests

_NEEDED = [
    f"catalog.{deed}_{name}"
    for deed in ("add", "change")
    for name in ("series", "season", "episode", "person", "character", "portrayal", "credit")
]
_MOST_FILES = 20
_MOST_PROBLEMS = 20

# Of a page that somebody waits for: rather a message soon than an answer late.
_TRIES = 1


def may_import(user):
    return user.has_perms([*_NEEDED, "catalog.add_source"])


def addresses(model_admin):
    """The pages of the import, for ``get_urls`` of the admin of series."""
    view = model_admin.admin_site.admin_view
    return [
        path(
            "import-tvmaze/",
            view(partial(choose, model_admin)),
            name="catalog_series_import_tvmaze",
        ),
        path(
            "import-tvmaze/<int:pk>/",
            view(partial(preview, model_admin)),
            name="catalog_series_import_tvmaze_preview",
        ),
    ]


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; a list, empty for none."""

    widget = SeveralFiles

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files if file]


class ChoosingForm(forms.Form):
    show = forms.CharField(
        label="Show",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True}),
        help_text="Its TVmaze id, or the address of its page there: “13”, or "
        "“https://www.tvmaze.com/shows/13/the-flash”. Without files it is fetched from TVmaze.",
    )
    files = FilesField(
        label="Files",
        required=False,
        help_text="Instead, answers of api.tvmaze.com that were saved as files: /shows/:id with "
        "any embed[], /shows/:id/episodes?specials=1, /cast, /crew, /seasons. All of one show; "
        "write its id above if the files do not say it.",
    )

    def clean_show(self):
        text = self.cleaned_data["show"]
        if not text.strip():
            return None
        key = fetching.show_id(text)
        if key is None:
            raise forms.ValidationError(
                f"“{text:.50}” is no id of TVmaze, and no address of a show there."
            )
        return key

    def clean_files(self):
        files = self.cleaned_data["files"]
        if len(files) > _MOST_FILES:
            raise forms.ValidationError(f"More than {_MOST_FILES} files at once are too many.")
        if sum(file.size for file in files) > MOST_BYTES:
            raise forms.ValidationError(f"Together {too_large()}")
        return files

    def clean(self):
        super().clean()
        told = self.cleaned_data
        if not self.errors and not told["files"] and told["show"] is None:
            raise forms.ValidationError("Write the id of a show, or choose files.")


def choose(model_admin, request):
    """Takes an id or files, reads them, and leads to the preview."""
    _require_rights(request)
    form = ChoosingForm()
    if request.method == "POST":
        form = ChoosingForm(request.POST, request.FILES)
        if getattr(request, "is_upload_too_large", False):
            form.add_error("files", f"A file was not read: {too_large()}")
        if form.is_valid():
            key, files = form.cleaned_data["show"], form.cleaned_data["files"]
            try:
                answers = [read_bytes(each.name, each.read()) for each in files] or _fetched(key)
                # What is fetched says itself of which show it is, which may have a newer id.
                key = key if files else None
                _one_show(answers, key)
            except CannotLoadError as error:
                form.add_error(None, error.problems[:_MOST_PROBLEMS])
            else:
                content = json.dumps([key, [[each.name, each.content] for each in answers]])
                pending = PendingImport.objects.keep(request.user, content.encode())
                return redirect("admin:catalog_series_import_tvmaze_preview", pending.pk)
    context = {"title": "Import from TVmaze", "form": form}
    return page_of(model_admin, request, "admin/importing/choose.html", context)


def preview(model_admin, request, pk):
    """Shows what would come of it, with the questions; and does that once it is asked for."""
    _require_rights(request)
    pending = PendingImport.objects.filter(pk=pk, editor=request.user).first()
    if pending is None:
        raise Http404("This import is over, or another editor's. Begin anew.")
    key, contents = json.loads(pending.content)
    told = _one_show([Answer(name, content) for name, content in contents], key)
    rights = Rights(
        add_networks=request.user.has_perm("catalog.add_network"),
        add_jobs=request.user.has_perm("catalog.add_job"),
        show=_may_show(request.user) and "visible" in request.POST,
    )
    answers = Answers(takes_single=True, chosen=request.POST.dict())
    if "save" in request.POST:
        try:
            imported = import_show(
                told,
                answers,
                rights,
                user=request.user,
                why=why_of(request),
                shown=request.POST.get("shown", ""),
            )
        except CannotLoadError as error:
            messages.error(request, f"Nothing was imported. {' '.join(error.problems)}")
            planned = plan(told, answers, rights)
        else:
            planned = imported.plan
            if imported.is_written:
                pending.delete()
                _say(request, imported)
                return redirect(_after(model_admin, planned))
            _say_why_not(request, planned)
    else:
        planned = plan(told, answers, rights)
    context = {
        "title": f"Import from TVmaze: {planned.name}",
        "plan": planned,
        "counts": [
            {
                "kind": model._meta.verbose_name_plural,
                "numbers": [counts[outcome] for outcome in Outcome],
                "suggested": counts["suggested"],
            }
            for model, counts in planned.counts.items()
        ],
        "outcomes": [outcome.value for outcome in Outcome],
        "new": [each for each in planned.rows if each.outcome is Outcome.NEW],
        "updated": [each for each in planned.rows if each.outcome is Outcome.UPDATED],
        "choices": {"new": NEW, "left_out": LEFT_OUT},
        "may_show": _may_show(request.user),
        "is_visible": rights.show,
    }
    return page_of(model_admin, request, "admin/importing/preview.html", context)


def _require_rights(request):
    if not may_import(request.user):
        raise PermissionDenied


def _may_show(user):
    return all(may_publish(user, model) for model in (Series, Person, Character))


def _fetched(key):
    api = fetching.Api(settings.TVMAZE_API, tries=_TRIES)
    try:
        return api.show(key)
    finally:
        api.close()


def _one_show(answers, key):
    told = by_show(answers, key)
    if len(told) != 1:
        what = f"{len(told)} shows: give those of one at a time" if told else "no show"
        raise CannotLoadError([f"The files tell of {what}."])
    if key not in (None, told[0].id):
        raise CannotLoadError(
            [f"The files are of {told[0].name}, whose TVmaze id is {told[0].id}, not {key}."]
        )
    return told[0]


def _say(request, imported):
    planned = imported.plan
    numbers = {
        outcome: sum(1 for each in planned.rows if each.outcome is outcome) for outcome in Outcome
    }
    told = ", ".join(f"{number} {outcome.value}" for outcome, number in numbers.items() if number)
    suggested = sum(len(each.suggested) for each in planned.rows)
    if suggested:
        told = f"{told}; {suggested} suggested"
    say(request, f"{planned.name}: {told}.", imported)


def _say_why_not(request, planned):
    if not planned.is_answered:
        why = "Say of each below who is meant."
    else:
        why = (
            "Your answers, or somebody's changes since the preview, lead to other questions: look "
            "at it again."
        )
    messages.error(request, f"Nothing was imported. {why}")


def _after(model_admin, planned):
    series = next((each.row for each in planned.rows if each.model is Series and each.row), None)
    if series is not None and series.pk:
        return reverse(admin_urlname(model_admin.opts, "change"), args=[series.pk])
    return reverse(admin_urlname(model_admin.opts, "changelist"))
