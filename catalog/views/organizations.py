from ..filters import OrganizationFilter
from ..models import Membership, Organization
from .base import CatalogDetail, CatalogList


class OrganizationList(CatalogList):
    model = Organization
    filterset_class = OrganizationFilter
    heading = "Organizations"
    nouns = "organization,organizations"


class OrganizationDetail(CatalogDetail):
    model = Organization

    def get_context_data(self, **kwargs):
        organization, audience = self.object, self.request.audience
        return super().get_context_data(
            parent=audience.shown(organization.parent),
            divisions=Organization.objects.visible_to(audience)
            .filter(parent=organization)
            .order_by("sort_name", "pk"),
            memberships=Membership.objects.visible_to(audience).for_organization(organization),
            sources=organization.sources.all(),
            **kwargs,
        )
