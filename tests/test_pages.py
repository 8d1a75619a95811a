"""Each public address with real rows behind it."""

import re

from django.test import TestCase
from django.utils.html import escape

from catalog.models import Image, Portrayal, Redirect, SeriesLink, State
from tests.factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_image,
    make_job,
    make_membership,
    make_network,
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


class World(TestCase):
    """Two series with neighbours of every kind."""

    @classmethod
    def setUpTestData(cls):
        cls.network = make_network("Prime Video")
        cls.bosch = make_series(
            "Bosch",
            status="ended",
            premiered="2014-02-06",
            ended="2021-06-25",
            network=cls.network,
            synopsis="A *hard* city.",
            based_on="the novels",
        )
        cls.legacy = make_series("Bosch: Legacy", status="ended", premiered="2022", ended="2025")
        cls.one = make_season(cls.bosch, 1, premiered="2014")
        cls.two = make_season(cls.bosch, 2, premiered="2016-03-11", source_novels="The Drop")
        cls.pilot = make_episode(cls.one, 1, name="The Pilot", aired="2014-02-06")
        cls.unknown = make_episode(cls.one, 2, aired="2015")
        cls.later = make_episode(cls.two, 1, name="Trunk Music", aired="2016-03-11")
        make_series_link(
            cls.legacy, cls.bosch, SeriesLink.Kind.SEQUEL, episode=cls.later, note="Where it led."
        )
        cls.titus = make_person("Titus Welliver", other_names="Titus B. Welliver")
        cls.mitzi = make_person("Mitzi Roberts", biography="A detective.", born="1960")
        cls.harry = make_character(
            "Harry Bosch", occupation="Detective", first_appearance=cls.pilot, inspired_by=cls.mitzi
        )
        cls.maddie = make_character("Maddie Bosch")
        make_portrayal(cls.titus, cls.harry, cls.bosch, seasons=[cls.one, cls.two], billing=1)
        make_portrayal(
            cls.mitzi,
            None,
            cls.bosch,
            kind="self",
            credited_as="Herself",
            episodes=[cls.pilot],
        )
        cls.director = make_job("Director", rank=10)
        cls.consultant = make_job("Consultant", rank=90)
        make_credit(cls.mitzi, cls.bosch, cls.consultant)
        make_credit(cls.mitzi, cls.bosch, cls.director, episode=cls.pilot)
        make_credit(cls.mitzi, cls.bosch, cls.director, episode=cls.later)
        daughter = make_relationship_kind("daughter of", "parent of")
        make_relationship(cls.maddie, cls.harry, daughter)
        cls.lapd = make_organization("LAPD", other_names="Los Angeles Police Department")
        cls.unit = make_organization("Cold Case Unit", parent=cls.lapd, description="Old cases.")
        make_membership(cls.unit, cls.harry, standing="leader", role="Head of the unit")
        make_membership(cls.unit, cls.maddie, standing="volunteer", former=True)
        make_fact(cls.harry, "He likes jazz.")
        cls.news = make_announcement(
            "Bosch renewed",
            date="2015-03-18",
            kind="renewal",
            body="A second season.",
            series=[cls.bosch],
            people=[cls.titus],
            characters=[cls.harry],
        )
        cls.source = make_source("Report", publisher="Variety", url="https://variety.com/report")
        for sourced in [cls.bosch, cls.pilot, cls.harry, cls.titus, cls.unit, cls.news]:
            sourced.sources.add(cls.source)

    def main(self, path):
        """What the page says between header and footer."""
        response = self.client.get(path)
        assert response.status_code == 200, path
        return response.text.partition("<main")[2].partition("</main>")[0]

    def assert_shows(self, path, *texts):
        page = self.main(path)
        for text in texts:
            assert escape(text) in page or text in page, f"{path} does not say {text!r}"

    def assert_links(self, path, *targets):
        page = self.main(path)
        for target in targets:
            assert f'href="{target}"' in page, f"{path} does not link to {target}"


class DashboardTests(World):
    def test_shows_each_series_with_status_and_span(self):
        self.assert_shows("/", "Bosch", "Ended", "2014–2021", "Prime Video", "2022–2025")
        self.assert_shows("/", "2 seasons, 3 episodes")

    def test_shows_counts_news_and_where_to_go_from_here(self):
        self.assert_shows("/", "<b>3</b> episodes", "<b>2</b> actors", "<b>1</b> crew")
        order = make_watch_order("Story order")
        make_watch_step(order, 1, season=self.two)
        self.assert_links(
            "/",
            "/news/bosch-renewed/",
            "/timeline/",
            "/watch-orders/story-order/",
            "/progress/",
        )

    def test_says_what_is_next_without_inventing_a_date(self):
        make_season(make_series("Ballard", status="airing"), 1, premiered="2999-05")
        make_series("Start of Watch", status="in-production")
        self.assert_shows("/", "What is next", "May 2999", "In production", "Date not announced")

    def test_says_who_crosses_over(self):
        assert "Crossing over" not in self.main("/")
        make_portrayal(make_person("Somebody Else"), self.harry, self.legacy)
        self.assert_shows("/", "Crossing over", "Recast")

    def test_has_a_plain_title(self):
        assert "<title>The Bosch Universe</title>" in self.client.get("/").text
        assert "<title>Series · The Bosch Universe</title>" in self.client.get("/series/").text


class SeriesPagesTests(World):
    def test_list_is_in_the_order_of_release(self):
        page = self.main("/series/")
        assert page.index("/series/bosch/") < page.index("/series/bosch-legacy/")

    def test_detail_says_all_that_is_known(self):
        self.assert_shows(
            "/series/bosch/",
            "A <em>hard</em> city.",
            "6 February 2014",
            "25 June 2021",
            "the novels",
            "Prime Video",
            "2 seasons",
            "3 episodes",
            "Main cast",
            "Seasons 1–2",
            "S1E1",
            "Variety",
        )

    def test_detail_links_every_neighbour(self):
        self.assert_links(
            "/series/bosch/",
            "/series/bosch-legacy/",
            "/series/bosch/season-1/",
            "/series/bosch/season-2/",
            "/series/bosch/season-2/episode-1/",
            "/people/titus-welliver/",
            "/characters/harry-bosch/",
            "/news/bosch-renewed/",
            "https://variety.com/report",
        )

    def test_links_read_in_both_directions(self):
        self.assert_shows("/series/bosch/", "Followed by", "Where it led.")
        self.assert_shows("/series/bosch-legacy/", "Sequel to", "Where it led.")

    def test_empty_series_says_so_kindly(self):
        self.assert_shows("/series/bosch-legacy/", "No season yet", "No cast known yet")

    def test_season_lists_its_episodes_and_neighbours(self):
        self.assert_shows("/series/bosch/season-1/", "The Pilot", "Episode 2", "Herself")
        self.assert_links(
            "/series/bosch/season-1/",
            "/series/bosch/",
            "/series/bosch/season-1/episode-1/",
            "/series/bosch/season-1/episode-2/",
            "/series/bosch/season-2/",
        )
        self.assert_shows("/series/bosch/season-2/", "The Drop", "Trunk Music")
        self.assert_links("/series/bosch/season-2/", "/series/bosch/season-1/")

    def test_specials_are_a_season_of_their_own(self):
        make_episode(make_season(self.bosch, 0), 1, name="Behind the Badge")
        self.assert_shows("/series/bosch/season-0/", "Specials", "Behind the Badge")
        self.assert_links("/series/bosch/season-0/", "/series/bosch/season-1/")

    def test_episode_tells_those_in_it_from_those_of_its_season(self):
        page = self.main("/series/bosch/season-1/episode-1/")
        known, guessed = page.split("Of these only the season is known")
        assert "Mitzi Roberts" in known
        assert "Titus Welliver" not in known
        assert "Titus Welliver" in guessed
        assert "Mitzi Roberts" not in self.main("/series/bosch/season-1/episode-2/")

    def test_a_span_of_episodes_is_told_and_counts(self):
        guest = make_person("Spanning Guest")
        make_portrayal(
            guest,
            make_character("Passer-by"),
            self.bosch,
            first_episode=self.unknown,
            last_episode=self.later,
        )
        assert "Spanning Guest" not in self.main("/series/bosch/season-1/episode-1/")
        for path in [
            "/series/bosch/season-1/",
            "/series/bosch/season-2/",
            "/series/bosch/season-1/episode-2/",
            "/series/bosch/season-2/episode-1/",
        ]:
            self.assert_shows(path, "Spanning Guest")
        self.assert_shows("/people/spanning-guest/", "from S1E2 until S2E1")

    def test_episode_names_no_one_who_is_first_seen_later(self):
        late = make_character("Latecomer", first_appearance=self.unknown)
        make_portrayal(make_person("Late Actor"), late, self.bosch, seasons=[self.one])
        assert "Latecomer" not in self.main("/series/bosch/season-1/episode-1/")
        self.assert_shows("/series/bosch/season-1/episode-2/", "Latecomer")

    def test_a_season_only_ordered_is_listed_but_not_counted(self):
        make_season(self.bosch, 3)
        self.assert_shows("/series/bosch/", "<li>2 seasons</li>", "Season 3", "No episodes yet")

    def test_a_page_has_one_address(self):
        for path in ["/series/bosch/season-01/", "/series/bosch/season-1/episode-001/"]:
            with self.subTest(path=path):
                assert self.client.get(path).status_code == 404

    def test_episode_links_its_neighbours_across_seasons(self):
        self.assert_links(
            "/series/bosch/season-1/episode-2/",
            "/series/bosch/season-1/episode-1/",
            "/series/bosch/season-2/episode-1/",
        )
        assert "Previous" not in self.main("/series/bosch/season-1/episode-1/")
        assert "Next" not in self.main("/series/bosch/season-2/episode-1/")

    def test_episode_shows_crew_first_appearances_and_sources(self):
        self.assert_shows("/series/bosch/season-1/episode-1/", "Director", "First seen here")
        self.assert_links(
            "/series/bosch/season-1/episode-1/",
            "/people/mitzi-roberts/",
            "/characters/harry-bosch/",
            "https://variety.com/report",
        )

    def test_unknown_title_stays_unknown(self):
        self.assert_shows(
            "/series/bosch/season-1/episode-2/",
            "Episode 2",
            "The title of this episode is not known yet.",
        )

    def test_episode_list_is_in_the_order_of_release(self):
        page = self.main("/episodes/")
        assert page.index("The Pilot") < page.index("Episode 2") < page.index("Trunk Music")


class ImageTests(World):
    def test_cover_and_portraits_are_shown_around_their_focal_point(self):
        picture = make_image("A city", content_hash="c1" * 32, focal_y=4, focal_x=87)
        self.bosch.cover = self.harry.image = self.titus.image = picture
        for entry in [self.bosch, self.harry, self.titus]:
            entry.save()
        for path in ["/", "/series/", "/series/bosch/", "/characters/", "/people/titus-welliver/"]:
            with self.subTest(path=path):
                page = self.main(path)
                start = f"/media/images/c1/{'c1' * 32}"
                picture = page[page.index("<picture") : page.index("</picture>")]
                assert f'src="{start}.jpg" alt="A city" width="1600" height="900"' in picture
                assert "focus-x-9 focus-y-0" in picture
                avif, webp = re.findall(r'<source type="image/(\w+)" srcset="(.*?)"', picture)
                for kind, srcset in (avif, webp):
                    assert srcset == ", ".join(
                        f"{start}-{width}.{kind} {width}w" for width in (160, 320, 640, 1280)
                    )
                assert [avif[0], webp[0]] == ["avif", "webp"]
                assert picture.count(' sizes="') == 2

    def test_only_what_is_seen_first_is_loaded_at_once(self):
        self.bosch.cover = self.harry.image = make_image()
        self.harry.save()
        self.bosch.save()
        for path, is_lazy in {
            "/series/": False,
            "/series/bosch/": False,
            "/characters/harry-bosch/": False,
            "/characters/": True,
        }.items():
            page = self.main(path)
            picture = page[page.index("<picture") : page.index("</picture>")]
            with self.subTest(path=path):
                assert (' loading="lazy"' in picture) == is_lazy

    def test_a_picture_without_narrower_versions_is_shown_as_it_is(self):
        self.harry.image = make_image(widths="", has_avif=False, file="images/old.png")
        self.harry.save()
        page = self.main("/characters/harry-bosch/")
        assert 'src="/media/images/old.png"' in page
        assert "<source" not in page

    def test_without_avif_there_is_webp_alone(self):
        self.harry.image = make_image(has_avif=False)
        self.harry.save()
        page = self.main("/characters/harry-bosch/")
        assert "image/webp" in page
        assert "image/avif" not in page

    def test_what_has_no_picture_is_drawn_from_its_name_and_the_accent_of_its_series(self):
        self.bosch.accent = "amber"
        self.bosch.save()
        series = self.main("/series/bosch/")
        assert 'class="entry accent-amber"' in series
        assert 'class="cover cover--drawn pattern-rings"' in series
        assert 'img/skyline.svg#near"' in series
        assert '<span class="portrait pattern-beams accent-amber" aria-hidden="true">TW' in series
        for path in [
            "/",
            "/series/",
            "/series/bosch/season-1/",
            "/series/bosch/season-1/episode-1/",
        ]:
            with self.subTest(path=path):
                page = self.main(path)
                assert "accent-amber" in page
                assert "cover--drawn pattern-rings" in page
        assert "portrait pattern-dots accent-amber" in self.main("/characters/")

    def test_who_made_a_picture_is_named_on_its_page(self):
        self.harry.image = Image.objects.create(
            file="images/harry.png",
            width=9,
            height=9,
            alt_text="Harry",
            credit="A. Photographer",
            licence="CC BY-SA 4.0",
            source_url="https://commons.example/harry",
        )
        self.harry.save()
        self.assert_shows("/characters/harry-bosch/", "A. Photographer", "CC BY-SA 4.0")
        self.assert_links("/characters/harry-bosch/", "https://commons.example/harry")


class CharacterPagesTests(World):
    def test_list_names_the_actors(self):
        self.assert_shows("/characters/", "Harry Bosch", "Detective", "Titus Welliver")

    def test_detail_says_all_that_is_known(self):
        self.assert_shows(
            "/characters/harry-bosch/",
            "Detective",
            "Parent of",
            "Head of the unit",
            "He likes jazz.",
            "season 1, episode 1",
            "Inspired by",
        )
        self.assert_links(
            "/characters/harry-bosch/",
            "/people/titus-welliver/",
            "/series/bosch/",
            "/series/bosch/season-1/episode-1/",
            "/characters/maddie-bosch/",
            "/organizations/cold-case-unit/",
            "/people/mitzi-roberts/",
            "/news/bosch-renewed/",
            "https://variety.com/report",
        )

    def test_relationships_read_from_either_side(self):
        self.assert_shows("/characters/maddie-bosch/", "Daughter of")

    def test_an_actor_in_several_series_is_named_once(self):
        make_portrayal(make_person("Young Actor"), self.harry, self.bosch, kind="guest")
        make_portrayal(self.titus, self.harry, self.legacy)
        self.assert_shows("/characters/?q=harry", ">Titus Welliver, Young Actor<")

    def test_recast_shows_every_actor(self):
        make_portrayal(make_person("Young Actor"), self.harry, self.bosch, kind="guest")
        self.assert_shows("/characters/harry-bosch/", "Titus Welliver", "Young Actor")
        self.assert_shows("/characters/?q=harry", "Titus Welliver, Young Actor")

    def test_empty_character_says_so_kindly(self):
        self.assert_shows("/characters/maddie-bosch/", "No actor known yet")


class PeoplePagesTests(World):
    def test_actors_are_actors_only_and_crew_crew_only(self):
        make_person("Idle Person")
        only_crew = make_person("Only Crew")
        make_credit(only_crew, self.bosch, self.director)
        actors, crew, people = (self.main(f"/{path}/") for path in ("actors", "crew", "people"))
        assert "Titus Welliver" in actors
        assert "Titus Welliver" not in crew
        assert "Only Crew" in crew
        assert "Only Crew" not in actors
        assert "Idle Person" not in actors + crew
        for name in ["Titus Welliver", "Mitzi Roberts", "Only Crew", "Idle Person"]:
            assert name in people

    def test_someone_who_is_both_has_one_page(self):
        for path in ["/actors/", "/crew/"]:
            self.assert_links(path, "/people/mitzi-roberts/")
        self.assert_shows(
            "/people/mitzi-roberts/",
            "Acting",
            "Herself",
            "Crew work",
            "Director",
            "Consultant",
            "Inspiration for",
            "1960",
        )
        self.assert_links(
            "/people/mitzi-roberts/",
            "/characters/harry-bosch/",
            "/series/bosch/season-1/episode-1/",
            "/series/bosch/season-2/episode-1/",
        )

    def test_acting_is_grouped_by_character(self):
        make_portrayal(self.titus, self.harry, self.legacy, kind="main")
        twin = make_character("Bosch's Twin")
        make_portrayal(self.titus, twin, self.bosch, kind="guest")
        page = self.main("/people/titus-welliver/")
        assert page.count('href="/characters/harry-bosch/"') == 1
        assert page.count('href="/characters/boschs-twin/"') == 1
        assert page.index("Bosch&#x27;s Twin") < page.index('href="/characters/harry-bosch/"')

    def test_parts_without_a_character_stay_apart(self):
        self_part = make_portrayal(self.titus, None, self.bosch, kind="self")
        Portrayal.objects.filter(pk=self_part.pk).update(credited_as="Himself")
        unknown = make_portrayal(self.titus, None, self.legacy, kind="self", announced=True)
        Portrayal.objects.filter(pk=unknown.pk).update(kind="")
        self.assert_shows("/people/titus-welliver/", ">Himself</h3>", ">Role not announced</h3>")

    def test_card_names_a_job_once_for_many_episodes(self):
        card = self.main("/crew/")
        assert card.count("Director <span") == 1

    def test_announced_part_without_role_says_so(self):
        make_portrayal(make_person("New Actor"), None, self.bosch, kind="self", announced=True)
        Portrayal.objects.filter(announced=True).update(kind="")
        self.assert_shows("/people/new-actor/", "Role not announced", "Announced")

    def test_announced_parts_without_role_come_first_on_either_database(self):
        for name, character in [("Known", make_character("Somebody")), ("New", None)]:
            make_portrayal(
                make_person(f"{name} Actor"), character, self.legacy, kind="self", announced=True
            )
        text = self.client.get("/series/bosch-legacy/").text
        assert 0 < text.index("New Actor") < text.index("Known Actor")


class OrganizationPagesTests(World):
    def test_list_counts_members(self):
        self.assert_shows("/organizations/", "Cold Case Unit", "2 members", "No members known")

    def test_detail_groups_members(self):
        self.assert_shows(
            "/organizations/cold-case-unit/",
            "Old cases.",
            "Led by",
            "Head of the unit",
            "Former members",
        )
        self.assert_links(
            "/organizations/cold-case-unit/",
            "/characters/harry-bosch/",
            "/organizations/lapd/",
            "https://variety.com/report",
        )
        self.assert_links("/organizations/lapd/", "/organizations/cold-case-unit/")
        self.assert_shows("/organizations/lapd/", "Los Angeles Police Department")


class NewsPagesTests(World):
    def test_newest_comes_first_and_undated_last(self):
        make_announcement("Undated rumour")
        make_announcement("Fresh news", date="2026")
        page = self.main("/news/")
        assert page.index("Fresh news") < page.index("Bosch renewed") < page.index("Undated")

    def test_detail_links_what_it_is_about(self):
        self.assert_shows(
            "/news/bosch-renewed/", "18 March 2015", "Renewal", "A second season.", "Variety"
        )
        self.assert_links(
            "/news/bosch-renewed/",
            "/series/bosch/",
            "/people/titus-welliver/",
            "/characters/harry-bosch/",
        )


class PagingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        for number in range(50):
            make_person(f"Person {number:02}")

    def test_pages_hold_everyone_once_in_order(self):
        names = []
        for number in (1, 2, 3):
            page = self.client.get(f"/people/?page={number}")
            names += [person.name for person in page.context["object_list"]]
        assert names == [f"Person {number:02}" for number in range(50)]

    def test_links_keep_the_filters(self):
        page = self.client.get("/people/?q=person&page=2").text
        assert 'href="?q=person&amp;page=1"' in page
        assert 'href="?q=person&amp;page=3"' in page

    def test_page_past_the_end_is_not_there(self):
        for number in ["4", "0", "-1", "x", "9" * 30, "9" * 5000, "1.5", "%00"]:
            with self.subTest(number=number[:40]):
                assert self.client.get(f"/people/?page={number}").status_code == 404

    def test_every_list_has_an_empty_state(self):
        for path in ["/series/", "/episodes/", "/characters/", "/actors/", "/crew/", "/news/"]:
            with self.subTest(path=path):
                assert "Nothing here yet" in self.client.get(path).text
        assert "Nothing matches" in self.client.get("/people/?q=nobody+at+all").text


class FilterTests(World):
    def test_series_narrows_every_list(self):
        make_portrayal(make_person("Legacy Actor"), make_character("Legacy Role"), self.legacy)
        for path, inside, outside in [
            ("/characters/", "Legacy Role", "Harry Bosch"),
            ("/actors/", "Legacy Actor", "Titus Welliver"),
            ("/people/", "Legacy Actor", "Mitzi Roberts"),
            ("/news/", "Nothing matches", "Bosch renewed"),
            ("/episodes/", "Nothing matches", "The Pilot"),
            ("/organizations/", "Nothing matches", "Cold Case Unit"),
        ]:
            with self.subTest(path=path):
                page = self.main(f"{path}?series=bosch-legacy")
                assert inside in page
                assert outside not in page
                both = self.main(f"{path}?series=bosch-legacy&series=bosch")
                assert outside in both

    def test_actors_are_filtered_by_their_parts_and_crew_by_their_work(self):
        make_credit(self.titus, self.legacy, self.director)
        make_portrayal(self.mitzi, self.harry, self.legacy)
        for path, inside, outside in [
            ("/actors/", "Mitzi Roberts", "Titus Welliver"),
            ("/crew/", "Titus Welliver", "Mitzi Roberts"),
        ]:
            with self.subTest(path=path):
                page = self.main(f"{path}?series=bosch-legacy")
                assert inside in page
                assert outside not in page
        both = self.main("/people/?series=bosch-legacy")
        assert "Mitzi Roberts" in both
        assert "Titus Welliver" in both

    def test_name_finds_whatever_the_accents(self):
        make_character("Renée Ballard")
        for typed in ["renee", "RENÉE", "ballard renee", "Ballard’s"]:
            with self.subTest(typed=typed):
                self.assert_shows(f"/characters/?q={typed}", "Renée Ballard")

    def test_unknown_series_gets_a_message_and_an_empty_list(self):
        self.assert_shows("/characters/?series=nope", "There is no series “nope”.")
        assert "Harry Bosch" not in self.main("/characters/?series=nope")

    def test_filtered_pages_are_kept_from_crawlers(self):
        assert '<meta name="robots" content="noindex">' in self.client.get("/people/?q=a").text
        assert "noindex" not in self.client.get("/people/").text
        for number in range(30):
            make_person(f"Extra {number}")
        assert "noindex" not in self.client.get("/people/?page=2").text


class SearchTests(World):
    def test_finds_by_name_and_other_name(self):
        for asked, path in {
            "harry": "/characters/harry-bosch/",
            "titus b": "/people/titus-welliver/",
            "los angeles police": "/organizations/lapd/",
            "trunk": "/series/bosch/season-2/episode-1/",
            "s2e1": "/series/bosch/season-2/episode-1/",
            "renewed": "/news/bosch-renewed/",
            "hard city": "/series/bosch/",
        }.items():
            with self.subTest(asked=asked):
                self.assert_links(f"/search/?q={asked}", path)

    def test_the_thing_itself_comes_first(self):
        page = self.main("/search/?q=bosch")
        assert page.index('href="/series/bosch/"') < page.index('href="/series/bosch-legacy/"')
        assert page.index('href="/series/bosch/"') < page.index('href="/news/bosch-renewed/"')

    def test_follows_a_change_of_name_and_state(self):
        self.harry.name = "Hieronymus"
        self.harry.save()
        self.assert_links("/search/?q=hieronymus", "/characters/harry-bosch/")
        self.bosch.state = State.DRAFT
        self.bosch.save()
        assert "Nothing found" in self.main("/search/?q=trunk+music")

    def test_follows_a_season_that_is_renumbered(self):
        self.two.number = 5
        self.two.save()
        self.assert_links("/search/?q=bosch+s5e1", "/series/bosch/season-5/episode-1/")

    def test_holds_the_longest_names(self):
        long = make_series("L" * 200)
        make_episode(make_season(long, 9999), 9999, name="E" * 200)
        self.assert_shows(f"/search/?q={'e' * 200}", "E" * 200)

    def test_is_paged(self):
        for number in range(45):
            make_person(f"Crowd {number:02}")
        page = self.main("/search/?q=crowd&kind=person&page=2")
        assert "21–40 of 45 results" in page
        for number in (1, 3):
            assert f'href="?q=crowd&amp;kind=person&amp;page={number}"' in page

    def test_forgets_what_is_deleted(self):
        self.bosch.delete()
        assert "Nothing found" in self.main("/search/?q=trunk+music")

    def test_says_what_to_do_when_nothing_is_found(self):
        assert "Nothing found" in self.main("/search/?q=xyzzy")
        assert "What are you looking for?" in self.main("/search/")


class OldAddressTests(World):
    def test_an_old_slug_leads_to_the_new_address(self):
        Redirect.objects.create(series=self.bosch, old_slug="harry-bosch-show")
        Redirect.objects.create(character=self.harry, old_slug="hieronymus")
        for old, new in {
            "/series/harry-bosch-show/": "/series/bosch/",
            "/series/harry-bosch-show/season-2/": "/series/bosch/season-2/",
            "/series/harry-bosch-show/season-2/episode-1/": "/series/bosch/season-2/episode-1/",
            "/characters/hieronymus/": "/characters/harry-bosch/",
        }.items():
            with self.subTest(old=old):
                self.assertRedirects(self.client.get(old), new, status_code=301)

    def test_leads_to_no_draft(self):
        hidden = make_series("Hidden", state=State.DRAFT)
        Redirect.objects.create(series=hidden, old_slug="older")
        assert self.client.get("/series/older/").status_code == 404

    def test_never_leads_in_a_circle(self):
        Redirect.objects.create(series=self.bosch, old_slug="bosch")
        assert self.client.get("/series/bosch/season-9/").status_code == 404

    def test_leads_to_its_own_kind_only(self):
        Redirect.objects.create(character=self.harry, old_slug="hieronymus")
        assert self.client.get("/people/hieronymus/").status_code == 404
