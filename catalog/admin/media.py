from django.contrib import admin

from ..models import Image
from .base import CatalogAdmin, thumbnail
from .gaps import GapFilter


@admin.register(Image)
class ImageAdmin(CatalogAdmin):
    list_display = ["preview", "alt_text", "credit", "licence", "size"]
    list_display_links = ["preview", "alt_text"]
    list_per_page = 50
    list_filter = [GapFilter]
    search_fields = ["alt_text", "credit", "licence", "file"]
    readonly_fields = ["preview", "size"]
    fieldsets = [
        (None, {"fields": ["preview", "file", "size", "alt_text"]}),
        ("Rights", {"fields": ["credit", "licence", "source_url"]}),
        ("Where it must not be cut", {"fields": ["focal_x", "focal_y"]}),
    ]

    @admin.display(empty_value="-")
    def preview(self, image):
        return thumbnail(image)

    @admin.display(empty_value="-")
    def size(self, image):
        return f"{image.width} × {image.height}" if image.height else None
