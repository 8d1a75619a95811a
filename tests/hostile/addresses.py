"""Where there are pages: read from the patterns of addresses and from the rows."""

import re

from django.contrib import admin
from django.urls import Resolver404, resolve, reverse

from catalog import urls
from catalog.cacheable import parameters_of
from catalog.models import Redirect

from .texts import MODELS

# One without a name, and one that is nothing without the address of a page.
_OF_OTHERS = {None, "oembed"}


def own_addresses():
    """Of each page that there is or would be, were it out, and of each that takes no parts."""
    rows = [
        row.get_absolute_url()
        for model in MODELS
        if hasattr(model, "get_absolute_url")
        for row in model.objects.all()
    ]
    old = [
        re.sub("[^/]+/$", f"{redirect.old_slug}/", redirect.target.get_absolute_url())
        for redirect in Redirect.objects.all()
    ]
    return [*(reverse(name) for name in _names_of_pages()), *rows, *old]


def _names_of_pages(patterns=urls.urlpatterns, space="catalog"):
    """Of those that take no parts; of the API too."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _names_of_pages(pattern.url_patterns, f"{space}:{pattern.namespace}")
        elif pattern.name not in _OF_OTHERS and not pattern.pattern.converters:
            yield f"{space}:{pattern.name}"


def admin_addresses(patterns=None, start="/admin/"):
    """Of each page of the admin, with "1" for what it is about."""
    for pattern in admin.site.urls[0] if patterns is None else patterns:
        part = re.sub(r"<[^>]+>", "1", str(pattern.pattern))
        if hasattr(pattern, "url_patterns"):
            yield from admin_addresses(pattern.url_patterns, start + part)
        elif not part.startswith(("^", "(")):
            yield start + part


def known_parameters(address):
    try:
        return sorted(parameters_of(resolve(address).func) or ())
    except Resolver404:
        return []
