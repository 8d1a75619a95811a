from django.contrib import admin

from ..models import Redirect
from .base import CatalogAdmin

_TARGETS = ["series", "character", "person", "organization", "announcement", "watch_order"]


@admin.register(Redirect)
class RedirectAdmin(CatalogAdmin):
    list_display = ["old_slug", "kind", "target"]
    list_select_related = _TARGETS
    search_fields = ["old_slug", *(f"{name}__name" for name in _TARGETS)]
    autocomplete_fields = _TARGETS

    def kind(self, redirect):
        return redirect.target and redirect.target._meta.verbose_name

    @admin.display(description="leads to")
    def target(self, redirect):
        return redirect.target
