"""What a browser keeps of the site: the search, the manifest and the icons."""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from django.contrib.staticfiles import finders
from django.test import TestCase, override_settings
from PIL import Image

HOST = "http://testserver"
OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


class OpenSearchTests(TestCase):
    def described(self):
        response = self.client.get("/opensearch.xml")
        assert response["Content-Type"].startswith("application/opensearchdescription+xml")
        return ElementTree.fromstring(response.content)  # noqa: S314 - our own

    def test_every_page_leads_to_it(self):
        page = self.client.get("/series/").text
        [link] = re.findall(r'<link rel="search"[^>]*>', page)
        assert 'type="application/opensearchdescription+xml"' in link
        assert 'href="/opensearch.xml"' in link
        assert 'title="The Bosch Universe"' in link

    def test_a_browser_searches_by_it(self):
        root = self.described()
        assert root.tag == f"{OPEN_SEARCH}OpenSearchDescription"
        assert root.findtext(f"{OPEN_SEARCH}ShortName") == "The Bosch Univer"
        templates = {url.get("type"): url.get("template") for url in root.iter(f"{OPEN_SEARCH}Url")}
        address = templates["text/html"].replace("{searchTerms}", quote("Renée & co"))
        page = self.client.get(address.removeprefix(HOST))
        assert 'value="Renée &amp; co"' in page.text

    @override_settings(FRANCHISE_NAME='Law & <Order> "Q"')
    def test_any_name_will_do(self):
        assert self.described().findtext(f"{OPEN_SEARCH}Description").endswith('Law & <Order> "Q"')


class ManifestTests(TestCase):
    def test_it_says_how_the_site_looks_on_a_screen_of_ones_own(self):
        response = self.client.get("/manifest.webmanifest")
        assert response["Content-Type"] == "application/manifest+json"
        told = response.json()
        assert (told["name"], told["start_url"], told["scope"]) == ("The Bosch Universe", "/", "/")
        for shortcut in told["shortcuts"]:
            assert self.client.get(shortcut["url"]).status_code == 200

    def test_its_icons_are_there_in_their_sizes(self):
        icons = self.client.get("/manifest.webmanifest").json()["icons"]
        assert {icon.get("purpose") for icon in icons} == {None, "any", "maskable"}
        for icon in icons[1:]:
            with self.subTest(icon=icon["src"]):
                path = finders.find(icon["src"].removeprefix("/static/"))
                drawn = Image.open(BytesIO(Path(path).read_bytes()))
                assert f"{drawn.width}x{drawn.height}" == icon["sizes"]
                if icon["purpose"] == "maskable":
                    # Its corners may be cut off, and must be filled.
                    assert drawn.convert("RGBA").getpixel((0, 0))[3] == 255

    def test_every_page_leads_to_it(self):
        page = self.client.get("/series/").text
        assert '<link rel="manifest" href="/manifest.webmanifest">' in page
        [icon] = re.findall(r'<link rel="apple-touch-icon" href="/static/([^"]+)">', page)
        with Image.open(finders.find(icon)) as drawn:
            assert drawn.size == (180, 180)
