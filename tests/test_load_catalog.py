import json
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import SimpleTestCase, TestCase
from django.test.utils import CaptureQueriesContext

from catalog.importers.catalog_form import KIND_OF, WRITING_ORDER
from catalog.models import (
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Membership,
    Organization,
    PartialDate,
    Person,
    Portrayal,
    Relationship,
    Revision,
    SearchEntry,
    Season,
    Series,
    SeriesLink,
    Source,
    State,
    WatchOrder,
)
from tests.factories import (
    make_character,
    make_episode,
    make_organization,
    make_person,
    make_season,
    make_series,
    make_source,
)

# A little of everything that a file can hold.
SMALL = {
    "sources": [
        {
            "slug": "variety-ballard",
            "publisher": "Variety",
            "title": "Ballard is here",
            "url": "https://variety.com/ballard",
            "published": "2025-07",
            "accessed": "2025-08-01",
        },
        {"slug": "deadline-ballard", "publisher": "Deadline", "title": "Ballard returns"},
    ],
    "networks": [{"slug": "prime-video", "name": "Prime Video"}],
    "jobs": [{"slug": "director", "name": "Director", "department": "directing", "rank": 10}],
    "people": [
        {
            "slug": "maggie-q",
            "name": "Maggie Q",
            "other_names": ["Margaret Quigley", "Maggie Quigley"],
            "born": "1979-05-22",
            "links": [{"label": "Web site", "url": "https://maggieq.example/"}],
            "sources": ["variety-ballard", "deadline-ballard"],
        },
        {"slug": "mitzi-roberts", "name": "Mitzi Roberts"},
    ],
    "series": [
        {
            "slug": "bosch-legacy",
            "name": "Bosch: Legacy",
            "status": "ended",
            "seasons": [{"number": 3, "episodes": [{"number": 10, "name": "Dig Down"}]}],
        },
        {
            "slug": "ballard",
            "name": "Ballard",
            "status": "airing",
            "network": "prime-video",
            "premiered": "2025-07-09",
            "tmdb_id": 247885,
            "links": [{"kind": "spin-off", "to": "bosch-legacy", "episode": "bosch-legacy S3E10"}],
            "seasons": [
                {
                    "number": 1,
                    "sources": ["variety-ballard"],
                    "episodes": [
                        {"number": 1, "name": "Library of Lost Souls", "aired": "2025-07-09"},
                        {"number": 2},
                    ],
                }
            ],
        },
    ],
    "relationship_kinds": [
        {"slug": "partner", "phrase": "partner of", "reverse_phrase": "partner of"}
    ],
    "characters": [
        {
            "slug": "renee-ballard",
            "name": "Renée Ballard",
            "inspired_by": "mitzi-roberts",
            "first_appearance": "bosch-legacy S3E10",
            "facts": [
                {"text": "She surfs.", "revealed_in": "ballard S1E2"},
                {"text": "She leads the unit."},
            ],
            "relationships": [{"kind": "partner", "other": "zamira-parker"}],
        },
        {"slug": "zamira-parker", "name": "Zamira Parker"},
    ],
    "organizations": [
        {
            "slug": "cold-case-unit",
            "name": "Cold Case Unit",
            "parent": "lapd",
            "members": [{"character": "renee-ballard", "standing": "leader", "role": "Head"}],
        },
        {"slug": "lapd", "name": "LAPD"},
    ],
    "portrayals": [
        {
            "person": "maggie-q",
            "character": "renee-ballard",
            "series": "ballard",
            "kind": "main",
            "seasons": [1],
            "first_episode": "S1E1",
            "episodes": ["S1E1", "S1E2"],
            "billing": 1,
            "revealed_in": "bosch-legacy S3E10",
        },
        {"person": "mitzi-roberts", "series": "ballard", "kind": "self"},
    ],
    "credits": [
        {
            "person": "mitzi-roberts",
            "series": "ballard",
            "job": "director",
            "episodes": ["S1E1", "S1E2"],
            "sources": ["variety-ballard"],
        },
        {"person": "maggie-q", "series": "ballard", "job": "director", "season": 1},
        {"person": "maggie-q", "series": "bosch-legacy", "job": "director"},
    ],
    "announcements": [
        {
            "slug": "ballard-premieres",
            "name": "Ballard premieres",
            "date": "2025-07-09",
            "kind": "premiere",
            "series": ["ballard"],
            "people": ["maggie-q"],
            "characters": ["renee-ballard"],
            "publish_at": "2025-07-09T12:00:00Z",
        }
    ],
    "watch_orders": [
        {
            "slug": "by-release",
            "name": "By release",
            "steps": [
                {"position": 1, "episode": "bosch-legacy S3E10", "importance": "essential"},
                {"position": 2, "season": "ballard S1", "reason": "It begins here."},
                {"position": 3, "series": "ballard", "importance": "optional"},
            ],
        }
    ],
}


class LoadCatalogTestCase(TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def write(self, name="catalog.json", /, **content):
        path = self.folder / name
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    def load(self, path=None, **options):
        out = StringIO()
        call_command("load_catalog", path or self.folder, stdout=out, **options)
        return out.getvalue()

    def load_rows(self, **content):
        return self.load(self.write(**content))

    def problems(self, path=None):
        with pytest.raises(CommandError) as caught:
            self.load(path)
        assert caught.value.returncode == 1
        first, *problems = str(caught.value).splitlines()
        assert first.startswith("Nothing was changed, because of ")
        return [problem.removeprefix("  ") for problem in problems]

    def problems_of_rows(self, **content):
        return self.problems(self.write(**content))

    def problem(self, **content):
        [problem] = self.problems_of_rows(**content)
        return problem


class CatalogFormTests(SimpleTestCase):
    def test_a_file_can_say_whatever_an_editor_can_but_for_pictures(self):
        for kind in KIND_OF.values():
            editable = {
                field.name
                for field in (*kind.model._meta.fields, *kind.model._meta.many_to_many)
                if field.editable and not field.primary_key
            }
            with self.subTest(kind=kind.plural):
                assert editable - {*kind.written_names} <= {kind.owner, "image", "cover"}

    def test_every_kind_is_written_after_those_it_points_to(self):
        for number, kind in enumerate(WRITING_ORDER):
            assert kind.needs <= {*WRITING_ORDER[:number]}
        assert {*WRITING_ORDER} == {*KIND_OF.values()}


class NewRowsTests(LoadCatalogTestCase):
    @classmethod
    def setUpTestData(cls):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "small.json"
            path.write_text(json.dumps(SMALL), encoding="utf-8")
            cls.out = StringIO()
            call_command("load_catalog", path, stdout=cls.out)

    def test_plain_values_of_every_type_arrive(self):
        person = Person.objects.get(slug="maggie-q")
        source = Source.objects.get(slug="variety-ballard")
        ballard = Series.objects.get(slug="ballard")
        assert person.other_names == "Margaret Quigley\nMaggie Quigley"
        assert person.born == PartialDate("1979-05-22")
        assert person.links.get().url == "https://maggieq.example/"
        assert source.published == PartialDate("2025-07")
        assert source.accessed.isoformat() == "2025-08-01"
        assert ballard.tmdb_id == 247885
        assert ballard.network.name == "Prime Video"
        assert [source.slug for source in person.sources.order_by("slug")] == [
            "deadline-ballard",
            "variety-ballard",
        ]

    def test_seasons_and_episodes_hang_on_their_series(self):
        assert Season.objects.count() == 2
        first, second = Episode.objects.filter(season__series__slug="ballard").order_by("number")
        assert (first.name, first.aired) == ("Library of Lost Souls", PartialDate("2025-07-09"))
        assert (second.name, second.title) == ("", "Episode 2")
        assert first.season.sources.get().slug == "variety-ballard"

    def test_references_run_in_all_directions(self):
        ballard = Character.objects.get(slug="renee-ballard")
        link = SeriesLink.objects.get()
        assert ballard.inspired_by.slug == "mitzi-roberts"
        assert str(ballard.first_appearance) == "Bosch: Legacy S3E10: Dig Down"
        assert (link.from_series.slug, link.kind, link.to_series.slug) == (
            "ballard",
            "spin-off",
            "bosch-legacy",
        )
        assert link.episode == ballard.first_appearance
        assert Organization.objects.get(slug="cold-case-unit").parent.slug == "lapd"
        assert Relationship.objects.get().other.slug == "zamira-parker"
        assert Membership.objects.get().standing == "leader"

    def test_facts_keep_their_order(self):
        assert [fact.text for fact in CharacterFact.objects.order_by("pk")] == [
            "She surfs.",
            "She leads the unit.",
        ]

    def test_seasons_and_episodes_of_a_portrayal_are_those_of_its_series(self):
        portrayal = Portrayal.objects.get(kind="main")
        assert [str(season) for season in portrayal.seasons.all()] == ["Ballard, season 1"]
        assert [episode.code for episode in portrayal.episodes.all()] == ["S1E1", "S1E2"]
        assert portrayal.first_episode.series.slug == "ballard"
        assert portrayal.revealed_in.series.slug == "bosch-legacy"
        assert Portrayal.objects.get(kind="self").character is None

    def test_a_credit_for_several_episodes_is_a_row_for_each(self):
        work = Credit.objects.filter(person__slug="mitzi-roberts").order_by("pk")
        assert [credit.episode.code for credit in work] == ["S1E1", "S1E2"]
        assert [credit.sources.count() for credit in work] == [1, 1]
        assert Credit.objects.get(season__number=1).episode is None
        assert Credit.objects.filter(season=None, episode=None).count() == 1

    def test_a_watch_order_has_steps_of_all_three_kinds(self):
        steps = WatchOrder.objects.get().steps.order_by("position")
        assert [str(step.episode or step.season or step.series) for step in steps] == [
            "Bosch: Legacy S3E10: Dig Down",
            "Ballard, season 1",
            "Ballard",
        ]

    def test_entries_are_published_and_findable(self):
        assert {entry.state for entry in [*Person.objects.all(), *Series.objects.all()]} == {
            State.PUBLISHED
        }
        assert SearchEntry.objects.search("lost souls").get().state == State.PUBLISHED
        assert Announcement.objects.get().publish_at.isoformat() == "2025-07-09T12:00:00+00:00"

    def test_the_summary_counts_them_by_kind(self):
        lines = self.out.getvalue().splitlines()
        assert lines[0].split() == ["new", "updated", "unchanged"]
        assert ["sources", "2", "0", "0"] in [line.split() for line in lines]
        assert ["episodes", "3", "0", "0"] in [line.split() for line in lines]
        assert ["credits", "4", "0", "0"] in [line.split() for line in lines]


class SecondLoadTests(LoadCatalogTestCase):
    def test_writes_nothing_and_says_so(self):
        self.load_rows(**SMALL)
        before = Series.objects.get(slug="ballard").updated_at
        with CaptureQueriesContext(connection) as queries:
            said = self.load()
        written = [
            query["sql"]
            for query in queries
            if query["sql"].startswith(("INSERT", "UPDATE", "DELETE", "REPLACE"))
        ]
        assert written == []
        assert said == "Unchanged: all 35 rows are in the catalogue already.\n"
        assert Series.objects.get(slug="ballard").updated_at == before

    def test_reads_each_kind_once(self):
        people = [{"slug": f"person-{n}", "name": f"Person {n}"} for n in range(30)]
        self.load_rows(people=people[:3])
        with CaptureQueriesContext(connection) as few:
            self.load()
        self.load_rows(people=people)
        with CaptureQueriesContext(connection) as many:
            self.load()
        assert len(many) == len(few)

    def test_says_so_when_the_files_hold_nothing(self):
        assert self.load_rows(people=[]) == "The files hold no rows; nothing was loaded.\n"


class UpdateTests(LoadCatalogTestCase):
    def test_sets_what_the_file_names_and_leaves_the_rest_to_the_editors(self):
        make_person(
            "Maggie Q", slug="maggie-q", biography="An editor's own words.", state=State.IN_REVIEW
        )
        said = self.load_rows(people=[{"slug": "maggie-q", "name": "Maggie Quigley"}])
        person = Person.objects.get()
        assert (person.name, person.biography) == ("Maggie Quigley", "An editor's own words.")
        assert person.state == State.IN_REVIEW
        assert person.sort_name == "maggie quigley"
        assert said.splitlines()[1].split() == ["people", "0", "1", "0"]

    def test_writes_only_what_changes_so_that_an_editor_saving_meanwhile_loses_nothing(self):
        make_person("Maggie Q", slug="maggie-q", biography="An editor's own words.")
        path = self.write(people=[{"slug": "maggie-q", "name": "Maggie Quigley", "born": "1979"}])
        with CaptureQueriesContext(connection) as queries:
            self.load(path)
        [update] = [
            query["sql"] for query in queries if query["sql"].startswith('UPDATE "catalog_person"')
        ]
        assert '"born" = ' in update
        assert '"biography" = ' not in update

    def test_needs_only_the_key_of_a_row_that_exists(self):
        make_episode(make_season(make_series("Ballard")), number=4, name="Landmines")
        self.load_rows(
            series=[
                {
                    "slug": "ballard",
                    "seasons": [{"number": 1, "episodes": [{"number": 4, "runtime": 44}]}],
                }
            ]
        )
        episode = Episode.objects.get()
        assert (episode.name, episode.runtime) == ("Landmines", 44)

    def test_deletes_nothing(self):
        self.load_rows(**SMALL)
        kept = make_person("Titus Welliver")
        self.load_rows(
            characters=[{"slug": "renee-ballard", "facts": [{"text": "She has a dog."}]}]
        )
        assert Person.objects.filter(pk=kept.pk).exists()
        assert CharacterFact.objects.count() == 3
        assert Relationship.objects.count() == 1

    def test_clears_what_the_file_says_is_empty(self):
        self.load_rows(**SMALL)
        self.load_rows(
            people=[{"slug": "maggie-q", "born": None, "other_names": [], "sources": []}],
            characters=[{"slug": "renee-ballard", "inspired_by": None, "occupation": ""}],
        )
        person = Person.objects.get(slug="maggie-q")
        assert (person.born, person.other_names) == (None, "")
        assert not person.sources.exists()
        assert Character.objects.get(slug="renee-ballard").inspired_by is None

    def test_sets_lists_as_the_file_has_them(self):
        self.load_rows(**SMALL)
        before = Person.objects.get(slug="maggie-q").updated_at
        said = self.load_rows(people=[{"slug": "maggie-q", "sources": ["deadline-ballard"]}])
        person = Person.objects.get(slug="maggie-q")
        assert person.sources.get().slug == "deadline-ballard"
        assert person.updated_at > before
        assert said.splitlines()[1].split() == ["people", "0", "1", "0"]

    def test_a_renamed_series_shows_its_name_in_the_search_rows_of_its_episodes(self):
        self.load_rows(**SMALL)
        self.load_rows(
            series=[
                {
                    "slug": "ballard",
                    "name": "Ballard!",
                    "state": "draft",
                    "seasons": [{"number": 1, "episodes": [{"number": 1, "name": "Library"}]}],
                }
            ]
        )
        found = SearchEntry.objects.get(episode__number=1, episode__season__series__slug="ballard")
        assert (found.name, found.context, found.state) == ("Library", "Ballard! S1E1", "draft")

    def test_takes_references_to_rows_that_only_the_database_has(self):
        make_source(slug="variety-dog")
        make_person("Mitzi Roberts")
        make_episode(make_season(make_series("Bosch"), number=1), number=3)
        make_organization("LAPD")
        make_character("Harry Bosch")
        self.load_rows(
            characters=[
                {
                    "slug": "renee-ballard",
                    "name": "Renée Ballard",
                    "inspired_by": "mitzi-roberts",
                    "first_appearance": "bosch S1E3",
                    "sources": ["variety-dog"],
                }
            ],
            organizations=[
                {
                    "slug": "hollywood",
                    "name": "Hollywood",
                    "parent": "lapd",
                    "members": [{"character": "harry-bosch"}],
                }
            ],
            portrayals=[{"person": "mitzi-roberts", "series": "bosch", "episodes": ["S1E3"]}],
        )
        ballard = Character.objects.get(slug="renee-ballard")
        assert ballard.first_appearance.code == "S1E3"
        assert ballard.sources.get().slug == "variety-dog"
        assert Organization.objects.get(slug="hollywood").parent.name == "LAPD"
        assert Portrayal.objects.get().episodes.get().code == "S1E3"

    def test_loads_a_draft_as_a_draft(self):
        self.load_rows(people=[{"slug": "maggie-q", "name": "Maggie Q", "state": "draft"}])
        assert Person.objects.get().state == State.DRAFT


class RevisionTests(LoadCatalogTestCase):
    def load_and_commit(self, path):
        with self.captureOnCommitCallbacks(execute=True):
            self.load(path)
        return Revision.objects.current()

    def test_rises_once_for_a_whole_load_and_not_for_an_unchanged_one(self):
        path = self.write(**SMALL)
        before = Revision.objects.current()
        assert self.load_and_commit(path) == before + 1
        assert self.load_and_commit(path) == before + 1
        path = self.write(people=[{"slug": "maggie-q", "died": "2099"}])
        assert self.load_and_commit(path) == before + 2

    def test_stays_when_the_files_cannot_be_loaded(self):
        before = Revision.objects.current()
        with self.captureOnCommitCallbacks(execute=True) as callbacks:
            self.problems_of_rows(people=[{"slug": "a", "name": "A"}, {"slug": "b"}])
        assert callbacks == []
        assert Revision.objects.current() == before


class AllOrNothingTests(LoadCatalogTestCase):
    def test_writes_nothing_when_the_very_last_row_is_broken(self):
        make_person("Maggie Q", slug="maggie-q")
        broken = {**SMALL, "watch_orders": [*SMALL["watch_orders"], {"slug": "broken"}]}
        assert self.problem(**broken) == (
            "catalog.json: watch order “broken”, name: is missing; a new watch order needs it."
        )
        assert Series.objects.count() == 0
        assert SearchEntry.objects.count() == 1
        assert Person.objects.get().born is None

    def test_finds_the_problems_of_all_files(self):
        self.write("a.json", people=[{"slug": "a"}])
        self.write("b.json", people=[{"slug": "b", "born": "soon"}], cats=[])
        self.write("c.json", characters=[{"slug": "c", "name": "C", "inspired_by": "nobody"}])
        assert [problem.partition(",")[0] for problem in self.problems()] == [
            "b.json: person “b”",
            "b.json: there is no kind “cats”; the kinds are: sources",
            "a.json: person “a”",
            "c.json: character “c”",
        ]

    def test_tells_of_twenty_and_counts_the_others(self):
        problems = self.problems_of_rows(people=[{"slug": f"p-{n}"} for n in range(1023)])
        assert len(problems) == 21
        assert problems[-1] == "and 1,003 more"

    def test_does_not_blame_a_row_for_pointing_to_a_broken_one(self):
        broken = {**SMALL["people"][0], "born": "soon"}
        problem = self.problem(**{**SMALL, "people": [broken, SMALL["people"][1]]})
        assert problem.startswith("catalog.json: person “maggie-q”, born: ")


class FilesTests(LoadCatalogTestCase):
    def write_bytes(self, content, name="catalog.json"):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def problem_of_bytes(self, content):
        [problem] = self.problems(self.write_bytes(content))
        return problem

    def test_loads_a_single_file_and_leaves_its_neighbours(self):
        self.write("other.json", people=[{"slug": "titus-welliver", "name": "Titus Welliver"}])
        self.load_rows(people=[{"slug": "maggie-q", "name": "Maggie Q"}])
        assert Person.objects.get().slug == "maggie-q"

    def test_loads_the_union_of_a_folder(self):
        self.write("b.json", people=[{"slug": "maggie-q", "name": "Maggie Q"}])
        self.write(
            "a.json",
            portrayals=[{"person": "maggie-q", "series": "ballard"}],
            people=[{"slug": "titus-welliver", "name": "Titus Welliver"}],
        )
        self.write("c.json", series=[{"slug": "ballard", "name": "Ballard"}])
        (self.folder / "notes.txt").write_text("Not a part of it.")
        (self.folder / "folder.json").mkdir()
        self.load()
        assert Person.objects.count() == 2
        assert Portrayal.objects.get().series.slug == "ballard"

    def test_accepts_a_byte_order_mark(self):
        self.load(
            self.write_bytes(b'\xef\xbb\xbf{"people": [{"slug": "maggie-q", "name": "Maggie Q"}]}')
        )
        assert Person.objects.get().name == "Maggie Q"

    def test_says_where_a_file_is_not_json(self):
        assert self.problem_of_bytes(b'{"people": [\n  {"slug": "a"},\n  {"slug": }\n]}') == (
            "catalog.json, line 3, column 12: this is not JSON: Expecting value."
        )
        assert self.problem_of_bytes(b"") == (
            "catalog.json, line 1, column 1: this is not JSON: Expecting value."
        )

    def test_says_where_a_file_is_not_utf_8(self):
        assert self.problem_of_bytes(b'{"people": [\n  {"name": "Ren\xe9e"}\n]}') == (
            "catalog.json, line 2: this is not UTF-8; save the file in that encoding."
        )

    def test_refuses_what_is_not_an_object(self):
        assert self.problem_of_bytes(b"[1, 2]") == (
            'catalog.json: it must hold one object, in curly brackets: {"people": [...], ...}.'
        )

    def test_refuses_very_deep_nesting(self):
        for content in [b"[" * 100_000, b'{"people": ' * 100_000]:
            assert self.problem_of_bytes(content) == (
                "catalog.json: it is nested too deeply to be a data file of the catalogue."
            )

    def test_refuses_deep_nesting_that_can_be_read(self):
        deep = json.loads("[" * 300 + "]" * 300)
        assert self.problem(people=deep) == (
            "catalog.json: people[0]: must be an object, in curly brackets."
        )
        assert self.problem(people=[{"slug": "a", "name": deep}]) == (
            "catalog.json: person “a”, name: must be text, in quotation marks, not a list."
        )

    def test_refuses_a_name_that_an_object_has_twice(self):
        assert self.problem_of_bytes(b'{"people": [{"slug": "a", "slug": "b"}]}') == (
            "catalog.json: an object names “slug” twice; keep one of the two."
        )

    def test_refuses_numbers_that_json_does_not_have(self):
        assert self.problem_of_bytes(b'{"people": NaN}') == (
            "catalog.json: NaN is not a number that JSON has."
        )
        assert self.problem_of_bytes(b'{"people": ' + b"1" * 5000 + b"}") == (
            "catalog.json: it holds a number that is too long to read."
        )

    def test_tells_of_all_files_that_cannot_be_read(self):
        self.write_bytes(b'{"a": ', "a.json")
        self.write_bytes(b"\xff", "b.json")
        (self.folder / "c.json").symlink_to(self.folder / "nowhere")
        assert self.problems() == [
            "a.json, line 1, column 7: this is not JSON: Expecting value.",
            "b.json, line 1: this is not UTF-8; save the file in that encoding.",
            "c.json: it cannot be read: No such file or directory.",
        ]

    def test_says_when_there_is_nothing_at_the_path(self):
        nowhere = self.folder / "nowhere"
        assert self.problems(nowhere) == [f"{nowhere}: there is no such file or folder."]
        assert self.problems() == [
            f"{self.folder}: no file in this folder has a name that ends in .json."
        ]


class FormTests(LoadCatalogTestCase):
    """What is wrong with a file in itself, whatever the database holds."""

    def problem_of_person(self, **fields):
        return self.problem(people=[{"slug": "maggie-q", "name": "Maggie Q", **fields}])

    def test_unknown_kinds(self):
        assert self.problem(charcters=[]) == (
            "catalog.json: there is no kind “charcters”; did you mean “characters”?"
        )
        assert self.problem(cats=[]) == (
            "catalog.json: there is no kind “cats”; the kinds are: sources, networks, jobs, "
            "people, series, relationship_kinds, characters, organizations, portrayals, credits, "
            "announcements, watch_orders."
        )

    def test_unknown_fields(self):
        assert self.problem_of_person(biografy="") == (
            "catalog.json: person “maggie-q”: there is no field “biografy”; "
            "did you mean “biography”?"
        )
        assert self.problem(networks=[{"slug": "prime", "name": "Prime", "age": 3}]) == (
            "catalog.json: network “prime”: there is no field “age”; "
            "networks have: slug, name, url."
        )

    def test_a_field_that_only_the_database_has_is_unknown(self):
        assert "there is no field “sort_name”" in self.problem_of_person(sort_name="q")
        assert "there is no field “id”" in self.problem_of_person(id=7)

    def test_wrong_types(self):
        for field, value, why in [
            ("name", 5, "must be text, in quotation marks, not 5."),
            ("biography", ["a"], "must be text, in quotation marks, not a list."),
            ("biography", {}, "must be text, in quotation marks, not an object."),
            ("born", 1979, "must be text, in quotation marks, not 1979."),
            ("tmdb_id", "5", "must be a whole number, without quotation marks, not “5”."),
            ("tmdb_id", 5.0, "must be a whole number, without quotation marks, not 5.0."),
            ("tmdb_id", True, "must be a whole number, without quotation marks, not true."),
            ("other_names", "Q", "must be a list, in square brackets, not “Q”."),
            ("sources", {}, "must be a list, in square brackets, not an object."),
            ("links", 3, "must be a list, in square brackets."),
        ]:
            with self.subTest(field=field, value=value):
                assert self.problem_of_person(**{field: value}) == (
                    f"catalog.json: person “maggie-q”, {field}: {why}"
                )

    def test_wrong_types_inside_lists(self):
        assert self.problem_of_person(other_names=["Q", 5]) == (
            "catalog.json: person “maggie-q”, other_names[1]: "
            "must be text, in quotation marks, not 5."
        )
        assert self.problem_of_person(other_names=["Q\nR"]) == (
            "catalog.json: person “maggie-q”, other_names[0]: "
            "must be one line of text, and not blank."
        )
        assert self.problem_of_person(sources=[None]) == (
            "catalog.json: person “maggie-q”, sources[0]: "
            "must be text, in quotation marks, not null."
        )
        assert self.problem_of_person(links=["https://a.example/"]) == (
            "catalog.json: person “maggie-q”, links[0]: must be an object, in curly brackets."
        )
        assert self.problem(people="Maggie Q") == (
            "catalog.json: people: must be a list, in square brackets."
        )
        assert self.problem(people=["Maggie Q"]) == (
            "catalog.json: people[0]: must be an object, in curly brackets."
        )

    def test_yes_and_no_are_true_and_false(self):
        rows = {**SMALL, "portrayals": [{**SMALL["portrayals"][1], "announced": "yes"}]}
        assert self.problem(**rows).endswith("announced: must be true or false, not “yes”.")

    def test_a_wrong_type_in_a_key_is_told_once(self):
        for series in (["ballard"], {}, 5, None):
            with self.subTest(series=series):
                [problem] = self.problems_of_rows(
                    **{
                        **SMALL,
                        "portrayals": [
                            {"person": "maggie-q", "series": series, "episodes": ["S1E1"]}
                        ],
                    }
                )
                assert problem.startswith("catalog.json: portrayals[0] (maggie-q), series: must")

    def test_missing_keys(self):
        assert self.problem(people=[{"name": "Maggie Q"}]) == (
            "catalog.json: people[0], slug: is missing."
        )
        for empty in ("", None):
            assert self.problem(people=[{"slug": empty, "name": "Maggie Q"}]).endswith(
                "slug: is missing."
            )
        assert self.problem(series=[{"slug": "bosch", "name": "Bosch", "seasons": [{}]}]) == (
            "catalog.json: series “bosch”, seasons[0].number: is missing."
        )
        credit = {"person": "maggie-q", "job": "director"}
        assert self.problem(**{**SMALL, "credits": [credit]}) == (
            "catalog.json: credits[0] (maggie-q, director), series: is missing."
        )

    def test_missing_fields_of_new_rows(self):
        assert self.problem(people=[{"slug": "maggie-q"}]) == (
            "catalog.json: person “maggie-q”, name: is missing; a new person needs it."
        )
        assert (
            self.problem(
                people=[{"slug": "a", "name": "A", "links": [{"url": "https://a.example/"}]}]
            )
            == "catalog.json: person “a”, links[0].label: is missing; a new person link needs it."
        )

    def test_required_fields_that_are_empty(self):
        assert self.problem_of_person(name=None) == (
            "catalog.json: person “maggie-q”, name: must have a value."
        )
        assert self.problem_of_person(name="") == (
            "catalog.json: person “maggie-q”, name: This field cannot be blank."
        )

    def test_rows_that_are_told_twice(self):
        self.write("a.json", people=[{"slug": "maggie-q", "name": "Maggie Q"}])
        self.write("b.json", people=[{"slug": "maggie-q", "name": "Maggie Quigley"}])
        [problem] = self.problems()
        assert problem == (
            "b.json: person “maggie-q”: this is told before, at a.json: person “maggie-q”; "
            "keep one of the two."
        )

    def test_rows_without_slug_that_are_told_twice(self):
        part = {"person": "maggie-q", "series": "ballard", "kind": "self"}
        assert self.problem(**{**SMALL, "portrayals": [part, {**part, "announced": False}]}) == (
            "catalog.json: portrayals[1] (maggie-q, ballard, self): this is told before, "
            "at catalog.json: portrayals[0] (maggie-q, ballard, self); keep one of the two."
        )
        work = {"person": "maggie-q", "series": "ballard", "job": "director"}
        assert self.problem(
            **{
                **SMALL,
                "credits": [
                    {**work, "episodes": ["S1E1", "S1E2"]},
                    {**work, "episodes": ["S1E2"]},
                ],
            }
        ).startswith("catalog.json: credits[1] (maggie-q, director, ballard): this is told before")

    def test_items_that_stand_twice_in_a_list(self):
        person = {"slug": "a", "name": "A", "sources": ["x", "x"]}
        assert self.problem(people=[person]) == (
            "catalog.json: person “a”, sources[1]: “x” stands here twice."
        )

    def test_values_that_are_not_among_the_choices(self):
        assert self.problem(series=[{"slug": "bosch", "name": "Bosch", "accent": "pink"}]) == (
            "catalog.json: series “bosch”, accent: “pink” is not one of: "
            "amber, ocean, violet, crimson, teal, rose, olive, slate."
        )

    def test_dates_that_no_calendar_has(self):
        assert self.problem_of_person(born="1979-02-30") == (
            "catalog.json: person “maggie-q”, born: “1979-02-30” is not in the calendar. "
            "Write 2025, March 2025, 27 March 2025 or 2025-03-27; "
            "leave blank when it is not known."
        )
        source = {"slug": "a", "publisher": "A", "title": "A"}
        assert self.problem(sources=[{**source, "accessed": "2025-13-01"}]) == (
            "catalog.json: source “a”, accessed: “2025-13-01” cannot be read; "
            "write it like “2025-07-09”."
        )

    def test_moments_without_a_time_zone(self):
        assert self.problem_of_person(publish_at="2025-07-09T12:00") == (
            "catalog.json: person “maggie-q”, publish_at: “2025-07-09T12:00” needs its time zone, "
            "as in “2025-07-09T12:00:00Z”."
        )

    def test_moments_outside_of_every_calendar(self):
        for text in ("tomorrow", "2025-13-01T12:00:00Z", "0001-01-01T00:00:00+23:59"):
            with self.subTest(text=text):
                assert self.problem_of_person(publish_at=text) == (
                    f"catalog.json: person “maggie-q”, publish_at: “{text}” cannot be read; "
                    "write it like “2025-07-09T12:00:00Z”."
                )

    def test_characters_that_cannot_be_stored(self):
        for text in ("a\0b", "a\ud800b"):
            path = self.folder / "catalog.json"
            people = [{"slug": "maggie-q", "name": text}]
            path.write_text(json.dumps({"people": people}), encoding="utf-8")
            [problem] = self.problems(path)
            assert problem == (
                "catalog.json: person “maggie-q”, name: “a�b” "
                "holds a character that cannot be stored."
            )

    def test_long_values_are_cut_in_messages(self):
        problem = self.problem_of_person(tmdb_id="\x1b[31m" + "x" * 10_000)
        assert len(problem) < 200
        assert problem.endswith("x…”.")
        assert "\x1b" not in problem


class ReferencesTests(LoadCatalogTestCase):
    def problem_of_character(self, **fields):
        return self.problem(
            **{**SMALL, "characters": [*SMALL["characters"], {"slug": "a", "name": "A", **fields}]}
        )

    def test_rows_that_are_nowhere(self):
        assert self.problem_of_character(
            relationships=[
                {"kind": "partner", "other": "renee-ballard"},
                {"kind": "partner-of", "other": "zamira-parker"},
            ]
        ) == (
            "catalog.json: character “a”, relationships[1].kind: "
            "there is no relationship kind “partner-of”; did you mean “partner”?"
        )
        assert self.problem_of_character(inspired_by="nobody") == (
            "catalog.json: character “a”, inspired_by: there is no person “nobody”."
        )
        assert self.problem_of_character(sources=["variety-ballad"]) == (
            "catalog.json: character “a”, sources: "
            "there is no source “variety-ballad”; did you mean “variety-ballard”?"
        )

    def test_episodes_that_are_nowhere(self):
        assert self.problem_of_character(first_appearance="ballard S1E9") == (
            "catalog.json: character “a”, first_appearance: "
            "there is no episode “ballard S1E9”; did you mean “ballard S1E2”?"
        )
        assert self.problem_of_character(
            facts=[{"text": "She sings.", "revealed_in": "the-wire S12E34"}]
        ) == (
            "catalog.json: character “a”, facts[0].revealed_in: "
            "there is no episode “the-wire S12E34”."
        )

    def test_texts_that_are_no_episode(self):
        for text in ["S1E1", "ballard", "ballard 1x2", "ballard  S1E2", "S1E2 ", "ballard S١E1"]:
            with self.subTest(text=text):
                assert self.problem_of_character(first_appearance=text) == (
                    f"catalog.json: character “a”, first_appearance: “{text}” is not an episode: "
                    "write series, season and number, as in “bosch S3E10”."
                )

    def test_episodes_and_seasons_of_a_portrayal(self):
        for fields, why in [
            (
                {"episodes": ["1x2"]},
                "episodes[0]: “1x2” is not an episode: write season and number, as in “S3E10”.",
            ),
            (
                {"episodes": ["S1E9"]},
                "episodes: there is no episode “ballard S1E9”; did you mean “ballard S1E2”?",
            ),
            (
                {"first_episode": "bosch-legacy S3E10"},
                "first_episode: “bosch-legacy S3E10” is an episode of another series.",
            ),
            (
                {"seasons": [1, 4]},
                "seasons: there is no season “ballard S4”; did you mean “ballard S1”?",
            ),
            (
                {"seasons": ["1"]},
                "seasons[0]: must be a whole number, without quotation marks, not “1”.",
            ),
        ]:
            with self.subTest(fields=fields):
                part = {"person": "maggie-q", "series": "ballard", **fields}
                assert self.problem(**{**SMALL, "portrayals": [part]}) == (
                    f"catalog.json: portrayals[0] (maggie-q, ballard), {why}"
                )

    def test_a_season_of_a_watch_order_names_its_series(self):
        order = {"slug": "a", "name": "A", "steps": [{"position": 1, "season": "1"}]}
        assert self.problem(**{**SMALL, "watch_orders": [order]}) == (
            "catalog.json: watch order “a”, steps[0].season: “1” is not a season: "
            "write series and season, as in “bosch S3”."
        )

    def test_organizations_that_are_parts_of_each_other(self):
        problem = self.problem(
            organizations=[
                {"slug": "a", "name": "A", "parent": "b"},
                {"slug": "b", "name": "B", "parent": "a"},
            ]
        )
        assert problem == (
            "catalog.json: organization “a”, parent: this goes round in a circle: a > b > a."
        )

    def test_a_circle_that_closes_in_the_database(self):
        lapd = make_organization("LAPD")
        make_organization("Hollywood", parent=lapd)
        assert self.problem(organizations=[{"slug": "lapd", "parent": "hollywood"}]) == (
            "catalog.json: organization “lapd”, parent: An organization cannot be a part of itself."
        )


class ModelRulesTests(LoadCatalogTestCase):
    """The models' own rules hold, and their messages say where in the files."""

    def test_rules_of_one_field(self):
        assert self.problem(people=[{"slug": "a", "name": "A", "imdb_id": "3502248"}]) == (
            "catalog.json: person “a”, imdb_id: An IMDb id reads like tt3502248."
        )
        assert self.problem(people=[{"slug": "Not a slug", "name": "A"}]).startswith(
            "catalog.json: person “Not a slug”, slug: Enter a valid “slug”"
        )
        assert self.problem(networks=[{"slug": "a", "name": "A", "url": "nonsense"}]) == (
            "catalog.json: network “a”, url: Enter a valid URL."
        )
        assert self.problem(series=[{"slug": "a", "name": "A", "seasons": [{"number": -1}]}]) == (
            "catalog.json: series “a”, seasons[0].number: "
            "Ensure this value is greater than or equal to 0."
        )
        assert "at most 200 characters" in self.problem(people=[{"slug": "a", "name": "A" * 201}])

    def test_rules_between_fields(self):
        assert (
            self.problem(people=[{"slug": "a", "name": "A", "born": "1979", "died": "1978"}])
            == "catalog.json: person “a”, died: “died” (1978) is before “born” (1979)."
        )
        assert self.problem(
            **{
                **SMALL,
                "credits": [{**SMALL["credits"][0], "season": 1}],
            }
        ) == (
            "catalog.json: credits[0] (mitzi-roberts, director, ballard), episodes: "
            "Give the season or the episode, not both."
        )

    def test_names_of_a_file_stand_in_the_messages(self):
        series = {"slug": "a", "name": "A", "links": [{"kind": "sequel", "to": "a"}]}
        assert self.problem(series=[series]) == (
            "catalog.json: series “a”, links[0].to: A series cannot be linked to itself."
        )

    def test_rules_between_rows(self):
        make_source(slug="other", url="https://variety.com/ballard")
        source = {"slug": "a", "publisher": "A", "title": "A", "url": "https://variety.com/ballard"}
        assert self.problem(sources=[source]).endswith(
            "This address is already the address of another source."
        )
        assert self.problem(
            people=[
                {"slug": "a", "name": "A", "tmdb_id": 7},
                {"slug": "b", "name": "B", "tmdb_id": 7},
            ]
        ).startswith("catalog.json: person “b”")

    def test_a_symmetric_relationship_is_stated_from_one_side(self):
        ballard, parker = SMALL["characters"]
        parker = {**parker, "relationships": [{"kind": "partner", "other": "renee-ballard"}]}
        assert self.problem(**{**SMALL, "characters": [ballard, parker]}) == (
            "catalog.json: character “zamira-parker”, relationships[0].other: "
            "This is already stated from the other character's side."
        )

    def test_rows_that_exist_are_checked_too(self):
        make_person("Maggie Q", born=PartialDate("1979"))
        assert self.problem(people=[{"slug": "maggie-q", "died": "1978"}]) == (
            "catalog.json: person “maggie-q”, died: “died” (1978) is before “born” (1979)."
        )
        assert Person.objects.get().died is None


class OptionsTests(LoadCatalogTestCase):
    def test_if_empty_loads_into_a_database_without_series(self):
        make_person("Maggie Q")
        self.load(self.write(series=[{"slug": "ballard", "name": "Ballard"}]), if_empty=True)
        assert Series.objects.get().slug == "ballard"

    def test_if_empty_does_nothing_when_there_is_a_series(self):
        make_series("The Wire")
        self.write(series=[{"slug": "ballard", "name": "Ballard"}])
        assert self.load(if_empty=True) == (
            "The database has a catalogue already; nothing was loaded.\n"
        )
        assert Series.objects.get().name == "The Wire"

    def test_if_empty_does_not_even_read_the_files(self):
        make_series("The Wire")
        self.load(self.folder / "nowhere", if_empty=True)

    def test_verbosity_0_says_nothing(self):
        path = self.write(people=[{"slug": "a", "name": "A"}])
        assert self.load(path, verbosity=0) == ""
        assert self.load(path, verbosity=0) == ""
        assert Person.objects.count() == 1
