from django.views.generic import TemplateView

from .. import filters
from ..progress import SHOW


class Robots(TemplateView):
    """Keeps crawlers from the lists' filters, whose combinations have no end, and from search."""

    template_name = "robots.txt"
    content_type = "text/plain"

    def get_context_data(self, **kwargs):
        sets = [getattr(filters, name) for name in filters.__all__]
        parameters = sorted({name for each in sets for name in each.base_filters} | {SHOW})
        return super().get_context_data(parameters=parameters, **kwargs)
