from django.contrib import admin

from . import (
    characters,
    credits,
    media,
    news,
    organizations,
    people,
    redirects,
    revision,
    search,
    series,
    sources,
    watch_orders,
)

__all__ = [
    "characters",
    "credits",
    "media",
    "news",
    "organizations",
    "people",
    "redirects",
    "revision",
    "search",
    "series",
    "sources",
    "watch_orders",
]

admin.site.site_header = "Catalogue"
admin.site.site_title = "Catalogue editors"
admin.site.index_title = "What would you like to edit?"
