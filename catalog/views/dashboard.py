from django.views.generic import TemplateView

from ..models import Announcement, Character, Episode, Organization, Person, Series

_LATEST = 6


class Dashboard(TemplateView):
    template_name = "catalog/dashboard.html"

    def get_context_data(self, **kwargs):
        audience = self.request.audience
        episodes = Episode.objects.visible_to(audience)
        people = Person.objects.visible_to(audience)
        return super().get_context_data(
            all_series=Series.objects.visible_to(audience).for_list(audience),
            news=Announcement.objects.visible_to(audience).for_list(audience)[:_LATEST],
            newest_episodes=episodes.aired(audience).newest_first()[:_LATEST],
            episode_count=episodes.count(),
            character_count=Character.objects.visible_to(audience).count(),
            actor_count=people.actors(audience).count(),
            crew_count=people.crew(audience).count(),
            organization_count=Organization.objects.visible_to(audience).count(),
            **kwargs,
        )
