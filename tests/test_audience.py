"""The gate: what is not published is nowhere, and what is a spoiler is folded."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Permission, User
from django.db.models import RestrictedError
from django.test import Client, TestCase
from django.utils import timezone

from catalog.audience import Audience, editor, visitor
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
    Relationship,
    SearchEntry,
    Season,
    Series,
    SeriesLink,
    State,
    WatchOrder,
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
    make_season,
    make_series,
    make_series_link,
    make_source,
    make_watch_order,
    make_watch_step,
)

EVERY_PUBLIC_MODEL = [
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Membership,
    Organization,
    Person,
    Portrayal,
    Relationship,
    SearchEntry,
    Season,
    Series,
    SeriesLink,
    WatchOrder,
    WatchStep,
]

OPEN_PAGES = [
    "/",
    "/series/",
    "/series/open-series/",
    "/series/open-series/season-1/",
    "/series/open-series/season-1/episode-1/",
    "/episodes/",
    "/characters/",
    "/characters/open-character/",
    "/actors/",
    "/crew/",
    "/people/",
    "/people/open-person/",
    "/organizations/",
    "/organizations/open-organization/",
    "/news/",
    "/news/open-news/",
    "/watch-orders/",
    "/watch-orders/open-order/",
    "/watch-orders/open-release-order/",
    "/series/open-series/season-1/?order=open-release-order",
    "/series/open-series/season-1/episode-1/?order=open-release-order",
    "/series/open-series/season-1/?order=secret-order",
    "/timeline/",
    "/timeline/?view=table",
    "/timeline/?series=open-series",
    "/search/?q=secret",
    "/search/?q=open",
    "/series/?q=secret",
    "/characters/?q=secret",
    "/people/?q=secret",
    "/news/?q=secret",
    "/organizations/?q=secret",
    "/episodes/?q=secret",
    "/search/?q=open+secret",
    "/search/?q=secert",
    "/search/?q=s1e1&kind=episode",
    "/search/suggest/?q=s",
    "/search/suggest/?q=secret",
    "/search/suggest/?q=o&kind=person&within=/characters/",
    "/search/suggest/?q=o&kind=character&within=/episodes/",
    "/characters/?series=open-series&match=all&sort=-first",
    "/characters/?person=open-person&kind=main",
    "/characters/?organization=open-organization",
    "/characters/?first=open-series",
    "/actors/?series=open-series&sort=billing",
    "/actors/?character=open-character&sort=-parts",
    "/crew/?series=open-series&sort=-credits",
    "/people/?series=open-series&work=acting",
    "/people/?work=crew&sort=-credits",
    "/episodes/?series=open-series&season=1&sort=title",
    "/episodes/?person=open-person",
    "/episodes/?character=open-character&match=all&known=episode",
    "/episodes/?year=2020",
    "/series/?person=open-person&sort=-episodes",
    "/news/?series=open-series&sort=name",
    "/news/?person=open-person",
    "/news/?character=open-character",
    "/organizations/?series=open-series&sort=-members",
    "/crossovers/",
    "/crossovers/?q=secret",
    "/crossovers/?series=open-series&sort=first",
    "/crossovers/?recast=recast",
    "/crossovers/people/",
    "/crossovers/people/?q=secret",
    "/crossovers/people/?series=open-series&work=crew&sort=billing",
    "/search/suggest/?q=o&kind=person&within=/crossovers/",
    "/search/suggest/?q=o&kind=character&within=/crossovers/people/",
]

# Filters, and what hidden thing they are asked for. Each gives a message and nothing else.
SECRET_FILTERS = [
    ("/characters/?series={}", "secret-series"),
    ("/characters/?series=open-series&series={}&match=all", "secret-series"),
    ("/characters/?person={}", "secret-person"),
    ("/characters/?organization={}", "secret-organization"),
    ("/characters/?first={}", "secret-series"),
    ("/actors/?series={}", "secret-series"),
    ("/actors/?character={}", "secret-character"),
    ("/crew/?series={}", "secret-series"),
    ("/people/?series={}", "secret-series"),
    ("/episodes/?series={}", "secret-series"),
    ("/episodes/?person={}", "secret-person"),
    ("/episodes/?character={}", "secret-character"),
    ("/episodes/?year={}", "2024"),
    ("/series/?person={}", "secret-person"),
    ("/news/?series={}", "secret-series"),
    ("/news/?person={}", "secret-person"),
    ("/news/?character={}", "secret-character"),
    ("/news/?year={}", "2021"),
    ("/organizations/?series={}", "secret-series"),
    ("/crossovers/?series={}", "secret-series"),
    ("/crossovers/?person={}", "secret-person"),
    ("/crossovers/people/?series={}", "secret-series"),
    ("/crossovers/people/?character={}", "secret-character"),
]

SECRET_PAGES = [
    "/series/secret-series/",
    "/series/secret-series/season-1/",
    "/series/secret-series/season-1/episode-1/",
    "/characters/secret-character/",
    "/people/secret-person/",
    "/organizations/secret-organization/",
    "/news/secret-news/",
    "/watch-orders/secret-order/",
]


class AudienceTests(TestCase):
    def test_has_one_text_for_what_sees_the_same(self):
        assert str(visitor()) == "visitor"
        assert str(editor()) == "editor"
        earlier = timezone.now() - dt.timedelta(days=1)
        assert Audience(moment=earlier) == visitor()
        assert visitor() != editor()


class HiddenThings:
    """An open world in which every kind of thing is also tied to something secret."""

    hidden = {"state": State.DRAFT}

    @classmethod
    def setUpTestData(cls):
        hidden = cls.hidden
        secret_series = make_series("Secret series", **hidden)
        secret_season = make_season(secret_series, premiered="2024")
        secret_episode = make_episode(secret_season, name="Secret episode", aired="2024-01-02")
        secret_person = make_person("Secret person", **hidden)
        secret_character = make_character("Secret character", **hidden)
        secret_organization = make_organization("Secret organization", **hidden)

        series = make_series("Open series", premiered="2020")
        season = make_season(series)
        episode = make_episode(season, name="Open episode", aired="2020-01-02")
        person = make_person("Open person")
        character = make_character(
            "Open character", inspired_by=secret_person, first_appearance=secret_episode
        )
        organization = make_organization("Open organization", parent=secret_organization)
        make_organization("Secret division", parent=organization, **hidden)
        make_character("Secret inspired", inspired_by=person, **hidden)
        make_character("Secret newcomer", first_appearance=episode, **hidden)
        job = make_job("Director")
        for who, whom, where, seasons, episodes in [
            (person, character, series, [season], [episode]),
            (secret_person, character, series, [season], [episode]),
            (person, secret_character, series, [season], []),
            (person, character, secret_series, [secret_season], [secret_episode]),
        ]:
            make_portrayal(who, whom, where, seasons=seasons, episodes=episodes)
        make_portrayal(
            person,
            make_character("Plain"),
            series,
            seasons=[season],
            note="Secret part",
            revealed_in=secret_episode,
        )
        for who, where, what in [
            (person, series, episode),
            (secret_person, series, episode),
            (person, secret_series, secret_episode),
        ]:
            make_credit(who, where, job, episode=what)
        make_fact(character, "Secret fact, told in a secret episode.", revealed_in=secret_episode)
        make_fact(secret_character, "Secret fact of a secret character.", revealed_in=episode)
        make_relationship(character, secret_character)
        make_relationship(secret_character, character, note="Secret note")
        make_relationship(character, make_character("Told later"), revealed_in=secret_episode)
        make_membership(organization, secret_character, role="Secret member")
        make_membership(secret_organization, character, role="Secret role")
        make_membership(organization, character, role="Secret task", revealed_in=secret_episode)
        make_series_link(series, secret_series, note="Secret link")
        make_series_link(secret_series, series, note="Secret link back")
        make_announcement(
            "Open news",
            series=[series, secret_series],
            people=[person, secret_person],
            characters=[character, secret_character],
        )
        make_announcement(
            "Secret news",
            series=[series],
            people=[person],
            characters=[character],
            date="2021",
            **hidden,
        )
        make_announcement(
            "Secret news of a secret episode", series=[series], revealed_in=secret_episode
        )
        order = make_watch_order("Open order")
        make_watch_step(order, 1, season=secret_season)
        make_watch_step(order, 2, series=secret_series)
        make_watch_step(order, 3, episode=secret_episode)
        derived = make_watch_order(
            "Open release order", arrangement=WatchOrder.Arrangement.BY_RELEASE
        )
        make_watch_step(derived, 1, season=secret_season, reason="Secret reason")
        make_watch_step(make_watch_order("Secret order", **hidden), 1, series=series)

    def test_no_open_page_mentions_anything_hidden(self):
        for path in OPEN_PAGES:
            with self.subTest(path=path):
                response = self.client.get(path)
                assert response.status_code == 200
                # What the visitor typed comes back in the search box, its messages and links; the
                # names that must not are written with a capital.
                typed = re.findall(r"q=((?:open\+)?secret)", path)
                page = response.text
                for text in [*typed, *(text.replace("+", " ") for text in typed)]:
                    page = page.replace(text, "")
                assert "secret" not in page.lower()
                assert "2024" not in page

    def test_no_filter_asks_for_anything_hidden(self):
        for path, secret in SECRET_FILTERS:
            for value in (secret, secret.replace("-", " ")):
                with self.subTest(path=path, value=value):
                    response = self.client.get(path.format(quote(value)))
                    assert response.status_code == 200
                    assert list(response.context["object_list"]) == []
                    assert "There is no " in response.text
                    # As for what was never there, what was typed comes back and nothing more.
                    nothing = self.client.get(path.format("xyzzy"))
                    assert response.text.replace(value, "xyzzy") == nothing.text

    def test_the_timeline_knows_no_hidden_series(self):
        answer = self.client.get("/timeline/?series=secret-series")
        assert "There is no series “secret-series”." in answer.text
        nothing = self.client.get("/timeline/?series=xyzzy")
        assert answer.text.replace("secret-series", "xyzzy") == nothing.text

    def test_hidden_pages_are_not_there(self):
        for path in SECRET_PAGES:
            with self.subTest(path=path):
                assert self.client.get(path).status_code == 404

    def test_no_queryset_lets_a_visitor_see_more_than_it_may(self):
        everyone = visitor()
        assert Series.objects.visible_to(everyone).count() == 1
        assert Season.objects.visible_to(everyone).count() == 1
        assert Episode.objects.visible_to(everyone).count() == 1
        assert Person.objects.visible_to(everyone).count() == 1
        assert Portrayal.objects.visible_to(everyone).count() == 1
        assert Credit.objects.visible_to(everyone).count() == 1
        assert CharacterFact.objects.visible_to(everyone).count() == 0
        assert Relationship.objects.visible_to(everyone).count() == 0
        assert Membership.objects.visible_to(everyone).count() == 0
        assert SeriesLink.objects.visible_to(everyone).count() == 0
        assert Announcement.objects.visible_to(everyone).count() == 1
        assert WatchOrder.objects.visible_to(everyone).count() == 2
        assert WatchStep.objects.visible_to(everyone).count() == 0
        assert not SearchEntry.objects.visible_to(everyone).filter(names__contains="secret person")

    def test_counts_count_only_what_is_shown(self):
        page = self.client.get("/").text
        for tally in ["<b>1</b> series", "<b>1</b> episodes", "<b>1</b> actors", "<b>1</b> crew"]:
            assert tally in page
        assert "No members known" in self.client.get("/organizations/").text

    def test_an_editor_sees_it_all(self):
        for model in EVERY_PUBLIC_MODEL:
            with self.subTest(model=model.__name__):
                assert model.objects.visible_to(editor()).count() == model.objects.count()

    def test_editors_preview_with_a_banner(self):
        self.client.force_login(User.objects.create_superuser("editor"))
        for path in SECRET_PAGES:
            with self.subTest(path=path):
                response = self.client.get(path)
                assert response.status_code == 200
                assert "You are signed in as an editor" in response.text
                assert "no-store" in response.headers["Cache-Control"]
        assert "Secret character" in self.client.get("/characters/").text

    def test_a_signed_in_visitor_is_no_editor(self):
        self.client.force_login(User.objects.create_user("fan"))
        for path in SECRET_PAGES:
            with self.subTest(path=path):
                assert self.client.get(path).status_code == 404

    def test_a_member_of_staff_who_may_not_edit_is_no_editor(self):
        self.client.force_login(User.objects.create_user("accountant", is_staff=True))
        assert self.client.get("/series/secret-series/").status_code == 404

    def test_a_member_of_staff_with_one_permission_is_an_editor(self):
        helper = User.objects.create_user("helper", is_staff=True)
        helper.user_permissions.add(Permission.objects.get(codename="change_character"))
        self.client.force_login(helper)
        assert self.client.get("/series/secret-series/").status_code == 200

    def test_a_dismissed_editor_is_no_editor(self):
        dismissed = User.objects.create_superuser("dismissed")
        self.client.force_login(dismissed)
        dismissed.is_active = False
        dismissed.save()
        assert self.client.get("/series/secret-series/").status_code == 404


class DraftTests(HiddenThings, TestCase):
    pass


class InReviewTests(HiddenThings, TestCase):
    hidden = {"state": State.IN_REVIEW}


class ScheduledTests(HiddenThings, TestCase):
    hidden = {
        "state": State.PUBLISHED,
        "publish_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC),
    }

    def test_is_marked_for_editors_only(self):
        self.client.force_login(User.objects.create_superuser("editor"))
        for path in ["/series/secret-series/", "/characters/", "/people/secret-person/"]:
            with self.subTest(path=path):
                page = self.client.get(path).text
                assert "Scheduled for 1 January 2999, 00:00 UTC" in page
                assert "Scheduled" not in Client().get(path).text

    def test_becomes_visible_at_its_moment(self):
        then = Audience(moment=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
        just_before = Audience(moment=then.moment - dt.timedelta(seconds=1))
        secret = Series.objects.get(slug="secret-series")
        assert secret in Series.objects.visible_to(then)
        assert secret not in Series.objects.visible_to(just_before)
        assert secret.is_visible_to(then)
        assert not secret.is_visible_to(just_before)


class RowAtHandTests(TestCase):
    """``is_visible_to`` is the same gate as ``visible_to``, asked without the database."""

    def test_agrees_with_the_queryset(self):
        now = timezone.now()
        for state in State:
            for publish_at in [None, now, now + dt.timedelta(seconds=1)]:
                for audience in [Audience(moment=now), Audience(sees_drafts=True, moment=now)]:
                    with self.subTest(state=state, publish_at=publish_at, audience=str(audience)):
                        series = make_series(state=state, publish_at=publish_at)
                        episode = make_episode(make_season(series))
                        shown = Series.objects.visible_to(audience).filter(pk=series.pk).exists()
                        assert series.is_visible_to(audience) == shown
                        assert episode.is_visible_to(audience) == shown
                        assert (audience.shown(episode) is episode) == shown
        assert visitor().shown(None) is None


class SpoilerTests(TestCase):
    """What an episode reveals is in the page, folded, with the episode named."""

    @classmethod
    def setUpTestData(cls):
        cls.series = make_series("Bosch")
        cls.season = make_season(cls.series)
        cls.episode = make_episode(cls.season, 3, name="The Reveal")
        cls.hero = make_character("Hero")
        cls.other = make_character("Other")
        cls.actor = make_person("Actor")
        cls.unit = make_organization("Unit")
        told = {"revealed_in": cls.episode}
        make_fact(cls.hero, "He did it.", **told)
        make_relationship(cls.hero, cls.other, note="Kin after all", **told)
        make_membership(cls.unit, cls.hero, role="The mole", **told)
        make_portrayal(
            cls.actor, cls.hero, cls.series, seasons=[cls.season], note="As a ghost", **told
        )
        make_announcement("It came out", body="He did it, they say.", series=[cls.series], **told)

    def assert_folded(self, path, text):
        page = self.client.get(path).text
        folded = re.findall(r"<details[^>]*>(.*?)</details>", page, re.DOTALL)
        assert text in page, f"{text!r} is not on {path}"
        inside = [block for block in folded if text in block]
        assert inside, f"{text!r} stands open on {path}"
        assert all("Spoiler: revealed in Bosch S1E3" in block for block in inside)
        outside = re.sub(r"<details[^>]*>.*?</details>", "", page, flags=re.DOTALL)
        assert text not in outside, f"{text!r} stands open on {path}"
        assert "<details open" not in page

    def test_facts_are_folded(self):
        self.assert_folded("/characters/hero/", "He did it.")
        self.assert_folded("/series/bosch/season-1/episode-3/", "He did it.")

    def test_relationships_are_folded_on_both_sides(self):
        self.assert_folded("/characters/hero/", "Kin after all")
        self.assert_folded("/characters/other/", "Kin after all")
        self.assert_folded("/characters/other/", "Hero")

    def test_memberships_are_folded_on_both_sides(self):
        self.assert_folded("/characters/hero/", "The mole")
        self.assert_folded("/organizations/unit/", "The mole")
        self.assert_folded("/organizations/unit/", "Hero")

    def test_portrayals_are_folded_wherever_they_stand(self):
        for path in [
            "/characters/hero/",
            "/people/actor/",
            "/series/bosch/",
            "/series/bosch/season-1/",
            "/series/bosch/season-1/episode-3/",
        ]:
            self.assert_folded(path, "As a ghost")
        self.assert_folded("/people/actor/", "Hero")
        results = self.client.get("/characters/?q=hero").text.partition('id="results"')[2]
        assert "Hero" in results
        assert "Actor" not in results

    def test_news_is_folded_and_its_description_keeps_silent(self):
        self.assert_folded("/news/it-came-out/", "He did it, they say.")
        assert "they say" not in self.client.get("/news/").text

    def test_the_episode_cannot_go_while_it_folds_something(self):
        for cascade in [self.episode, self.season, self.series]:
            with self.subTest(cascade=str(cascade)), pytest.raises(RestrictedError):
                cascade.delete()
        self.assert_folded("/characters/hero/", "He did it.")

    def test_sources_of_what_is_folded_are_folded_or_left_out(self):
        telling = make_source("Hero is the mole, and did it")
        for model in [CharacterFact, Relationship, Membership, Portrayal, Announcement]:
            model.objects.get().sources.add(telling)
        self.assert_folded("/news/it-came-out/", "Hero is the mole, and did it")
        for path in [
            "/characters/hero/",
            "/characters/other/",
            "/people/actor/",
            "/series/bosch/",
            "/series/bosch/season-1/",
            "/series/bosch/season-1/episode-3/",
            "/organizations/unit/",
        ]:
            with self.subTest(path=path):
                assert "Hero is the mole" not in self.client.get(path).text

    def test_news_that_spoils_is_not_told_of_people_and_characters(self):
        news = Announcement.objects.get()
        news.characters.add(self.hero)
        news.people.add(self.actor)
        for path in ["/characters/hero/", "/people/actor/"]:
            with self.subTest(path=path):
                assert "It came out" not in self.client.get(path).text
        assert "It came out" in self.client.get("/series/bosch/").text

    def test_folded_members_stand_last_whatever_their_names(self):
        make_membership(self.unit, make_character("Zoe"))
        page = self.client.get("/organizations/unit/").text
        assert page.index("Zoe") < page.index("The mole")

    def test_search_finds_no_one_by_what_is_folded(self):
        assert "It came out" not in self.client.get("/search/?q=they+say").text
