from django.contrib import admin
from django.db.models import F

from ..models import Credit, Job, Portrayal
from ..spreadsheets import CreditSheet, PortrayalSheet
from .base import SOURCES, CatalogAdmin, only_chosen, only_used
from .gaps import GapFilter
from .rows import Rows
from .spreadsheets import SpreadsheetAdmin
from .three_way import ThreeWayForm

_BILLED_FIRST = [
    "series__sort_name",
    F("billing").asc(nulls_last=True),
    "person__sort_name",
    "pk",
]


class PortrayalRows(Rows):
    """The whole of what makes a portrayal unique; its seasons and episodes are on its own page."""

    model = Portrayal
    autocomplete_fields = ["person", "character", "series", "revealed_in"]
    joins = ["person", "character", "series", "revealed_in__season__series"]
    ordering = _BILLED_FIRST


class PortrayalsOfSeries(PortrayalRows):
    verbose_name = "part"
    verbose_name_plural = "cast"
    classes = ["collapse"]
    fields = ["person", "character", "kind", "billing", "announced", "revealed_in"]


class PortrayalsOfPerson(PortrayalRows):
    verbose_name = "part"
    fields = ["character", "series", "kind", "billing", "announced", "revealed_in"]


class PortrayalsOfCharacter(PortrayalRows):
    verbose_name = "part"
    verbose_name_plural = "cast"
    fields = ["person", "series", "kind", "billing", "announced", "revealed_in"]


class CreditRows(Rows):
    model = Credit
    autocomplete_fields = ["person", "series", "season", "episode", "job"]
    joins = ["person", "series", "season__series", "episode__season__series", "job"]
    ordering = ["series__sort_name", "job__rank", "job__name", "person__sort_name", "pk"]


class CreditsOfSeries(CreditRows):
    verbose_name_plural = "crew"
    classes = ["collapse"]
    fields = ["person", "job", "season", "episode", "note"]


class CreditsOfPerson(CreditRows):
    fields = ["series", "job", "season", "episode", "note"]


class PortrayalForm(ThreeWayForm):
    def clean(self):
        """Seasons and episodes are of the series; a model cannot check them before it is saved."""
        super().clean()
        series = self.cleaned_data.get("series")
        for season in self.cleaned_data.get("seasons") or []:
            if series and season.series_id != series.pk:
                self.add_error("seasons", f"“{season}” is not a season of {series}.")
        for episode in self.cleaned_data.get("episodes") or []:
            if series and episode.season.series_id != series.pk:
                self.add_error("episodes", f"“{episode}” is not an episode of {series}.")


@admin.register(Portrayal)
class PortrayalAdmin(SpreadsheetAdmin):
    sheet = PortrayalSheet
    form = PortrayalForm
    list_display = ["person", "character", "series", "kind", "billing", "announced"]
    list_editable = ["kind", "billing", "announced"]
    list_select_related = ["person", "character", "series"]
    # By series and billing it would sort all of them for each page.
    ordering = ["-pk"]
    list_filter = [
        GapFilter,
        only_used("series"),
        "kind",
        "announced",
        only_chosen("person"),
        only_chosen("character"),
    ]
    search_fields = [
        "person__name",
        "person__sort_name",
        "person__other_names",
        "character__name",
        "character__sort_name",
        "character__other_names",
        "series__name",
        "series__sort_name",
        "credited_as",
    ]
    autocomplete_fields = [
        "person",
        "character",
        "series",
        "seasons",
        "first_episode",
        "last_episode",
        "episodes",
        "revealed_in",
        "sources",
    ]
    fieldsets = [
        (None, {"fields": ["person", "character", "series", "kind", "announced"]}),
        (
            "Where it is played",
            {"fields": ["seasons", "first_episode", "last_episode", "episodes"]},
        ),
        ("As it is credited", {"fields": ["billing", "credited_as", "note"]}),
        ("Spoilers", {"fields": ["revealed_in"]}),
        SOURCES,
    ]


@admin.register(Job)
class JobAdmin(CatalogAdmin):
    list_display = ["name", "department", "rank"]
    list_editable = ["rank"]
    list_filter = ["department"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Credit)
class CreditAdmin(SpreadsheetAdmin):
    sheet = CreditSheet
    list_display = ["person", "job", "series", "season", "episode"]
    list_select_related = ["person", "job", "series", "season__series", "episode__season__series"]
    ordering = ["-pk"]
    list_filter = [
        GapFilter,
        only_used("series"),
        "job__department",
        only_chosen("person"),
        only_chosen("job"),
    ]
    search_fields = [
        "person__name",
        "person__sort_name",
        "person__other_names",
        "series__name",
        "series__sort_name",
        "job__name",
        "note",
    ]
    autocomplete_fields = ["person", "series", "season", "episode", "job", "sources"]
    fieldsets = [
        (None, {"fields": ["person", "job", "series", "season", "episode", "note"]}),
        SOURCES,
    ]
