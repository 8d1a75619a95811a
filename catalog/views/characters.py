from ..filters import CharacterFilter
from ..models import (
    Announcement,
    Character,
    CharacterFact,
    Membership,
    Portrayal,
    Relationship,
    Source,
)
from .base import NEWS_ON_A_PAGE, CatalogList
from .sections import SectionedDetail


class CharacterList(CatalogList):
    model = Character
    filterset_class = CharacterFilter
    heading = "Characters"
    nouns = "character,characters"


class CharacterDetail(SectionedDetail):
    model = Character
    parameters = frozenset({"played-by", "relationships", "memberships", "facts", "sources"})

    def get_context_data(self, **kwargs):
        character, audience = self.object, self.request.audience
        portrayals = self.in_pages(
            "played-by",
            "played by",
            Portrayal.objects.visible_to(audience).for_character(character, audience),
            Portrayal.objects.for_character(character, audience),
        )
        relationships = Relationship.objects.visible_to(audience).of(character)
        relationships = self.in_pages("relationships", "relationships", relationships)
        memberships = Membership.objects.visible_to(audience).for_character(character)
        memberships = self.in_pages("memberships", "organizations", memberships)
        facts = CharacterFact.objects.visible_to(audience).for_character(character)
        facts = self.in_pages("facts", "what happens", facts)
        sources = Source.objects.told_to(audience).supporting(
            character=[character],
            portrayal=audience.standing_open(portrayals),
            characterfact=audience.standing_open(facts),
            relationship=audience.standing_open(relationships),
            membership=audience.standing_open(memberships),
        )
        return super().get_context_data(
            portrayals=portrayals,
            inspired_by=audience.shown(character.inspired_by),
            first_appearance=audience.shown(character.first_appearance),
            facts=facts,
            relationships=relationships,
            memberships=memberships,
            news=Announcement.objects.open_to(audience).about(characters=character)[
                :NEWS_ON_A_PAGE
            ],
            sources=self.in_pages("sources", "sources", sources),
            **kwargs,
        )
