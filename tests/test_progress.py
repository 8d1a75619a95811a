"""“I'm up to …”: the cookie, the page that sets it, and what is withheld from whom."""

import re
from cProfile import Profile

from django.contrib.auth.models import User
from django.test import Client, SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from catalog.audience import Audience, visitor
from catalog.models import Character, CharacterFact, Episode, Portrayal, Season, Series, WatchOrder
from catalog.progress import END, START, Place, Progress
from tests.factories import (
    make_announcement,
    make_character,
    make_episode,
    make_fact,
    make_membership,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_season,
    make_series,
    make_series_link,
    make_source,
    make_watch_order,
    make_watch_step,
)

MALFORMED = [
    "",
    "bosch",
    "bosch.3",
    "bosch.3.x",
    "bosch.-1.2",
    "bosch.03.4",
    "bosch.12345.1",
    "bosch.3.4.5",
    "bosch.3.4~",
    "~bosch.3.4",
    "bosch.3.4~bosch.2.1",
    "bosch.3.4 ~ballard.1.1",
    "Bösch.1.1",
    "bosch.٣.٤",
    "bosch.3.4;",
    "<script>.1.1",
    "a" * 111 + ".1.1",
    "~".join(f"s{number}.1.1" for number in range(201)),
    "x" * 5_000,
]


class CookieTextTests(SimpleTestCase):
    def test_has_one_text_for_what_is_the_same(self):
        told = Progress.parse("bosch-legacy.0.0~bosch.3.4~ballard.all")
        assert str(told) == "ballard.all~bosch.3.4"
        assert told == Progress.parse("ballard.all~bosch.3.4")
        assert told.at("bosch") == Place(3, 4)
        assert told.at("ballard") == END
        assert told.at("bosch-legacy") == START
        assert str(Progress.parse("bosch.0.0")) == "none"
        assert Progress.parse("none") == Progress()

    def test_what_cannot_be_read_is_an_error(self):
        for text in MALFORMED:
            with self.subTest(text=text[:40]), self.assertRaises(ValueError):
                Progress.parse(text)

    def test_moves_one_series_and_leaves_the_others(self):
        told = Progress.parse("bosch.3.4~ballard.1.1")
        assert str(told.moved({"bosch": Place(4, 1)})) == "ballard.1.1~bosch.4.1"
        assert str(told.moved({"bosch": START})) == "ballard.1.1"

    @given(st.text(alphabet=st.sampled_from("abz-_.~0123all\x00é "), max_size=40))
    def test_any_text_is_read_or_refused_and_its_text_reads_the_same(self, text):
        try:
            told = Progress.parse(text)
        except ValueError:
            return
        assert Progress.parse(str(told)) == told

    def test_is_a_part_of_what_an_audience_sees(self):
        assert str(visitor(Progress.parse("bosch.3.4"))) == "visitor at bosch.3.4"
        assert visitor(Progress.parse("a.0.0")) == visitor(Progress.parse("none"))
        assert visitor(Progress()) != visitor()


class Told(TestCase):
    """A series of two seasons and what becomes of its people, and one that follows it."""

    @classmethod
    def setUpTestData(cls):
        cls.bosch = make_series("Bosch", premiered="2014", ended="2021-06", status="ended")
        cls.ballard = make_series("Ballard", premiered="2025", status="airing")
        cls.one, cls.two = make_season(cls.bosch, 1), make_season(cls.bosch, 2, synopsis="Grim.")
        cls.first = make_season(cls.ballard, 1)
        cls.pilot = make_episode(cls.one, 1, name="Pilot", aired="2014-02-06")
        cls.second = make_episode(cls.one, 2, name="Lost Light", aired="2015-02-13")
        cls.later = make_episode(cls.two, 1, name="Trunk", aired="2016-03-11", synopsis="A trunk.")
        cls.cold = make_episode(cls.first, 1, name="Cold Case", aired="2025-07-09")
        cls.titus = make_person("Titus")
        cls.harry = make_character("Harry", first_appearance=cls.pilot)
        make_portrayal(cls.titus, cls.harry, cls.bosch, [cls.one, cls.two], billing=1)

    def at(self, progress):
        self.client.cookies["progress"] = progress
        return self

    def text(self, path, status=200):
        response = self.client.get(path)
        assert response.status_code == status, (path, response.status_code)
        return response.text


class CookieTests(Told):
    def test_a_malformed_cookie_is_dropped_and_changes_nothing(self):
        plain = self.text("/series/bosch/season-2/")
        for text in MALFORMED:
            # What a semicolon ends is another cookie, and letters from elsewhere come as bytes.
            sent = text.encode().decode("latin-1").replace(";", "")
            if text == "bosch.3.4;":
                continue
            with self.subTest(text=text[:40]):
                response = Client(headers={"cookie": f"progress={sent}"}).get(
                    "/series/bosch/season-2/"
                )
                assert response.text == plain
                assert response.cookies["progress"]["max-age"] == 0
                assert "private" in response.headers["Cache-Control"]

    def test_an_invented_series_or_episode_changes_nothing_else(self):
        assert "Lost Light" not in self.at("nobody.3.4").text("/episodes/")
        assert "Trunk" in self.at("bosch.999.1").text("/episodes/")
        assert "Cold Case" not in self.at("bosch.999.1").text("/episodes/")

    def test_a_page_for_one_visitor_is_kept_from_others(self):
        response = self.at("bosch.1.1").client.get("/")
        assert "Cookie" in response.headers["Vary"]
        assert "private" in response.headers["Cache-Control"]
        assert Client().get("/").headers["Cache-Control"].startswith("public")

    def test_no_page_without_the_cookie_has_a_token_or_names_a_visitor(self):
        for path in ["/", "/progress/", "/series/bosch/season-1/episode-1/"]:
            with self.subTest(path=path):
                response = Client().get(path)
                assert "csrf" not in response.text
                assert not response.cookies
                assert response.text == Client().get(path).text


class ProgressPageTests(Told):
    def test_offers_every_episode_and_what_stands_for_none_and_all(self):
        page = self.text("/progress/")
        for value in ["bosch.0.0", "bosch.1.1", "bosch.2.1", "bosch.all", "ballard.1.1"]:
            assert f'value="{value}"' in page

    def test_keeps_what_is_chosen_for_a_year(self):
        places = ["bosch.1.2", "ballard.0.0"]
        response = self.client.post("/progress/", {"at": places, "next": "/series/bosch/"})
        assert response.status_code == 302
        assert response.headers["Location"] == "/series/bosch/"
        cookie = response.cookies["progress"]
        assert cookie.value == "bosch.1.2"
        assert cookie["max-age"] == 365 * 24 * 60 * 60
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        page = self.text("/progress/")
        assert '<option value="bosch.1.2" selected>' in page
        assert "Up to Bosch S1E2" in self.text("/")

    def test_one_who_has_started_nothing_has_told_so(self):
        self.client.post("/progress/", {"at": ["bosch.0.0", "ballard.0.0"]})
        assert "Nothing seen yet" in self.text("/")
        assert "Pilot" not in self.text("/episodes/")

    def test_an_episode_page_moves_one_series_only(self):
        self.at("ballard.1.1")
        self.at("ballard.all")
        assert "I’ve watched up to here" in self.text("/series/ballard/season-1/episode-1/")
        self.at("ballard.1.1")
        response = self.client.post(
            "/progress/", {"at": "bosch.1.1", "next": "/series/bosch/season-1/episode-1/"}
        )
        assert response.headers["Location"] == "/series/bosch/season-1/episode-1/"
        assert response.cookies["progress"].value == "ballard.1.1~bosch.1.1"
        page = self.text("/series/bosch/season-1/episode-1/")
        assert "You are up to here." in page
        assert "I’ve watched up to here" not in page

    def test_clears_in_one_click_and_goes_back(self):
        self.at("bosch.1.1")
        response = self.client.post("/progress/", {"clear": "1", "next": "/characters/"})
        assert response.headers["Location"] == "/characters/"
        assert response.cookies["progress"]["max-age"] == 0
        assert "I’m up to …" in self.text("/")

    def test_what_is_no_place_is_refused_and_nothing_changes(self):
        self.at("bosch.1.1")
        for item, message in [
            ("bosch.9.9", "There is no S9E9 of Bosch."),
            ("nobody.1.1", "There is no series “nobody”."),
            ("bosch", "does not say how far somebody is"),
            ("bosch.1.1\0", "does not say how far somebody is"),
            ("<b>.1.1", "“&lt;b&gt;.1.1” does not say"),
        ]:
            with self.subTest(item=item):
                response = self.client.post("/progress/", {"at": item})
                assert response.status_code == 400
                assert message in response.text
                assert "Nothing was changed" in response.text
                assert "progress" not in response.cookies
        assert self.client.post("/progress/", {}).status_code == 400
        too_many = {"at": [f"s{number}.1.1" for number in range(60)]}
        assert self.client.post("/progress/", too_many).status_code == 400

    def test_leads_to_pages_of_this_site_only(self):
        for address in ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "x", ""]:
            with self.subTest(address=address):
                response = self.client.post("/progress/", {"at": "bosch.1.1", "next": address})
                assert response.headers["Location"] == "/progress/"

    def test_another_sites_page_cannot_move_anyone(self):
        for headers in [
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": "http://["},
        ]:
            with self.subTest(headers=headers):
                response = self.client.post("/progress/", {"at": "bosch.1.1"}, headers=headers)
                assert response.status_code == 403
                assert "progress" not in response.cookies
        own = {"origin": "http://testserver"}
        assert self.client.post("/progress/", {"at": "bosch.1.1"}, headers=own).status_code == 302

    def test_pages_of_many_series(self):
        for number in range(30):
            make_season(make_series(f"Series {number:02}"))
        assert self.client.get("/progress/?page=3").status_code == 200
        for page in ["4", "0", "x", "99999999"]:
            assert self.client.get(f"/progress/?page={page}").status_code == 404

    def test_a_place_whose_episode_went_away_is_still_told(self):
        page = self.at("bosch.7.7").text("/progress/")
        assert "S7E7, which is not here any more" in page
        sent = {"at": ["bosch.7.7", "ballard.1.1"]}
        response = self.client.post("/progress/", sent)
        assert response.cookies["progress"].value == "ballard.1.1~bosch.7.7"

    def test_says_nothing_of_drafts(self):
        make_episode(make_season(make_series("Secret series", state="draft")))
        assert "Secret" not in self.text("/progress/")
        response = self.client.post("/progress/", {"at": "secret-series.1.1"})
        assert response.status_code == 400


class SeenTests(Told):
    def seen(self, progress):
        seen = Episode.objects.seen_by(Progress.parse(progress))
        rows = Episode.objects.filter(pk__in=seen.episodes)
        return {f"{row.series.slug} {row.code}" for row in rows}

    def test_two_hundred_series_are_little_more_work_than_a_few(self):
        """A cookie may tell of as many, whether there are any such series or not."""

        def work(number, place):
            told = Progress.of({f"s{each}": place for each in range(number)})
            with Profile() as profile:
                Episode.objects.seen_by(told)
            return sum(entry.callcount for entry in profile.getstats())

        for place in (Place(1, 1), Place(0, 1)):
            few = work(2, place)
            assert work(200, place) < few + 200 * 200

    def test_up_to_the_place_and_not_a_step_further(self):
        assert self.seen("none") == set()
        assert self.seen("bosch.1.1") == {"bosch S1E1"}
        assert self.seen("bosch.1.99") == {"bosch S1E1", "bosch S1E2"}
        assert self.seen("bosch.2.1") == {"bosch S1E1", "bosch S1E2", "bosch S2E1"}
        assert self.seen("bosch.all~ballard.0.0") == self.seen("bosch.2.1")
        assert self.seen("bosch.1.1~ballard.1.1") == {"bosch S1E1", "ballard S1E1"}

    def test_specials_stand_among_the_others_by_their_dates(self):
        specials = make_season(self.bosch, 0)
        make_episode(specials, 1, aired="2015-12")
        make_episode(specials, 2, aired="2016")
        make_episode(specials, 3)
        assert "bosch S0E1" not in self.seen("bosch.1.2")
        assert self.seen("bosch.2.1") >= {"bosch S0E1"}
        # Some day of 2016: perhaps after the episode that was seen.
        assert "bosch S0E2" not in self.seen("bosch.2.1")
        assert self.seen("bosch.0.1") == {"bosch S1E1", "bosch S1E2", "bosch S0E1"}
        assert "bosch S0E3" in self.seen("bosch.all")
        page = self.text("/progress/")
        assert 'value="bosch.0.1"' in page
        assert 'value="bosch.0.3"' not in page


class WithheldTests(Told):
    def test_later_episodes_keep_titles_and_texts(self):
        self.at("bosch.1.1")
        for path in ["/episodes/", "/series/bosch/season-1/", "/", "/progress/"]:
            page = self.text(path)
            assert "Lost Light" not in page
            assert "Trunk" not in page
        assert "Pilot" in self.text("/series/bosch/season-1/")
        page = self.text("/series/bosch/season-1/episode-1/")
        assert "S1E2 Episode 2" in page
        for path in ["/search/?q=trunk", "/search/suggest/?q=trunk", "/search/?q=s2e1"]:
            assert "Trunk" not in self.text(path)
        found = self.client.get("/episodes/?q=trunk").context["object_list"]
        assert list(found) == []

    def test_titles_that_are_kept_are_not_told_by_their_order(self):
        make_episode(self.two, 2, name="Aardvark", aired="2016-03-11")
        rows = self.at("bosch.1.2").client.get("/episodes/?sort=title").context["object_list"]
        assert [row.code for row in rows] == ["S1E2", "S1E1", "S2E1", "S1E1", "S2E2"]

    def test_a_page_beyond_says_so_and_can_be_shown_once(self):
        self.at("bosch.1.1")
        for path in [
            "/series/bosch/season-1/episode-2/",
            "/series/bosch/season-2/",
            "/series/ballard/season-1/",
        ]:
            with self.subTest(path=path):
                page = self.text(path)
                assert "lies beyond where you are" in page
                assert 'href="?show=once"' in page
                assert "Back to " in page
                assert "Grim." not in page
                once = self.client.get(f"{path}?show=once")
                assert "lies beyond" not in once.text
                assert "Shown once" in once.text
                assert "progress" not in once.cookies
                assert "lies beyond where you are" in self.text(path)
        assert "Lost Light" in self.text("/series/bosch/season-1/episode-2/?show=once")
        path = "/series/bosch/season-1/episode-2/?order=all"
        assert 'href="?order=all&amp;show=once"' in self.text(path)
        once = self.text(f"{path}&show=once")
        assert 'href="/series/bosch/season-1/episode-2/?order=all"' in once
        assert self.client.get("/series/bosch/season-9/").status_code == 404
        assert self.client.get("/characters/nobody/").status_code == 404

    def test_what_is_shown_once_is_folded(self):
        make_fact(self.harry, "He is gone.", revealed_in=self.later)
        page = self.at("bosch.1.1").text("/characters/harry/?show=once")
        before = page.partition("He is gone.")[0]
        assert before.rpartition("<details")[2].count("</details>") == 0
        assert "Spoiler: revealed in Bosch S2E1" in page

    def test_what_was_revealed_stands_open_and_what_will_be_is_absent(self):
        unit = make_organization("Unit")
        other = make_character("Other", first_appearance=self.pilot)
        make_fact(self.harry, "He lied.", revealed_in=self.second)
        make_fact(self.harry, "He is gone.", revealed_in=self.later)
        make_relationship(self.harry, other, note="Kin after all", revealed_in=self.later)
        make_membership(unit, self.harry, role="The mole", revealed_in=self.later)
        make_announcement(
            "It came out", body="All of it.", series=[self.bosch], revealed_in=self.later
        )
        self.at("bosch.1.2")
        page = self.text("/characters/harry/")
        assert "He lied." in page
        assert '<details class="spoiler"' not in page
        for path in ["/characters/harry/", "/characters/other/", "/organizations/unit/", "/news/"]:
            page = self.text(path)
            for text in ["He is gone.", "Kin after all", "The mole", "It came out"]:
                assert text not in page
        assert "No members known" in self.text("/organizations/")
        page = self.text("/news/it-came-out/")
        assert "news item lies beyond" in page
        assert "Back to" not in page
        assert "It came out" not in page
        self.at("bosch.2.1")
        page = self.text("/characters/harry/")
        for text in ["He lied.", "He is gone.", "Kin after all", "The mole"]:
            assert text in page
        assert '<details class="spoiler"' not in page
        assert "1 member" in self.text("/organizations/")
        assert "All of it." in self.text("/news/it-came-out/")

    def test_parts_are_met_in_their_first_episode(self):
        guest = make_character("Gustav")
        make_portrayal(make_person("G"), guest, self.bosch, episodes=[self.later], kind="guest")
        regular = make_character("Regular")
        make_portrayal(make_person("R"), regular, self.bosch, [self.two], kind="recurring")
        lead = make_character("Lead")
        make_portrayal(make_person("L"), lead, self.ballard, [self.first])
        walk_on = make_character("Walk-on")
        make_portrayal(make_person("W"), walk_on, self.ballard, [self.first], kind="recurring")
        self.at("bosch.1.2")
        page = self.text("/series/bosch/") + self.text("/characters/")
        for name in ["Gustav", "Regular", "Walk-on"]:
            assert name not in page
        # The main cast of a first season is on its poster.
        assert "Lead" in self.text("/series/ballard/")
        for path in ["/characters/gustav/", "/characters/walk-on/"]:
            page = self.text(path)
            assert "character lies beyond" in page
            assert "Gustav" not in page
        assert "Gustav" not in self.text("/search/?q=gustav")
        assert self.client.get("/search/suggest/?q=gustav").json() == {"suggestions": []}
        facet = self.client.get("/characters/?series=bosch").context["filter"].count
        assert facet == 1
        self.at("bosch.2.1~ballard.1.1")
        page = self.text("/characters/")
        for name in ["Gustav", "Regular", "Lead", "Walk-on"]:
            assert name in page

    def test_how_long_a_part_lasts_is_told_as_far_as_one_is(self):
        assert "Seasons 1–2" in self.text("/characters/harry/")
        assert "Season 1" in self.at("bosch.1.1").text("/characters/harry/")
        assert "Seasons 1–2" not in self.text("/characters/harry/")
        make_portrayal(
            self.titus,
            make_character("Twin"),
            self.bosch,
            first_episode=self.pilot,
            last_episode=self.later,
            kind="guest",
        )
        assert "until S2E1" not in self.text("/characters/twin/")
        assert "until S2E1" in self.at("bosch.2.1").text("/characters/twin/")

    def test_the_end_of_a_series_is_told_to_who_has_come_there(self):
        for path in ["/series/bosch/", "/series/", "/"]:
            page = self.at("bosch.1.1").text(path)
            assert "2014–2021" not in page
            assert "<dt>Ended" not in page
            assert re.search(r"(chip--accent|__status)\">Ended", page) is None
            assert "2014–2021" in self.at("bosch.2.1").text(path)
        rows = self.at("bosch.1.1").client.get("/series/?status=ended").context["object_list"]
        assert list(rows) == []
        rows = self.at("bosch.all").client.get("/series/?status=ended").context["object_list"]
        assert list(rows) == [self.bosch]

    def test_search_does_not_tell_the_years_of_a_series(self):
        assert "2014–2021" in self.text("/search/?q=bosch")
        for path in ["/search/?q=bosch", "/search/suggest/?q=bosch"]:
            assert "2021" not in self.at("bosch.1.1").text(path)

    def test_who_is_announced_waits_until_all_has_been_seen(self):
        second = make_season(self.ballard, 2)
        new = make_character("Newcomer")
        make_portrayal(make_person("N"), new, self.ballard, [second], announced=True)
        assert "Newcomer" in self.text("/series/ballard/")
        assert "Newcomer" not in self.at("bosch.all").text("/series/ballard/")
        assert "Newcomer" in self.at("ballard.1.1").text("/series/ballard/")

    def test_the_page_of_another_series_does_not_tell_the_end_either(self):
        make_series_link(self.ballard, self.bosch)
        make_series_link(self.bosch, self.ballard, kind="prequel")
        assert "2014–2021" in self.text("/series/ballard/")
        assert "2014–2021" not in self.at("bosch.1.1").text("/series/ballard/")
        assert "2014–2021" in self.at("bosch.all").text("/series/ballard/")

    def test_what_an_episode_reveals_stands_open_on_its_page(self):
        make_fact(self.harry, "He lied.", revealed_in=self.second)
        path = "/series/bosch/season-1/episode-2/"
        assert "Spoiler: revealed in" in self.text(path)
        page = self.at("bosch.1.2").text(path)
        assert "He lied." in page
        assert "Spoiler: revealed in" not in page

    def test_a_link_of_series_keeps_the_episode_where_it_happens(self):
        make_series_link(self.ballard, self.bosch, episode=self.later, note="She takes over.")
        assert "S2E1" in self.text("/series/ballard/")
        page = self.at("bosch.1.1").text("/series/ballard/")
        assert "S2E1" not in page
        assert "She takes over." not in page
        assert "S2E1" in self.at("bosch.2.1").text("/series/ballard/")

    def test_in_which_later_episodes_someone_is_stays_unsaid(self):
        make_portrayal(
            make_person("Two"),
            make_character("Both"),
            self.bosch,
            episodes=[self.pilot, self.later],
            kind="guest",
        )
        rows = self.at("bosch.1.1").client.get("/episodes/?character=both").context["object_list"]
        assert [row.code for row in rows] == ["S1E1"]

    def test_sources_of_later_episodes_are_left_out(self):
        source, report = make_source("Trunk, reviewed"), make_source("Bosch to end")
        self.later.sources.add(source)
        make_announcement("The end", revealed_in=self.later).sources.add(report)
        general = make_source("All of it")
        make_announcement("The start").sources.add(general)
        self.bosch.sources.add(source, report, general)
        assert "Trunk, reviewed" in self.text("/series/bosch/")
        page = self.at("bosch.1.1").text("/series/bosch/")
        assert "Trunk, reviewed" not in page
        assert "Bosch to end" not in page
        assert "All of it" in page
        assert "Bosch to end" in self.at("bosch.2.1").text("/series/bosch/")

    def test_an_editor_previews_at_a_point_of_progress(self):
        self.client.force_login(User.objects.create_superuser("editor"))
        draft = make_series("Draft series", state="draft")
        page = self.at("bosch.1.1").text("/episodes/")
        assert "Trunk" not in page
        assert "You are signed in as an editor" in page
        assert draft.name in self.text("/series/")

    def test_counts_and_rows_agree_for_every_model(self):
        told = Audience(progress=Progress.parse("bosch.1.1"))
        for model in [Series, Season, Episode, Character, Portrayal]:
            rows = model.objects.visible_to(told)
            assert rows.count() == len(rows)

    def test_a_watch_order_says_where_one_is(self):
        order = make_watch_order("All of it")
        make_watch_step(order, 1, season=self.one)
        make_watch_step(order, 2, episode=self.later)
        make_watch_step(order, 3, series=self.ballard)
        page = self.text("/watch-orders/all-of-it/")
        assert "You are here" not in page
        assert "S2E1 Trunk" in page
        page = self.at("bosch.1.2").text("/watch-orders/all-of-it/")
        assert page.count('watch-step__mark">Seen<') == 1
        assert page.index("You are here") > page.index(">Seen<")
        assert "S2E1 Episode 1" in page
        assert "Trunk" not in page
        assert "You are here" not in self.at("bosch.all~ballard.1.1").text(
            "/watch-orders/all-of-it/"
        )

    def test_a_long_watch_order_says_on_each_of_its_pages_where_to_go_on(self):
        by_hand = make_watch_order("All of it")
        make_watch_order("By release", arrangement=WatchOrder.Arrangement.BY_RELEASE)
        old = make_series("Old")
        for number in range(1, 203):
            season = make_season(old, number, premiered="1990")
            make_watch_step(by_hand, number, season=season)
            if number in {2, 200, 201, 202}:
                make_episode(season, 1, aired="1990")
        make_watch_step(by_hand, 203, episode=self.later)
        make_watch_step(by_hand, 204, series=self.ballard)
        for told, step, page in [("none", 2, 1), ("old.200.1", 201, 2), ("old.202.1", 203, 2)]:
            self.at(told)
            for order in ("all-of-it", "by-release"):
                path = f"/watch-orders/{order}/"
                turned = f"?steps={page}" if page > 1 else ""
                for shown in (1, 2):
                    with self.subTest(told=told, order=order, shown=shown):
                        text = self.text(f"{path}?steps={shown}")
                        link = f'<a href="{path}{turned}#step-{step}">Go on at step {step}</a>'
                        assert link in text
                        assert text.count("You are here") == (shown == page)
        assert "Go on at" not in self.at("bosch.all~old.all~ballard.all").text(
            "/watch-orders/all-of-it/"
        )
        self.client.cookies.clear()
        assert "Go on at" not in self.text("/watch-orders/all-of-it/")

    def test_one_is_never_at_a_season_without_episodes(self):
        order = make_watch_order("All of it")
        make_watch_step(order, 1, season=self.one)
        make_watch_step(order, 2, season=make_season(self.bosch, 3, premiered="2020"))
        make_watch_step(order, 3, series=self.ballard)
        page = self.at("bosch.1.2").text("/watch-orders/all-of-it/")
        assert page.index("You are here") > page.index('id="step-3"')

    def test_the_timeline_keeps_the_finale(self):
        make_series_link(self.ballard, self.bosch, episode=self.later, note="She takes over.")
        for path in ["/timeline/", "/timeline/?view=table"]:
            page = self.at("bosch.1.1").text(path)
            assert "Series finale" not in page
            assert "She takes over." not in page
            page = self.at("bosch.2.1").text(path)
            assert "Series finale" in page
            assert "She takes over." in page

    def test_a_special_is_compared_by_the_end_of_an_uncertain_date(self):
        specials = make_season(self.bosch, 0)
        make_episode(specials, 1, name="The Making Of", aired="2016-06-01")
        make_episode(self.two, 2, name="Some Day", aired="2016")
        make_episode(self.two, 3, name="Month Before", aired="2016-05")
        page = self.at("bosch.0.1").text("/episodes/")
        for name in ["Pilot", "Trunk", "Month Before", "The Making Of"]:
            assert name in page
        assert "Some Day" not in page

    def test_a_special_without_a_date_keeps_no_series_unfinished(self):
        make_episode(make_season(self.bosch, 0), 1, name="Lost Reel")
        make_series_link(self.ballard, self.bosch)
        for path in ["/series/bosch/", "/series/", "/series/ballard/"]:
            assert "2014–2021" in self.at("bosch.2.1").text(path)
            assert "2014–2021" not in self.at("bosch.1.2").text(path)
        ordered = make_season(self.bosch, 3, name="The Return")
        assert "The Return" in self.at("bosch.2.1").text("/series/bosch/")
        assert "The Return" not in self.at("bosch.1.2").text("/series/bosch/")
        assert ordered.title == "The Return"

    def test_a_draft_hides_nobody(self):
        make_character("Known")
        cameo = make_character("Cameo")
        draft = make_series("Unpublished", state="draft")
        make_portrayal(make_person("C"), cameo, draft, kind="guest")
        make_fact(cameo, "He paints.")
        for progress in ["bosch.1.1", "none"]:
            page = self.at(progress).text("/characters/")
            assert "Known" in page
            assert "Cameo" in page
            assert "He paints." in self.text("/characters/cameo/")
            assert "Cameo" in self.text("/search/?q=cameo")

    def test_where_one_is_first_seen_is_told_when_one_has_come_there(self):
        """Met earlier, as an announced lead is, whose first episode lies ahead."""
        late = make_character("Zed", first_appearance=self.later)
        make_portrayal(make_person("Z"), late, self.ballard, [self.first], kind="main")
        both = [("bosch.1.1", False), ("bosch.2.1", True)]
        for progress, told in both:
            client = self.at(progress).client
            rows = client.get("/characters/?first=bosch").context["object_list"]
            assert (late in rows) == told
            rows = client.get("/characters/?series=bosch").context["object_list"]
            assert (late in rows) == told
            assert client.get("/characters/").context["filter"].count == 2
            counted = client.get("/characters/?first=bosch&q=zed").context["filter"].count
            assert counted == int(told)
        early = make_character("Adam", first_appearance=self.cold)
        make_portrayal(make_person("A"), early, self.ballard, [self.first], kind="main")
        path = "/characters/?sort=first&series=ballard"
        for progress, names in [
            ("bosch.1.1", ["Adam", "Zed"]),
            ("bosch.2.1~ballard.1.1", ["Zed", "Adam"]),
        ]:
            rows = self.at(progress).client.get(path).context["object_list"]
            assert [row.name for row in rows] == names

    def test_facts_are_of_those_whom_one_has_met(self):
        guest = make_character("Gustav")
        make_portrayal(make_person("G"), guest, self.bosch, episodes=[self.later], kind="guest")
        fact = make_fact(guest, "He limps.")
        rows = CharacterFact.objects
        assert list(rows.visible_to(visitor())) == [fact]
        assert list(rows.visible_to(visitor(Progress.parse("bosch.1.2")))) == []
        assert list(rows.visible_to(visitor(Progress.parse("bosch.2.1")))) == [fact]
