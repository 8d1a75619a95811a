"""The site as a visitor's and an editor's browser meets it, with the whole Bosch catalogue."""

import re

from playwright.sync_api import expect

from tests.browser.pages import BrowserTestCase, width_beyond_screen

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
    "/watch-orders/",
    "/watch-orders/release-order/",
    "/watch-orders/just-ballard/",
    "/series/bosch-legacy/season-3/episode-10/?order=just-ballard",
    "/crossovers/",
    "/crossovers/people/?series=ballard",
    "/timeline/",
    "/timeline/?view=table&series=bosch-legacy&series=ballard",
    "/timeline/?series=nope",
    "/search/?q=bosch",
    "/search/?q=xyzzy",
]


class EveryPageTests(BrowserTestCase):
    def test_no_page_has_an_error_or_is_wider_than_its_screen(self):
        page = self.open()
        for path in EVERY_KIND_OF_PAGE:
            page.goto(path)
            for width in [360, 390, 820, 1440]:
                with self.subTest(path=path, width=width):
                    page.set_viewport_size({"width": width, "height": 900})
                    assert width_beyond_screen(page) <= 0
                    assert self.faults_since() == []

    def test_no_page_keeps_anyone_out(self):
        for width in [390, 1440]:
            page = self.open(viewport={"width": width, "height": 900})
            for path in EVERY_KIND_OF_PAGE:
                with self.subTest(path=path, width=width):
                    page.goto(path)
                    # What is folded must be readable too once it is open.
                    page.evaluate(
                        "document.querySelectorAll('details').forEach(d => d.open = true)"
                    )
                    self.assert_keeps_nobody_out(page)

    def test_the_page_of_an_unknown_address_offers_a_search(self):
        page = self.open()
        page.goto("/nowhere/")
        page.get_by_role("main").get_by_role("combobox").fill("renee")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Renée Ballard", exact=True)).to_be_visible()


class VisitTests(BrowserTestCase):
    def walk(self, *, scripts):
        """From the front page to a spoiler, by what stands on the pages."""
        page = self.open(java_script_enabled=scripts)
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
        page.get_by_role("checkbox", name=re.compile(r"^Ballard")).check()
        if not scripts:
            page.get_by_role("button", name="Show").click()
        expect(page).to_have_url(re.compile(r"series=ballard"))
        expect(page.get_by_role("link", name="Colleen Hatteras")).to_be_visible()
        expect(page.get_by_role("link", name="Grace Billets")).to_have_count(0)
        assert self.faults == []

    def test_with_a_script_engine(self):
        self.walk(scripts=True)

    def test_without_one(self):
        self.walk(scripts=False)

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
        page.get_by_role("banner").get_by_role("combobox").focus()
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
