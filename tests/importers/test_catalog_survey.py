"""Files that are too many to be kept are read again, and all comes out the same."""

from contextlib import contextmanager

from catalog.importers import catalog_survey
from catalog.importers.catalog_load import load
from catalog.models import Organization, Person, Portrayal, SearchEntry

from .catalogue import SMALL, LoadCatalogTestCase


class KeepingNothingTests(LoadCatalogTestCase):
    """As with files of gigabytes: of each file no more is kept than while it is being used."""

    def setUp(self):
        super().setUp()
        usual = catalog_survey._KEPT_BYTES
        self.addCleanup(setattr, catalog_survey, "_KEPT_BYTES", usual)
        catalog_survey._KEPT_BYTES = 0

    def write_apart(self, content):
        """Each row in a file of its own, those that others need in the last ones."""
        number = 999
        for name, rows in content.items():
            for row in rows:
                self.write(f"{number:03}.json", **{name: [row]})
                number -= 1

    def test_rows_may_stand_in_any_file(self):
        self.write_apart(SMALL)
        self.load()
        assert Portrayal.objects.count() == 2
        assert Organization.objects.get(slug="cold-case-unit").parent.slug == "lapd"
        assert self.load() == "Unchanged: all 35 rows are in the catalogue already.\n"

    def test_rows_that_need_each_other_may_stand_in_any_file(self):
        for number, (slug, parent) in enumerate([("c", "b"), ("a", None), ("d", "c"), ("b", "a")]):
            self.write(
                f"{number}.json", organizations=[{"slug": slug, "name": slug, "parent": parent}]
            )
        self.load()
        parents = Organization.objects.values_list("slug", "parent__slug")
        assert dict(parents) == {"a": None, "b": "a", "c": "b", "d": "c"}

    def test_circles_are_named(self):
        for slug, parent in [("a", "b"), ("b", "c"), ("c", "a")]:
            self.write(
                f"{slug}.json", organizations=[{"slug": slug, "name": slug, "parent": parent}]
            )
        [problem] = self.problems()
        assert "this goes round in a circle: " in problem
        assert problem.count(" > ") == 3

    def test_twins_are_named_with_both_places(self):
        self.write_apart(SMALL)
        self.write("000.json", people=[{"slug": "maggie-q", "name": "Maggie"}])
        [problem] = self.problems()
        assert problem.endswith(
            "this is told before, at 000.json: person “maggie-q”; keep one of the two."
        )

    def test_what_is_wrong_is_told_once(self):
        self.write_apart({"people": [{"slug": "a", "name": "A", "born": "soon"}, {"slug": "b"}]})
        assert [problem.partition(",")[0] for problem in self.problems()] == [
            "999.json: person “a”",
            "998.json: person “b”",
        ]


class ManyRowsTests(LoadCatalogTestCase):
    def test_what_the_database_refuses_in_the_midst_of_many_is_told_as_by_the_admin(self):
        people = [{"slug": f"p-{n}", "name": f"P {n}", "tmdb_id": n} for n in range(1_100)]
        people[1_050]["tmdb_id"] = 3
        people[1_060]["imdb_id"] = "x"
        first, second = self.problems_of_rows(people=people)
        assert first == "catalog.json: person “p-1050”: Another entry already has this TMDB id."
        assert second == "catalog.json: person “p-1060”, imdb_id: An IMDb id reads like tt3502248."
        assert not Person.objects.exists()
        assert not SearchEntry.objects.exists()

    def test_all_of_several_batches_arrive_and_are_found(self):
        people = [{"slug": f"p-{n}", "name": f"P {n}"} for n in range(1_100)]
        self.load_rows(people=people)
        assert SearchEntry.objects.filter(person__slug="p-1099").exists()
        assert Person.objects.exclude(shown_from=None).count() == 1_100


class ProgressTests(LoadCatalogTestCase):
    def test_each_bar_reaches_its_end(self):
        bars = []

        @contextmanager
        def progress(total, desc, unit):
            bar = Bar(desc, total)
            bars.append(bar)
            yield bar

        load(self.write(**SMALL), progress)
        assert [bar.desc for bar in bars] == ["Reading", "Writing", "Search"]
        for bar in bars:
            assert (bar.desc, bar.done) == (bar.desc, bar.total)


class Bar:
    def __init__(self, desc, total):
        self.desc, self.total, self.done = desc, total, 0

    def update(self, number):
        self.done += number
