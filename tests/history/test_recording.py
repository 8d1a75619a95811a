from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from reversion.models import Revision, Version

from catalog.history import recording
from catalog.history.reading import last_change, told_rows
from catalog.history.undoing import steps_of_restoring, undo
from catalog.models import Change, ChangedRow, Person, Portrayal, SearchEntry, State

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_person,
    make_portrayal,
    make_season,
    make_series,
    make_source,
)


class HistoryTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.anna = get_user_model().objects.create_superuser("anna")

    def save(self, row, why="", **values):
        """One recorded change of ``row``; gives the Change, or None when nothing was changed."""
        with recording(self.anna, why) as record:
            record.remember([row])
            for name, value in values.items():
                if name in {field.name for field in row._meta.many_to_many}:
                    getattr(row, name).set(value)
                else:
                    setattr(row, name, value)
            row.save()
        return record.change

    def delete(self, *rows):
        with recording(self.anna) as record:
            # A row that is deleted loses its key; these keep theirs.
            record.delete([type(row).objects.get(pk=row.pk) for row in rows])
        return record.change

    def told(self, change):
        """(kind, name) of each row that was changed."""
        rows = change.rows.of_itself().select_related("version").order_by("pk")
        return [(row.kind, row.version.object_repr) for row in rows]


class RecordingTests(HistoryTestCase):
    def test_says_who_when_why_and_what(self):
        person = make_person("Titus Welliver")
        change = self.save(person, "As he spells it.", name="Titus B. Welliver")
        assert change.revision.user == self.anna
        assert change.revision.comment == "As he spells it."
        assert change.kind == "edit"
        assert self.told(change) == [("changed", "Titus B. Welliver")]

    def test_keeps_what_was_there_before_the_first_change(self):
        person = make_person("Titus Welliver")
        self.save(person, name="Titus B. Welliver")
        before, after = Version.objects.order_by("pk")
        assert "Titus Welliver" in before.serialized_data
        assert "Titus B. Welliver" in after.serialized_data
        assert before.revision.user is None
        assert before.revision.date_created < after.revision.date_created

    def test_notices_what_was_changed_past_it(self):
        person = make_person("Titus Welliver")
        self.save(person, born="1962")
        Person.objects.filter(pk=person.pk).update(birth_place="New Haven")
        person.refresh_from_db()
        self.save(person, died="2050")
        kinds = list(Change.objects.order_by("pk").values_list("kind", flat=True))
        assert kinds == ["before", "edit", "before", "edit"]

    def test_a_second_change_needs_no_before(self):
        person = make_person()
        self.save(person, born="1962")
        person.refresh_from_db()
        self.save(person, born="1963")
        assert Change.objects.filter(kind="before").count() == 1

    def test_what_was_saved_and_not_changed_leaves_nothing(self):
        person = make_person()
        assert self.save(person) is None
        assert not Change.objects.exclude(kind="before").exists()
        assert Revision.objects.count() == 1

    def test_a_new_row_is_added(self):
        with recording(self.anna) as record:
            make_portrayal()
        kinds = {kind for kind, _ in self.told(record.change)}
        assert kinds == {"added"}
        assert len(self.told(record.change)) == 4

    def test_relations_are_a_part_of_it(self):
        person, source = make_person(), make_source()
        change = self.save(person, sources=[source])
        assert self.told(change) == [("changed", person.name)]

    def test_is_shown_where_the_row_hangs(self):
        portrayal = make_portrayal()
        change = self.save(portrayal, billing=7)
        for row in (portrayal, portrayal.person, portrayal.character, portrayal.series):
            assert list(Change.objects.told().of(row)) == [change]
        assert not Change.objects.told().of(make_person()).exists()

    def test_is_shown_where_the_row_hung_before(self):
        portrayal, other = make_portrayal(), make_person()
        change = self.save(portrayal, person=other)
        for person in (portrayal.person, other):
            assert change in Change.objects.of(person)

    def test_a_recording_in_another_is_a_part_of_it(self):
        with recording(self.anna, "Outer.") as outer, recording(None, "Inner."):
            make_person()
        assert Change.objects.get() == outer.change
        assert outer.change.revision.comment == "Outer."

    def test_nothing_is_kept_of_what_failed(self):
        person = make_person()
        with self.assertRaises(IntegrityError):
            self.save(person, slug=make_person().slug)
        assert not Revision.objects.exists()

    def test_costs_the_same_however_many_rows_hang_on_it(self):
        few, many = make_person(), make_person()
        self.save(make_person(), born="1962")  # what is made once and kept
        few.links.create(label="Site", url="https://example.com/")
        for number in range(20):
            many.links.create(label="Site", url=f"https://example.com/{number}")
        with CaptureQueriesContext(connection) as queries:
            self.save(few, born="1962")
        with self.assertNumQueries(len(queries)):
            self.save(many, born="1962")


class DeletingTests(HistoryTestCase):
    def test_keeps_all_that_goes_along(self):
        character = make_character("Harry Bosch")
        make_fact(character, "Is a detective.")
        make_portrayal(character=character)
        change = self.delete(character)
        assert sorted(kind for kind, _ in self.told(change)) == ["deleted"] * 3
        assert ("deleted", "Is a detective.") in self.told(change)

    def test_keeps_what_loses_a_link(self):
        person = make_person("Michael Connelly")
        character = make_character(inspired_by=person)
        news = make_announcement(people=[person])
        change = self.delete(person)
        assert sorted(self.told(change)) == sorted(
            [
                ("deleted", "Michael Connelly"),
                ("changed", character.name),
                ("changed", news.name),
            ]
        )

    def test_a_change_that_only_deletes_is_one(self):
        person = make_person()
        change = self.delete(person)
        assert change.revision.user == self.anna
        assert self.told(change) == [("deleted", person.name)]


class LastChangeTests(HistoryTestCase):
    def test_names_who_gave_the_field_its_value(self):
        person = make_person(birth_place="New Haven")
        change = self.save(person, birth_place="Boston")
        bert = get_user_model().objects.create_superuser("bert")
        with recording(bert) as record:
            record.remember([person])
            person.born = "1962"
            person.save()
        assert last_change(person, "birth_place") == (self.anna, change.revision.date_created)
        assert last_change(person, "born")[0] == bert

    def test_knows_nothing_of_what_nobody_recorded(self):
        person = make_person(birth_place="New Haven")
        assert last_change(person, "birth_place") is None
        self.save(person, born="1962")
        assert last_change(person, "birth_place") is None
        Person.objects.update(born="1970")
        person.refresh_from_db()
        assert last_change(person, "born") is None

    def test_names_nobody_for_what_is_too_long_ago(self):
        person = make_person()
        self.save(person, birth_place="New Haven")
        for year in range(1900, 1948):
            self.save(person, born=str(year))
        assert last_change(person, "birth_place")[0] == self.anna
        self.save(person, born="1950")
        assert last_change(person, "birth_place") is None


class UndoTests(HistoryTestCase):
    def test_puts_fields_and_relations_back(self):
        sources = [make_source(), make_source()]
        person = make_person("Titus Welliver", born="1962")
        person.sources.set(sources[:1])
        change = self.save(person, name="T. W.", born=None, sources=sources[1:])
        assert undo(change, self.anna) == []
        person.refresh_from_db()
        assert (person.name, str(person.born)) == ("Titus Welliver", "1962")
        assert list(person.sources.all()) == sources[:1]
        assert Change.objects.told().first().undoes == change

    def test_leaves_what_was_changed_again(self):
        person = make_person("Titus Welliver", born="1962")
        change = self.save(person, name="T. W.", born="1963")
        person.refresh_from_db()
        self.save(person, born="1964")
        kept = undo(change, self.anna)
        person.refresh_from_db()
        assert kept == ["T. W., born: changed again since"]
        assert (person.name, str(person.born)) == ("Titus Welliver", "1964")

    def test_deletes_what_was_added(self):
        with recording(self.anna) as record:
            make_portrayal()
        undo(record.change, self.anna)
        assert not Portrayal.objects.exists()
        assert not Person.objects.exists()

    def test_keeps_what_was_added_and_changed_since(self):
        with recording(self.anna) as record:
            person = make_person("Titus Welliver")
        self.save(person, born="1962")
        with self.assertRaisesMessage(ValidationError, "nothing left"):
            undo(record.change, self.anna)
        assert Person.objects.exists()

    def test_brings_back_what_was_deleted_with_its_children(self):
        series = make_series("Bosch")
        season = make_season(series)
        episode = make_episode(season, name="’Tis the Season")
        source = make_source()
        episode.sources.add(source)
        portrayal = make_portrayal(series=series, seasons=[season], episodes=[episode])
        credit = make_credit(series=series, episode=episode)
        news = make_announcement(series=[series])
        made = series.created_at
        change = self.delete(series)
        undo(change, self.anna)
        series.refresh_from_db()
        assert series.created_at == made.replace(microsecond=made.microsecond // 1000 * 1000)
        assert list(news.series.all()) == [series]
        assert list(series.seasons.get().episodes.get().sources.all()) == [source]
        back = Portrayal.objects.get(pk=portrayal.pk)
        assert (list(back.seasons.all()), list(back.episodes.all())) == ([season], [episode])
        credit.refresh_from_db()
        assert SearchEntry.objects.filter(series=series, name="Bosch").exists()
        assert SearchEntry.objects.filter(episode=episode).exists()

    def test_what_it_brings_back_is_told_and_goes_again_when_that_is_undone(self):
        portrayal = make_portrayal()
        undo(self.delete(portrayal.person), self.anna)
        back = Change.objects.told().first()
        assert sorted(self.told(back)) == [
            ("added", str(portrayal.person)),
            ("added", str(portrayal)),
        ]
        assert all(not row.differences for row in told_rows(back.rows.with_predecessor()))
        assert undo(back, self.anna) == []
        assert not Person.objects.filter(pk=portrayal.person_id).exists()
        undo(Change.objects.told().first(), self.anna)
        assert Portrayal.objects.get() == portrayal

    def test_what_it_brought_back_is_there_ever_since(self):
        """A page that is restored to a later change must not lose it once more."""
        portrayal = make_portrayal()
        person = portrayal.person
        undo(self.delete(person), self.anna)
        change = self.save(person, name="T. W.")
        self.save(person, name="T. B. W.")
        [step] = steps_of_restoring(person, change)
        assert (step.kind, step.values) == ("set", {"name": "T. W."})

    def test_nothing_is_tried_in_vain_where_rows_come_back_after_what_they_refer_to(self):
        """A season is deleted, and so listed, after its episodes; to try them first costs twice."""
        series = make_series()
        season = make_season(series)
        episode = make_episode(season)
        make_portrayal(series=series, seasons=[season], episodes=[episode])
        make_credit(series=series, episode=episode)
        change = self.delete(series)
        with CaptureQueriesContext(connection) as statements:
            undo(change, self.anna)
        assert not [each for each in statements if "ROLLBACK" in each["sql"]]

    def test_opens_what_it_brings_back_to_visitors_only_if_it_was_open(self):
        for state, is_shown in ((State.PUBLISHED, True), (State.DRAFT, False)):
            person = make_person(state=state)
            undo(self.delete(person), self.anna)
            person.refresh_from_db()
            assert (person.shown_from is not None) == is_shown

    def test_says_what_stands_in_the_way_and_changes_nothing(self):
        person = make_person("Titus Welliver", slug="titus")
        character = make_character()
        change = self.delete(person, character)
        make_person("Another", slug="titus")
        with self.assertRaisesMessage(ValidationError, "already exists"):
            undo(change, self.anna)
        assert not type(character).objects.exists()

    def test_two_things_that_traded_what_must_be_unique_come_back(self):
        one, two = make_person(imdb_id="nm0920038"), make_person()
        with recording(self.anna) as record:
            record.remember([two])
            record.delete([Person.objects.get(pk=one.pk)])
            two.imdb_id = "nm0920038"
            two.save()
        undo(record.change, self.anna)
        two.refresh_from_db()
        assert Person.objects.get(imdb_id="nm0920038").pk == one.pk
        assert two.imdb_id == ""

    def test_can_be_undone_itself(self):
        person = make_person("Titus Welliver")
        change = self.save(person, name="T. W.")
        undo(change, self.anna)
        undo(Change.objects.told().first(), self.anna)
        person.refresh_from_db()
        assert person.name == "T. W."

    def test_rows_are_indexed_once(self):
        change = self.save(make_portrayal(), billing=3)
        assert ChangedRow.objects.filter(change=change).count() == 4
        assert change.rows.of_itself().count() == 1
