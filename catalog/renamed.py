"""Old slugs: where an address leads on whose entry has another slug now, and progress by them."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control

from .models import Redirect, Series
from .progress import Progress


def led_on(request, model):
    """The answer that leads to the visible entry of ``model`` that had the slug of the address.

    None where there is none.
    """
    match = request.resolver_match
    slug = match.kwargs["slug"]
    entry = Redirect.objects.target_of(model, slug)
    entry = None if entry is None or entry.slug == slug else request.audience.shown(entry)
    if entry is None:
        return None
    address = reverse(match.view_name, kwargs={**match.kwargs, "slug": entry.slug})
    query = request.GET.urlencode()
    response = redirect(f"{address}?{query}" if query else address, permanent=True)
    # Clients would keep it for good; the slug may be used again, or a merge undone.
    patch_cache_control(response, no_cache=True)
    return response


def by_present_slugs(progress: Progress | None) -> Progress | None:
    """``progress`` by the slugs that its series have now."""
    if progress is None or not progress.places:
        return progress
    slugs = [slug for slug, place in progress.places]
    return progress.renamed(Redirect.objects.renamed(Series, slugs))
