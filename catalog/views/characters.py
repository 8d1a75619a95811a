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
from .base import NEWS_ON_A_PAGE, CatalogDetail, CatalogList


class CharacterList(CatalogList):
    model = Character
    filterset_class = CharacterFilter
    heading = "Characters"
    nouns = "character,characters"


class CharacterDetail(CatalogDetail):
    model = Character

    def get_context_data(self, **kwargs):
        character, audience = self.object, self.request.audience
        portrayals = Portrayal.objects.visible_to(audience).for_character(character)
        facts = CharacterFact.objects.visible_to(audience).for_character(character)
        relationships = Relationship.objects.visible_to(audience).of(character)
        memberships = Membership.objects.visible_to(audience).for_character(character)
        return super().get_context_data(
            portrayals=portrayals,
            inspired_by=audience.shown(character.inspired_by),
            first_appearance=audience.shown(character.first_appearance),
            facts=facts,
            relationships=relationships,
            memberships=memberships,
            news=Announcement.objects.visible_to(audience).about(characters=character)[
                :NEWS_ON_A_PAGE
            ],
            sources=Source.objects.supporting(
                character=Character.objects.filter(pk=character.pk),
                portrayal=portrayals.unspoiled(),
                characterfact=facts.unspoiled(),
                relationship=relationships.unspoiled(),
                membership=memberships.unspoiled(),
            ),
            **kwargs,
        )
