from datetime import timedelta

from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from catalog.models import (
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Image,
    Membership,
    Organization,
    Person,
    Portrayal,
    Relationship,
    Season,
    Series,
    SeriesLink,
    State,
)
from catalog.models.gaps import GAPS, Publication, count_of_rows, gaps_of

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_membership,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
    make_series_link,
    make_source,
)


def found(model, name):
    """The rows that lack what ``name`` says; as many as are counted."""
    gap = gaps_of(model)[name]
    rows = set(model.objects.filter(gap.condition))
    assert gap.count() == len(rows)
    return rows


class PublicationTests(TestCase):
    def test_each_entry_is_in_one_place_on_its_way(self):
        now = timezone.now()
        earlier, later = now - timedelta(hours=1), now + timedelta(hours=1)
        people = {
            "draft": make_person(state=State.DRAFT),
            "draft for later": make_person(state=State.DRAFT, publish_at=later),
            "in review": make_person(state=State.IN_REVIEW),
            "scheduled": make_person(publish_at=later),
            "published": make_person(),
            "published since": make_person(publish_at=earlier),
        }
        for publication, names in {
            Publication.DRAFT: {"draft", "draft for later"},
            Publication.IN_REVIEW: {"in review"},
            Publication.SCHEDULED: {"scheduled"},
            Publication.PUBLISHED: {"published", "published since"},
        }.items():
            with self.subTest(publication=publication):
                rows = set(Person.objects.filter(publication.condition))
                assert rows == {people[name] for name in names}
                assert count_of_rows(Person, publication.condition) == len(rows)


class SourceTests(TestCase):
    def test_what_names_a_source_lacks_none(self):
        series = make_series(premiered="2014")
        for model, make in {
            Series: make_series,
            Season: lambda: make_season(premiered="2014"),
            Episode: lambda: make_episode(name="Pilot"),
            Character: make_character,
            Person: make_person,
            Organization: make_organization,
            Announcement: make_announcement,
            Portrayal: make_portrayal,
            Credit: make_credit,
            CharacterFact: make_fact,
            Relationship: make_relationship,
            Membership: make_membership,
            SeriesLink: lambda: make_series_link(make_series(), series),
        }.items():
            with self.subTest(model=model.__name__):
                without, named = make(), make()
                named.sources.add(make_source(), make_source())
                rows = found(model, "source")
                assert without in rows
                assert named not in rows

    def test_a_season_needs_one_for_its_date_and_an_episode_for_its_title(self):
        season = make_season()
        episode = make_episode(season)
        assert season not in found(Season, "source")
        assert episode not in found(Episode, "source")


class PictureTests(TestCase):
    def test_pictures_are_missed(self):
        image = Image.objects.create(alt_text="A man", credit="Anna", licence="CC0")
        for model, make, field in [
            (Series, make_series, "cover"),
            (Character, make_character, "image"),
            (Person, make_person, "image"),
            (Organization, make_organization, "image"),
        ]:
            with self.subTest(model=model.__name__):
                without = make()
                make(**{field: image})
                assert found(model, "picture") == {without}

    def test_a_picture_needs_both_its_credit_and_its_licence(self):
        Image.objects.create(alt_text="Both", credit="Anna", licence="CC0")
        lacking = [
            Image.objects.create(alt_text="No licence", credit="Anna"),
            Image.objects.create(alt_text="No credit", licence="CC0"),
            Image.objects.create(alt_text="Neither"),
        ]
        assert found(Image, "rights") == set(lacking)


class DateTests(TestCase):
    def test_a_series_lacks_a_premiere_once_it_has_begun(self):
        running = make_series(status="airing")
        over = make_series(status="cancelled")
        make_series(status="announced")
        make_series(status="ended", premiered="2014")
        assert found(Series, "date") == {running, over}

    def test_a_season_lacks_a_premiere_once_an_episode_has_a_date(self):
        season = make_season()
        make_episode(season, 1, aired="2014")
        make_episode(make_season(), 1)
        make_episode(make_season(premiered="2014"), 1, aired="2014")
        assert found(Season, "date") == {season}

    def test_an_episode_lacks_its_date_and_its_title(self):
        episode = make_episode(name="Pilot")
        other = make_episode(aired="2014")
        assert found(Episode, "date") == {episode}
        assert found(Episode, "title") == {other}

    def test_news_lack_their_date(self):
        news = make_announcement()
        make_announcement(date="2014")
        assert found(Announcement, "date") == {news}


class WorkTests(TestCase):
    def test_nobody_plays_a_character(self):
        character = make_character()
        make_portrayal()
        assert found(Character, "cast") == {character}

    def test_a_person_has_neither_a_part_nor_a_credit(self):
        person = make_person()
        make_portrayal(kind="self")
        make_credit()
        # Whoever was the model for a character has a place of their own.
        make_portrayal(character=make_character(inspired_by=make_person()))
        assert found(Person, "work") == {person}


class OrderTests(TestCase):
    def test_an_episode_airs_before_an_earlier_one(self):
        season = make_season()
        for number, aired in enumerate(
            ["2014-05-01", None, "2014-04-30", "2014-04", "2014", "2014-05-08", "2013"], start=1
        ):
            make_episode(season, number, aired=aired)
        rows = found(Episode, "order")
        assert {row.number for row in rows} == {3, 7}

    def test_specials_have_no_order_of_dates(self):
        specials = make_season(number=0)
        make_episode(specials, 1, aired="2015")
        make_episode(specials, 2, aired="2014")
        assert found(Episode, "order") == set()

    def test_a_season_begins_after_one_of_its_episodes(self):
        season = make_season(premiered="2014-05-02")
        make_episode(season, 1, aired="2014-05-01")
        for premiered in ("2014-05-01", "2014-05", "2014"):
            make_episode(make_season(premiered=premiered), 1, aired="2014-05-01")
        assert found(Season, "order") == {season}

    def test_a_season_begins_before_its_series(self):
        series = make_series(premiered="2014-05")
        season = make_season(series, 1, premiered="2014-04-30")
        make_season(series, 0, premiered="2013")
        make_season(series, 2, premiered="2014")
        assert found(Season, "order") == {season}

    def test_a_season_begins_before_an_earlier_one(self):
        series = make_series()
        make_season(series, 1, premiered="2015")
        make_season(series, 2)
        season = make_season(series, 3, premiered="2014-12-31")
        make_season(series, 4, premiered="2015")
        make_season(make_series(), 4, premiered="1999")
        assert found(Season, "order") == {season}

    def test_a_series_ends_before_its_last_episode_or_season(self):
        for aired, premiered, ended, is_out_of_order in [
            ("2021-06-25", None, "2021-06-24", True),
            ("2021-06-25", None, "2021-06", False),
            ("2021-06-25", None, "2020", True),
            (None, "2022", "2021", True),
            (None, "2021", "2021-06-25", False),
        ]:
            with self.subTest(aired=aired, premiered=premiered, ended=ended):
                series = make_series(ended=ended)
                make_episode(make_season(series, 1, premiered=premiered), 1, aired=aired)
                make_episode(make_season(series, 0), 1, aired="2024")
                assert (series in found(Series, "order")) == is_out_of_order

    def test_a_person_is_born_after_the_end_of_their_series(self):
        over = make_series(ended="2021-06-25")
        running = make_series(premiered="2014")
        part = make_portrayal(make_person(born="2021-06-26"), series=over)
        credit = make_credit(make_person(born="2022"), over)
        make_portrayal(make_person(born="2021"), series=over)
        make_portrayal(make_person(), series=over)
        make_portrayal(make_person(born="2022"), series=running)
        make_person(born="2022")
        assert found(Person, "order") == {part.person, credit.person}


class RelationshipTests(TestCase):
    def test_only_one_side_is_out(self):
        out, draft = make_character(), make_character(state=State.DRAFT)
        other_draft = make_character(state=State.DRAFT)
        scheduled = make_character(publish_at=timezone.now() + timedelta(days=1))
        told = [make_relationship(out, draft), make_relationship(draft, scheduled)]
        make_relationship(out, scheduled)
        make_relationship(draft, other_draft)
        assert found(Relationship, "one-side") == set(told)

    def test_both_sides_state_the_same(self):
        one, other = make_character(), make_character()
        ally = make_relationship_kind("ally of")
        mentor = make_relationship_kind("mentor of", "mentored by")
        mentored = make_relationship_kind("mentored by", "mentor of")
        daughter = make_relationship_kind("daughter of", "parent of")
        twice = [
            make_relationship(one, other, ally),
            make_relationship(other, one, ally),
            make_relationship(one, other, mentor),
            make_relationship(other, one, mentored),
        ]
        make_relationship(one, other, daughter)
        make_relationship(one, make_character(), ally)
        assert found(Relationship, "both-sides") == set(twice)


class NameTests(SimpleTestCase):
    def test_a_name_is_unique_among_those_of_a_model(self):
        gaps = [gap for group in GAPS.values() for gap in group]
        assert len({(gap.model, gap.name) for gap in gaps}) == len(gaps)

    def test_a_gap_reads_as_a_line(self):
        assert str(gaps_of(Person)["work"]) == "people without a part or a credit"
        assert str(gaps_of(Character)["cast"]) == "characters nobody plays"
