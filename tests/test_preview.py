"""How editors look at a page before visitors do, and that nobody else can."""

import datetime as dt

from django.contrib.auth.models import Permission, User
from django.test import Client, TestCase
from django.utils import timezone

from catalog.models import State
from catalog.preview import PUBLIC, TOLD_NOTHING, Preview
from catalog.progress import Progress
from tests.factories import make_character, make_episode, make_fact, make_season, make_series

ASKED = ["", "told-nothing", "public", "none", "bosch.1.1", "bosch.all", "editor", "x" * 300, "\0"]


class PreviewTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.series = make_series("Bosch", slug="bosch", premiered="2014")
        season = make_season(cls.series)
        cls.first, cls.second = make_episode(season), make_episode(season, number=2)
        cls.draft = make_character("Jerry Edgar", slug="jerry", state=State.DRAFT)
        make_fact(cls.draft, "He was there.", revealed_in=cls.first)
        make_fact(cls.draft, "He leaves.", revealed_in=cls.second)
        cls.editor = User.objects.create_superuser("editor")

    def page(self, path="/characters/jerry/", status=200):
        response = self.client.get(path)
        assert response.status_code == status, path
        return " ".join(response.content.decode().split())


class PublicTests(PreviewTestCase):
    def test_a_draft_is_not_found_whatever_is_asked(self):
        for asked in ASKED:
            with self.subTest(asked=asked):
                response = self.client.get("/characters/jerry/", {"preview": asked})
                assert response.status_code == 404
                assert "editor-banner" not in response.content.decode()

    def test_a_draft_is_not_found_whatever_cookie_or_header_is_sent(self):
        for name in ("preview", "editor", "sessionid", "progress"):
            client = Client()
            client.cookies[name] = "told-nothing"
            assert client.get("/characters/jerry/").status_code == 404
        for header in ("X-Preview", "Preview", "X-Forwarded-User", "Authorization"):
            response = Client().get("/characters/jerry/", headers={header: "told-nothing"})
            assert response.status_code == 404

    def test_those_signed_in_who_may_not_edit_are_the_public(self):
        for user in (
            User.objects.create_user("fan"),
            User.objects.create_user("accountant", is_staff=True),
        ):
            self.client.force_login(user)
            for asked in ASKED:
                response = self.client.get("/characters/jerry/", {"preview": asked})
                assert response.status_code == 404

    def test_what_is_published_is_the_same_with_the_parameter(self):
        plain = self.client.get("/series/bosch/")
        for asked in ASKED:
            response = self.client.get("/series/bosch/", {"preview": asked})
            assert response.content == plain.content
            assert "no-store" not in response.headers.get("Cache-Control", "")


class EditorTests(PreviewTestCase):
    def setUp(self):
        self.client.force_login(self.editor)

    def test_a_draft_is_shown_with_its_state_and_the_way_to_its_form(self):
        page = self.page()
        assert "<strong>Draft.</strong> Visitors do not get this page." in page
        assert f'href="/admin/catalog/character/{self.draft.pk}/change/">Edit this page' in page

    def test_each_state_is_told(self):
        for fields, told in [
            ({"state": State.IN_REVIEW}, "<strong>In review.</strong>"),
            (
                {
                    "state": State.PUBLISHED,
                    "publish_at": dt.datetime(2030, 3, 27, 9, 0, tzinfo=dt.UTC),
                },
                "<strong>Scheduled for 27 March 2030, 09:00 UTC.</strong>",
            ),
        ]:
            for name, value in fields.items():
                setattr(self.draft, name, value)
            self.draft.save()
            assert told in self.page()
        self.draft.publish_at = timezone.now()
        self.draft.save()
        assert "Visitors do not get this page" not in self.page()

    def test_a_season_and_an_episode_tell_the_state_of_their_series(self):
        self.series.state = State.DRAFT
        self.series.save()
        for path in ("", "season-1/", "season-1/episode-1/"):
            assert "<strong>Draft.</strong>" in self.page(f"/series/bosch/{path}")

    def test_as_one_who_has_said_nothing(self):
        self.client.cookies["progress"] = "bosch.1.2"
        page = self.page("/characters/jerry/?preview=told-nothing")
        assert "This one page is shown as to a visitor who has not said how far they are" in page
        assert "Spoiler" in page
        assert "He leaves." in page

    def test_as_one_at_a_point(self):
        page = self.page("/characters/jerry/?preview=bosch.1.1")
        assert "He was there." in page
        assert "He leaves." not in page
        page = self.page("/characters/jerry/?preview=bosch.1.2")
        assert "shown as to a visitor who is at Bosch: S1E2; drafts are in it." in page
        assert "He leaves." in page
        page = self.page("/characters/jerry/?preview=none")
        assert "shown as to a visitor who has seen nothing; drafts are in it." in page

    def test_as_any_visitor(self):
        page = self.page("/characters/jerry/?preview=public", 404)
        assert "This one page is shown as visitors get it, without drafts." in page
        assert 'href="/characters/jerry/" rel="nofollow">Back to your own view' in page
        assert "Jerry Edgar" in self.page("/characters/")
        assert "Jerry Edgar" not in self.page("/characters/?preview=public")

    def test_what_cannot_be_read_is_their_own_view(self):
        for asked in ("", "editor", "bosch", "bosch.1.1~bosch.1.2", "x" * 5_000):
            response = self.client.get("/characters/jerry/", {"preview": asked})
            assert response.status_code == 200
            self.assertContains(response, "You are signed in as an editor")

    def test_holds_for_one_page_and_sets_nothing(self):
        response = self.client.get("/characters/jerry/?preview=public")
        assert "progress" not in response.cookies
        assert "You are signed in as an editor" in self.page()

    def test_is_kept_by_nobody(self):
        for asked in ASKED[:5]:
            response = self.client.get("/series/bosch/", {"preview": asked})
            assert "no-store" in response.headers["Cache-Control"]
            assert "private" in response.headers["Cache-Control"]

    def test_offers_the_points_to_choose(self):
        page = self.page()
        for option in (
            '<option value="told-nothing">a visitor who has not said how far they are</option>',
            '<option value="none">a visitor who has seen nothing</option>',
            '<option value="bosch.1.2">a visitor up to Bosch S1E2</option>',
            '<option value="bosch.all">a visitor who has seen all of Bosch</option>',
        ):
            assert option in page
        assert 'href="/progress/?next=/characters/jerry/"' in page

    def test_what_stands_beyond_the_point_is_as_visitors_get_it(self):
        page = self.page("/series/bosch/season-1/episode-2/?preview=bosch.1.1")
        assert "lies beyond where you are" in page
        assert f"/admin/catalog/episode/{self.second.pk}/change/" in page
        assert '<option value="bosch.1.2">' in page

    def test_who_may_not_open_the_form_is_not_led_to_it(self):
        helper = User.objects.create_user("helper", is_staff=True)
        helper.user_permissions.add(Permission.objects.get(codename="change_series"))
        self.client.force_login(helper)
        assert "Edit this page" not in self.page()
        assert "Edit this page" in self.page("/series/bosch/")

    def test_the_admin_leads_to_the_page_of_a_draft(self):
        path = f"/admin/catalog/character/{self.draft.pk}/change/"
        link = self.client.get(path).context["absolute_url"]
        response = self.client.get(link)
        assert response.status_code == 302
        assert response.url.endswith("/characters/jerry/")
        self.client.logout()
        assert self.client.get(link).status_code == 302  # to sign in
        assert "/admin/login/" in self.client.get(link).url


class ParsingTests(PreviewTestCase):
    def test_reads_what_it_knows_and_nothing_else(self):
        assert Preview.of(PUBLIC).is_public
        assert Preview.of(TOLD_NOTHING).progress is None
        assert Preview.of("bosch.1.1").progress == Progress.parse("bosch.1.1")
        for text in ("", "editor", "Public", "bosch", "bosch.1"):
            assert Preview.of(text) == Preview()
