"""What ties made-up characters to each other: organizations, relationships; and facts of them."""

from ...models import (
    CharacterFact,
    Membership,
    Organization,
    Relationship,
    RelationshipKind,
)
from ...models.text import address
from .chance import PUBLISHED, Chance, Names, skewed
from .words import ADJECTIVES, BONDS, FACTS, NOUNS, PLACES, UNITS


class Bonds:
    def __init__(self, size, seed, shows, homes):
        self.size = size
        self.chance = Chance(seed, "bonds")
        self.shows = shows
        self.homes = homes

    def rows(self):
        yield from self._organizations()
        yield from self._memberships()
        yield from self._facts()
        yield from self._relationships()

    def _some_characters(self, count):
        return self.chance.sample(range(1, self.size.characters + 1), count)

    def _revealed_in(self, character, share):
        return self.shows.revealed_in(self.chance, self.homes[character - 1], share)

    def _organizations(self):
        chance, names = self.chance, Names()
        for pk in range(1, self.size.organizations + 1):
            name = f"{chance.choice(PLACES)} {chance.choice(UNITS)}"
            yield Organization(
                pk=pk,
                **names.fields(name if pk == 1 else f"{chance.choice(ADJECTIVES)} {name}"),
                **(PUBLISHED if pk == 1 else chance.state()),
                description=f"Has its seat by the {chance.choice(NOUNS).lower()}.",
                # Always of an older one, so that none is a part of itself.
                parent_id=chance.randrange(1, pk) if pk > 1 and chance.comes(0.3) else None,
            )

    def _memberships(self):
        chance = self.chance
        keys = range(1, self.size.organizations + 1)
        shares = skewed(len(keys), exponent=1, flat=0)
        for pk, character in enumerate(self._some_characters(self.size.memberships), start=1):
            yield Membership(
                pk=pk,
                organization_id=chance.pick(keys, shares),
                character_id=character,
                standing=chance.choices(Membership.Standing.values, [5, 90, 5])[0],
                former=chance.comes(0.2),
                revealed_in_id=self._revealed_in(character, 0.05),
            )

    def _facts(self):
        chance = self.chance
        for pk, character in enumerate(self._some_characters(self.size.facts), start=1):
            yield CharacterFact(
                pk=pk,
                character_id=character,
                text=chance.choice(FACTS).format(place=chance.choice(PLACES)),
                revealed_in_id=self._revealed_in(character, 0.3),
            )

    def _relationships(self):
        chance = self.chance
        for pk, (phrase, reverse) in enumerate(BONDS, start=1):
            yield RelationshipKind(
                pk=pk, slug=address(phrase), phrase=phrase, reverse_phrase=reverse
            )
        # Two lists of different characters: none is related to itself.
        both = self._some_characters(2 * self.size.relationships)
        pairs = zip(both[::2], both[1::2], strict=True)
        for pk, (character, other) in enumerate(pairs, start=1):
            yield Relationship(
                pk=pk,
                character_id=character,
                other_id=other,
                kind_id=chance.randrange(1, len(BONDS) + 1),
                revealed_in_id=self._revealed_in(character, 0.1),
            )
