from django.contrib.auth.models import User
from django.test import TestCase, TransactionTestCase

from catalog.models import Revision
from tests.factories import make_series


class RevisionTests(TransactionTestCase):
    def test_rises_with_every_change_made_through_the_admin(self):
        self.client.force_login(User.objects.create_superuser("editor"))
        before = Revision.objects.current()
        response = self.client.post(
            "/admin/catalog/network/add/", {"name": "MGM+", "slug": "mgm-plus", "url": ""}
        )
        assert response.status_code == 302
        assert Revision.objects.current() > before

    def test_stays_when_pages_are_read(self):
        make_series("Bosch")
        before = Revision.objects.current()
        for path in ["/", "/series/bosch/", "/search/?q=bosch", "/nowhere/"]:
            self.client.get(path)
            self.client.head(path)
        assert Revision.objects.current() == before

    def test_stays_when_a_stranger_posts(self):
        before = Revision.objects.current()
        for path in ["/admin/login/", "/series/", "/nowhere/"]:
            self.client.post(path, {"username": "x", "password": "y"})
        assert Revision.objects.current() == before

    def test_stays_when_a_request_is_refused(self):
        before = Revision.objects.current()
        assert self.client.post("/series/").status_code == 405
        assert Revision.objects.current() == before


class CookieTests(TestCase):
    def test_a_visitor_gets_no_cookie_and_a_page_that_others_may_get_too(self):
        make_series("Bosch")
        for path in ["/", "/series/", "/series/bosch/", "/search/?q=bosch"]:
            with self.subTest(path=path):
                response = self.client.get(path)
                assert not response.cookies
                assert response.headers["Cache-Control"].startswith("public, max-age=0")
                assert "Cookie" in response.headers["Vary"]

    def test_a_page_that_is_not_there_or_made_for_one_visitor_says_nothing_of_others(self):
        for path in ["/series/bosch/", "/progress/?next=/series/"]:
            with self.subTest(path=path):
                assert "Cache-Control" not in self.client.get(path).headers

    def test_an_editors_page_is_kept_apart(self):
        self.client.force_login(User.objects.create_superuser("editor"))
        assert "Cookie" in self.client.get("/").headers["Vary"]

    def test_every_page_forbids_what_is_inline_or_elsewhere(self):
        policy = self.client.get("/").headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
