from django.contrib import admin

from ..models import Source
from .base import CatalogAdmin


@admin.register(Source)
class SourceAdmin(CatalogAdmin):
    list_display = ["title", "publisher", "published", "accessed", "url"]
    search_fields = ["publisher", "title", "slug", "url"]
    prepopulated_fields = {"slug": ["publisher", "title"]}
    fields = ["publisher", "title", "url", "published", "accessed", "slug"]
