"""A picture on its way: from an editor's disk through the admin onto the pages."""

import re
import tempfile
from pathlib import Path

from playwright.sync_api import expect

from catalog.models import Image, Revision, Series
from tests.browser.pages import BrowserTestCase
from tests.pictures.made import gradient


class PictureTests(BrowserTestCase):
    def setUp(self):
        super().setUp()
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.photo, self.drawing = folder / "night.jpg", folder / "night.svg"
        gradient(2000, 1000).save(self.photo)
        self.drawing.write_text("<svg></svg>")
        self.enterContext(self.settings(MEDIA_ROOT=folder / "media"))

    def upload(self, page):
        """What is refused keeps what was typed; what is taken is shown."""
        self.sign_in(page)
        page.goto("/admin/catalog/image/add/")
        page.get_by_label("Picture:").set_input_files(self.drawing)
        page.get_by_label("Alt text:").fill("The city at night")
        page.get_by_label("Credit:").fill("A. Photographer")
        page.get_by_label("Licence:").fill("CC0")
        save = page.get_by_role("button", name="Save and continue editing").first
        save.click()
        expect(page.locator(".errorlist")).to_contain_text("This is an SVG drawing")
        expect(page.get_by_label("Alt text:")).to_have_value("The city at night")
        page.get_by_label("Picture:").set_input_files(self.photo)
        save.click()
        shown = page.locator(".field-shown img")
        expect(shown).to_have_js_property("naturalWidth", 640)
        expect(page.locator(".field-stored")).to_contain_text("as AVIF and WebP")
        self.assert_fits(page)
        return Image.objects.get()

    def assert_fits(self, page):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def test_is_taken_and_shown_in_the_width_that_a_screen_needs(self):
        image = self.upload(self.open(viewport={"width": 390, "height": 844}))
        series = Series.objects.get(slug="bosch")
        series.cover = image
        series.save()
        Revision.objects.rise()
        for width, ratio, narrowest in [(390, 1, 640), (390, 3, 1280), (1440, 1, 640)]:
            page = self.open(viewport={"width": width, "height": 900}, device_scale_factor=ratio)
            with self.subTest(width=width, ratio=ratio):
                page.goto("/series/bosch/")
                picture = page.get_by_role("img", name="The city at night")
                expect(picture).to_have_js_property("complete", value=True)
                chosen = picture.evaluate("picture => picture.currentSrc")
                assert re.search(rf"/media/images/../[0-9a-f]{{64}}-{narrowest}\.avif$", chosen)
                box = picture.bounding_box()
                assert abs(box["width"] / box["height"] - 16 / 9) < 0.02
                page.goto("/series/")
                card = page.locator(".series-card").filter(has=picture)
                assert picture.bounding_box()["width"] <= card.bounding_box()["width"]
                self.assert_fits(page)
        assert self.faults == []
