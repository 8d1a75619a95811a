from django.core.paginator import InvalidPage
from django.http import Http404, JsonResponse
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from ..search import MOST_SUGGESTIONS, Results, SearchForm, suggestions
from .base import filter_at

# More than are suggested, so that a list with little in it still gets names that it has.
_LOOKED_AT = 24


class Search(TemplateView):
    template_name = "catalog/search.html"
    parameters = frozenset({"q", "kind", "page"})

    def get_context_data(self, **kwargs):
        form = SearchForm(self.request.GET or None)
        text = form.cleaned_data["q"] if form.is_valid() else ""
        kind, page = self.request.GET.get("kind", ""), self.request.GET.get("page", "")
        try:
            results = Results(text, self.request.audience, kind, page)
        except InvalidPage as error:
            raise Http404 from error
        return super().get_context_data(form=form, results=results, **kwargs)


@require_safe
def search_suggest(request):
    """What the boxes suggest while someone types, as JSON.

    ``kind`` asks for one kind of entry. With ``within``, the address of a list, each tells how many
    entries that list would have with it; those that would empty it come last.
    """
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    kind, within = request.GET.get("kind", ""), request.GET.get("within", "")
    filter_set = filter_at(within, request) if kind and within else None
    if filter_set is None:
        found = [_told(entry) for entry in suggestions(text, request.audience, kind)]
    else:
        found = _counted(filter_set, kind, suggestions(text, request.audience, kind, _LOOKED_AT))
    return JsonResponse({"suggestions": found[:MOST_SUGGESTIONS]})


search_suggest.parameters = frozenset({"q", "kind", "within"})


def _counted(filter_set, kind, entries):
    counts = filter_set.count_entries(kind, [entry.target_id for entry in entries])
    found = [
        {**_told(entry), "count": str(count), "is_empty": count == 0}
        if (count := counts.get(entry.target_id)) is not None
        else _told(entry)
        for entry in entries
    ]
    return sorted(found, key=lambda suggestion: suggestion.get("is_empty", False))


def _told(entry):
    return {
        "name": entry.name,
        "kind": entry.kind,
        "label": entry.kind_label,
        "context": entry.context,
        "url": entry.path,
        "slug": entry.slug,
    }
