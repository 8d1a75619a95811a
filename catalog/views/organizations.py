from ..filters import OrganizationFilter
from ..models import Membership, Organization, Source
from .base import CatalogList
from .sections import SectionedDetail


class OrganizationList(CatalogList):
    model = Organization
    filterset_class = OrganizationFilter
    heading = "Organizations"
    nouns = "organization,organizations"


class OrganizationDetail(SectionedDetail):
    model = Organization
    parameters = frozenset({"divisions", "members", "sources"})

    def get_context_data(self, **kwargs):
        organization, audience = self.object, self.request.audience
        memberships = Membership.objects.visible_to(audience).for_organization(organization)
        divisions = Organization.objects.visible_to(audience).divisions_of(organization)
        sources = Source.objects.told_to(audience).supporting(organization=[organization])
        return super().get_context_data(
            parent=audience.shown(organization.parent),
            divisions=self.in_pages("divisions", "divisions", divisions),
            memberships=self.in_pages("members", "members", memberships),
            sources=self.in_pages("sources", "sources", sources),
            **kwargs,
        )
