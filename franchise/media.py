"""Serves uploaded pictures where no web server in front does: pictures only, and as such."""

import re
from pathlib import PurePath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseNotModified
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from django.views.static import was_modified_since

# The types are ours to say: not every system knows all of them, and nothing else may be served.
TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}

# Letters, digits and what stands between them, as names of stored files have them, and no more of
# them than the library has room for.
_NAME = re.compile(r"[\w./-]{1,250}")

# What is named by its content never changes under that name.
_NAMED_BY_CONTENT = re.compile(r"(^|/)[0-9a-f]{64}(-\d+)?\.\w+$")
FOR_EVER = f"public, max-age={365 * 24 * 60 * 60}, immutable"


@require_safe
def media(request, path):
    content_type = TYPES.get(PurePath(path).suffix.lower())
    if content_type is None or not _NAME.fullmatch(path):
        raise Http404("Only pictures are served here.")
    headers = {"X-Content-Type-Options": "nosniff"}
    if _NAMED_BY_CONTENT.search(path):
        headers["Cache-Control"] = FOR_EVER
    try:
        changed = default_storage.get_modified_time(path).timestamp()
        if not was_modified_since(request.headers.get("if-modified-since"), changed):
            return HttpResponseNotModified(headers=headers)
        file = default_storage.open(path)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise Http404("There is no such picture.") from error
    headers["Last-Modified"] = http_date(changed)
    return FileResponse(file, content_type=content_type, headers=headers)
