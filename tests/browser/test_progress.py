"""“I'm up to …” as a visitor's browser meets it, with and without scripts."""

import re

from playwright.sync_api import expect

from tests.browser.pages import BrowserTestCase, width_beyond_screen

SECRET = "arrested for the murder"
SPOILER = re.compile("Spoiler: revealed in Ballard S1E10")


class ProgressTests(BrowserTestCase):
    def tell(self, *, scripts):
        page = self.open(java_script_enabled=scripts)
        page.goto("/characters/renee-ballard/")
        expect(page.get_by_text(SPOILER).first).to_be_visible()
        page.get_by_role("banner").get_by_role("link", name="I’m up to …").click()
        page.get_by_label("Ballard", exact=True).select_option("ballard.1.3")
        page.get_by_label("Bosch", exact=True).select_option("bosch.all")
        page.get_by_role("button", name="Save").click()
        # Back on the page one came from, without what comes later.
        expect(page).to_have_url(re.compile(r"/characters/renee-ballard/$"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Renée Ballard")
        assert SECRET not in page.content()
        expect(page.get_by_text(SPOILER)).to_have_count(0)
        # On the last episode one says so; then it stands open.
        page.goto("/series/ballard/season-1/episode-10/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("lies beyond where you are")
        page.get_by_role("button", name="I’ve watched up to here").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("End of the Line")
        page.goto("/characters/renee-ballard/")
        expect(page.get_by_text(SECRET)).to_be_visible()
        # Cleared in one click, it is folded again.
        menu = page.get_by_role("banner")
        menu.locator("summary", has_text="Up to").click()
        menu.get_by_role("button", name="Clear").click()
        expect(page).to_have_url(re.compile(r"/characters/renee-ballard/$"))
        expect(page.get_by_text(SECRET)).to_be_hidden()
        expect(page.get_by_text(SPOILER).first).to_be_visible()
        assert self.faults == []

    def test_with_scripts(self):
        self.tell(scripts=True)

    def test_without_scripts(self):
        self.tell(scripts=False)

    def test_its_menu_closes_by_escape_and_by_what_is_beside_it(self):
        page = self.open()
        page.context.add_cookies(
            [{"name": "progress", "value": "bosch.1.1", "url": self.live_server_url}]
        )
        page.goto("/characters/")
        menu = page.get_by_role("banner").locator("summary", has_text="Up to")
        change = page.get_by_role("banner").get_by_role("link", name="Change")
        menu.click()
        expect(change).to_be_visible()
        change.focus()
        page.keyboard.press("Escape")
        expect(change).to_be_hidden()
        expect(menu).to_be_focused()
        menu.click()
        page.get_by_role("heading", level=1).click()
        expect(change).to_be_hidden()
        menu.click()
        page.locator("header input[name=q]").focus()
        expect(change).to_be_hidden()
        assert self.faults == []

    def test_a_page_beyond_is_shown_once(self):
        page = self.open()
        page.context.add_cookies(
            [{"name": "progress", "value": "bosch.1.1", "url": self.live_server_url}]
        )
        page.goto("/series/ballard/season-1/episode-10/")
        assert "End of the Line" not in page.content()
        page.get_by_role("link", name="Show it once").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("End of the Line")
        expect(page.get_by_role("note")).to_contain_text("Shown once")
        page.get_by_role("link", name="Leave out what comes later again").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("lies beyond")
        assert self.faults == []

    def test_keeps_nobody_out(self):
        for width in [390, 1440]:
            page = self.open(viewport={"width": width, "height": 900})
            page.context.add_cookies(
                [{"name": "progress", "value": "bosch.3.4", "url": self.live_server_url}]
            )
            for path in [
                "/",
                "/progress/",
                "/series/bosch/",
                "/series/bosch/season-3/",
                "/series/bosch/season-3/episode-4/",
                "/series/bosch/season-3/episode-5/",
                "/series/ballard/season-1/?show=once",
                "/characters/harry-bosch/",
            ]:
                with self.subTest(path=path, width=width):
                    page.goto(path)
                    page.evaluate(
                        "document.querySelectorAll('details').forEach(d => d.open = true)"
                    )
                    assert width_beyond_screen(page) <= 0
                    self.assert_keeps_nobody_out(page)
                    assert self.faults_since() == []
