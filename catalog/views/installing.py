"""What a browser keeps of the site: how to search it, and how it looks on a screen of one's own."""

from django.conf import settings
from django.http import JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

# As static/css/tokens.css has it in the dark.
_BACKGROUND = "#0b0d1a"
_ICON_SIZES = (192, 512)  # px, as scripts/drawings.py draws them
_LONGEST_SHORT_NAME = 16  # letters, of an engine


class OpenSearch(TemplateView):
    """The description by which browsers offer the search: the format of OpenSearch 1.1."""

    template_name = "opensearch.xml"
    content_type = "application/opensearchdescription+xml"
    parameters = frozenset()

    def get_context_data(self, **kwargs):
        search = self.request.build_absolute_uri(reverse("catalog:search"))
        return super().get_context_data(
            short_name=settings.FRANCHISE_NAME[:_LONGEST_SHORT_NAME].strip(),
            search_template=f"{search}?q={{searchTerms}}",
            self_address=self.request.build_absolute_uri(),
            icon_address=self.request.build_absolute_uri(static("img/icon-192.png")),
            **kwargs,
        )


@require_safe
def manifest(request):
    """The web app manifest, as the W3C has it."""
    icons = [{"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"}]
    for size in _ICON_SIZES:
        for purpose, name in (("any", "icon"), ("maskable", "icon-maskable")):
            source = static(f"img/{name}-{size}.png")
            icons.append(
                {
                    "src": source,
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": purpose,
                }
            )
    start = reverse("catalog:dashboard")
    told = {
        "name": settings.FRANCHISE_NAME,
        "short_name": settings.FRANCHISE_NAME,
        "id": start,
        "start_url": start,
        "scope": start,
        "display": "minimal-ui",
        "background_color": _BACKGROUND,
        "theme_color": _BACKGROUND,
        "icons": icons,
        "shortcuts": [
            {"name": name, "url": reverse(f"catalog:{view}")}
            for name, view in (
                ("Series", "series-list"),
                ("Characters", "character-list"),
                ("News", "announcement-list"),
            )
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


manifest.parameters = frozenset()
