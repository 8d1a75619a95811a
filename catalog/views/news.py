from ..filters import AnnouncementFilter
from ..models import Announcement, Source
from ..models.statements import Statement
from .base import CatalogDetail, CatalogList, cards

_SOURCES = Statement(
    lambda audience, announcement: Source.objects.told_to(audience).filter(
        supported_announcement=announcement
    )
)


class AnnouncementList(CatalogList):
    model = Announcement
    cards = cards(Announcement)
    filterset_class = AnnouncementFilter
    heading = "News"
    nouns = "item,items"
    paginate_by = 20


class AnnouncementDetail(CatalogDetail):
    model = Announcement
    entry = Statement(
        lambda audience, slug: (
            Announcement.objects.reached_by(audience).for_detail(audience).filter(slug=slug)
        )
    )

    kind = "news item"

    def get_context_data(self, **kwargs):
        sources = _SOURCES(self.request.audience, announcement=self.object)
        return super().get_context_data(sources=sources, **kwargs)
