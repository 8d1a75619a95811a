"""The content security policy as a browser applies it: no page asks for what it forbids.

Of visitors' pages, tests/browser/test_site.py holds that the console stays empty.
"""

from django.contrib.auth.models import User
from django.test import override_settings
from playwright.sync_api import expect

from catalog.models import Character, Episode, Image, Season, Series, WatchOrder
from tests.browser.pages import BrowserTestCase
from tests.pictures.test_tidying import add_image

NOTE_BREACHES = """
  window.breaches = [];
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
    window.breaches.push(`${violatedDirective}: ${blockedURI} in ${sourceFile}`));
"""
LISTS = [
    "/admin/",
    "/admin/catalog/",
    "/admin/catalog/series/?q=bosch",
    "/admin/catalog/episode/",
    "/admin/catalog/portrayal/",
    "/admin/catalog/change/",
    "/admin/catalog/suggestion/",
    "/admin/catalog/likelyduplicate/",
    "/admin/catalog/image/",
    "/admin/catalog/redirect/",
    "/admin/auth/user/",
    "/admin/auth/group/",
    "/admin/axes/accessattempt/",
]
FORMS = [
    "/admin/catalog/person/add/",
    "/admin/catalog/announcement/add/",
    "/admin/catalog/image/add/",
    "/admin/auth/user/add/",
    "/admin/auth/group/add/",
    "/admin/catalog/portrayal/spreadsheet/",
    "/admin/catalog/series/import-tvmaze/",
    "/admin/password_change/",
    "/admin/second-factor/",
]


@override_settings(ROOT_URLCONF="tests.test_errors")
class PolicyTests(BrowserTestCase):
    def look(self):
        page = self.open(viewport={"width": 1440, "height": 900})
        page.add_init_script(NOTE_BREACHES)
        return page

    def assert_keeps_to_it(self, page, *paths):
        for path in paths:
            with self.subTest(path=path):
                page.goto(path)
                assert page.evaluate("window.breaches") == []
                assert self.faults_since() == []

    def pages_of_rows(self):
        """Each kind of page about one row or two of them."""
        series, season = Series.objects.get(slug="bosch"), Season.objects.first()
        character, other = Character.objects.order_by("pk")[:2]
        user = User.objects.get()
        for row, pages in [
            (series, ["change", "delete", "history", "paste-cast"]),
            (season, ["change", "paste-cast", "copy-cast", "add-episodes"]),
            (Episode.objects.first(), ["change"]),
            (character, ["change"]),
            (WatchOrder.objects.first(), ["change"]),
            (Image.objects.first(), ["change"]),
            (user, ["change", "history", "password"]),
        ]:
            for page in pages:
                yield f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{page}/"
        yield f"/admin/catalog/character/merge/?one={character.pk}&two={other.pk}"

    def test_no_page_of_editors_breaks_it(self):
        add_image(300)
        page = self.look()
        self.sign_in(page)
        self.assert_keeps_to_it(page, *LISTS, *FORMS, *self.pages_of_rows())
        # The picture of a key is a part of its page.
        page.goto("/admin/second-factor/")
        page.get_by_role("button", name="Set it up").click()
        picture = page.get_by_role("img", name="The key as a picture")
        expect(picture).to_be_visible()
        assert picture.evaluate("it => it.naturalWidth") > 100
        assert page.evaluate("window.breaches") == []
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("heading", name="Logged out")).to_be_visible()
        assert page.evaluate("window.breaches") == []
        assert self.faults_since() == []
        # So that nothing found means that there is nothing.
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        page.wait_for_function("window.breaches.length > 0")

    def test_no_page_of_refusals_and_errors_breaks_it(self):
        page = self.look()
        for path, status in [
            ("/nowhere/", 404),
            ("/admin/login/", 200),
            ("/failing/?by=fault", 500),
            ("/failing/?by=full", 503),
        ]:
            with self.subTest(path=path):
                assert page.goto(path).status == status
                assert page.evaluate("window.breaches") == []
        for _ in range(5):
            page.goto("/admin/login/")
            page.get_by_label("Username").fill("nobody")
            page.get_by_label("Password").fill("wrong")
            with page.expect_navigation():
                page.keyboard.press("Enter")
        expect(page.get_by_text("5 tries to sign in have failed")).to_be_visible()
        assert page.evaluate("window.breaches") == []
