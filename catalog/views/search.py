from django.core.paginator import InvalidPage
from django.http import Http404, JsonResponse
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from ..search import Results, SearchForm, suggestions


class Search(TemplateView):
    template_name = "catalog/search.html"

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
    """What the boxes suggest while someone types, as JSON."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = suggestions(text, request.audience, request.GET.get("kind", ""))
    return JsonResponse(
        {
            "suggestions": [
                {
                    "name": entry.name,
                    "kind": entry.kind,
                    "label": entry.kind_label,
                    "context": entry.context,
                    "url": entry.path,
                    "slug": entry.slug,
                }
                for entry in found
            ]
        }
    )
