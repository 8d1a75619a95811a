"""What is offered to be taken back, and what is left alone."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from catalog.history import recording
from catalog.history.undoing import offers, restore, steps_of_restoring, steps_of_undoing, undo
from catalog.models import Change, Episode, Person, Portrayal, Source

from ..factories import (
    make_episode,
    make_person,
    make_portrayal,
    make_season,
    make_series,
    make_source,
)


def undoing_of(change):
    steps, _ = steps_of_undoing(change)
    return steps


class OfferTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.anna = User.objects.create_superuser("anna")

    def statements(self, size, find_steps, *args):
        """How many it takes to offer the steps, of which there are ``size``."""
        with CaptureQueriesContext(connection) as asked:
            assert len(offers(find_steps(*args))) == size
        return len(asked)

    def changed_series(self, size):
        """A series with ``size`` seasons that were all renamed at once, and the change before."""
        with recording(self.anna) as record:
            series = make_series(f"Series of {size}")
            seasons = [make_season(series, number) for number in range(1, size + 1)]
            for season in seasons:
                make_episode(season, 1)
        first = record.change
        with recording(self.anna) as record:
            record.remember(seasons)
            for season in seasons:
                season.name = f"Chapter {season.number}"
                season.save()
        return series, first, record.change

    def test_many_rows_cost_as_many_statements_as_few(self):
        asked = []
        for size in (3, 30):
            series, first, renamed = self.changed_series(size)
            undone = self.statements(size, undoing_of, renamed)
            restored = self.statements(size, steps_of_restoring, series, first)
            with recording(self.anna, kind=Change.Kind.DELETE) as record:
                record.delete([series])
            recovered = self.statements(1 + 2 * size, undoing_of, record.change)
            asked.append((undone, restored, recovered))
        assert asked[0] == asked[1]


class SettingBackTests(TestCase):
    """Only what is set back is saved and looked at."""

    def changed(self, rows, **values):
        with recording(None) as record:
            record.remember(rows)
            for row in rows:
                for name, value in values.items():
                    setattr(row, name, value)
                row.save()
        return record.change

    def test_costs_few_statements_for_each_row(self):
        counts = []
        for size in (2, 22):
            people = [make_person(f"Person {size} {number}") for number in range(size)]
            change = self.changed(people, birth_place="Chicago")
            with CaptureQueriesContext(connection) as asked:
                undo(change, None)
            counts.append(len(asked))
        assert not Person.objects.exclude(birth_place="").exists()
        assert (counts[1] - counts[0]) / 20 < 22

    def test_a_field_that_a_rule_ties_to_another_is_still_held_to_it(self):
        titus = make_person("Titus Welliver", born="1962", died="1990")
        change = self.changed([titus], died="2020")
        self.changed([titus], born="2000")
        with self.assertRaisesMessage(ValidationError, "before"):
            undo(change, None)
        titus.refresh_from_db()
        assert titus.died.iso == "2020"

    def test_lists_of_a_row_are_set_back_and_kept(self):
        series = make_series("Bosch")
        season = make_season(series, 1)
        part = make_portrayal(series=series)
        with recording(None) as record:
            record.remember([part])
            part.seasons.add(season)
        undo(record.change, None)
        assert not part.seasons.exists()
        back = Change.objects.get(undoes=record.change)
        assert [row.version.object_id for row in back.rows.of_itself()] == [str(part.pk)]


class LaterWorkTests(TestCase):
    """What others have hung on a row since it was added does not go with it."""

    @classmethod
    def setUpTestData(cls):
        cls.anna = User.objects.create_superuser("anna")
        cls.bob = User.objects.create_superuser("bob")
        cls.series = make_series("Bosch")

    def record(self, user, make, *args, **fields):
        with recording(user) as record:
            row = make(*args, **fields)
        return row, record.change

    def test_undoing_an_addition_leaves_what_others_have_hung_on_it(self):
        person, added = self.record(self.anna, make_person, "Titus Welliver")
        part, _ = self.record(self.bob, make_portrayal, person, series=self.series)
        steps, kept = steps_of_undoing(added)
        assert steps == []
        assert kept == ["Titus Welliver: something else hangs on it by now"]
        with self.assertRaisesMessage(ValidationError, "nothing left of this change to undo"):
            undo(added, self.anna)
        assert Portrayal.objects.get() == part

    def test_undoing_an_addition_leaves_what_others_name_by_now(self):
        source, added = self.record(self.anna, make_source, "An interview")
        with recording(self.bob) as record:
            record.remember([self.series])
            self.series.sources.add(source)
            self.series.save()
        assert steps_of_undoing(added)[0] == []

    def test_undoing_an_addition_leaves_what_it_hangs_on_too(self):
        with recording(self.anna) as record:
            series = make_series("Ballard")
            seasons = [make_season(series, number) for number in (1, 2)]
        self.record(self.bob, make_episode, seasons[0], 1)
        kept = undo(record.change, self.anna)
        assert len(kept) == 2
        assert list(series.seasons.all()) == seasons[:1]

    def test_what_was_added_together_goes_together(self):
        with recording(self.anna) as record:
            part = make_portrayal(make_person("Maggie Q"), series=self.series)
            part.sources.add(make_source("An interview"))
            part.save()
        assert undo(record.change, self.anna) == []
        assert not Portrayal.objects.exists()
        assert not Person.objects.exists()
        assert not Source.objects.exists()

    def test_restoring_takes_nothing_along_that_is_not_ticked(self):
        with recording(self.anna) as record:
            record.remember([self.series])
            self.series.tagline = "Everybody counts"
            self.series.save()
        season, _ = self.record(self.bob, make_season, self.series, 1)
        episode, _ = self.record(self.bob, make_episode, season, 1)
        with self.assertRaisesMessage(ValidationError, "Delete it on its own page"):
            restore(self.series, record.change, {f"season.{season.pk}."}, self.anna)
        assert Episode.objects.get() == episode

    def test_what_was_moved_to_an_addition_moves_back_before_that_goes(self):
        part = make_portrayal(make_person("Mistaken"), series=self.series)
        with recording(self.anna) as record:
            record.remember([part])
            part.person = make_person("Titus Welliver")
            part.save()
        assert undo(record.change, self.anna) == []
        assert Portrayal.objects.get().person.name == "Mistaken"
        assert [person.name for person in Person.objects.all()] == ["Mistaken"]
