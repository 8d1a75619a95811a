from django.test import SimpleTestCase, TestCase

from catalog.models import Character, Person, Portrayal
from catalog.models.counting import (
    Bounded,
    bound_for,
    bounded_count,
    count_each,
    count_tied,
)
from tests.factories import make_character, make_person, make_portrayal, make_series


class BoundedTests(SimpleTestCase):
    def test_says_that_there_are_more(self):
        assert str(Bounded.of(1_000, 1_000)) == "1,000"
        assert str(Bounded.of(1_001, 1_000)) == "1,000+"
        assert str(Bounded.at_least(0, is_more=True)) == "0+"

    def test_a_sum_stops_too(self):
        assert str(Bounded.of(3, 5) + Bounded.of(9, 5)) == "8+"
        assert str((Bounded(3) + Bounded(4)).up_to(5)) == "5+"
        assert str((Bounded(3) + Bounded(2)).up_to(5)) == "5"

    def test_many_options_are_counted_less_far(self):
        assert [bound_for(number) for number in (1, 2, 4, 10, 40, 5_000)] == [
            1_000,
            1_000,
            500,
            200,
            50,
            50,
        ]


class CountingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.bosch, cls.ballard = make_series("Bosch"), make_series("Ballard")
        people = [make_person() for _ in range(4)]
        for person in people:
            make_portrayal(person, make_character(), cls.bosch)
        for person in people[:2]:
            make_portrayal(person, make_character(), cls.ballard)
            make_portrayal(person, make_character(), cls.ballard, kind="guest")

    def test_counts_rows_to_the_bound(self):
        assert str(bounded_count(Person.objects.all(), 3)) == "3+"
        assert str(bounded_count(Person.objects.all(), 4)) == "4"

    def test_counts_each_option_to_the_bound(self):
        def people_of(series):
            return Portrayal.objects.filter(series=series).order_by().values("person").distinct()

        keys = [self.bosch.pk, self.ballard.pk, 0]
        with self.assertNumQueries(1):
            counts = count_each(people_of, keys, 3)
        assert [str(counts[key]) for key in keys] == ["3+", "2", "0"]
        assert count_each(people_of, [], 3) == {}
        nobody = count_each(lambda series: people_of(series).none(), keys, 3)
        assert [str(nobody[key]) for key in keys] == ["0", "0", "0"]

    def test_counts_what_is_tied_to_the_options_of_several_filters(self):
        entries = Person.objects.order_by("pk").values("pk")[:3]
        parts = Portrayal.objects.all()
        ties = {
            "series": [[(parts, "series", "person")]],
            "kind": [[(parts, "kind", "person")]],
            "either": [
                [(parts.filter(kind="guest"), "series", "person"), (parts, "series", "person")]
            ],
            "both": [
                [(parts.filter(series=self.bosch), "kind", "person")],
                [(parts.filter(series=self.ballard), "kind", "person")],
            ],
            "neither": [[(parts, "kind", "person")], [(parts.none(), "kind", "person")]],
        }
        ties["nothing"] = [[(Character.objects.filter(name="nobody"), "name", "pk")]]
        with self.assertNumQueries(1):
            number, counts = count_tied([entries], ties)
        assert number == 3
        bosch, ballard = str(self.bosch.pk), str(self.ballard.pk)
        assert counts == {
            "series": {bosch: 3, ballard: 2},
            "kind": {"main": 3, "guest": 2},
            "either": {bosch: 3, ballard: 2},
            "both": {"main": 2},
            "neither": {},
            "nothing": {},
        }

    def test_counts_all_without_entries_to_look_among(self):
        ties = {"series": [[(Portrayal.objects.all(), "series", "person")]]}
        assert count_tied(None, ties)[1] == {
            "series": {str(self.bosch.pk): 4, str(self.ballard.pk): 2}
        }

    def test_counts_nothing_among_no_entries(self):
        ties = {"series": [[(Portrayal.objects.all(), "series", "person")]]}
        assert count_tied([Person.objects.none().values("pk")], ties) == (0, {"series": {}})
        ties = {"series": [[(Portrayal.objects.none(), "series", "person")]]}
        assert count_tied(None, ties) == (0, {"series": {}})
        assert count_tied([Person.objects.values("pk")], ties) == (4, {"series": {}})
        assert count_tied([Person.objects.filter(pk=0).values("pk")], ties) == (0, {"series": {}})
