"""What leaves the catalogue comes back as it was."""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.importers.catalog_form import CATALOG, KIND_OF
from catalog.models import (
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Image,
    Person,
    PersonLink,
    Redirect,
    SearchEntry,
    Series,
    State,
)
from tests.factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_person,
    make_portrayal,
    make_season,
    make_series,
)
from tests.pictures.storages import files_in

from .everything import ODD, ExportTestCase, empty, make_everything, make_what_waits

LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
BOSCH = Path(__file__).parents[2] / "catalog" / "data" / "bosch"
# Of ``make_everything``, on every database: changes only when the form or that catalogue does.
DIGEST = "05fe76593197b5779ef29c989accb4117be3301cec5d43d99b163850bf294673"


def rows_in(content):
    """The rows of data files, as text, whatever their order and that of their lists."""
    found = []
    for records in content:
        for kind, rows in records.items():
            found += [(kind, as_text(row)) for row in rows]
    return sorted(found)


def as_text(value):
    if isinstance(value, dict):
        return json.dumps({key: as_text(inner) for key, inner in sorted(value.items())})
    if isinstance(value, list):
        return json.dumps(sorted(map(as_text, value)))
    return json.dumps(value)


class RoundTripTests(ExportTestCase):
    def test_one_of_everything_comes_back_to_the_byte(self):
        make_everything()
        make_what_waits()
        self.export("first", everything=True)
        before = {model: model.objects.count() for model in KIND_OF}
        empty()
        self.load("first")
        self.export("second", everything=True)
        assert self.files("first") == self.files("second")
        assert {model: model.objects.count() for model in KIND_OF} == before
        assert all(before.values())

    def test_every_name_of_the_form_is_told_of_some_row(self):
        make_everything()
        make_what_waits()
        self.export(everything=True)
        told = defaultdict(set)

        def look(kind, rows):
            for row in rows:
                told[kind].update(row)
                for inside in kind.rows:
                    look(inside, row.get(inside.name, []))

        for name, content in self.files().items():
            if name.endswith(".json"):
                for kind, rows in json.loads(content).items():
                    look(CATALOG[kind], rows)
        for kind in KIND_OF.values():
            with self.subTest(kind=kind.plural):
                assert {*kind.says} - told[kind] <= {"state", "publish_at"}
        assert {"state", "publish_at"} <= told[CATALOG["people"]]

    def test_the_bytes_are_the_same_on_every_database(self):
        # Encoders of pictures differ from machine to machine.
        make_everything(with_pictures=False)
        self.export()
        digest = hashlib.sha256()
        for name, content in self.files().items():
            if name.endswith(".json"):
                digest.update(name.encode() + b"\0" + content)
        assert digest.hexdigest() == DIGEST

    def test_odd_texts_stay_as_they_are(self):
        make_person("O’Neil", slug="o-neil", biography=ODD)
        make_person("null", slug="null", biography="null")
        self.export()
        empty()
        self.load()
        assert Person.objects.get(slug="o-neil").biography == ODD
        assert Person.objects.get(slug="null").name == "null"
        text = (self.folder / "export" / "people.json").read_text(encoding="utf-8")
        assert "שלום" in text
        assert text.endswith("}\n")

    def test_an_empty_catalogue_is_an_export_too(self):
        assert "nothing" in self.export()
        assert list(self.files()) == ["README.txt"]

    def test_old_addresses_lead_on_after_it(self):
        person = make_person("Maggie Q", slug="maggie-quigley")
        person.slug = "maggie-q"
        person.save()
        self.export()
        empty()
        self.load()
        assert Redirect.objects.get().target.slug == "maggie-q"
        response = self.client.get("/people/maggie-quigley/")
        assert (response.status_code, response["Location"]) == (301, "/people/maggie-q/")

    def test_what_is_loaded_is_found_by_search_and_shown(self):
        make_everything()
        self.export()
        before = sorted(SearchEntry.objects.values_list("path", "names", "body", "shown_from"))
        empty()
        self.load()
        found = sorted(SearchEntry.objects.values_list("path", "names", "body", "shown_from"))
        assert found == before
        assert self.client.get("/characters/renee-ballard/").status_code == 200

    def test_a_scheduled_entry_keeps_its_moment(self):
        make_what_waits()
        self.export(everything=True)
        empty()
        self.load()
        waiting = Person.objects.get(slug="waiting-moment")
        assert (waiting.state, waiting.publish_at.year) == (State.PUBLISHED, 2999)
        assert Person.objects.get(slug="waiting-review").state == State.IN_REVIEW


class BoschTests(ExportTestCase):
    @classmethod
    def setUpTestData(cls):
        call_command("load_catalog", verbosity=0)

    def test_its_own_files_say_the_same_as_an_export_of_it(self):
        self.export()
        exported = [json.loads(text) for name, text in self.files().items() if ".json" in name]
        shipped = [json.loads(path.read_bytes()) for path in BOSCH.glob("*.json")]
        assert rows_in(map(without_what_is_usual, exported)) == rows_in(
            map(without_what_is_usual, shipped)
        )

    def test_it_comes_back_to_the_byte(self):
        self.export("first")
        empty()
        self.load("first")
        self.export("second", everything=True)
        assert self.files("first") == self.files("second")


def without_what_is_usual(records):
    """Without what a new row has by itself, which a person may write down all the same."""

    def bare(kind, row):
        fields = {inside.name: inside for inside in kind.rows}
        usual = {name: field.get_default() for name, field in kind.fields.items()}
        return {
            name: [bare(fields[name], each) for each in value] if name in fields else value
            for name, value in row.items()
            if value not in ([], "", None)
            and (name in fields or value != usual[name] or name in kind.key)
        }

    return {name: [bare(CATALOG[name], row) for row in rows] for name, rows in records.items()}


class DeterminismTests(ExportTestCase):
    def make(self, order):
        """The same catalogue, its rows made in the ``order`` of 0, 1, 2."""
        people = {}
        for number in order:
            people[number] = make_person(f"Person {number}", slug=f"person-{'ab-c'[number]}x")
        job = make_job("Director", slug="director")
        series = {n: make_series(f"Series {n}", slug=f"series{'-' * n}x") for n in order}
        for number in reversed(order):
            season = make_season(series[number], 1)
            episodes = {n: make_episode(season, n) for n in order}
            character = make_character(f"Character {number}", slug=f"character-{number}")
            make_portrayal(
                people[number], character, series[number], [season], episodes.values(), kind="main"
            )
            for each in order:
                make_credit(people[each], series[number], job, episode=episodes[number])
            make_announcement(
                f"News {number}",
                [series[each] for each in order],
                date=f"2025-0{number + 1}",
                slug=f"news-{number}",
            )

    def test_the_order_in_which_rows_were_entered_does_not_matter(self):
        self.make([0, 1, 2])
        self.export("first")
        empty()
        self.make([2, 0, 1])
        self.export("second")
        assert self.files("first") == self.files("second")

    def test_two_exports_of_one_state_are_the_same(self):
        make_everything()
        self.export("first")
        self.export("second")
        assert self.files("first") == self.files("second")

    def test_what_visitors_see_in_the_order_of_entry_keeps_it(self):
        renee = make_character("Renée Ballard")
        make_fact(renee, "Zebras first.")
        make_fact(renee, "Aardvarks second.")
        for name in ("Zulu", "Alpha"):
            make_announcement(name, date="2025")
        self.export()
        empty()
        self.load()
        facts = CharacterFact.objects.order_by("pk").values_list("text", flat=True)
        assert list(facts) == ["Zebras first.", "Aardvarks second."]
        news = Announcement.objects.order_by("pk").values_list("name", flat=True)
        assert list(news) == ["Zulu", "Alpha"]

    def test_slugs_stand_in_one_order_whatever_the_language_of_the_database(self):
        for slug in ("de-a", "dea", "Zoo", "d-z", "_", "1"):
            make_person(slug, slug=slug)
        self.export()
        people = json.loads(self.files()["people.json"])["people"]
        assert [row["slug"] for row in people] == ["1", "Zoo", "_", "d-z", "de-a", "dea"]


class ManyRowsTests(ExportTestCase):
    def test_long_lists_are_cut_into_files_of_a_thousand_rows(self):
        Person.objects.bulk_create(
            Person(name=f"P {n}", slug=f"p-{n:04}", state=State.PUBLISHED, shown_from=LONG_AGO)
            for n in range(1_001)
        )
        self.export()
        assert [name for name in self.files() if "people" in name] == [
            "people-0001.json",
            "people-0002.json",
        ]
        lengths = [len(json.loads(self.files()[f"people-000{n}.json"])["people"]) for n in (1, 2)]
        assert lengths == [1_000, 1]

    def test_rows_inside_others_count_and_stay_with_theirs(self):
        for number in range(3):
            person = make_person(f"P {number}", slug=f"p-{number}")
            PersonLink.objects.bulk_create(
                PersonLink(person=person, label="L", url=f"https://{n}.example/")
                for n in range(600)
            )
        self.export()
        files = [json.loads(text) for name, text in self.files().items() if "people" in name]
        assert [[row["slug"] for row in each["people"]] for each in files] == [
            ["p-0"],
            ["p-1"],
            ["p-2"],
        ]

    def test_credits_that_differ_in_their_episodes_alone_are_one_wherever_a_batch_ends(self):
        season = make_season(make_series("Bosch", slug="bosch"))
        person, job = make_person("Director", slug="director"), make_job(slug="director")
        for number in range(1, 8):
            make_credit(person, season.series, job, episode=make_episode(season, number))
        self.export()
        [credit] = json.loads(self.files()["credits.json"])["credits"]
        assert credit["episodes"] == [f"S1E{n}" for n in range(1, 8)]

    def test_statements_do_not_grow_with_the_rows(self):
        def statements():
            with CaptureQueriesContext(connection) as queries:
                self.export()
            return len(queries)

        make_everything()
        few = statements()
        series = Series.objects.get(slug="ballard")
        for number in range(20):
            make_portrayal(make_person(), make_character(), series, billing=number + 1)
            make_credit(make_person(), series)
            make_announcement(series=[series])
        assert statements() == few


def read(name):
    with default_storage.open(name) as file:
        return file.read()


class PictureTests(ExportTestCase):
    def test_the_same_bytes_come_back_with_all_their_sizes(self):
        make_everything()
        stored = files_in(default_storage)
        masters = {name: read(name) for name in Image.objects.values_list("file", flat=True)}
        before = list(Image.objects.order_by("content_hash").values())
        self.export()
        empty()
        for name in stored:
            default_storage.delete(name)
        self.load()
        assert files_in(default_storage) == stored
        assert {name: read(name) for name in masters} == masters
        after = list(Image.objects.order_by("content_hash").values())
        assert [row | {"id": 0} for row in after] == [row | {"id": 0} for row in before]
        assert Person.objects.get(slug="maggie-q").image.alt_text == "Maggie Q"
        assert Character.objects.get(slug="renee-ballard").image.alt_text == "Maggie Q"

    def test_files_are_named_by_their_content(self):
        make_everything()
        self.export()
        pictures = {n: c for n, c in self.files().items() if n.startswith("images/")}
        assert len(pictures) == 2
        for name, content in pictures.items():
            assert name.startswith(f"images/{hashlib.sha256(content).hexdigest()}.")

    def test_a_credit_of_several_episodes_comes_back_as_its_rows(self):
        make_everything()
        before = Credit.objects.count()
        self.export()
        empty()
        self.load()
        assert Credit.objects.count() == before
