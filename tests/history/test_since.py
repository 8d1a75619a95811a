from django.test import TestCase

from catalog.history import recording
from catalog.history.since import deleted, last_written
from catalog.history.undoing import undo
from catalog.models import Change, Person, Portrayal, Suggestion

from ..factories import make_person, make_portrayal, make_series, make_source


def change(row, kind=Change.Kind.EDIT, **values):
    with recording(None, kind=kind) as record:
        record.remember([row] if row.pk else [])
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    return record.change


def delete(row, kind=Change.Kind.DELETE):
    with recording(None, kind=kind) as record:
        record.delete([row])
    return record.change


class LastWrittenTests(TestCase):
    def written(self, row):
        return last_written(Person, [row.pk], Change.Kind.TVMAZE).get(row.pk, {})

    def test_a_new_row_was_written_whole(self):
        person = Person(name="Ada", born="1970")
        change(person, Change.Kind.TVMAZE)
        written = self.written(person)
        assert (written["name"], written["born"], written["died"]) == ("Ada", "1970", None)

    def test_of_a_row_that_was_there_only_what_was_changed(self):
        person = make_person("Ada", born="1970")
        change(person, Change.Kind.TVMAZE, died="2020")
        assert self.written(person) == {"died": "2020"}

    def test_what_was_written_last_counts_and_edits_do_not(self):
        person = make_person("Ada")
        change(person, Change.Kind.TVMAZE, born="1970")
        change(person, born="1971")
        assert self.written(person) == {"born": "1970"}
        change(person, Change.Kind.TVMAZE, born="1972")
        assert self.written(person) == {"born": "1972"}
        assert last_written(Person, [], Change.Kind.TVMAZE) == {}


class DeletedTests(TestCase):
    def test_what_was_deleted_and_is_still_gone(self):
        person = make_person("Ada", tvmaze_id=5)
        gone = delete(person)
        assert [values["tvmaze_id"] for values in deleted(Person)] == [5]
        undo(gone, None)
        assert deleted(Person) == []

    def test_not_what_went_with_an_addition_that_was_undone(self):
        added = change(Person(name="Ada", tvmaze_id=5))
        undo(added, None)
        assert not Person.objects.exists()
        assert deleted(Person) == []

    def test_the_parts_of_one_series(self):
        series, other = make_series(), make_series()
        for each in (series, other):
            delete(make_portrayal(series=each))
        assert len(deleted(Portrayal, [series])) == 1
        assert len(deleted(Portrayal)) == 2
        assert deleted(Portrayal, []) == []


class SettledSuggestionTests(TestCase):
    def test_a_suggestion_goes_when_the_row_says_the_same(self):
        person = make_person("Ada")
        for name, value in (("born", "1970"), ("died", "2020")):
            Suggestion.objects.create(
                person=person, field=name, value=value, words=value, source=make_source()
            )
        change(person, name="Ada Lind")
        assert Suggestion.objects.count() == 2
        change(person, born="1970")
        assert Suggestion.objects.get().field == "died"
