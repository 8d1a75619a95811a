"""The site as a visitor's and an editor's browser meets it, with the whole Bosch catalogue."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.contrib.staticfiles.testing import StaticLiveServerTestCase
from django.core.management import call_command
from playwright.sync_api import expect, sync_playwright

from tests.environment import CHROMIUM

EVERY_KIND_OF_PAGE = [
    "/",
    "/series/",
    "/series/bosch/",
    "/series/bosch-start-of-watch/",
    "/series/bosch-legacy/season-3/",
    "/series/bosch-legacy/season-3/episode-4/",
    "/series/bosch-legacy/season-3/episode-10/",
    "/episodes/",
    "/characters/",
    "/characters/?series=ballard&series=nope&q=z",
    "/characters/renee-ballard/",
    "/actors/?page=2",
    "/crew/",
    "/people/mitzi-roberts/",
    "/organizations/",
    "/organizations/lapd-cold-case-unit/",
    "/news/",
    "/news/bosch-legacy-ends/",
    "/search/?q=bosch",
    "/search/?q=xyzzy",
]

# The parts of the admin that carry the most of our own templates and styles.
EDITORS_PAGES = [
    "/admin/",
    "/admin/catalog/series/",
    "/admin/catalog/person/add/",
    "/admin/catalog/portrayal/",
]

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@pytest.mark.browser
class BrowserTestCase(StaticLiveServerTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        super().tearDownClass()

    def setUp(self):
        call_command("load_catalog", verbosity=0)
        self.faults = []

    def faults_since(self):
        """What went wrong since the last time this was asked."""
        faults, self.faults = self.faults, []
        return faults

    def open(self, **options):
        """A fresh visitor's page that notes every error, failed answer and foreign request."""
        context = self.browser.new_context(base_url=self.live_server_url, **options)
        self.addCleanup(context.close)
        page = context.new_page()
        page.on("console", self.note_console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("response", self.note_response)
        page.on("requestfailed", self.note_failure)
        return page

    def note_console(self, message):
        if message.type in {"error", "warning"}:
            self.faults.append(f"console: {message.text}")

    def note_failure(self, request):
        # What was still loading when the page was left is no fault of the page.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.failure}: {request.url}")

    def note_response(self, response):
        if not response.url.startswith((self.live_server_url, "data:")):
            self.faults.append(f"another host: {response.url}")
        elif response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def sign_in(self, page):
        User.objects.create_superuser("editor", password="let me edit")
        page.goto("/admin/")
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill("let me edit")
        page.get_by_role("button", name="Log in").click()
        expect(
            page.get_by_role("link", name="Log out").or_(page.locator("#logout-form"))
        ).to_be_visible()


class EveryPageTests(BrowserTestCase):
    def test_no_page_has_an_error_or_is_wider_than_its_screen(self):
        for width in [360, 390, 820, 1440]:
            page = self.open(viewport={"width": width, "height": 900})
            for path in EVERY_KIND_OF_PAGE:
                with self.subTest(path=path, width=width):
                    page.goto(path)
                    wider_by = page.evaluate(
                        "document.documentElement.scrollWidth - window.innerWidth"
                    )
                    assert wider_by <= 0
                    assert self.faults_since() == []

    def test_no_page_keeps_anyone_out(self):
        for width, scheme in [(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")]:
            page = self.open(viewport={"width": width, "height": 900}, color_scheme=scheme)
            for path in EVERY_KIND_OF_PAGE:
                with self.subTest(path=path, width=width, scheme=scheme):
                    page.goto(path)
                    # What is folded must be readable too once it is open.
                    page.evaluate(
                        "document.querySelectorAll('details').forEach(d => d.open = true)"
                    )
                    found = Axe().run(page, options=WCAG)
                    assert found.violations_count == 0, found.generate_report()

    def test_the_page_of_an_unknown_address_offers_a_search(self):
        page = self.open()
        page.goto("/nowhere/")
        page.get_by_role("main").get_by_role("searchbox").fill("renee")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Renée Ballard", exact=True)).to_be_visible()

    def test_no_page_of_the_editors_breaks_the_policy(self):
        page = self.open(viewport={"width": 1440, "height": 900})
        self.sign_in(page)
        for path in EDITORS_PAGES:
            with self.subTest(path=path):
                page.goto(path)
                assert self.faults_since() == []


class VisitTests(BrowserTestCase):
    def walk(self, **options):
        """From the front page to a spoiler, by what stands on the pages."""
        page = self.open(**options)
        page.goto("/")
        page.get_by_role("link", name="Ballard", exact=True).first.click()
        expect(page).to_have_url(re.compile(r"/series/ballard/$"))
        page.get_by_role("link", name="Renée Ballard", exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Renée Ballard")
        secret = page.get_by_text("arrested for the murder")
        expect(secret).to_be_hidden()
        page.get_by_text("Spoiler: revealed in Ballard S1E10").click()
        expect(secret).to_be_visible()
        page.get_by_role("link", name="Mitzi Roberts", exact=True).click()
        expect(page.get_by_role("main")).to_contain_text("Consultant")
        page.get_by_role("link", name="Characters", exact=True).first.click()
        page.get_by_label("Ballard", exact=True).check()
        page.get_by_role("button", name="Show").click()
        expect(page).to_have_url(re.compile(r"series=ballard"))
        expect(page.get_by_role("link", name="Colleen Hatteras")).to_be_visible()
        expect(page.get_by_role("link", name="Grace Billets")).to_have_count(0)
        assert self.faults == []

    def test_with_a_script_engine(self):
        self.walk()

    def test_without_one(self):
        self.walk(java_script_enabled=False)

    def test_by_keyboard_alone(self):
        page = self.open()
        page.goto("/characters/renee-ballard/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("main").locator(":focus")).to_be_visible()
        page.locator("summary", has_text="Spoiler: revealed in Ballard S1E10").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("arrested for the murder")).to_be_visible()
        page.get_by_role("searchbox").first.focus()
        page.keyboard.type("connolly")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Michael Connelly", exact=True)).to_be_visible()


class EditingTests(BrowserTestCase):
    def test_an_editor_changes_what_visitors_read(self):
        page = self.open(viewport={"width": 1440, "height": 900})
        self.sign_in(page)
        page.goto("/admin/catalog/person/?q=mitzi")
        page.get_by_role("link", name="Mitzi Roberts").click()
        page.get_by_label("Born").fill("March 1960")
        page.get_by_role("button", name="Save and continue editing").first.click()
        expect(page.get_by_label("Born")).to_have_value("1960-03")
        visitor = self.open()
        visitor.goto("/people/mitzi-roberts/")
        expect(visitor.get_by_text("March 1960")).to_be_visible()
        assert self.faults == []
