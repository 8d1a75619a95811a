from playwright.sync_api import expect

from catalog.api.views import LISTS
from tests.browser.pages import SCHEMES, BrowserTestCase, width_beyond_screen

ROOT = "/api/v1/"


class ApiDocsTests(BrowserTestCase):
    def test_the_schema_is_read_and_tried_under_the_policy_of_the_site(self):
        for width, scheme in zip((390, 1440), SCHEMES, strict=True):
            with self.subTest(width=width, scheme=scheme):
                page = self.open(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page.goto(f"{ROOT}docs/")
                operation = page.locator("#operations-series-seriesDetail")
                operation.locator(".opblock-summary-control").click()
                operation.get_by_role("button", name="Try it out").click()
                operation.get_by_placeholder("slug").fill("bosch")
                operation.get_by_role("button", name="Execute").click()
                answer = operation.locator(".live-responses-table")
                expect(answer).to_contain_text('"premiered": "2014-02-06"')
                assert width_beyond_screen(page) <= 0
                assert self.faults_since() == []

    def test_without_scripts_it_leads_to_every_list(self):
        page = self.open(java_script_enabled=False)
        page.goto(f"{ROOT}docs/")
        for name in LISTS:
            link = page.get_by_role("link", name=f"{ROOT}{name}/", exact=True)
            assert page.request.get(link.get_attribute("href")).status == 200
        assert self.faults_since() == []
