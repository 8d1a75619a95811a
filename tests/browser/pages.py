"""What every browser test stands on: a visitor's page that notes whatever goes wrong on it."""

import sqlite3

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles.testing import StaticLiveServerTestCase
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import expect, sync_playwright

from tests.environment import CHROMIUM

# axe describes each element that passes too, unless it is told what is wanted.
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
# The rules among them that another colour scheme can break on the same page.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
SCHEMES = ["light", "dark"]
# Links of the admin take a moment to change their colour.
SETTLED = "Promise.allSettled(document.getAnimations().map(it => it.finished))"

# A busy machine is no reason for a test to fail: what is expected may take its time.
expect.set_options(timeout=20_000)


def violations_in(page):
    """The rules that axe finds broken on ``page``."""
    return {violation["id"] for violation in Axe().run(page, options=WCAG).response["violations"]}


def width_beyond_screen(page):
    """By how many px ``page`` is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


class LoadedCatalogue:
    """The Bosch catalogue in the database of the tests, read from its files once a process.

    SQLite then copies the whole file, for which it takes a hundredth of the time.
    """

    def __init__(self):
        self._copy = None

    def put_back(self):
        if self._copy is None:
            call_command("load_catalog", verbosity=0)
            if connection.vendor == "sqlite":
                self._copy = sqlite3.connect(":memory:")
                connection.connection.backup(self._copy)
        else:
            connection.ensure_connection()
            self._copy.backup(connection.connection)
            ContentType.objects.clear_cache()  # their keys may be others now


bosch = LoadedCatalogue()


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
        bosch.put_back()
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

    def assert_keeps_nobody_out(self, page):
        """Holds ``page``, as it stands, to all rules in light and to those of colours in dark."""
        for scheme, rules in zip(SCHEMES, [WCAG, COLOURS], strict=True):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            found = Axe().run(page, options=rules)
            assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"

    def sign_in(self, page):
        User.objects.create_superuser("editor", password="let me edit")
        page.goto("/admin/")
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill("let me edit")
        page.get_by_role("button", name="Log in").click()
        expect(
            page.get_by_role("link", name="Log out").or_(page.locator("#logout-form"))
        ).to_be_visible()
