from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, get_script_prefix, resolve
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from ..cards import card_of_entry, card_of_page, kept
from .base import CatalogDetail

_FOR_EVER = 365 * 24 * 60 * 60  # seconds


@require_safe
def card(request, page, digest):
    """The card of ``page``, as its digest says; another digest leads to the present one.

    It is shown to everybody, so it is what a visitor gets who has told nothing. Of each page there
    is one, so nobody can have others drawn.
    """
    present = _card_of(f"{get_script_prefix()}{page}", request.audience.of_everybody())
    if digest != present.digest:
        response = redirect(present.address)
        patch_cache_control(response, no_cache=True)
        return response
    response = HttpResponse(kept(present), content_type="image/jpeg")
    patch_cache_control(response, public=True, max_age=_FOR_EVER, immutable=True)
    return response


def _card_of(path, audience):
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404("There is no such page.") from None
    view = getattr(match.func, "view_class", None)
    if view is None or match.namespaces != ["catalog"]:
        raise Http404("This page has no card.")
    if issubclass(view, CatalogDetail):
        entry = view.entry.first(audience, **match.kwargs)
        if entry is None:
            raise Http404("There is no such page.")
        return card_of_entry(entry)
    return card_of_page(path, getattr(view, "heading", ""))
