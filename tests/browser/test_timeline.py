"""The timeline as a browser draws it and as a screen reader reads it."""

from playwright.sync_api import expect

from tests.browser.pages import BrowserTestCase, width_beyond_screen

# What is drawn, and how far any of it reaches beyond the frame of the drawing.
BEYOND = """
() => {
  const frame = document.querySelector('.timeline-chart').getBoundingClientRect();
  const drawn = document.querySelectorAll(
    '.timeline-chart__drawing :is(rect, line, use, text, p, circle)');
  return [...drawn]
    .filter(each => !each.closest('defs') && getComputedStyle(each).display !== 'none')
    .map(each => each.getBoundingClientRect())
    .filter(box => box.left < frame.left || box.right > frame.right)
    .length;
}
"""


class TimelineTests(BrowserTestCase):
    def test_fits_and_is_read_as_a_list(self):
        for width in [390, 1440]:
            with self.subTest(width=width):
                page = self.open(viewport={"width": width, "height": 900})
                page.goto("/timeline/")
                assert width_beyond_screen(page) <= 0
                assert page.evaluate(BEYOND) == 0
                self.assert_keeps_nobody_out(page)
        main = page.get_by_role("main")
        tree = main.aria_snapshot()
        assert "Legacy S3E10: Dig Down" in tree
        assert "Today" not in tree  # only drawn
        years = main.get_by_role("listitem").filter(has=page.get_by_role("heading", level=3))
        expect(years.first).to_contain_text("2014")
        expect(years.last).to_contain_text("Not dated yet")
        for _ in range(6):
            page.keyboard.press("Tab")
        expect(page.locator(".timeline-chart__drawing :focus")).to_have_count(0)
        page.get_by_role("link", name="Table").click()
        expect(page.get_by_role("table")).to_contain_text("Not dated yet")
        page.get_by_role("checkbox", name="Ballard").check()
        page.get_by_role("button", name="Show only these").click()
        expect(page).to_have_url(self.live_server_url + "/timeline/?series=ballard&view=table")
        expect(page.get_by_role("table")).not_to_contain_text("Season 7")
        assert self.faults == []
