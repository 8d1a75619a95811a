"""Whatever is stored, as a browser shows it: no script runs, no page is wider than its screen."""

from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from catalog.models import Season, Series
from tests.browser.pages import BrowserTestCase, width_beyond_screen
from tests.exporters.everything import make_everything
from tests.hostile.addresses import own_addresses
from tests.hostile.planting import Planted

EDITORS_PAGES = [
    "/admin/catalog/person/",
    "/admin/catalog/series/",
    "/admin/catalog/source/",
]

# Whether it stands to the right of the text before it, as it does in the page.
IS_BEHIND = """
  (element) => {
    const before = document.createRange();
    before.selectNode(element.previousSibling);
    return before.getBoundingClientRect().right <= element.getBoundingClientRect().left + 1;
  }
"""


class StoredTextTests(BrowserTestCase):
    def setUp(self):
        self.faults = []
        make_everything(with_pictures=False)

    def is_page(self, path):
        response = self.client.get(path)
        is_html = response.headers["Content-Type"].startswith("text/html")
        return response.status_code == 200 and is_html

    def test_no_page_runs_it_or_is_wider_than_its_screen(self):
        Planted(get_user_model().objects.create_superuser("planter"))
        page = self.open()
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))
        pages = [path for path in own_addresses() if self.is_page(path)]
        for path in [*pages, "/search/?q=zq", "/timeline/?view=table"]:
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            for width in [390, 1440]:
                with self.subTest(path=path, width=width):
                    page.set_viewport_size({"width": width, "height": 900})
                    assert width_beyond_screen(page) <= 0
                    assert self.faults_since() == []
        page.goto("/")
        page.get_by_role("banner").get_by_role("combobox").fill("zq")
        expect(page.get_by_role("option").first).to_contain_text("<zq")
        expect(page.locator("zq")).to_have_count(0)
        assert self.faults_since() == []

    def test_no_page_of_editors_runs_it(self):
        Planted(get_user_model().objects.create_superuser("planter"))
        page = self.open(viewport={"width": 1440, "height": 900})
        self.sign_in(page)
        for path in EDITORS_PAGES:
            with self.subTest(path=path):
                page.goto(path)
                expect(page.locator("zq")).to_have_count(0)
                assert self.faults_since() == []

    def test_a_name_that_turns_letters_around_turns_nothing_else(self):
        Series.objects.filter(slug="ballard").update(name="Bal\u202elard")
        Season.objects.filter(series__slug="ballard").update(name="The \u202efirst")
        page = self.open(viewport={"width": 1440, "height": 900})
        page.goto("/series/ballard/season-1/")
        heading = page.get_by_role("heading", level=1)
        series = heading.locator(".entry__of")
        expect(series).to_have_text("of Bal\u202elard")
        assert series.evaluate(IS_BEHIND)
