from ..filters import OrganizationFilter
from ..models import Membership, Organization
from ..models.statements import Statement
from .base import CatalogList, cards
from .sections import SectionedDetail

_MEMBERS = Statement(
    lambda audience, organization: Membership.objects.visible_to(audience).for_organization(
        organization
    )
)
_DIVISIONS = Statement(
    lambda audience, organization: Organization.objects.visible_to(audience).divisions_of(
        organization
    )
)


class OrganizationList(CatalogList):
    model = Organization
    cards = cards(Organization)
    filterset_class = OrganizationFilter
    heading = "Organizations"
    nouns = "organization,organizations"


class OrganizationDetail(SectionedDetail):
    model = Organization
    parameters = frozenset({"divisions", "members", "sources"})
    entry = Statement(
        lambda audience, slug: (
            Organization.objects.reached_by(audience).for_detail().filter(slug=slug)
        )
    )

    def get_context_data(self, **kwargs):
        organization, audience = self.object, self.request.audience
        return super().get_context_data(
            parent=audience.shown(organization.parent),
            divisions=self.in_pages(
                "divisions", "divisions", _DIVISIONS, organization=organization
            ),
            memberships=self.in_pages("members", "members", _MEMBERS, organization=organization),
            sources=self.sources_of(organization=[organization]),
            **kwargs,
        )
