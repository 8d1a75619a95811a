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
from ..models.statements import Counts, Statement
from .base import Described
from .coming import coming, next_to_see
from .timeline import timeline_of

_SERIES_SHOWN = 12

_SERIES = Statement(lambda audience: Series.objects.visible_to(audience).for_list(audience))
_ORDERS = Statement(lambda audience: WatchOrder.objects.visible_to(audience).in_rank()[:3])
_NEWS = Statement(lambda audience: Announcement.objects.visible_to(audience).for_list(audience)[:3])
_CROSSOVERS = Statement(
    lambda audience: Character.objects.visible_to(audience).for_dashboard(audience)[:3]
)
_COUNTS = Counts(
    episode_count=lambda audience: Episode.objects.visible_to(audience).values("pk"),
    character_count=lambda audience: Character.objects.visible_to(audience).values("pk"),
    # People are counted by what they do: the indexes of parts and credits are in their order.
    actor_count=lambda audience: (
        Portrayal.objects.open_to(audience).order_by().values("person").distinct()
    ),
    crew_count=lambda audience: (
        Credit.objects.visible_to(audience).order_by().values("person").distinct()
    ),
    organization_count=lambda audience: Organization.objects.visible_to(audience).values("pk"),
)


class Dashboard(Described, TemplateView):
    """The franchise at a glance."""

    template_name = "catalog/dashboard.html"
    parameters = frozenset()

    def get_context_data(self, **kwargs):
        audience = self.request.audience
        all_series, series_count = _SERIES.cut(0, _SERIES_SHOWN, audience)
        return super().get_context_data(
            all_series=all_series,
            series_count=series_count,
            has_more_series=series_count > len(all_series),
            timeline=timeline_of(audience, all_series),
            next_to_see=next_to_see(audience),
            coming=coming(audience),
            orders=_ORDERS(audience),
            news=_NEWS(audience),
            crossovers=_CROSSOVERS(audience),
            canonical_address=self.request.build_absolute_uri(self.request.path),
            **_COUNTS(audience),
            **kwargs,
        )
