from ..filters import AnnouncementFilter
from ..models import Announcement
from .base import CatalogDetail, CatalogList


class AnnouncementList(CatalogList):
    model = Announcement
    filterset_class = AnnouncementFilter
    heading = "News"
    nouns = "item,items"
    paginate_by = 20


class AnnouncementDetail(CatalogDetail):
    model = Announcement

    kind = "news item"

    def rows(self, audience):
        return Announcement.objects.reached_by(audience).for_detail(audience)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            sources=self.object.sources.told_to(self.request.audience), **kwargs
        )
