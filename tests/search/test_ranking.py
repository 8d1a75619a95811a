"""The order of what is found: the same whether it is sorted here or read from the database."""

from django.test import TestCase

from catalog.audience import visitor
from catalog.models import State
from catalog.models.search_terms import KINDS, Wanted
from catalog.search.ranking import Ranking, Tier
from tests.factories import (
    make_announcement,
    make_character,
    make_episode,
    make_organization,
    make_person,
    make_season,
    make_series,
)

GIVEN = ["Ann", "Anne", "Anna Maria", "Bo", "Jean-Claude", "Élodie", "J. K."]
FAMILY = ["Ann", "Bosch", "O'Shea", "Van Damme", "Weiß", "Annan"]

TEXTS = [
    "a",
    "an",
    "ann",
    "anna",
    "ann ann",
    "ann bosch",
    "bosch ann",
    "bosch",
    "bo",
    "o'shea",
    "shea",
    "van damme",
    "damme",
    "maria anna",
    "anna maria van damme",
    "jk weiss",
    "weiss elodie",
    "detective",
    "det",
    "de",
    "bosch detective",
    "s1e2",
    "annan s1e2",
    "the ann and",
    "nobody",
]


class RankingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        for i, given in enumerate(GIVEN):
            for j, family in enumerate(FAMILY):
                name = f"{given} {family}"
                text = ["A detective.", "Ann Bosch’s friend.", "", "The detective of Bosch."]
                state = State.DRAFT if (i + j) % 7 == 3 else State.PUBLISHED
                make_person(name, biography=text[(i + j) % 4], state=state)
                make_character(
                    family if i == 2 else name,
                    other_names="\n".join([f"{family} {given}", "The Ann"][: j % 3]),
                    biography=text[(i * j) % 4],
                )
        for family in FAMILY:
            series = make_series(family, other_names=f"Ann {family}", synopsis="Detective Ann.")
            for number in (1, 2, 3):
                make_episode(make_season(series, number), 2, name=f"{family} {number}")
            make_organization(f"The {family} and Ann unit", description="Detectives")
            make_announcement(f"Ann {family} joins", body="As a detective.")
        make_person("Bosch")

    def test_few_or_many_come_in_the_same_order(self):
        audience = visitor()
        for text in TEXTS:
            # Where each kind has more than `most`, all is read from the database.
            for most in (1, 4, 9):
                with self.subTest(text=text, most=most):
                    wanted = Wanted(text)
                    few = Ranking(wanted, audience)
                    many = Ranking(wanted, audience, most=most)
                    assert many.first(7) == few.first(7)
                    assert many.suggestions(8) == few.suggestions(8)

    def test_the_counts_stop_at_the_bound(self):
        counts = Ranking(Wanted("ann"), visitor(), most=5).counts
        assert str(counts["person"]) == "5+"
        assert str(counts["announcement"]) == "5+"
        counts = Ranking(Wanted("ann"), visitor()).counts
        assert counts["announcement"] == len(FAMILY)
        assert not counts["announcement"].is_more

    def test_nothing_is_asked_for_nothing(self):
        for text in ["", "?", "\x00"]:
            with self.subTest(text=text), self.assertNumQueries(0):
                ranking = Ranking(Wanted(text), visitor())
                assert ranking.counts == {}
                assert ranking.first(5) == {}
                assert ranking.suggestions(8) == []

    def test_one_statement_counts_and_fetches_a_few(self):
        with self.assertNumQueries(1):
            ranking = Ranking(Wanted("ann"), visitor())
            assert set(ranking.counts) == set(KINDS)
            ranking.first(7)

    def test_closer_comes_before_farther(self):
        found = Ranking(Wanted("ann bosch"), visitor()).first(50)["character"]
        tiers = [match.tier for match in found]
        assert tiers == sorted(tiers)
        assert tiers[0] == Tier.WHOLE_NAME
        assert tiers[-1] == Tier.TEXT
