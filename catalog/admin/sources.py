from django.contrib import admin

from ..models import Source
from ..models.review import is_named
from .base import CatalogAdmin

NAMED = (
    "Something that is published or in review names this source, and you may not change that: ask "
    "an editor to correct it."
)


@admin.register(Source)
class SourceAdmin(CatalogAdmin):
    """Who may add a source may also correct one, as long as only drafts name it."""

    list_display = ["title", "publisher", "published", "accessed", "url"]
    search_fields = ["publisher", "title", "slug", "url"]
    prepopulated_fields = {"slug": ["publisher", "title"]}
    fields = ["publisher", "title", "url", "published", "accessed", "slug"]

    def may_change(self, request):
        return super().may_change(request) or self.has_add_permission(request)

    def why_it_stands(self, request, row):
        return NAMED if not super().may_change(request) and is_named(row) else ""
