from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from .media import media

handler400 = "franchise.errors.bad_request"
handler403 = "franchise.errors.permission_denied"
handler404 = "franchise.errors.page_not_found"
handler500 = "franchise.errors.server_error"

# /health/live and /health/ready are answered before these: franchise/health.py
urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("catalog.urls")),
]

if settings.SERVE_MEDIA:
    urlpatterns.append(
        path(
            f"{settings.MEDIA_URL.lstrip('/')}<path:path>",
            media,
        )
    )
