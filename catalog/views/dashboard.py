from django.views.generic import TemplateView

from ..models import Announcement, Character, Credit, Episode, Organization, Portrayal, Series
from ..models.counting import bounded_count
from .sections import cut

_LATEST = 6
_SERIES_SHOWN = 24


class Dashboard(TemplateView):
    template_name = "catalog/dashboard.html"

    def get_context_data(self, **kwargs):
        audience = self.request.audience
        series = Series.objects.visible_to(audience)
        all_series, series_count = cut(series.for_list(audience), 0, _SERIES_SHOWN)
        episodes = Episode.objects.visible_to(audience)
        # People are counted by what they do: the indexes of parts and credits are in their order.
        parts = Portrayal.objects.open_to(audience)
        credits = Credit.objects.visible_to(audience)
        return super().get_context_data(
            all_series=all_series,
            series_count=series_count,
            has_more_series=series_count > len(all_series),
            news=Announcement.objects.visible_to(audience).for_list(audience)[:_LATEST],
            newest_episodes=episodes.aired(audience).newest_first()[:_LATEST],
            episode_count=bounded_count(episodes),
            character_count=bounded_count(Character.objects.visible_to(audience)),
            actor_count=bounded_count(parts.order_by().values("person").distinct()),
            crew_count=bounded_count(credits.order_by().values("person").distinct()),
            organization_count=bounded_count(Organization.objects.visible_to(audience)),
            **kwargs,
        )
