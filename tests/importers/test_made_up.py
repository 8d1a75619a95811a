from collections import Counter

from django.db import connection
from django.test import SimpleTestCase, TestCase

from catalog.audience import visitor
from catalog.importers.catalog_form import KIND_OF
from catalog.importers.made_up import Size, made_up_rows, make
from catalog.importers.made_up.writing import Plain
from catalog.models import (
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Membership,
    Organization,
    Person,
    Portrayal,
    Revision,
    SearchEntry,
    Season,
    Series,
    Source,
)
from catalog.models.text import address, fold


def told(row):
    """A row as plain values, without the moments at which it was written."""
    if isinstance(row, Plain):
        return row.model.__name__, row.values
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row).__name__, values


class SizeTests(SimpleTestCase):
    def test_series_are_few_and_grow_slowly(self):
        published = [Size(people).published_series for people in (10, 1_000, 10_000, 100_000)]
        assert published == [4, 4, 13, 40]

    def test_a_hundred_thousand_people_are_in_ten_thousand_episodes(self):
        episodes = Size(100_000).episodes
        assert 9_900 < sum(episodes) < 10_100
        assert episodes == sorted(episodes, reverse=True)

    def test_there_are_five_credits_a_person_beside_those_of_the_most_prolific(self):
        for people in (1_000, 100_000):
            size = Size(people)
            assert size.portrayals + size.credits - size.most_credits == 5 * people
            assert size.most_credits == 3_000
            assert size.namesakes == 40


class MadeUpRowsTests(SimpleTestCase):
    def test_are_the_same_for_the_same_size_and_seed(self):
        first = [told(row) for row in made_up_rows(Size(60), seed=7)]
        assert first == [told(row) for row in made_up_rows(Size(60), seed=7)]
        assert first != [told(row) for row in made_up_rows(Size(60), seed=8)]

    def test_are_the_same_on_every_machine(self):
        rows = [told(row) for row in made_up_rows(Size(60), seed=7)]
        slugs = [values["slug"] for model, values in rows if model == "Person"]
        assert slugs[:2] == ["priya-dalley", "david-stanington-walbourne"]

    def test_a_name_is_borne_by_a_few_except_the_one_that_is_shared(self):
        people = [row for row in made_up_rows(Size(20_000), seed=1) if isinstance(row, Person)]
        names = Counter(person.name for person in people)
        (shared, times), (_, next_most) = names.most_common(2)
        assert (shared, times) == ("Robin Quillfeather", 40)
        assert 1 < next_most <= 3
        assert len({person.slug for person in people}) == 20_000

    def test_names_have_accents_apostrophes_and_hyphens_and_one_is_common(self):
        people = [row for row in made_up_rows(Size(5_000), seed=1) if isinstance(row, Person)]
        names = " ".join(person.name for person in people)
        assert {"é", "ø", "’", "-"} <= {*names}
        assert any(person.other_names for person in people)
        assert 200 < sum(person.name.startswith("Maria ") for person in people) < 400


class MadeUpCatalogueTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.size = Size(200)
        cls.steps = []
        with cls.captureOnCommitCallbacks(execute=True):
            cls.written = make(cls.size, seed=3, progress=cls.steps.append)

    def test_every_row_is_one_that_an_editor_could_have_saved(self):
        for model in KIND_OF:
            for row in model.objects.all():
                with self.subTest(model=model.__name__, pk=row.pk):
                    row.full_clean()

    def test_seasons_and_episodes_of_a_portrayal_are_those_of_its_series(self):
        for link in Portrayal.seasons.through.objects.select_related("portrayal", "season"):
            assert link.season.series_id == link.portrayal.series_id
        for link in Portrayal.episodes.through.objects.select_related("portrayal", "episode"):
            assert link.episode.series.pk == link.portrayal.series_id

    def test_it_has_the_size_that_was_asked_for(self):
        for model, number in [
            (Person, 200),
            (Character, self.size.characters),
            (Portrayal, self.size.portrayals),
            (Credit, self.size.credits),
            (Episode, sum(self.size.episodes)),
            (Series, self.size.published_series + self.size.hidden_series),
            (Organization, self.size.organizations),
            (Membership, self.size.memberships),
            (CharacterFact, self.size.facts),
            (Announcement, self.size.announcements),
            (Source, self.size.sources),
        ]:
            with self.subTest(model=model.__name__):
                assert model.objects.count() == self.written[model] == number

    def test_progress_ends_at_the_number_that_was_told_before(self):
        assert sum(self.steps) == self.size.most_rows

    def test_one_person_has_by_far_the_most_to_show(self):
        rows = Counter(Portrayal.objects.values_list("person", flat=True))
        rows += Counter(Credit.objects.values_list("person", flat=True))
        (_, most), (_, second) = rows.most_common(2)
        assert most == self.size.most_credits == 600
        assert second < 100
        assert len(rows) == 200, "somebody has no credit at all"

    def test_names_are_as_a_save_would_have_them(self):
        for model in (Person, Character, Series, Organization, Announcement):
            for entry in model.objects.all():
                assert entry.sort_name == fold(entry.name)
                assert entry.slug == address(entry.name) or entry.slug.startswith(
                    f"{address(entry.name)}-"
                )
        namesakes = Person.objects.filter(name="Robin Quillfeather")
        numbers = {f"robin-quillfeather-{number}" for number in range(2, 41)}
        assert {person.slug for person in namesakes} == {"robin-quillfeather", *numbers}

    def test_a_few_entries_are_not_out_yet(self):
        for model in (Person, Series):
            shown = model.objects.visible_to(visitor())
            hidden = model.objects.exclude(pk__in=shown.values("pk"))
            assert 0 < hidden.count() < model.objects.count() / 2
        assert Series.objects.visible_to(visitor()).count() == 4
        states = Series.objects.exclude(pk__in=Series.objects.visible_to(visitor()).values("pk"))
        states = states.values_list("state", flat=True)
        assert sorted(states) == ["draft", "published"], "one of them is scheduled"

    def test_some_rows_give_an_episode_away(self):
        for model in (Portrayal, CharacterFact):
            assert model.objects.exclude(revealed_in=None).exists()

    def test_parts_are_known_by_seasons_by_episodes_or_by_their_span(self):
        assert Portrayal.objects.exclude(seasons=None).exists()
        assert Portrayal.objects.exclude(episodes=None).exists()
        assert Portrayal.objects.exclude(first_episode=None, last_episode=None).exists()
        assert Credit.objects.exclude(season=None).exists()
        assert Credit.objects.exclude(episode=None).exists()
        assert Credit.objects.filter(season=None, episode=None).exists()

    def test_everything_is_found_by_search(self):
        findable = (Series, Episode, Character, Person, Organization, Announcement)
        assert SearchEntry.objects.count() == sum(model.objects.count() for model in findable)
        found = SearchEntry.objects.with_words_in_names("quillfeather")
        assert {entry.person.name for entry in found} == {"Robin Quillfeather"}
        assert len(found) == 40

    def test_the_database_goes_on_counting_after_it(self):
        last = Person.objects.order_by("-pk")[0].pk
        assert Person.objects.create(name="One more").pk == last + 1
        season = Season.objects.create(series=Series.objects.get(pk=1), number=9_999)
        season.portrayals.add(*Portrayal.objects.filter(series=1)[:3])
        assert season.portrayals.count() == 3

    def test_the_pages_show_it(self):
        busiest = Person.objects.get(pk=1)
        series = Series.objects.get(pk=1)
        for path in ["/", "/people/", f"/people/{busiest.slug}/", f"/series/{series.slug}/"]:
            with self.subTest(path=path):
                assert self.client.get(path).status_code == 200

    def test_the_revision_rose_once(self):
        assert Revision.objects.current() == 1

    def test_the_database_knows_how_many_rows_there_are(self):
        statement = {
            "sqlite": "SELECT stat FROM sqlite_stat1 WHERE tbl = 'catalog_person'",
            "postgresql": "SELECT reltuples FROM pg_class WHERE relname = 'catalog_person'",
        }[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert str(cursor.fetchone()[0]).startswith("200")
