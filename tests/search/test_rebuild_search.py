"""rebuild_search makes good whatever was written past the catalogue."""

from io import StringIO

from django.core.management import call_command
from django.db import connection
from django.test import TestCase

from catalog.models import Person, Revision, SearchEntry, SearchWord, Series
from catalog.models.search_index import TABLE, remove_orphans
from tests.factories import make_episode, make_person, make_season, make_series


class RebuildSearchTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        # Tests that empty all tables leave the terms behind.
        remove_orphans(connection)

    def rebuild(self):
        out = StringIO()
        call_command("rebuild_search", stdout=out)
        return out.getvalue()

    def found(self, text):
        answer = self.client.get("/search/suggest/", {"q": text}).json()
        return [suggestion["name"] for suggestion in answer["suggestions"]]

    def count_terms(self):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM {TABLE}")  # noqa: S608 - no value in it
            return cursor.fetchone()[0]

    def test_finds_what_was_written_past_the_catalogue(self):
        make_person("Jane Smith")
        Person.objects.update(name="Ann Brown")
        Person.objects.bulk_create([Person(name="Bo Green", slug="bo-green", state="published")])
        assert self.found("ann") == self.found("green") == []
        said = self.rebuild()
        assert self.found("ann") == ["Ann Brown"]
        assert self.found("green") == ["Bo Green"]
        assert self.found("smith") == []
        assert said == (
            "Search finds 2 entries by 3 words of names; 0 left-over rows were removed.\n"
        )

    def test_removes_what_is_left_of_deleted_rows(self):
        make_person("Jane Smith")
        gone = make_person("Ann Brown")
        gone.delete()
        assert self.count_terms() == 2
        assert "1 left-over rows were removed" in self.rebuild()
        assert self.count_terms() == 1
        assert list(SearchWord.objects.values_list("word", flat=True)) == ["jane", "smith"]

    def test_changes_nothing_that_is_in_step(self):
        make_episode(make_season(make_series("Bosch", synopsis="A *detective*.")), name="Pilot")
        before = list(SearchEntry.objects.order_by("pk").values())
        self.rebuild()
        assert list(SearchEntry.objects.order_by("pk").values()) == before
        assert self.found("bosch s1e1") == ["Pilot"]

    def test_raises_the_revision(self):
        before = Revision.objects.current()
        with self.captureOnCommitCallbacks(execute=True):
            self.rebuild()
        assert Revision.objects.current() == before + 1

    def test_an_empty_catalogue_is_no_mistake(self):
        assert "Search finds 0 entries" in self.rebuild()
        assert Series.objects.count() == 0
