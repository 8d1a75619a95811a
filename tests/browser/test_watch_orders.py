"""Following a watch order from its page, step by step, and on paper."""

import re

from playwright.sync_api import expect

from tests.browser.pages import BrowserTestCase


class FollowTests(BrowserTestCase):
    def walk(self, *, scripts):
        page = self.open(java_script_enabled=scripts)
        page.goto("/watch-orders/")
        page.get_by_role("link", name="Just Ballard: what to see first").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Just Ballard: what to see first")
        page.get_by_role("link", name="Bosch: Legacy, S3E10 Dig Down").click()
        place = page.get_by_role("note")
        expect(place).to_contain_text("Following Just Ballard: what to see first, step 2 of 5")
        beside = page.get_by_role("navigation", name="Just Ballard: what to see first")
        beside.get_by_role("link", name="Next Ballard S1E1 Library of Lost Souls").click()
        expect(page).to_have_url(re.compile(r"/series/ballard/season-1/episode-1/\?order="))
        expect(place).to_contain_text("step 3 of 5")
        beside.get_by_role("link", name="Previous Bosch: Legacy S3E10 Dig Down").click()
        expect(place).to_contain_text("step 2 of 5")
        place.get_by_role("link", name="Just Ballard: what to see first").click()
        expect(page).to_have_url(re.compile(r"/watch-orders/just-ballard/#step-2$"))
        page.get_by_role("link", name="Ballard, Season 1").click()
        place.get_by_role("link", name="Leave this order").click()
        expect(page).to_have_url(re.compile(r"/series/ballard/season-1/$"))
        expect(place).to_have_count(0)
        beside = page.get_by_role("navigation", name="Seasons")
        expect(beside.get_by_role("link")).to_have_text([re.compile("Next Season 2")])
        assert self.faults == []

    def test_with_a_script_engine(self):
        self.walk(scripts=True)

    def test_without_one(self):
        self.walk(scripts=False)


class PrintTests(BrowserTestCase):
    def test_a_watch_order_prints_as_a_list_to_tick_off(self):
        page = self.open(viewport={"width": 690, "height": 900}, color_scheme="dark")
        page.goto("/watch-orders/story-order/")
        page.emulate_media(media="print")
        boxes = page.evaluate(
            """[...document.querySelectorAll(".watch-step")].map(step => {
                const box = getComputedStyle(step, "::before");
                return [box.width === box.height, box.position, box.borderTopColor].join(" ");
            })"""
        )
        assert boxes == ["true static rgb(0, 0, 0)"] * 13
        body = page.evaluate("[getComputedStyle(document.body)].map(s => s.color + s.background)")
        assert body[0].startswith("rgb(0, 0, 0)rgb(255, 255, 255)")
        for part in [page.get_by_role("navigation"), page.locator("form"), page.locator("footer")]:
            for row in part.all():
                expect(row).to_be_hidden()
        line = page.get_by_role("link", name="Bosch, Season 1").evaluate(
            "link => getComputedStyle(link).textDecorationLine"
        )
        assert line == "none"

    def test_a_page_that_follows_an_order_prints_without_the_way_on(self):
        page = self.open(viewport={"width": 690, "height": 900})
        page.goto("/series/bosch-legacy/season-3/episode-10/?order=just-ballard")
        page.emulate_media(media="print")
        expect(page.locator(".neighbours")).to_be_hidden()
        expect(page.locator(".breadcrumbs")).to_be_hidden()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
