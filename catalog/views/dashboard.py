from django.views.generic import TemplateView

from ..models import (
    Announcement,
    Character,
    Credit,
    Episode,
    Organization,
    Portrayal,
    Series,
    WatchOrder,
)
from ..models.counting import bounded_count, most_counted_for
from .coming import coming, next_to_see
from .sections import cut
from .timeline import timeline_of

_LATEST = 3
_CROSSOVERS = 3
_ORDERS = 3
_SERIES_SHOWN = 12


class Dashboard(TemplateView):
    """The franchise at a glance."""

    template_name = "catalog/dashboard.html"
    parameters = frozenset()

    def get_context_data(self, **kwargs):
        audience = self.request.audience
        series = Series.objects.visible_to(audience)
        all_series, series_count = cut(series.for_list(audience), 0, _SERIES_SHOWN)
        # People are counted by what they do: the indexes of parts and credits are in their order.
        parts = Portrayal.objects.open_to(audience)
        credits = Credit.objects.visible_to(audience)
        characters = Character.objects.visible_to(audience)
        most = most_counted_for(audience)
        return super().get_context_data(
            all_series=all_series,
            series_count=series_count,
            has_more_series=series_count > len(all_series),
            timeline=timeline_of(audience, all_series),
            next_to_see=next_to_see(audience),
            coming=coming(audience),
            orders=WatchOrder.objects.visible_to(audience).in_rank()[:_ORDERS],
            news=Announcement.objects.visible_to(audience).for_list(audience)[:_LATEST],
            crossovers=characters.for_dashboard(audience)[:_CROSSOVERS],
            episode_count=bounded_count(Episode.objects.visible_to(audience)),
            character_count=bounded_count(characters, most),
            actor_count=bounded_count(parts.order_by().values("person").distinct(), most),
            crew_count=bounded_count(credits.order_by().values("person").distinct()),
            organization_count=bounded_count(Organization.objects.visible_to(audience)),
            **kwargs,
        )
