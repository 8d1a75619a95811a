from django.contrib import admin

from ..models import SearchEntry
from .base import DerivedAdmin


@admin.register(SearchEntry)
class SearchEntryAdmin(DerivedAdmin):
    remark = "Search reads these rows; they follow each save of what they find."
    list_display = ["name", "kind", "context", "state", "revealed_in"]
    list_select_related = ["revealed_in__season__series"]
    list_filter = ["kind", "state"]
    search_fields = ["name", "names", "context"]
    fields = ["kind", "name", "context", "path", "names", "body", "weight", "revealed_in", "state"]
    ordering = ["name", "pk"]
