"""What a sheet says is compared with the catalogue, cell by cell, and brought in as a whole."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.test import TestCase

from catalog.history import recording
from catalog.history.undoing import undo
from catalog.models import (
    Announcement,
    Character,
    Credit,
    Episode,
    Person,
    Portrayal,
    Redirect,
    Series,
    State,
)
from catalog.spreadsheets import (
    AnnouncementSheet,
    CharacterSheet,
    CreditSheet,
    EpisodeSheet,
    PersonSheet,
    PortrayalSheet,
)

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_image,
    make_job,
    make_person,
    make_portrayal,
    make_season,
    make_series,
    make_source,
)
from .sheets import exported, planned, told, typed_csv, typed_workbook, wrong


def carry_out(plan):
    assert not plan.problems
    with recording(None) as record:
        plan.carry_out(record)
    return record


def new(resource, **cells):
    return {**dict.fromkeys(resource.header, ""), **cells}


class DifferenceTests(TestCase):
    def test_tells_each_cell_that_differs(self):
        make_person("Titus Welliver", born="1962", other_names="Titus B.\nT. W.")
        make_person("Jamie Hector")
        lines = exported(PersonSheet())
        lines[0] |= {"born": "February 1962", "other_names": "Titus B.", "tmdb_id": "17"}
        plan = planned(PersonSheet(), lines)
        assert told(plan) == {
            (2, "born"): ("1962", "1962-02"),
            (2, "other_names"): ("Titus B.\nT. W.", "Titus B."),
            (2, "tmdb_id"): ("", "17"),
        }
        assert plan.unchanged == 1
        carry_out(plan)
        titus = Person.objects.get(name="Titus Welliver")
        assert (titus.born.iso, titus.other_names, titus.tmdb_id) == ("1962-02", "Titus B.", 17)

    def test_another_way_to_write_the_same_is_no_difference(self):
        make_person("Titus Welliver", born="1962-02-12", tmdb_id=17, other_names="A\nB")
        lines = exported(PersonSheet())
        lines[0] |= {
            "born": "12 February 1962",
            "tmdb_id": "17.0",
            "other_names": " A \r\n\r\nB",
            "state": "Published",
        }
        for version in (lines[0]["version"], ""):
            assert not told(planned(PersonSheet(), [{**lines[0], "version": version}]))

    def test_a_missing_column_leaves_its_field_alone_and_a_missing_row_too(self):
        make_person("Titus Welliver", born="1962")
        make_person("Jamie Hector")
        line = exported(PersonSheet())[0]
        del line["born"], line["sources"]
        line["name"] = "Titus B. Welliver"
        plan = planned(PersonSheet(), [line])
        assert list(told(plan)) == [(2, "name")]
        carry_out(plan)
        assert Person.objects.count() == 2
        assert Person.objects.get(name="Titus B. Welliver").born.iso == "1962"

    def test_relations_are_named_as_in_the_data_files(self):
        series = make_series("Bosch")
        season, later = make_season(series, 1), make_season(series, 2)
        first, last = make_episode(season, 1), make_episode(later, 10)
        part = make_portrayal(series=series, seasons=[season], billing=1)
        other = make_person("Jamie Hector")
        make_source(slug="variety")
        line = exported(PortrayalSheet())[0]
        line |= {
            "person": "jamie-hector",
            "seasons": "1, 2",
            "first_episode": "bosch s1e1",
            "last_episode": "S2E10",
            "episodes": "bosch S2E10; S1E1",
            "sources": "variety",
            "announced": "TRUE",
            "kind": "Recurring",
            "billing": "",
        }
        plan = planned(PortrayalSheet(), [line])
        assert told(plan) == {
            (2, "person"): (part.person.slug, "jamie-hector"),
            (2, "seasons"): ("1", "1; 2"),
            (2, "first_episode"): ("", "bosch S1E1"),
            (2, "last_episode"): ("", "bosch S2E10"),
            (2, "episodes"): ("", "bosch S1E1; bosch S2E10"),
            (2, "sources"): ("", "variety"),
            (2, "announced"): ("no", "yes"),
            (2, "kind"): ("main", "recurring"),
            (2, "billing"): ("1", ""),
        }
        carry_out(plan)
        part.refresh_from_db()
        assert (part.person, part.first_episode, part.last_episode) == (other, first, last)
        assert {*part.seasons.all()} == {season, later}
        assert {*part.episodes.all()} == {first, last}
        assert (part.announced, part.kind, part.billing) == (True, "recurring", None)

    def test_a_picture_is_named_as_in_the_data_files(self):
        one, two = make_image(), make_image()
        make_person("Maggie Q", image=one)
        (line,) = exported(PersonSheet(), Person.objects.filter(name="Maggie Q"))
        assert line["image"] == f"images/{one.content_hash}.jpg"
        other = f"images/{two.content_hash}.jpg"
        plan = planned(PersonSheet(), [{**line, "image": other}])
        assert wrong(plan) == []
        assert told(plan) == {(2, "image"): (line["image"], other)}
        plan = planned(PersonSheet(), [{**line, "image": f"images/{'9' * 64}.jpg"}])
        assert "There is no image" in wrong(plan)[0][2]

    def test_a_slug_of_before_is_understood(self):
        person = make_person("Titus Welliver")
        credit = make_credit(person)
        other = make_person("Jamie Hector")
        lines = exported(CreditSheet())
        other.slug = "jamie"
        other.save()
        plan = planned(CreditSheet(), [{**lines[0], "person": "jamie-hector"}])
        assert told(plan) == {(2, "person"): ("titus-welliver", "jamie")}
        person.slug = "titus"
        person.save()
        assert not told(planned(CreditSheet(), lines))
        assert not told(planned(CreditSheet(), [{**lines[0], "version": ""}]))
        plan = planned(CreditSheet(), [{**lines[0], "person": "jamie-hector"}], otherwise="mine")
        carry_out(plan)
        credit.refresh_from_db()
        assert credit.person == other
        assert Redirect.objects.count() == 2

    def test_a_workbook_with_dates_and_numbers_is_read(self):
        series = make_series("Bosch")
        make_episode(make_season(series, 1), 1, runtime=40)
        line = exported(EpisodeSheet())[0]
        rows = [
            list(line),
            [
                {"aired": dt.datetime(2025, 3, 1), "runtime": 45.0, "name": 24}.get(key, value)  # noqa: DTZ001
                for key, value in line.items()
            ],
        ]
        column = list(line).index("aired")
        name = f"{'ABCDEFGHIJKLMNOP'[column]}2"
        plan = planned(EpisodeSheet(), typed_workbook(rows, **{name: "mmmm yyyy"}))
        assert told(plan) == {
            (2, "aired"): ("", "2025-03"),
            (2, "runtime"): ("40", "45"),
            (2, "name"): ("", "24"),
        }

    def test_a_name_to_read_by_is_not_taken_and_said_so(self):
        make_credit(make_person("Titus Welliver"))
        line = exported(CreditSheet())[0]
        line["person_name"] = "Titus"
        line["note"] = "First"
        plan = planned(CreditSheet(), [line])
        assert list(told(plan)) == [(2, "note")]
        assert plan.lines[0].remarks == [
            "“person_name” is there to read by, and is not taken: change “person”."
        ]


class NewRowTests(TestCase):
    def test_a_row_without_an_id_is_new_and_an_entry_a_draft(self):
        series = make_series("Bosch")
        season = make_season(series, 1)
        make_person("Titus Welliver")
        make_character("Harry Bosch")
        make_job("Director", slug="director")
        for resource, cells in [
            (PersonSheet(), {"name": "Jamie Hector", "born": "1975"}),
            (CharacterSheet(), {"name": "Jerry Edgar", "inspired_by": "titus-welliver"}),
            (EpisodeSheet(), {"season": "bosch S1", "number": "3", "aired": "2014"}),
            (
                PortrayalSheet(),
                {
                    "person": "titus-welliver",
                    "character": "harry-bosch",
                    "series": "bosch",
                    "seasons": "1",
                },
            ),
            (
                CreditSheet(),
                {
                    "person": "titus-welliver",
                    "series": "bosch",
                    "job": "director",
                    "season": "1",
                },
            ),
            (AnnouncementSheet(), {"name": "Renewed", "people": "titus-welliver"}),
        ]:
            with self.subTest(kind=resource.kind.name):
                before = resource.model.objects.count()
                plan = planned(resource, [new(resource, **cells)])
                assert len(plan.new) == 1
                carry_out(plan)
                assert resource.model.objects.count() == before + 1
        assert Person.objects.get(name="Jamie Hector").state == State.DRAFT
        assert Announcement.objects.get().state == State.DRAFT
        assert Announcement.objects.get().people.get().name == "Titus Welliver"
        assert Character.objects.get(name="Jerry Edgar").inspired_by.name == "Titus Welliver"
        assert Episode.objects.get().number == 3
        assert Credit.objects.get().season == season
        assert [*Portrayal.objects.get().seasons.all()] == [season]

    def test_says_that_the_name_is_there_already(self):
        person = make_person("Titus Welliver")
        resource = PersonSheet()
        plan = planned(resource, [new(resource, name="titus welliver")])
        assert f"(id {person.pk})" in plan.lines[0].remarks[0]

    def test_a_copied_row_does_not_take_its_version_along(self):
        make_person("Titus Welliver", born="1962")
        lines = exported(PersonSheet())
        lines.append({**lines[0], "id": "", "slug": "", "state": ""})
        plan = planned(PersonSheet(), lines)
        assert not plan.problems
        assert [line.texts["name"] for line in plan.new] == ["Titus Welliver"]


class ProblemTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.series = make_series("Bosch")
        cls.season = make_season(cls.series, 1)
        cls.episode = make_episode(cls.season, 1)
        cls.titus = make_person("Titus Welliver", born="1962")
        cls.jamie = make_person("Jamie Hector")
        cls.part = make_portrayal(cls.titus, series=cls.series)

    def wrong_with(self, resource, **cells):
        """What is told of one changed line: (column, sentence)."""
        lines = exported(resource)
        lines[0] |= cells
        plan = planned(resource, lines)
        return [(column, why) for _, column, why in wrong(plan)]

    def test_each_cell_that_cannot_be_taken_is_told_with_its_row_and_column(self):
        for resource, column, said, why in [
            (PersonSheet(), "born", "31 February 1962", "is not in the calendar"),
            (PersonSheet(), "born", "3/4/1962", "has the day first for some"),
            (PersonSheet(), "born", "Mar-62", "is what Excel makes of a month"),
            (PersonSheet(), "died", "1950", "is before"),
            (PersonSheet(), "name", "", "cannot be blank"),
            (PersonSheet(), "name", "x" * 201, "at most 200 characters"),
            (PersonSheet(), "name", "Mich�", "a letter that a program has lost"),
            (PersonSheet(), "name", "Titus\nWelliver", "Must be one line"),
            (PersonSheet(), "slug", "not a slug", "valid “slug”"),
            (PersonSheet(), "slug", "jamie-hector", "already exists"),
            (PersonSheet(), "imdb_id", "17", "An IMDb id reads like tt3502248."),
            (PersonSheet(), "tmdb_id", "many", "Must be a whole number, not “many”."),
            (PersonSheet(), "tmdb_id", "3.5", "Must be a whole number, not “3.5”."),
            (PersonSheet(), "tmdb_id", "99999999999", "less than or equal to"),
            (PersonSheet(), "sources", "nope", "There is no source “nope”."),
            (PersonSheet(), "state", "live", "is not one of: draft, in-review, published."),
            (PersonSheet(), "publish_at", "2025-03-01 10:00", "needs its time zone"),
            (PortrayalSheet(), "person", "titus-weliver", "did you mean “titus-welliver”?"),
            (PortrayalSheet(), "person", "", "Must have a value."),
            (PortrayalSheet(), "kind", "star", "is not one of: main,"),
            (PortrayalSheet(), "announced", "perhaps", "Must be yes or no, not “perhaps”."),
            (PortrayalSheet(), "seasons", "1; 7", "There is no season “bosch S7”."),
            (PortrayalSheet(), "seasons", "one", "Must be the number of a season"),
            (PortrayalSheet(), "first_episode", "1x1", "“1x1” is not an episode"),
            (PortrayalSheet(), "first_episode", "S1E9", "There is no episode “bosch S1E9”."),
            (PortrayalSheet(), "billing", "0", "Billing counts from 1."),
            (EpisodeSheet(), "season", "bosch", "is not a season"),
            (EpisodeSheet(), "number", "-1", "greater than or equal to 0"),
        ]:
            with self.subTest(column=column, said=said):
                ((where, what),) = self.wrong_with(resource, **{column: said})
                assert why in what
                assert where == ("" if column == "billing" else column)

    def test_odd_cells_of_a_workbook_are_told_by_cell(self):
        line = exported(PersonSheet())[0]
        for said, why in [
            ("=1+1", "This is a formula"),
            (dt.datetime(2025, 10, 4), "Excel has made a date of this"),  # noqa: DTZ001
            (dt.time(10, 4), "Excel has made a time of this"),
        ]:
            rows = [list(line), [{**line, "name": said}[name] for name in line]]
            ((row, column, what),) = wrong(planned(PersonSheet(), typed_workbook(rows)))
            assert (row, column) == (2, "name")
            assert what.startswith(why)

    def test_several_problems_are_told_at_once(self):
        lines = exported(PersonSheet())
        lines[0] |= {"born": "soon", "tmdb_id": "x"}
        lines[1] |= {"died": "later"}
        told_at = [(row, column) for row, column, _ in wrong(planned(PersonSheet(), lines))]
        assert told_at == [(2, "born"), (2, "tmdb_id"), (3, "died")]

    def test_columns_are_told(self):
        line = exported(PersonSheet())[0]
        for header, why in [
            ({**line, "borm": ""}, "There is no column “borm”; did you mean “born”?"),
            ({**line, "weight": "80"}, "There is no column “weight”. The columns are: id, slug,"),
            ({k: v for k, v in line.items() if k != "id"}, "The column “id” is missing."),
        ]:
            ((row, _, what),) = wrong(planned(PersonSheet(), [header]))
            assert row == 1
            assert what.startswith(why)
        twice = b"id,name,name\n1,a,b\n"
        assert wrong(planned(PersonSheet(), twice))[0][2].startswith("This column is there twice")
        nameless = b"id,,name\n1,a,b\n"
        assert wrong(planned(PersonSheet(), nameless))[0][2].startswith("A column has no name")

    def test_ids_are_told(self):
        for said, why in [
            ("99999", "There is no person with this id."),
            ("9" * 18, "There is no person with this id."),
            ("9" * 30, "is no id"),
            ("abc", "“abc” is no id"),
            ("-1", "“-1” is no id"),
            (str(self.jamie.pk), "This id is in row 2 already"),
        ]:
            lines = exported(PersonSheet())
            lines.reverse()
            lines[1]["id"] = said
            ((row, column, what),) = wrong(planned(PersonSheet(), lines))
            assert (row, column) == (3, "id")
            assert why in what

    def test_columns_that_were_sorted_apart_are_found_out(self):
        one, two = exported(PersonSheet())
        one["version"], two["version"] = two["version"], one["version"]
        problems = wrong(planned(PersonSheet(), [one, two]))
        assert [(row, column) for row, column, _ in problems] == [(2, "version"), (3, "version")]
        assert "sorted without the others" in problems[0][2]
        ((_, column, why),) = wrong(planned(PersonSheet(), [{**one, "version": "v1"}]))
        assert (column, why) == (
            "version",
            "This cannot be read: leave it as it was exported, or blank.",
        )

    def test_what_a_new_row_needs_is_told(self):
        resource = PortrayalSheet()
        plan = planned(resource, [new(resource, person="titus-welliver")])
        assert wrong(plan) == [(2, "series", "Is missing; a new portrayal needs it.")]

    def test_two_rows_that_cannot_both_be_are_told(self):
        person = PersonSheet()
        twins = [new(person, name="A", slug="a"), new(person, name="B", slug="a")]
        assert wrong(planned(person, twins)) == [
            (3, "slug", "Row 2 says the same: there can be only one.")
        ]
        part = PortrayalSheet()
        same = [new(part, person="jamie-hector", series="bosch")] * 2
        assert wrong(planned(part, same)) == [
            (3, "", "Row 2 says the same: there can be only one.")
        ]
        names = [new(person, name="A"), new(person, name="A")]
        assert not wrong(planned(person, names))


class OthersTests(TestCase):
    """Somebody changed a row between its export and its import."""

    def setUp(self):
        self.person = make_person("Titus Welliver", born="1962", birth_place="New Haven")
        self.lines = exported(PersonSheet())
        self.anna = get_user_model().objects.create_superuser("anna")

    def change(self, **values):
        with recording(self.anna) as record:
            record.remember([self.person])
            for name, value in values.items():
                setattr(self.person, name, value)
            self.person.save()

    def plan(self, choices=None, otherwise="", **cells):
        lines = [{**self.lines[0], **cells}]
        return planned(PersonSheet(), lines, choices=choices or {}, otherwise=otherwise)

    def test_what_only_others_changed_stays(self):
        self.change(born="1961")
        plan = self.plan(birth_place="Connecticut")
        assert told(plan) == {(2, "birth_place"): ("New Haven", "Connecticut")}
        assert not plan.questions
        carry_out(plan)
        self.person.refresh_from_db()
        assert (self.person.born.iso, self.person.birth_place) == ("1961", "Connecticut")

    def test_what_both_changed_is_asked(self):
        self.change(born="1961")
        plan = self.plan(born="1963", birth_place="Connecticut")
        ((cell),) = plan.undecided
        assert (cell.column, cell.before, cell.after, cell.asked) == (
            "born",
            "1961",
            "1963",
            "changed",
        )
        for choice, year in (("theirs", "1961"), ("mine", "1963")):
            decided = self.plan({cell.name: choice}, born="1963", birth_place="Connecticut")
            assert not decided.undecided
            assert decided.digest == plan.digest
            carry_out(decided)
            self.person.refresh_from_db()
            assert self.person.born.iso == year
            self.change(born="1961", birth_place="New Haven")

    def test_an_answer_holds_for_what_was_shown_with_it(self):
        self.change(born="1961")
        ((cell),) = self.plan(born="1963").undecided
        self.change(born="1960")
        plan = self.plan({cell.name: "mine"}, born="1963")
        assert [each.before for each in plan.undecided] == ["1960"]

    def test_one_answer_for_all_holds_where_none_is_given(self):
        self.change(born="1961", birth_place="Elsewhere")
        plan = self.plan(born="1963", birth_place="Connecticut", otherwise="theirs")
        assert not plan.undecided
        assert plan.is_empty

    def test_the_same_change_made_twice_is_no_question(self):
        self.change(born="1963")
        assert not told(self.plan(born="1963"))

    def test_without_a_version_each_difference_is_asked(self):
        plan = self.plan(born="1963", version="")
        assert [(cell.column, cell.asked) for cell in plan.undecided] == [("born", "unknown")]
        assert "do not say what they were" in plan.remarks[0]

    def test_what_was_deleted_is_told(self):
        with recording(self.anna) as record:
            record.delete([self.person])
        assert wrong(self.plan(born="1963"))[0][1] == "id"


class TradingPlacesTests(TestCase):
    def setUp(self):
        season = make_season(make_series("Bosch"), 1)
        for number, name in enumerate(["A", "B", "C"], start=1):
            make_episode(season, number, name=name)
        self.lines = exported(EpisodeSheet())

    def names(self):
        return [*Episode.objects.order_by("number", "name").values_list("number", "name")]

    def test_episodes_trade_their_numbers(self):
        self.lines[0]["number"], self.lines[1]["number"] = "2", "1"
        carry_out(planned(EpisodeSheet(), self.lines))
        assert self.names() == [(1, "B"), (2, "A"), (3, "C")]

    def test_episodes_make_room_for_a_new_one(self):
        self.lines[1]["number"], self.lines[2]["number"] = "3", "4"
        self.lines.append(new(EpisodeSheet(), season="bosch S1", number="2", name="New"))
        record = carry_out(planned(EpisodeSheet(), self.lines))
        assert self.names() == [(1, "A"), (2, "New"), (3, "B"), (4, "C")]
        undo(record.change, None)
        assert self.names() == [(1, "A"), (2, "B"), (3, "C")]

    def test_an_episode_keeps_its_number_in_another_season(self):
        make_season(Series.objects.get(), 2)
        self.lines[0]["season"] = "bosch S2"
        self.lines.append(new(EpisodeSheet(), season="bosch S1", number="1", name="New"))
        carry_out(planned(EpisodeSheet(), self.lines))
        assert self.names() == [(1, "A"), (1, "New"), (2, "B"), (3, "C")]

    def test_a_place_that_nobody_leaves_is_taken(self):
        self.lines[0]["number"] = "2"
        assert wrong(planned(EpisodeSheet(), self.lines)) == [
            (2, "", "This season already has an episode of this number.")
        ]
        self.lines[1] |= {"number": "2", "name": "Other"}
        assert len(wrong(planned(EpisodeSheet(), self.lines))) == 2


class AllOrNothingTests(TestCase):
    def test_an_announcement_with_lists_is_one_change(self):
        announcement = make_announcement("Renewed", people=[make_person("Titus Welliver")])
        make_person("Jamie Hector")
        line = exported(AnnouncementSheet())[0]
        plan = planned(AnnouncementSheet(), [{**line, "people": "jamie-hector; titus-welliver"}])
        record = carry_out(plan)
        assert announcement.people.count() == 2
        assert record.change.rows.of_itself().count() == 1

    def test_rows_as_typed_by_hand_without_any_export(self):
        raw = typed_csv([{"id": "", "name": "Jamie Hector"}], separator=";")
        carry_out(planned(PersonSheet(), raw))
        assert Person.objects.get().slug == "jamie-hector"
