import json
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from tqdm import tqdm

from catalog.audience import visitor
from catalog.history.undoing import undo
from catalog.importers.catalog_load import load
from catalog.importers.problems import CannotLoadError
from catalog.models import (
    Announcement,
    Change,
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

from .catalogue import SMALL, LoadCatalogTestCase


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
        assert person.born == PartialDate("1980-01-02")
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
        found = SearchEntry.objects.with_words_in_names("lost souls")
        assert found.get().is_visible_to(visitor())
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
        updates = [
            query["sql"] for query in queries if query["sql"].startswith('UPDATE "catalog_person"')
        ]
        assert any('"born" = ' in update for update in updates)
        assert not any('"biography" = ' in update for update in updates)

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

    def test_finds_what_was_renamed_since_by_its_old_slug(self):
        self.load_rows(**SMALL)
        series = Series.objects.get(slug="ballard")
        series.slug = "ballard-2025"
        series.save()
        person = Person.objects.get(slug="maggie-q")
        person.slug = "maggie"
        person.save()
        files = json.loads(json.dumps(SMALL))
        files["people"][0]["birth_place"] = "Honolulu"
        self.load_rows(**files)
        assert sorted(Series.objects.values_list("slug", flat=True)) == [
            "ballard-2025",
            "bosch-legacy",
        ]
        assert Season.objects.filter(series=series).count() == 1
        assert Portrayal.objects.filter(person=person).count() == 1
        person.refresh_from_db()
        assert (person.slug, person.birth_place) == ("maggie", "Honolulu")

    def test_refuses_two_that_are_one_by_now(self):
        person = make_person("Maggie Q", slug="maggie-quigley")
        for slug in ("maggie", "maggie-q"):
            person.slug = slug
            person.save()
        for slugs in (["maggie-q", "maggie"], ["maggie", "maggie-q"], ["maggie", "maggie-quigley"]):
            with self.subTest(slugs=slugs):
                rows = [{"slug": slug, "birth_place": slug} for slug in slugs]
                problem = self.problem(people=rows)
                old = "maggie-quigley" if "maggie-quigley" in slugs else "maggie"
                other = "maggie" if "maggie-quigley" in slugs else "maggie-q"
                assert problem == (
                    f"catalog.json: person “{old}”, slug: here this is an old slug of “Maggie Q”, "
                    f"of which the files tell as “{other}” too; keep one of the two, or give this "
                    "one another slug."
                )
        person.refresh_from_db()
        assert person.birth_place == ""

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
        assert (found.name, found.context) == ("Library", "Ballard! S1E1")
        assert not found.is_visible_to(visitor())

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


class HistoryTests(LoadCatalogTestCase):
    def test_a_first_load_is_where_the_history_begins(self):
        self.load_rows(people=[{"slug": "maggie-q", "name": "Maggie Q"}])
        assert not Change.objects.exists()

    def test_a_later_one_is_one_change_that_can_be_undone(self):
        person = make_person("Maggie Q", slug="maggie-q")
        self.load_rows(
            people=[
                {"slug": "maggie-q", "born": "1979"},
                {"slug": "titus-welliver", "name": "Titus Welliver"},
            ]
        )
        change = Change.objects.told().get()
        assert (change.kind, change.revision.comment) == ("load", "From catalog.json.")
        kinds = change.rows.of_itself().order_by("kind").values_list("kind", flat=True)
        assert list(kinds) == ["added", "changed"]
        undo(change, None)
        assert Person.objects.get() == person
        assert Person.objects.get().born is None


class TurnTests(TransactionTestCase):
    def test_what_was_saved_while_the_files_were_read_is_not_taken_for_nothing(self):
        has_read = Event()

        @contextmanager
        def progress(**options):
            yield tqdm(disable=True)
            has_read.set()

        def run():
            try:
                load(path, progress)
            finally:
                connection.close()

        path = Path(self.enterContext(TemporaryDirectory())) / "catalog.json"
        path.write_text('{"people": [{"slug": "maggie-q", "name": "Maggie Q"}]}')
        thread = Thread(target=run)
        with transaction.atomic():
            Revision.objects.take_turn()
            make_person("Titus Welliver")
            thread.start()
            assert has_read.wait(timeout=60)
            thread.join(timeout=1)  # it waits for its turn
            assert thread.is_alive()
        thread.join(timeout=60)
        assert Person.objects.count() == 2
        assert Change.objects.told().get().revision.comment == "From catalog.json."


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
            "b.json: there is no kind “cats”; the kinds are: images",
            "a.json: person “a”",
            "c.json: character “c”",
        ]

    def test_tells_of_twenty_and_counts_the_others(self):
        problems = self.problems_of_rows(people=[{"slug": f"p-{n}"} for n in range(1023)])
        assert len(problems) == 21
        assert problems[-1] == "and 1,003 more"

    def test_looks_for_similar_names_no_oftener_than_anybody_reads_on(self):
        # It takes a second among 100,000, and editors wait for the end of it.
        rows = [{"person": "maggie-x", "series": f"ballard-{n}"} for n in range(40)]
        path = self.write(people=[{"slug": "maggie-q", "name": "Maggie Q"}], portrayals=rows)
        with pytest.raises(CannotLoadError) as caught:
            load(path)
        people = [problem for problem in caught.value.problems if "person: " in problem]
        assert len(people) == 40
        assert 0 < sum("did you mean “maggie-q”?" in problem for problem in people) <= 20

    def test_does_not_blame_a_row_for_pointing_to_a_broken_one(self):
        broken = {**SMALL["people"][0], "born": "soon"}
        problem = self.problem(**{**SMALL, "people": [broken, SMALL["people"][1]]})
        assert problem.startswith("catalog.json: person “maggie-q”, born: ")


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
    def test_if_empty_loads_into_an_empty_database(self):
        self.load(self.write(series=[{"slug": "ballard", "name": "Ballard"}]), if_empty=True)
        assert Series.objects.get().slug == "ballard"

    def test_if_empty_does_nothing_when_there_is_anything(self):
        make_person("Idris Elba")
        self.write(series=[{"slug": "ballard", "name": "Ballard"}])
        assert self.load(if_empty=True) == (
            "The database has a catalogue already; nothing was loaded.\n"
        )
        assert not Series.objects.exists()

    def test_if_empty_does_not_even_read_the_files(self):
        make_series("The Wire")
        self.load(self.folder / "nowhere", if_empty=True)

    def test_verbosity_0_says_nothing(self):
        path = self.write(people=[{"slug": "a", "name": "A"}])
        assert self.load(path, verbosity=0) == ""
        assert self.load(path, verbosity=0) == ""
        assert Person.objects.count() == 1
