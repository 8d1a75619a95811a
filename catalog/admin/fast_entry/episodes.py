"""The episodes of a season in a grid, filled as asked or from a list of titles."""

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.widgets import AdminTextareaWidget
from django.shortcuts import redirect

from ...entering.episodes import AT_ONCE, WEEKLY, air_dates
from ...entering.title_lines import MOST_TITLES, read_titles
from ...history import recording
from ...models import Episode
from ...models.dates import HOW_TO_WRITE, PartialDateFormField
from ...roles import may_show as may_show_rows
from ..kept import say, why_of
from ..pages import page_of
from ..standing import why_not_saved
from .pages import LONGEST_PASTE, count, require, row_of

_MOST_EPISODES = MOST_TITLES


class PlanForm(forms.Form):
    """What the rows of the grid are filled with."""

    count = forms.IntegerField(
        label="How many", min_value=1, max_value=_MOST_EPISODES, initial=10, required=False
    )
    first = PartialDateFormField(
        label="The first is out on", required=False, help_text=HOW_TO_WRITE
    )
    rhythm = forms.ChoiceField(
        label="The others",
        required=False,
        choices=[(WEEKLY, "one a week after it"), (AT_ONCE, "all on the same day")],
    )
    runtime = forms.IntegerField(
        label="Minutes", min_value=1, max_value=9_999, required=False, help_text="Of each."
    )
    titles = forms.CharField(
        label="Titles",
        required=False,
        max_length=LONGEST_PASTE,
        widget=AdminTextareaWidget(attrs={"rows": 6}),
        help_text="If you have a list: one on each line, “Lost Light” or "
        "“2. Lost Light – 27 March 2025”.",
    )

    def clean(self):
        """``lines`` are the titles, ``dates`` one for each row of the grid."""
        super().clean()
        told = self.cleaned_data
        self.lines = self._read("titles", lambda: read_titles(told.get("titles") or "")) or []
        # The number of a list is the number of its lines.
        self.size = len(self.lines) or told.get("count") or 0
        if not self.size and "count" not in self.errors:
            self.add_error("count", "Write how many, or paste their titles.")
        self.dates = self._read(
            "first", lambda: air_dates(told.get("first"), self.size, told.get("rhythm") or WEEKLY)
        )

    def _read(self, name, read):
        try:
            return read()
        except ValueError as error:
            self.add_error(name, str(error))

    def rows(self, number):
        """What the rows of the grid hold; those that no title numbers follow on from ``number``."""
        for place in range(self.size):
            line = self.lines[place] if self.lines else None
            number = line.number if line and line.number is not None else number
            yield {
                "number": number,
                "name": line.name if line else "",
                "aired": (line.aired if line else None) or self.dates[place],
                "runtime": self.cleaned_data["runtime"],
            }
            number += 1


class EpisodeRow(forms.ModelForm):
    """One row of the grid, which counts once it says more than its number."""

    class Meta:
        model = Episode
        fields = ["number", "name", "aired", "runtime"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["number"].required = False
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label}, row {self.row_number}"
            field.widget.attrs["class"] = f"episode-{name}"

    @property
    def row_number(self):
        return int(self.prefix.rpartition("-")[2]) + 1 if self.prefix[-1:].isdigit() else 0

    @property
    def is_filled(self):
        return any(
            self.cleaned_data.get(name) or name in self.errors
            for name in ("name", "aired", "runtime")
        )

    def clean(self):
        super().clean()
        if self.is_filled and self.cleaned_data.get("number") is None and not self.errors:
            self.add_error("number", "Write its number.")


class EpisodeGrid(forms.BaseFormSet):
    # {number: episode} of those that are there.
    there = {}

    def clean(self):
        super().clean()
        taken = {}
        for form in self.filled:
            number = form.cleaned_data.get("number")
            if number in self.there:
                form.add_error("number", f"“{self.there[number].title}” has this number already.")
            elif number in taken:
                form.add_error("number", f"Row {taken[number]} has this number too.")
            elif number is not None:
                taken[number] = form.row_number
        if any(form.errors for form in self.forms):
            return
        if not self.filled:
            raise forms.ValidationError("No row has more than its number.")

    @property
    def filled(self):
        return [form for form in self.forms if form.is_filled]


_Grid = forms.formset_factory(
    EpisodeRow,
    formset=EpisodeGrid,
    extra=0,
    max_num=_MOST_EPISODES,
    absolute_max=_MOST_EPISODES,
    validate_max=True,
)


def add_episodes(model_admin, request, pk):
    """Fills a grid as asked, and saves all its filled rows, or none while one is wrong."""
    season = row_of(model_admin, request, pk)
    require(request.user.has_perm("catalog.add_episode"))
    may_show = may_show_rows(request.user, Episode)
    why_it_stands = "" if may_show else why_not_saved(Episode(season=season))
    plan, grid = PlanForm(), None
    if "save" in request.POST and not why_it_stands:
        # The grid carries along what it was filled with.
        plan = PlanForm(initial=request.POST.dict())
        with recording(request.user, why_of(request)) as record:
            # Within its turn: it may have been deleted or renumbered meanwhile.
            season = row_of(model_admin, request, pk)
            there = _numbered(season)
            grid = _Grid(request.POST, prefix="episodes")
            grid.there = there
            is_saved = grid.is_valid()
            for form in grid.filled if is_saved else ():
                form.instance.season = season
                form.save()
        if is_saved:
            say(request, f"{count(grid.filled, 'episode')} added.", record)
            return redirect(admin_urlname(model_admin.opts, "change"), season.pk)
        messages.error(request, "Nothing was saved. Mend what is marked in the grid.")
    else:
        there = _numbered(season)
        if request.method == "POST" and not why_it_stands:
            plan = PlanForm(request.POST)
            if plan.is_valid():
                rows = plan.rows(max(there, default=0) + 1)
                grid = _Grid(initial=list(rows), prefix="episodes")
    context = {
        "title": "Add episodes",
        "subtitle": str(season),
        "there": [there[number] for number in sorted(there)],
        "plan": plan,
        "told": {box.name: box.value() for box in plan if box.value() is not None},
        "grid": grid,
        "why_it_stands": why_it_stands,
    }
    return page_of(model_admin, request, "admin/fast_entry/add_episodes.html", context, season)


def _numbered(season):
    return {episode.number: episode for episode in Episode.objects.of(season)}
