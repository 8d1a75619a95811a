from ..filters import CharacterFilter
from ..models import Announcement, Character, CharacterFact, Membership, Portrayal, Relationship
from ..models.statements import Statement
from .base import NEWS_ON_A_PAGE, CatalogList, cards
from .sections import SectionedDetail

_PARTS = Statement(
    lambda audience, character: Portrayal.objects.visible_to(audience).for_character(
        character, audience
    ),
    dressed=lambda audience, character: Portrayal.objects.for_character(character, audience),
)
_RELATIONSHIPS = Statement(
    lambda audience, character: Relationship.objects.visible_to(audience).of(character)
)
_MEMBERSHIPS = Statement(
    lambda audience, character: Membership.objects.visible_to(audience).for_character(character)
)
_FACTS = Statement(
    lambda audience, character: CharacterFact.objects.visible_to(audience).for_character(character)
)
_NEWS = Statement(
    lambda audience, character: Announcement.objects.open_to(audience).about(characters=character)[
        :NEWS_ON_A_PAGE
    ]
)


class CharacterList(CatalogList):
    model = Character
    cards = cards(Character)
    filterset_class = CharacterFilter
    heading = "Characters"
    nouns = "character,characters"


class CharacterDetail(SectionedDetail):
    model = Character
    parameters = frozenset({"played-by", "relationships", "memberships", "facts", "sources"})
    entry = Statement(
        lambda audience, slug: Character.objects.reached_by(audience).for_detail().filter(slug=slug)
    )

    def get_context_data(self, **kwargs):
        character, audience = self.object, self.request.audience
        portrayals = self.in_pages("played-by", "played by", _PARTS, character=character)
        relationships = self.in_pages(
            "relationships", "relationships", _RELATIONSHIPS, character=character
        )
        memberships = self.in_pages(
            "memberships", "organizations", _MEMBERSHIPS, character=character
        )
        facts = self.in_pages("facts", "what happens", _FACTS, character=character)
        sources = self.sources_of(
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
            news=_NEWS(audience, character=character),
            sources=sources,
            **kwargs,
        )
