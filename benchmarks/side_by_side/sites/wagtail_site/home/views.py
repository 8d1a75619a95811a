from django.shortcuts import render
from wagtail.models import Page


def search(request):
    """As the search of `wagtail start`."""
    query = request.GET.get("q", "")
    results = Page.objects.live().search(query) if query else Page.objects.none()
    return render(request, "home/search.html", {"query": query, "results": results[:50]})
