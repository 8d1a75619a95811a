"""Rules that hold in the database itself, whoever writes to it, and the kind words beside them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from catalog.models import (
    Character,
    Credit,
    Episode,
    Image,
    Membership,
    Organization,
    Portrayal,
    Redirect,
    Relationship,
    Revision,
    Season,
    Series,
    SeriesLink,
    Source,
    WatchStep,
)
from tests.factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
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
    make_watch_order,
    make_watch_step,
)


class ConstraintTests(TestCase):
    def refuses(self, write):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()

    def test_slugs_are_unique_for_each_kind_and_free_across_kinds(self):
        make_series("Bosch", slug="bosch")
        make_character("Bosch", slug="bosch")
        self.refuses(lambda: make_series("Other", slug="bosch"))

    def test_numbers_are_unique(self):
        season = make_season(number=1)
        make_episode(season, 1)
        self.refuses(lambda: make_season(season.series, 1))
        self.refuses(lambda: make_episode(season, 1))
        make_season(number=1)

    def test_numbers_are_not_negative(self):
        self.refuses(lambda: make_season(number=-1))
        self.refuses(lambda: make_episode(number=-1))
        self.refuses(lambda: make_portrayal(billing=-1))
        self.refuses(lambda: make_portrayal(billing=0))

    def test_nothing_is_linked_to_itself(self):
        series, character = make_series(), make_character()
        self.refuses(lambda: make_series_link(series, series))
        self.refuses(lambda: make_relationship(character, character))
        organization = make_organization()
        self.refuses(
            lambda: Organization.objects.filter(pk=organization.pk).update(parent=organization)
        )

    def test_nothing_is_stated_twice(self):
        link = make_series_link(make_series(), make_series())
        self.refuses(lambda: make_series_link(link.from_series, link.to_series))
        fact = make_fact()
        self.refuses(lambda: make_fact(fact.character, fact.text))
        told = make_relationship()
        self.refuses(lambda: make_relationship(told.character, told.other, told.kind))
        member = make_membership(role="Chief")
        self.refuses(lambda: make_membership(member.organization, member.character, role="Chief"))
        make_membership(member.organization, member.character, role="Deputy")
        make_membership(member.organization, member.character, role="Chief", started="2021")
        self.refuses(
            lambda: make_membership(
                member.organization, member.character, role="Chief", started="2021"
            )
        )

    def test_portrayals_are_unique_with_and_without_a_character(self):
        part = make_portrayal()
        self.refuses(lambda: make_portrayal(part.person, part.character, part.series))
        make_portrayal(part.person, part.character, part.series, kind="guest")
        make_portrayal(part.person, part.character, part.series, announced=True)
        own = make_portrayal(kind="self")
        self.refuses(lambda: make_portrayal(own.person, None, own.series, kind="self"))

    def test_credits_are_unique_at_each_level(self):
        series = make_series()
        season = make_season(series)
        episode = make_episode(season)
        person, job = make_person(), make_job()
        for level in [{}, {"season": season}, {"episode": episode}]:
            make_credit(person, series, job, **level)
            self.refuses(lambda level=level: make_credit(person, series, job, **level))
        self.refuses(
            lambda: make_credit(person, series, make_job(), season=season, episode=episode)
        )

    def test_ends_do_not_come_before_starts(self):
        self.refuses(lambda: make_series(premiered="2020", ended="2019"))
        self.refuses(lambda: make_person(born="2020-02", died="2020-01-31"))
        self.refuses(lambda: make_membership(started="2020", ended="2019-12-31"))

    def test_a_step_names_exactly_one_thing(self):
        order, series, season = make_watch_order(), make_series(), make_season()
        self.refuses(lambda: make_watch_step(order, 1))
        self.refuses(lambda: make_watch_step(order, 1, series=series, season=season))
        make_watch_step(order, 1, series=series)
        self.refuses(lambda: make_watch_step(order, 1, season=season))

    def test_an_old_address_names_exactly_one_entry(self):
        series, person = make_series(), make_person()
        self.refuses(lambda: Redirect.objects.create(old_slug="x"))
        self.refuses(lambda: Redirect.objects.create(old_slug="x", series=series, person=person))
        Redirect.objects.create(old_slug="x", series=series)
        Redirect.objects.create(old_slug="x", person=person)
        self.refuses(lambda: Redirect.objects.create(old_slug="x", series=make_series()))

    def test_external_ids_and_addresses_belong_to_one(self):
        make_series(imdb_id="tt3502248", tmdb_id=1)
        self.refuses(lambda: make_series(imdb_id="tt3502248"))
        self.refuses(lambda: make_series(tmdb_id=1))
        make_series()
        make_source(url="https://variety.com/a")
        self.refuses(lambda: make_source(url="https://variety.com/a"))
        make_source()
        make_source()

    def test_an_image_has_its_text_and_its_focal_point_inside(self):
        self.refuses(lambda: Image.objects.create(width=1, height=1, file="a.png", alt_text=""))
        self.refuses(
            lambda: Image.objects.create(
                width=1, height=1, file="a.png", alt_text="A man", focal_x=101
            )
        )

    def test_there_is_one_revision(self):
        Revision.objects.create(pk=1)
        self.refuses(lambda: Revision.objects.create(pk=2))


class KindWordsTests(TestCase):
    """``full_clean`` says what is wrong before the database has to."""

    def says(self, row, field, message):
        with pytest.raises(ValidationError) as caught:
            row.full_clean()
        assert message in caught.value.message_dict[field], caught.value.message_dict

    def test_of_doubles(self):
        season = make_season(number=3)
        self.says(
            Season(series=season.series, number=3),
            "__all__",
            "This series already has a season of this number.",
        )
        make_episode(season, 1)
        self.says(
            Episode(season=season, number=1),
            "__all__",
            "This season already has an episode of this number.",
        )
        part = make_portrayal()
        self.says(
            Portrayal(
                person=part.person, character=part.character, series=part.series, kind="main"
            ),
            "__all__",
            "This portrayal is already in the catalogue: add the seasons to it.",
        )

    def test_of_self_links(self):
        series, character = make_series(), make_character()
        self.says(
            SeriesLink(from_series=series, to_series=series, kind="sequel"),
            "to_series",
            "A series cannot be linked to itself.",
        )
        self.says(
            Relationship(character=character, other=character, kind=make_relationship_kind()),
            "other",
            "A character cannot be related to itself.",
        )

    def test_of_a_relationship_stated_from_the_other_side(self):
        told = make_relationship(kind=make_relationship_kind("partner of"))
        self.says(
            Relationship(character=told.other, other=told.character, kind=told.kind),
            "other",
            "This is already stated from the other character's side.",
        )
        one_way = make_relationship_kind("trains", "trained by")
        first = make_relationship(kind=one_way)
        Relationship(character=first.other, other=first.character, kind=one_way).full_clean()

    def test_of_circles_of_organizations(self):
        top = make_organization()
        middle = make_organization(parent=top)
        bottom = make_organization(parent=middle)
        top.parent = bottom
        self.says(top, "parent", "An organization cannot be a part of itself.")

    def test_of_episodes_of_another_series(self):
        series, elsewhere = make_series(), make_episode()
        credit = Credit(person=make_person(), series=series, job=make_job(), episode=elsewhere)
        self.says(credit, "episode", "This is an episode of another series.")
        credit = Credit(
            person=make_person(), series=series, job=make_job(), season=elsewhere.season
        )
        self.says(credit, "season", "This is a season of another series.")
        part = Portrayal(person=make_person(), series=series, kind="self", first_episode=elsewhere)
        self.says(part, "first_episode", "This is an episode of another series.")

    def test_of_a_part_that_ends_before_it_begins(self):
        season = make_season()
        first, last = make_episode(season, 1), make_episode(season, 2)
        part = Portrayal(
            person=make_person(),
            series=season.series,
            kind="self",
            first_episode=last,
            last_episode=first,
        )
        self.says(part, "last_episode", "The last episode is before the first.")

    def test_of_parts_and_seasons_that_move_to_another_series(self):
        season, elsewhere = make_season(), make_series()
        episode = make_episode(season)
        part = make_portrayal(series=season.series, seasons=[season])
        part.series = elsewhere
        self.says(
            part, "series", "Its seasons or episodes are of another series: take them out first."
        )
        season.series = elsewhere
        self.says(season, "series", "A season with episodes or credits stays in its series.")
        episode.season = make_season(elsewhere)
        self.says(episode, "season", "An episode stays in its series.")

    def test_of_numbers_that_no_database_holds(self):
        self.says(
            Season(series=make_series(), number=40_000),
            "number",
            "Ensure this value is less than or equal to 9999.",
        )

    def test_of_season_and_episode_at_once(self):
        episode = make_episode()
        credit = Credit(
            person=make_person(),
            series=episode.series,
            job=make_job(),
            season=episode.season,
            episode=episode,
        )
        self.says(credit, "episode", "Give the season or the episode, not both.")

    def test_of_steps_that_name_nothing(self):
        self.says(
            WatchStep(order=make_watch_order(), position=1),
            "__all__",
            "Choose a series, a season or an episode: exactly one.",
        )

    def test_of_ids_that_cannot_be(self):
        self.says(
            Series(name="X", imdb_id="3502248"), "imdb_id", "An IMDb id reads like tt3502248."
        )
        self.says(
            Series(name="X", wikidata_id="4947981"),
            "wikidata_id",
            "A Wikidata id reads like Q4947981.",
        )

    def test_of_known_addresses(self):
        make_source(url="https://variety.com/a")
        self.says(
            Source(slug="b", publisher="V", title="T", url="https://variety.com/a"),
            "__all__",
            "This address is already the address of another source.",
        )

    def test_of_memberships_that_end_before_they_start(self):
        member = Membership(
            organization=make_organization(),
            character=make_character(),
            started="2020",
            ended="2019",
        )
        self.says(member, "ended", "“to” (2019) is before “from” (2020).")


class SlugTests(TestCase):
    def test_is_made_from_the_name(self):
        assert make_character("Renée Ballard").slug == "renee-ballard"

    def test_is_made_unique(self):
        slugs = [make_character("John Smith").slug for _ in range(3)]
        assert slugs == ["john-smith", "john-smith-2", "john-smith-3"]

    def test_stays_when_the_name_changes(self):
        character = make_character("Jo")
        character.name = "Joanna"
        character.save()
        assert character.slug == "jo"

    def test_of_a_name_of_no_latin_letters_says_what_it_is(self):
        assert Character(name="文字").full_clean() is None
        assert [make_character("文字").slug for _ in range(2)] == ["character", "character-2"]


class SortNameTests(TestCase):
    def test_sorts_by_letters_not_by_bytes(self):
        names = ["Zoe", "Élodie", "adam", "Eve", "O'Neil", "Onassis"]
        for name in names:
            make_character(name)
        in_order = Character.objects.order_by("sort_name", "pk").values_list("name", flat=True)
        assert list(in_order) == ["adam", "Élodie", "Eve", "Onassis", "O'Neil", "Zoe"]

    def test_a_partial_save_leaves_what_others_changed(self):
        stale = make_character("Zoe")
        Character.objects.filter(pk=stale.pk).update(name="Anna", slug="anna", sort_name="anna")
        stale.save(update_fields=["occupation"])
        stale.refresh_from_db()
        assert (stale.name, stale.slug, stale.sort_name) == ("Anna", "anna", "anna")

    def test_follows_the_name_even_when_only_that_is_saved(self):
        character = make_character("Zoe")
        character.name = "Anna"
        character.save(update_fields=["name"])
        character.refresh_from_db()
        assert character.sort_name == "anna"


class YearRangeTests(TestCase):
    def test_says_what_is_known(self):
        for fields, shown in [
            ({"premiered": "2014-02-06", "ended": "2021-06-25", "status": "ended"}, "2014–2021"),
            ({"premiered": "2025-07-09", "status": "airing"}, "2025–"),
            ({"premiered": "2025", "ended": "2025-12", "status": "ended"}, "2025"),
            ({"premiered": "2025", "status": "upcoming"}, "2025"),
            ({"status": "announced"}, ""),
        ]:
            with self.subTest(shown=shown):
                series = make_series(**fields)
                series.refresh_from_db()
                assert series.year_range == shown


class TextOfRowsTests(TestCase):
    """Each row says what it is in words, at no cost for those already at hand."""

    def test_names_and_addresses(self):
        season = make_season(make_series("Bosch: Legacy"), 3)
        episode = make_episode(season, 10, name="Dig Down")
        assert str(season) == "Bosch: Legacy, season 3"
        assert str(episode) == "Bosch: Legacy S3E10: Dig Down"
        assert episode.get_absolute_url() == "/series/bosch-legacy/season-3/episode-10/"
        assert make_season(season.series, 0).title == "Specials"
        assert make_episode(season, 4).title == "Episode 4"
        assert str(make_announcement("Renewed")) == "Renewed"
        with self.assertNumQueries(1):
            assert str(Episode.objects.get(pk=episode.pk)) == "Bosch: Legacy S3E10: Dig Down"


class OrderTests(TestCase):
    """The same order on every database, whatever language its cluster sorts in."""

    def test_sources_sort_by_bytes(self):
        for publisher in ["de Volkskrant", "Élan", "Zoo", "TV Insider", "TVLine"]:
            make_source(publisher=publisher)
        in_order = Source.objects.values_list("publisher", flat=True)
        assert list(in_order) == ["TV Insider", "TVLine", "Zoo", "de Volkskrant", "Élan"]
