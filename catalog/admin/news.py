from django.contrib import admin

from ..models import Announcement
from ..spreadsheets import AnnouncementSheet
from .base import SOURCES, only_used
from .entries import PUBLISHING, EntryAdmin
from .spreadsheets import SpreadsheetAdmin


@admin.register(Announcement)
class AnnouncementAdmin(SpreadsheetAdmin, EntryAdmin):
    sheet = AnnouncementSheet
    list_display = ["name", "date", "kind", "publication"]
    list_filter = [*EntryAdmin.list_filter, "kind", only_used("series")]
    search_fields = [*EntryAdmin.search_fields, "body"]
    autocomplete_fields = ["series", "people", "characters", "revealed_in", "sources"]
    fieldsets = [
        (None, {"fields": ["name", "date", "kind", "body"]}),
        ("What it is about", {"fields": ["series", "people", "characters"]}),
        ("Spoilers", {"fields": ["revealed_in"]}),
        PUBLISHING,
        SOURCES,
    ]
