from django.contrib import admin

from ..models import SearchEntry, SearchWord
from .base import DerivedAdmin


@admin.register(SearchEntry)
class SearchEntryAdmin(DerivedAdmin):
    remark = "Search reads these rows; they follow each save of what they find."
    list_display = ["name", "kind", "context", "shown_from", "revealed_in"]
    list_select_related = ["revealed_in__season__series"]
    list_filter = ["kind"]
    search_fields = ["name", "names", "context"]
    fields = [
        "kind",
        "name",
        "context",
        "path",
        "names",
        "body",
        "text",
        "weight",
        "revealed_in",
        "shown_from",
    ]
    ordering = ["name", "pk"]


@admin.register(SearchWord)
class SearchWordAdmin(DerivedAdmin):
    remark = "The words of names, among which search looks for what a misspelt word may mean."
    list_display = ["word"]
    search_fields = ["word"]
    fields = ["word"]
    ordering = ["word"]
