"""Entries of the API: what each kind tells, and what it keeps from whom."""

import json

from django.contrib.auth import get_user_model

from catalog.models import Redirect, State
from tests.factories import (
    make_announcement,
    make_character,
    make_fact,
    make_image,
    make_membership,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_series_link,
    make_source,
    make_watch_order,
    make_watch_step,
)

from .test_lists import HOST, ROOT, Api


class KindsTests(Api):
    def test_a_series(self):
        self.bosch.imdb_id, self.bosch.other_names = "tt3502248", "Harry"
        self.bosch.cover = make_image(file="images/ab/cover.jpg", width=400, height=600)
        self.bosch.save()
        self.bosch.sources.add(make_source("On Bosch", url="https://example.com/"))
        make_series_link(self.ballard, self.bosch, note="By the way")
        told = self.read("series/bosch/")
        assert told["url"] == f"{HOST}/api/v1/series/bosch/"
        assert told["page"] == f"{HOST}/series/bosch/"
        assert (told["name"], told["premiered"], told["status"]) == ("Bosch", "2014", "ended")
        assert told["other_names"] == ["Harry"]
        assert told["external_ids"]["imdb"] == "tt3502248"
        assert told["external_ids"]["tmdb"] is None
        assert told["cover"]["url"] == f"{HOST}/media/images/ab/cover.jpg"
        assert [(each["number"], each["url"]) for each in told["seasons"]] == [
            (1, f"{HOST}/api/v1/series/bosch/season-1/"),
            (2, f"{HOST}/api/v1/series/bosch/season-2/"),
        ]
        assert [
            (each["phrase"], each["series"]["name"], each["note"]) for each in told["connections"]
        ] == [("has the spin-off", "Ballard", "By the way")]
        [other] = self.read("series/ballard/")["connections"]
        assert other["phrase"] == "spin-off of"
        assert [source["title"] for source in told["sources"]] == ["On Bosch"]

    def test_a_season_and_an_episode(self):
        season = self.read("series/bosch/season-1/")
        assert (season["name"], season["number"], season["episode_count"]) == ("Season 1", 1, 2)
        assert season["series"]["url"] == f"{HOST}/api/v1/series/bosch/"
        episode = self.read("series/bosch/season-1/episode-2/")
        assert (episode["name"], episode["code"], episode["aired"]) == ("Second", "S1E2", "2015")
        assert episode["season"]["page"] == f"{HOST}/series/bosch/season-1/"
        for path in ("series/bosch/season-9/", "series/bosch/season-1/episode-9/"):
            assert "There is no" in self.read(path, status=404)["detail"]

    def test_a_character(self):
        ally = make_relationship_kind("partner of", "partner of")
        parent = make_relationship_kind("daughter of", "parent of")
        make_relationship(self.harry, self.jerry, ally)
        make_relationship(self.renee, self.harry, parent)
        make_membership(self.unit, self.harry, role="Volunteer", former=True)
        make_fact(self.harry, "Plays the saxophone")
        told = self.read("characters/harry-bosch/")
        assert [(it["person"]["name"], it["series"]["name"]) for it in told["played_by"]] == [
            ("Titus Welliver", "Bosch"),
            ("Titus Welliver", "Ballard"),
        ]
        assert told["first_appearance"]["code"] == "S1E1"
        assert [(it["phrase"], it["character"]["name"]) for it in told["relationships"]] == [
            ("partner of", "Jerry Edgar"),
            ("parent of", "Renée Ballard"),
        ]
        [membership] = told["memberships"]
        assert membership["organization"]["url"] == f"{HOST}/api/v1/organizations/cold-case-unit/"
        assert (membership["role"], membership["former"]) == ("Volunteer", True)
        assert told["facts"] == [{"text": "Plays the saxophone"}]

    def test_a_person_and_an_organization(self):
        self.titus.born, self.titus.birth_place = "1962-03-12", "New Haven"
        self.titus.save()
        self.titus.links.create(label="Web site", url="https://example.com/titus")
        told = self.read("people/titus-welliver/")
        assert (told["born"], told["died"]) == ("1962-03-12", None)
        assert told["links"] == [{"label": "Web site", "url": "https://example.com/titus"}]
        make_organization("A team", parent=self.unit)
        assert [it["name"] for it in self.read("organizations/cold-case-unit/")["divisions"]] == [
            "A team"
        ]
        assert self.read("organizations/a-team/")["parent"]["name"] == "Cold Case Unit"

    def test_news_and_watch_orders(self):
        news = self.read("news/renewed/")
        assert (news["date"], news["kind"]) == ("2015-03", "renewal")
        assert [it["name"] for it in news["series"] + news["people"]] == [
            "Bosch",
            "Titus Welliver",
        ]
        order = make_watch_order("By hand")
        make_watch_step(order, 1, season=self.one, reason="Begin here")
        make_watch_step(order, 2, series=self.ballard)
        steps = self.read("watch-orders/by-hand/")["steps"]
        assert [(it["number"], it["target"]["url"], it["reason"]) for it in steps] == [
            (1, f"{HOST}/api/v1/series/bosch/season-1/", "Begin here"),
            (2, f"{HOST}/api/v1/series/ballard/", ""),
        ]
        make_watch_order("As they came", arrangement="by-release")
        steps = self.read("watch-orders/as-they-came/")["steps"]
        assert [it["target"]["name"] for it in steps] == ["Season 1", "Season 2", "Season 1"]

    def test_an_old_slug_leads_to_the_new_one(self):
        self.titus.slug = "titus"
        self.titus.save()
        assert Redirect.objects.exists()
        response = self.client.get(f"{ROOT}people/titus-welliver/?fields=name")
        assert response.status_code == 301
        assert response["Location"] == "/api/v1/people/titus/?fields=name"
        self.bosch.slug = "bosch-1"
        self.bosch.save()
        response = self.client.get(f"{ROOT}series/bosch/season-1/episode-1/")
        assert response["Location"] == "/api/v1/series/bosch-1/season-1/episode-1/"

    def test_whatever_else_is_a_problem_in_json(self):
        for path in (
            "nothing/",
            "series/zq/",
            "series/bosch/season-x/",
            "people/a/b/c/",
            "news/%0A/",
        ):
            with self.subTest(path=path):
                told = self.read(path, status=404)
                assert told["title"] == "Not Found"
                assert told["detail"]
        for path in ("series", "series/bosch", "people/a/b/c"):
            response = self.client.get(f"{ROOT}{path}")
            assert (response.status_code, response["Location"]) == (301, f"{ROOT}{path}/")
        assert self.client.get("/api/")["Location"] == ROOT
        response = self.client.post(f"{ROOT}series/", {"name": "Mine"})
        assert response.status_code == 405
        assert response["Content-Type"] == "application/problem+json"
        assert "GET" in response["Allow"]


class SpoilerTests(Api):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        hidden = make_character("Zqvillain")
        make_portrayal(make_person("Zqactor"), hidden, cls.bosch, [cls.two], revealed_in=cls.later)
        make_fact(cls.harry, "Zqfact", revealed_in=cls.later)
        kind = make_relationship_kind("father of", "child of")
        make_relationship(cls.harry, hidden, kind, note="Zqnote", revealed_in=cls.later)
        make_membership(cls.unit, cls.harry, role="Zqrole", revealed_in=cls.later)
        make_announcement(
            "Zqnews", body="Zqbody", series=[cls.bosch], people=[cls.titus], revealed_in=cls.later
        )
        cls.later.synopsis = "Zqsynopsis"
        cls.later.save()

    CLOSED = (
        "characters/harry-bosch/",
        "portrayals/",
        "portrayals/?series=bosch",
        "memberships/",
        "news/",
        "news/?person=titus-welliver",
        "organizations/cold-case-unit/",
    )

    def text(self, path, **options):
        return json.dumps(self.read(path, **options)).lower()

    def test_what_is_folded_on_pages_is_left_out(self):
        for path in self.CLOSED:
            with self.subTest(path=path):
                assert "zq" not in self.text(path)
        self.read("news/zqnews/", status=404)
        # A name of its own is no secret: its page is there, without what it is.
        assert self.read("characters/zqvillain/")["played_by"] == []

    def test_a_progress_opens_what_was_seen_and_closes_what_was_not(self):
        for seen in ("?progress=bosch.2.1", "?progress=bosch.all"):
            for path in ("characters/harry-bosch/", "portrayals/", "memberships/", "news/"):
                with self.subTest(path=path, seen=seen):
                    assert "zq" in self.text(path + seen)
        for path in (*self.CLOSED, "characters/", "people/", "actors/?series=bosch"):
            with self.subTest(path=path):
                sign = "&" if "?" in path else "?"
                assert "zqvillain" not in self.text(f"{path}{sign}progress=bosch.1.2")
                assert "zqfact" not in self.text(f"{path}{sign}progress=bosch.1.2")
        self.read("characters/zqvillain/?progress=bosch.1.2", status=404)
        self.read("series/bosch/season-2/episode-1/?progress=bosch.1.2", status=404)

    def test_an_episode_ahead_keeps_its_title(self):
        listed = self.read("episodes/?series=bosch&progress=bosch.1.2")["results"]
        assert [(it["name"], it["synopsis"]) for it in listed] == [
            ("Pilot", ""),
            ("Second", ""),
            ("Episode 1", ""),
        ]
        assert listed[2]["external_ids"] is None
        assert self.read("series/bosch/?progress=bosch.1.2")["status"] is None

    def test_the_cookie_of_the_pages_says_the_same(self):
        self.client.cookies["progress"] = "bosch.2.1"
        response = self.client.get(f"{ROOT}characters/harry-bosch/")
        assert "Zqfact" in response.text
        assert "private" in response["Cache-Control"]
        assert "Cookie" in response["Vary"]
        # What the address says goes before it.
        assert "Zqfact" not in self.client.get(f"{ROOT}characters/harry-bosch/?progress=none").text

    def test_editors_see_what_visitors_do(self):
        make_character("Zqdraft", state=State.DRAFT)
        self.client.force_login(get_user_model().objects.create_superuser("anna"))
        assert self.read("characters/?q=zqdraft")["count"] == 0
