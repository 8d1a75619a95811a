from django.urls import reverse
from django.views.generic import TemplateView

from .. import filters
from ..progress import SHOW
from .following import PARAMETER as FOLLOWED


class Robots(TemplateView):
    """Keeps crawlers from search and from the same pages at very many addresses.

    Those are the lists' filters, whose combinations have no end, and the watch orders that a
    season or an episode can be read in.
    """

    template_name = "robots.txt"
    content_type = "text/plain"
    parameters = frozenset()

    def get_context_data(self, **kwargs):
        sets = [getattr(filters, name) for name in filters.__all__ if name.endswith("Filter")]
        names = {name for each in sets for name in each.base_filters}
        barred = sorted(names | {FOLLOWED, SHOW})
        address = self.request.build_absolute_uri(reverse("catalog:sitemap-index"))
        return super().get_context_data(barred=barred, sitemap_address=address, **kwargs)
