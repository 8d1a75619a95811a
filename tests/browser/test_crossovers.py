"""The grid of crossovers, by keyboard and on a phone."""

import re

from playwright.sync_api import expect

from tests.browser.pages import width_beyond_screen
from tests.browser.test_finding import SMALL, WIDE, FindingTestCase, box_of


class CrossoverTests(FindingTestCase):
    def row_of(self, page, name):
        return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))

    def test_the_grid_follows_its_filters_in_place(self):
        page = self.open(viewport=WIDE)
        page.goto("/crossovers/")
        self.mark(page)
        expect(page.get_by_role("columnheader", name="Bosch: Start of Watch")).to_be_visible()
        harry = self.row_of(page, "Harry Bosch")
        expect(harry.get_by_role("cell")).to_have_text(
            [
                re.compile("Titus Welliver.*Quinn Welliver.*Recast", re.DOTALL),
                re.compile("Titus Welliver"),
                re.compile("Titus Welliver"),
                re.compile("Cameron Monaghan.*Recast.*Announced", re.DOTALL),
            ]
        )
        box_of(page, "Ballard").focus()
        page.keyboard.press("Space")
        self.assert_address(page, "/crossovers/?series=ballard")
        expect(self.row_of(page, "Jerry Edgar")).to_have_count(0)
        expect(self.row_of(page, "Renée Ballard")).to_be_visible()
        box_of(page, "Recast").check()
        self.assert_address(page, "/crossovers/?series=ballard&recast=recast")
        expect(page.locator("#results-heading")).to_have_text("1 character")
        assert self.is_same_page(page)
        page.get_by_role("link", name="People", exact=True).click()
        self.assert_address(page, "/crossovers/people/")
        expect(self.row_of(page, "Michael Connelly")).to_be_visible()
        assert self.faults == []

    def test_a_grid_too_wide_for_its_place_scrolls_in_it_by_keyboard(self):
        page = self.open(viewport={"width": 720, "height": 900})
        page.goto("/crossovers/")
        grid = page.get_by_role("region", name=re.compile("Who plays them"))
        sizes = "grid => [grid.scrollWidth - grid.clientWidth, grid.scrollLeft]"
        wider_by, left = grid.evaluate(sizes)
        assert (wider_by > 0, left) == (True, 0)
        name = self.row_of(page, "Harry Bosch").get_by_role("rowheader")
        place = name.bounding_box()["x"]
        grid.focus()
        page.keyboard.press("ArrowRight")
        expect(grid).not_to_have_js_property("scrollLeft", 0)
        assert name.bounding_box()["x"] == place
        assert width_beyond_screen(page) <= 0
        assert self.faults == []

    def test_on_a_phone_each_row_is_a_card_that_names_its_series(self):
        page = self.open(viewport=SMALL)
        page.goto("/crossovers/")
        assert width_beyond_screen(page) <= 0
        grid = page.locator(".crossover-grid")
        assert grid.evaluate("grid => grid.scrollWidth - grid.clientWidth") <= 0
        expect(grid.get_by_role("link", name="Bosch: Start of Watch")).to_be_visible()
        renee = grid.locator("tr").filter(has_text="Renée Ballard")
        expect(renee.locator("td:visible")).to_have_count(2)
        expect(renee.get_by_role("link", name="Ballard", exact=True)).to_be_visible()
        page.locator("summary", has_text="Filters").click()
        box_of(page, "Recast").check()
        self.assert_address(page, "/crossovers/?recast=recast")
        expect(grid.locator("tbody tr")).to_have_count(1)
        assert self.faults == []

    def test_nobody_is_kept_out(self):
        for viewport in [SMALL, WIDE]:
            page = self.open(viewport=viewport)
            for path in ["/crossovers/", "/crossovers/people/"]:
                with self.subTest(path=path, width=viewport["width"]):
                    page.goto(path)
                    self.assert_keeps_nobody_out(page)
