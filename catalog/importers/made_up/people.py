"""Made-up people and characters: who they are, before what they do."""

from collections import Counter

from ...models import Character, PartialDate, Person
from .chance import PUBLISHED, Chance, Names, skewed
from .words import (
    ADJECTIVES,
    GIVEN_NAMES,
    OCCUPATIONS,
    PLACES,
    SURNAME_ENDINGS,
    SURNAME_STEMS,
    SURNAMES,
)

# The first of all people is the most prolific.
MOST_PROLIFIC = 1
SHARED_NAME = "Robin Quillfeather"
# No other name is borne by more.
_MOST_OF_A_NAME = 3


class FullNames:
    """Given names and surnames in the measure in which they are common."""

    def __init__(self, chance):
        self.chance = chance
        self.surnames = [
            *SURNAMES,
            *(f"{stem}{end}" for end in SURNAME_ENDINGS for stem in SURNAME_STEMS),
        ]
        self._given_shares = skewed(len(GIVEN_NAMES), exponent=1, flat=4)
        self._surname_shares = skewed(len(self.surnames), exponent=0.5, flat=20)
        self._borne = Counter()

    def given(self):
        return self.chance.pick(GIVEN_NAMES, self._given_shares)

    def surname(self):
        surname = self.chance.pick(self.surnames, self._surname_shares)
        if self.chance.comes(0.03):
            return f"{surname}-{self.chance.pick(self.surnames, self._surname_shares)}"
        return surname

    def full(self):
        name = f"{self.given()} {self.surname()}"
        while self._borne[name] == _MOST_OF_A_NAME:
            name = f"{self.given()} {self.chance.choice(GIVEN_NAMES)} {self.surname()}"
        self._borne[name] += 1
        return name


def people(size, seed):
    chance, names = Chance(seed, "people"), Names()
    full_names = FullNames(chance)
    everybody_else = range(MOST_PROLIFIC + 1, size.people + 1)
    namesakes = set(chance.sample(everybody_else, min(size.namesakes, len(everybody_else))))
    for pk in range(MOST_PROLIFIC, size.people + 1):
        name = SHARED_NAME if pk in namesakes else full_names.full()
        born = chance.randrange(1930, 2006)
        place = chance.choice(PLACES)
        yield Person(
            pk=pk,
            **names.fields(name),
            **(PUBLISHED if pk in namesakes or pk == MOST_PROLIFIC else chance.state()),
            other_names=_other_names(chance, full_names, name),
            born=_date(chance, born) if chance.comes(0.7) else None,
            died=_death(chance, born),
            birth_place=place if chance.comes(0.5) else "",
            biography=f"Began on the stage in {place} before work in television. "
            f"Known for the {chance.choice(ADJECTIVES).lower()} years.",
        )


def characters(seed, shows, homes):
    """``homes`` has the key of a series for each: where it comes from."""
    chance, names = Chance(seed, "characters"), Names()
    full_names = FullNames(chance)
    for pk, home in enumerate(homes, start=1):
        name = full_names.full()
        occupation = chance.choice(OCCUPATIONS)
        place = chance.choice(PLACES)
        yield Character(
            pk=pk,
            **names.fields(name),
            **chance.state(),
            full_name=_with_middle_name(full_names, name) if chance.comes(0.1) else "",
            other_names=chance.choice(ADJECTIVES) if chance.comes(0.05) else "",
            occupation=occupation if chance.comes(0.8) else "",
            biography=f"{occupation} in {place}, with a past." if chance.comes(0.6) else "",
            first_appearance=shows.some_episode(chance, home) if chance.comes(0.6) else None,
        )


def _other_names(chance, full_names, name):
    fall = chance.random()
    if fall < 0.04:
        return _with_middle_name(full_names, name)
    if fall < 0.08:
        return f"{name.split()[0]} {full_names.surname()}"
    return ""


def _with_middle_name(full_names, name):
    given, _, rest = name.partition(" ")
    return f"{given} {full_names.given()} {rest}"


def _death(chance, born):
    if born > 1965 or chance.comes(0.6):
        return None
    return PartialDate(str(born + chance.randrange(40, 60)))


def _date(chance, year):
    if chance.comes(0.4):
        return PartialDate(str(year))
    return PartialDate(f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}")
