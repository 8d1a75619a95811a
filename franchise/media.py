"""Serves uploaded pictures where no web server in front does: pictures only, and as such."""

import errno
import re
from pathlib import PurePath

from django.conf import settings
from django.http import Http404
from django.utils.cache import patch_cache_control
from django.views.static import serve

# The types are ours to say: not every system knows all of them, and nothing else may be served.
TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}

# What is named by its content never changes under that name.
_NAMED_BY_CONTENT = re.compile(r"(^|/)[0-9a-f]{64}(-\d+)?\.\w+$")
_A_YEAR = 365 * 24 * 60 * 60  # seconds


def media(request, path):
    content_type = TYPES.get(PurePath(path).suffix.lower())
    if content_type is None:
        raise Http404("Only pictures are served here.")
    try:
        response = serve(request, path, document_root=settings.MEDIA_ROOT)
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise Http404("No picture has so long a name.") from error
    if response.status_code == 200:
        response["Content-Type"] = content_type
        response["X-Content-Type-Options"] = "nosniff"
    if _NAMED_BY_CONTENT.search(path):
        patch_cache_control(response, public=True, max_age=_A_YEAR, immutable=True)
    return response
