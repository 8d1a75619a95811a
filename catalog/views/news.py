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

    def get_queryset(self):
        audience = self.request.audience
        return Announcement.objects.visible_to(audience).for_detail(audience)

    def get_context_data(self, **kwargs):
        return super().get_context_data(sources=self.object.sources.all(), **kwargs)
