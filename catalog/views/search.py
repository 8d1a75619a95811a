from django.views.generic import ListView

from ..search import SearchForm, find


class Search(ListView):
    template_name = "catalog/search.html"
    paginate_by = 20

    def get_queryset(self):
        self.form = SearchForm(self.request.GET or None)
        text = self.form.cleaned_data["q"] if self.form.is_valid() else ""
        return find(text, self.request.audience)

    def get_context_data(self, **kwargs):
        return super().get_context_data(form=self.form, **kwargs)
