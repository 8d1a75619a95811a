"""The two shapes that almost every public page has: a list that filters, and one entry."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import DetailView
from django_filters.views import FilterView

from ..models import Redirect

# The others are a click away, on the list of the news.
NEWS_ON_A_PAGE = 5


class CatalogList(FilterView):
    """A filtered list of what the audience may see, in pages.

    A page states ``model``, ``filterset_class``, ``heading`` and ``nouns`` (one and
    many), and ``get_rows`` where its queryset needs more than ``for_list``.
    """

    paginate_by = 24
    template_name_suffix = "_list"
    heading = ""
    intro = ""
    nouns = ""

    def get_queryset(self):
        return self.get_rows(self.model.objects.visible_to(self.request.audience))

    def get_rows(self, visible):
        return visible.for_list(self.request.audience)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            heading=self.heading, intro=self.intro, nouns=self.nouns, **kwargs
        )


class CatalogDetail(DetailView):
    """One entry at its slug; an old slug leads to the new address."""

    # Whose slug stands in the address, when it is not that of the model itself.
    redirect_model = None

    def get_queryset(self):
        return self.model.objects.visible_to(self.request.audience).for_detail()

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            entry = self._renamed()
            if entry is None:
                raise
            address = reverse(
                request.resolver_match.view_name, kwargs={**self.kwargs, "slug": entry.slug}
            )
            return redirect(address, permanent=True)

    def _renamed(self):
        """The visible entry that had this slug before, or None."""
        slug = self.kwargs["slug"]
        entry = Redirect.objects.target_of(self.redirect_model or self.model, slug)
        if entry is None or entry.slug == slug:
            return None
        return self.request.audience.shown(entry)
