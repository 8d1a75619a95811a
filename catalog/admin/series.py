import re

from django.contrib import admin

from ..models import Episode, Network, Season, Series, SeriesLink
from ..models.text import split_code
from ..spreadsheets import EpisodeSheet
from . import fast_entry
from .base import ELSEWHERE, SOURCES, CatalogAdmin, only_used
from .credits import CreditsOfSeries, PortrayalsOfSeries
from .entries import PUBLISHING, EntryAdmin
from .gaps import GapFilter
from .rows import RowFormSet, Rows
from .spreadsheets import SpreadsheetAdmin

_WORDS_AND_NUMBER = re.compile(r"(?P<words>.*\S)\s+(?P<number>\d{1,4})", re.ASCII)


@admin.register(Network)
class NetworkAdmin(CatalogAdmin):
    list_display = ["name", "slug", "url"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


class SeasonFormSet(RowFormSet):
    holds = ["episodes", "credits", "watch_steps"]


class SeasonsOfSeries(Rows):
    model = Season
    formset = SeasonFormSet
    fields = ["number", "name", "premiered", "network"]
    autocomplete_fields = ["network"]
    joins = ["network"]


class LinksOfSeries(Rows):
    model = SeriesLink
    fk_name = "from_series"
    fields = ["kind", "to_series", "episode", "note"]
    autocomplete_fields = ["to_series", "episode"]
    joins = ["to_series", "episode__season__series"]
    verbose_name_plural = "links to other series"


class LinksToSeries(Rows):
    model = SeriesLink
    fk_name = "to_series"
    fields = ["from_series", "kind", "episode", "note"]
    autocomplete_fields = ["from_series", "episode"]
    joins = ["from_series", "episode__season__series"]
    verbose_name_plural = "links stated by other series"


@admin.register(Series)
class SeriesAdmin(EntryAdmin):
    picture = "cover"
    list_display = ["name", "status", "network", "premiered", "ended", "publication"]
    list_select_related = ["network"]
    list_filter = [*EntryAdmin.list_filter, "status", only_used("network")]
    search_fields = [*EntryAdmin.search_fields, "other_names"]
    autocomplete_fields = ["network", "cover", "sources"]
    fieldsets = [
        (None, {"fields": ["name", "other_names", "tagline", "synopsis"]}),
        (
            "Broadcast",
            {"fields": ["status", "network", "premiered", "ended", "country", "language"]},
        ),
        ("Production", {"fields": ["based_on", "production_companies", "opening_theme"]}),
        ("Look", {"fields": ["accent", "cover", "preview"]}),
        PUBLISHING,
        ELSEWHERE,
        SOURCES,
    ]
    inlines = [SeasonsOfSeries, PortrayalsOfSeries, CreditsOfSeries, LinksOfSeries, LinksToSeries]

    def get_urls(self):
        return [*fast_entry.addresses(self), *super().get_urls()]

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj is not None:
            context["shortcuts"] = fast_entry.shortcuts(self, request, obj)
        return super().render_change_form(request, context, obj=obj, **kwargs)


class EpisodeFormSet(RowFormSet):
    holds = ["credits", "watch_steps"]


class EpisodesOfSeason(Rows):
    model = Episode
    formset = EpisodeFormSet
    fields = ["number", "name", "aired", "runtime"]


@admin.register(Season)
class SeasonAdmin(CatalogAdmin):
    list_display = ["__str__", "series", "number", "premiered", "network"]
    list_select_related = ["series", "network"]
    list_filter = [GapFilter, only_used("series"), only_used("network")]
    search_fields = [
        "series__name",
        "series__sort_name",
        "series__other_names",
        "name",
        "number__exact",
    ]
    autocomplete_fields = ["series", "network", "sources"]
    fieldsets = [
        (None, {"fields": ["series", "number", "name", "synopsis", "source_novels"]}),
        ("Broadcast", {"fields": ["premiered", "network"]}),
        SOURCES,
    ]
    inlines = [EpisodesOfSeason]

    def get_urls(self):
        return [*fast_entry.addresses(self), *super().get_urls()]

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj is not None:
            context["shortcuts"] = fast_entry.shortcuts(self, request, obj)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        """Understands "bosch s3" too."""
        words, season, _ = split_code(search_term)
        if season is not None:
            queryset = queryset.filter(number=season)
        return super().get_search_results(request, queryset, words)


@admin.register(Episode)
class EpisodeAdmin(SpreadsheetAdmin):
    sheet = EpisodeSheet
    list_display = ["code", "title", "series", "aired", "runtime"]
    list_editable = ["aired", "runtime"]
    list_display_links = ["code", "title"]
    list_select_related = ["season__series"]
    list_filter = [GapFilter, only_used("season__series"), "season__number"]
    search_fields = [
        "name",
        "other_names",
        "season__series__name",
        "season__series__sort_name",
        "season__series__other_names",
    ]
    autocomplete_fields = ["season", "sources"]
    fieldsets = [
        (
            None,
            {"fields": ["season", "number", "name", "other_names", "synopsis", "source_novels"]},
        ),
        ("Broadcast", {"fields": ["aired", "runtime"]}),
        ELSEWHERE,
        SOURCES,
    ]

    def get_search_results(self, request, queryset, search_term):
        """Understands codes, "bosch s3e10" and "bosch 3x10", and numbers: "bosch 10"."""
        find = super().get_search_results
        words, season, episode = split_code(search_term)
        if season is not None:
            queryset = queryset.filter(season__number=season)
        if episode is not None:
            queryset = queryset.filter(number=episode)
        found, may_repeat = find(request, queryset, words)
        if season is None and (match := _WORDS_AND_NUMBER.fullmatch(words.strip())):
            numbered = queryset.filter(number=match["number"])
            found |= find(request, numbered, match["words"])[0]
        return found, may_repeat

    @admin.display(ordering="season__number")
    def code(self, episode):
        return episode.code

    @admin.display(ordering="name")
    def title(self, episode):
        return episode.title

    @admin.display(ordering="season__series__sort_name")
    def series(self, episode):
        return episode.series


@admin.register(SeriesLink)
class SeriesLinkAdmin(CatalogAdmin):
    list_display = ["from_series", "kind", "to_series", "episode", "note"]
    list_select_related = ["from_series", "to_series", "episode__season__series"]
    list_filter = [GapFilter, "kind", only_used("from_series"), only_used("to_series")]
    search_fields = ["from_series__name", "to_series__name", "note"]
    autocomplete_fields = ["from_series", "to_series", "episode", "sources"]
