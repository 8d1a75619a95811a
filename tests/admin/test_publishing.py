"""From draft over review to the site and back: by the form, by buttons and by actions."""

import datetime as dt
from unittest import mock

from django.contrib.admin.models import LogEntry
from django.test import TestCase
from django.utils import timezone

from catalog.models import Change, Person, State

from ..factories import make_announcement, make_episode, make_person, make_season, make_series
from .client import AdminTestCase
from .test_roles import ContributorTestCase, texts_of

DRAFT, IN_REVIEW, PUBLISHED = State.DRAFT, State.IN_REVIEW, State.PUBLISHED
WHEN = dt.datetime(2030, 3, 27, 9, 0, tzinfo=dt.UTC)


def at(moment):
    """The clock of Django, moved."""

    class Moved(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    return mock.patch("django.utils.timezone.datetime", Moved)


def buttons_of(response):
    return [label for name, label in response.context["moves"]]


class ButtonTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.person = make_person("Titus Welliver", state=DRAFT)
        self.path = f"/admin/catalog/person/{self.person.pk}/change/"

    def press(self, name, **fields):
        response = self.client.post(self.path, self.form_at(self.path) | {name: "1"} | fields)
        assert response.status_code == 302
        self.person.refresh_from_db()
        return texts_of(self.client.get(response.url))

    def test_lead_from_draft_to_review_to_the_site_and_back(self):
        for name, state, text in [
            ("_review", IN_REVIEW, "is in review: visitors do not see it until an editor"),
            ("_publish", PUBLISHED, "“Titus Welliver” is published: visitors see it now."),
            ("_draft", DRAFT, "“Titus Welliver” is a draft: visitors do not see it."),
        ]:
            with self.subTest(name=name):
                texts = self.press(name)
                assert self.person.state == state
                assert any(text in told for told in texts), texts

    def test_save_what_was_typed_as_well_and_the_reason(self):
        self.press("_publish", birth_place="New Haven", why="Confirmed.")
        assert (self.person.state, self.person.birth_place) == (PUBLISHED, "New Haven")
        assert Change.objects.told().get().revision.comment == "Confirmed."

    def test_are_those_that_lead_on(self):
        for state, labels in [
            (DRAFT, ["Save and send to review", "Save and publish"]),
            (IN_REVIEW, ["Save and publish", "Save and take back to draft"]),
            (PUBLISHED, ["Save and take back to draft"]),
        ]:
            self.person.state = state
            self.person.save()
            response = self.client.get(self.path)
            assert buttons_of(response) == labels
            self.assertContains(response, f'value="{labels[0]}"', count=2)

    def test_are_on_a_new_page_and_on_none_of_another_kind(self):
        labels = buttons_of(self.client.get("/admin/catalog/person/add/"))
        assert labels == ["Save and send to review", "Save and publish"]
        page = self.client.get("/admin/catalog/source/add/")
        self.assertNotContains(page, "Save and publish")
        page = self.client.get("/admin/catalog/person/add/?_popup=1")
        self.assertNotContains(page, "Save and publish")

    def test_ask_when_another_has_moved_it_meanwhile(self):
        data = self.form_at(self.path)
        self.person.state = IN_REVIEW
        self.person.save()
        errors, _ = self.refuse(self.path, data | {"_publish": "1"})
        assert "changed this" in errors
        self.person.refresh_from_db()
        assert self.person.state == IN_REVIEW

    def test_come_back_with_a_refused_page(self):
        _, response = self.refuse(
            self.path, self.form_at(self.path) | {"name": "", "_publish": "1"}
        )
        assert buttons_of(response) == ["Save and send to review", "Save and publish"]


class ContributorButtonTests(ContributorTestCase):
    def test_a_contributor_sends_to_review_and_takes_back(self):
        person = make_person(state=DRAFT)
        path = f"/admin/catalog/person/{person.pk}/change/"
        assert buttons_of(self.client.get(path)) == ["Save and send to review"]
        self.save(path, self.form_at(path) | {"_review": "1"})
        assert buttons_of(self.client.get(path)) == ["Take back to draft"]
        self.post(path, {"_take_back": "1"})
        person.refresh_from_db()
        assert person.state == DRAFT
        kinds = Change.objects.told().order_by("pk").values_list("revision__user", flat=True)
        assert list(kinds) == [self.contributor.pk] * 2

    def test_who_may_only_look_gets_none(self):
        person = make_person(state=IN_REVIEW)
        self.contributor.groups.first().permissions.remove(
            *self.contributor.groups.first().permissions.filter(codename="change_person")
        )
        path = f"/admin/catalog/person/{person.pk}/change/"
        assert buttons_of(self.client.get(path)) == []
        [text] = texts_of(self.post(path, {"_take_back": "1"}))
        assert text == "Nothing was changed: you may not change people."
        [text] = texts_of(
            self.post(
                "/admin/catalog/person/",
                {"action": "take_back_to_draft", "_selected_action": [person.pk]},
            )
        )
        assert text == "Nothing was changed: you may not change people."
        person.refresh_from_db()
        assert person.state == IN_REVIEW

    def test_taking_back_what_is_gone_is_not_found(self):
        assert (
            self.client.post("/admin/catalog/person/7/change/", {"_take_back": "1"}).status_code
            == 404
        )

    def test_actions_move_what_is_theirs(self):
        people = [make_person(state=state) for state in (DRAFT, IN_REVIEW)]
        keys = [person.pk for person in people]
        for action, state in [("send_to_review", IN_REVIEW), ("take_back_to_draft", DRAFT)]:
            self.post("/admin/catalog/person/", {"action": action, "_selected_action": keys})
            assert {*Person.objects.values_list("state", flat=True)} == {state}


class ActionTests(AdminTestCase):
    def act(self, action, *people):
        response = self.client.post(
            "/admin/catalog/person/",
            {"action": action, "_selected_action": [person.pk for person in people]},
            follow=True,
        )
        return texts_of(response)

    def test_move_several_and_log_each(self):
        people = [make_person(state=DRAFT), make_person(state=IN_REVIEW), make_person()]
        assert self.act("publish", *people) == ["2 people: now “published”."]
        assert not Person.objects.filter(shown_from=None).exists()
        assert LogEntry.objects.count() == 2
        assert self.act("take_back_to_draft", *people) == ["3 people: now “draft”."]
        assert not Person.objects.exclude(shown_from=None).exists()

    def test_say_what_is_not_out_yet(self):
        later = make_person("Amy", state=DRAFT, publish_at=WHEN)
        assert self.act("publish", later) == [
            "1 person: now “published”.",
            "“Amy” is scheduled: visitors will see it from 27 March 2030, 09:00 UTC.",
        ]


class ScheduleTests(AdminTestCase):
    def schedule(self, person, date, time):
        path = f"/admin/catalog/person/{person.pk}/change/"
        data = self.form_at(path)
        data |= {"publish_at_0": date, "publish_at_1": time, "_publish": "1"}
        response = self.client.post(path, data, follow=True)
        return texts_of(response)

    def test_the_form_and_the_list_say_when(self):
        person = make_person("Amy", state=DRAFT)
        texts = self.schedule(person, "2030-03-27", "09:00:00")
        assert "“Amy” is scheduled: visitors will see it from 27 March 2030, 09:00 UTC." in texts
        page = self.client.get(f"/admin/catalog/person/{person.pk}/change/")
        self.assertContains(page, "visitors will see this from 27 March 2030, 09:00 UTC.")
        page = self.client.get("/admin/catalog/person/")
        self.assertContains(page, "Scheduled for 27 March 2030, 09:00 UTC")

    def test_a_time_that_has_passed_shows_it_at_once(self):
        person = make_person("Amy", state=DRAFT)
        texts = self.schedule(person, "2020-03-27", "09:00:00")
        assert "“Amy” is published: visitors see it now." in texts
        self.client.logout()
        assert self.client.get(person.get_absolute_url()).status_code == 200

    def test_news_that_wait_for_a_series_say_so(self):
        hidden = make_episode(make_season(make_series(state=DRAFT)))
        news = make_announcement("News", state=DRAFT, revealed_in=hidden)
        path = f"/admin/catalog/announcement/{news.pk}/change/"
        response = self.client.post(path, self.form_at(path) | {"_publish": "1"}, follow=True)
        assert any("visitors will not see it before what it" in text for text in texts_of(response))


class ClockTests(TestCase):
    """What is scheduled is there from its minute on, without anything being run."""

    @classmethod
    def setUpTestData(cls):
        cls.person = make_person("Amy Aquino", slug="amy-aquino", publish_at=WHEN)
        cls.series = make_series("Bosch", slug="bosch", publish_at=WHEN)
        make_episode(make_season(cls.series))

    def pages(self):
        found = [
            self.client.get(path).status_code == 200
            for path in (
                "/people/amy-aquino/",
                "/series/bosch/",
                "/series/bosch/season-1/",
                "/series/bosch/season-1/episode-1/",
            )
        ]
        found += [
            name in self.client.get(path).content.decode()
            for path, name in [
                ("/people/", "Amy Aquino"),
                ("/series/", "/series/bosch/"),
                ("/search/?q=aquino", "/people/amy-aquino/"),
                ("/search/suggest/?q=aqui", "Amy Aquino"),
            ]
        ]
        return found

    def test_a_moment_before_it_is_nowhere(self):
        for moment in (timezone.now(), WHEN - dt.timedelta(seconds=1)):
            with at(moment):
                assert self.pages() == [False] * 8

    def test_from_that_minute_on_it_is_everywhere(self):
        for moment in (WHEN, WHEN + dt.timedelta(days=400)):
            with at(moment):
                assert self.pages() == [True] * 8
