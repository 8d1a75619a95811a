"""What other sites show in the place of a link to a series, a character or a person.

As https://oembed.com has it: a small piece of text, which needs no script and no frame.
"""

from urllib.parse import urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.views.decorators.http import require_safe

from .models import Character, Person, Redirect, Series
from .models.text import shortened, without_controls

# By the name of the page at the address: the kind of entry, its text and its picture.
_KINDS = {
    "series-detail": (Series, "synopsis", "cover"),
    "character-detail": (Character, "biography", "image"),
    "person-detail": (Person, "biography", "image"),
}
_LONGEST = 300  # letters of a text
_WIDTH, _HEIGHT, _LEAST = 600, 220, 120  # px, unless less is asked for
_CACHE_AGE = 24 * 60 * 60  # seconds


@require_safe
def oembed(request):
    """At ``/oembed/?url=…``, as JSON or with ``format=xml`` as XML; 404 of whatever else.

    Others show it to everybody, so it is what a visitor gets who has told nothing.
    """
    audience = request.audience.of_everybody()
    form = request.GET.get("format", "json")
    if form not in {"json", "xml"}:
        return HttpResponse("It is told as json or as xml.", status=501, content_type="text/plain")
    told = _told(request, audience)
    return JsonResponse(told) if form == "json" else _as_xml(told)


oembed.parameters = frozenset({"url", "format", "maxwidth", "maxheight"})


def _told(request, audience):
    entry, text, picture = _entry_at(request, audience)
    width = _at_most(request.GET.get("maxwidth"), _WIDTH)
    height = _at_most(request.GET.get("maxheight"), _HEIGHT)
    address = request.build_absolute_uri(entry.get_absolute_url())
    html = render_to_string(
        "catalog/oembed.html",
        {
            "entry": entry,
            "address": address,
            "text": shortened(text, _LONGEST),
            "franchise_name": settings.FRANCHISE_NAME,
        },
    )
    return {
        "version": "1.0",
        "type": "rich",
        "title": entry.name,
        "url": address,
        "provider_name": settings.FRANCHISE_NAME,
        "provider_url": request.build_absolute_uri(reverse("catalog:dashboard")),
        "cache_age": _CACHE_AGE,
        "width": width,
        "height": height,
        "html": html.strip(),
        **(_thumbnail(request, picture, width, height) if picture else {}),
    }


def _entry_at(request, audience):
    """(entry, its text, its picture) of the address that was asked for, or Http404."""
    told = _split(request.GET.get("url", "")[:2_000])
    path = told.path.removeprefix(get_script_prefix().rstrip("/"))
    if told.scheme in {"http", "https"} and told.netloc.lower() == request.get_host().lower():
        try:
            found = resolve(path)
        except Resolver404:
            found = None
        if found is not None and found.url_name in _KINDS and found.namespaces == ["catalog"]:
            kind, text, picture = _KINDS[found.url_name]
            rows = kind.objects.visible_to(audience).select_related(picture)
            slug = found.kwargs["slug"]
            entry = rows.filter(slug=slug).first()
            if entry is None and (renamed := Redirect.objects.target_of(kind, slug)) is not None:
                entry = rows.filter(pk=renamed.pk).first()
            if entry is not None:
                return entry, getattr(entry, text), getattr(entry, picture)
    raise Http404("There is nothing at this address to be told elsewhere.")


def _split(address):
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _at_most(asked, usual):
    """The usual measure, or less where that is asked for, in px."""
    if not asked or not asked.isascii() or not asked.isdigit():
        return usual
    return max(_LEAST, min(int(asked[:6]), usual))


def _thumbnail(request, picture, width, height):
    """The picture, where it fits into so many px; of those that are stored the smallest will do."""
    widths = [int(each) for each in picture.widths.split()] or [picture.width]
    smallest = min(widths)
    tall = round(picture.height * smallest / picture.width) if picture.width else 0
    if not tall or smallest > width or tall > height:
        return {}
    return {
        "thumbnail_url": request.build_absolute_uri(picture.url_for(smallest)),
        "thumbnail_width": smallest,
        "thumbnail_height": tall,
    }


def _as_xml(told):
    root = ElementTree.Element("oembed")
    for name, value in told.items():
        ElementTree.SubElement(root, name).text = without_controls(str(value))
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8")
