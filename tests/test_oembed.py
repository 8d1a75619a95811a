"""What other sites show of a page, as their software asks for it (micawber)."""

from html.parser import HTMLParser
from xml.etree import ElementTree

from django.test import LiveServerTestCase
from micawber import Provider, bootstrap_basic
from micawber.exceptions import ProviderException

from catalog.models import State
from tests.factories import make_character, make_image, make_person, make_series

from .world import World

HOST = "http://testserver"


class Links(HTMLParser):
    """Of a page what its head leads to: {type: address}."""

    def __init__(self, text):
        super().__init__()
        self.found = {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "link" and told.get("rel") == "alternate":
            self.found[told.get("type")] = told["href"]


class OembedTests(World):
    def read(self, path, status=200, **more):
        response = self.client.get("/oembed/", {"url": f"{HOST}{path}", **more})
        assert response.status_code == status
        return response.json() if status == 200 else response

    def test_each_kind_is_told_with_its_text(self):
        self.bosch.synopsis = "A **detective** in [Los Angeles](https://example.com)."
        self.bosch.save()
        self.titus.biography = "Plays " + "many " * 100 + "parts."
        self.titus.save()
        told = self.read("/series/bosch/")
        assert (told["version"], told["type"]) == ("1.0", "rich")
        assert (told["title"], told["url"]) == ("Bosch", f"{HOST}/series/bosch/")
        assert told["provider_name"] == "The Bosch Universe"
        assert told["html"] == (
            f'<blockquote><p><a href="{HOST}/series/bosch/"><strong>Bosch</strong></a></p>'
            "<p>A detective in Los Angeles.</p><footer>The Bosch Universe</footer></blockquote>"
        )
        person = self.read("/people/titus-welliver/")
        assert "many…</p>" in person["html"]
        assert len(person["html"]) < 600
        assert self.read("/characters/harry-bosch/")["title"] == "Harry Bosch"

    def test_pages_lead_to_it_in_both_forms(self):
        for path in ("/series/bosch/", "/characters/harry-bosch/", "/people/titus-welliver/"):
            with self.subTest(path=path):
                links = Links(self.client.get(path).text).found
                told = self.client.get(links["application/json+oembed"]).json()
                response = self.client.get(links["text/xml+oembed"])
                assert response["Content-Type"].startswith("text/xml")
                root = ElementTree.fromstring(response.content)  # noqa: S314 - our own
                assert root.tag == "oembed"
                assert {each.tag: each.text for each in root} == {
                    name: str(value) for name, value in told.items()
                }
        assert "application/json+oembed" not in Links(self.client.get("/series/").text).found

    def test_measures_are_kept_to(self):
        picture = make_image(file="images/ab/cover.jpg", width=300, height=150, widths="")
        self.bosch.cover = picture
        self.bosch.save()
        told = self.read("/series/bosch/")
        assert (told["width"], told["height"]) == (600, 220)
        assert told["thumbnail_url"] == f"{HOST}/media/images/ab/cover.jpg"
        assert (told["thumbnail_width"], told["thumbnail_height"]) == (300, 150)
        told = self.read("/series/bosch/", maxwidth=280, maxheight="9" * 50)
        assert (told["width"], told["height"]) == (280, 220)
        assert "thumbnail_url" not in told
        assert self.read("/series/bosch/", maxwidth="0")["width"] == 120
        assert self.read("/series/bosch/", maxwidth="zq")["width"] == 600

    def test_of_a_stored_picture_the_smallest_will_do(self):
        self.bosch.cover = make_image(
            file="images/ab/cover.jpg", width=1600, height=800, widths="160 320"
        )
        self.bosch.save()
        told = self.read("/series/bosch/")
        assert told["thumbnail_url"] == f"{HOST}/media/images/ab/cover-160.webp"
        assert (told["thumbnail_width"], told["thumbnail_height"]) == (160, 80)

    def test_other_addresses_are_not_told(self):
        make_series("Draft", state=State.DRAFT)
        for address in (
            "",
            "zq",
            "https://example.com/series/bosch/",
            "ftp://testserver/series/bosch/",
            "//testserver/series/bosch/",
            f"{HOST}/",
            f"{HOST}/series/",
            f"{HOST}/series/draft/",
            f"{HOST}/series/zq/",
            f"{HOST}/api/v1/series/bosch/",
            f"{HOST}/admin/",
            f"{HOST}/news/renewed/",
            "http://[::1",
            f"{HOST}/series/bosch/" + "x" * 5_000,
        ):
            with self.subTest(address=address[:60]):
                assert self.client.get("/oembed/", {"url": address}).status_code == 404
        assert self.client.get("/oembed/").status_code == 404
        self.read("/series/bosch/", status=501, format="yaml")
        assert self.client.post("/oembed/", {"url": f"{HOST}/series/bosch/"}).status_code == 405

    def test_an_old_address_still_does(self):
        self.bosch.slug = "bosch-1"
        self.bosch.save()
        assert self.read("/series/bosch/?order=x#top")["url"] == f"{HOST}/series/bosch-1/"

    def test_names_cannot_bring_their_own_html(self):
        make_person('<script>zq()</script>"', slug="odd", biography="<img src=x onerror=zq()>")
        told = self.read("/people/odd/")
        assert "<script" not in told["html"]
        assert "<img" not in told["html"]
        assert told["title"] == '<script>zq()</script>"'

    def test_it_is_what_a_visitor_gets_who_has_told_nothing(self):
        make_character("Zqdraft", state=State.DRAFT)
        plain = self.read("/characters/harry-bosch/")
        self.client.cookies["progress"] = "bosch.all"
        assert self.read("/characters/harry-bosch/") == plain


class ConsumerTests(LiveServerTestCase):
    def test_software_that_shows_links_reads_it(self):
        make_series("Bosch", synopsis="A detective.")
        provider = Provider(f"{self.live_server_url}/oembed/")
        told = provider.request(f"{self.live_server_url}/series/bosch/", maxwidth=400)
        assert told["title"] == "Bosch"
        assert told["width"] == 400
        assert "A detective." in told["html"]
        registry = bootstrap_basic()
        registry.register(f"{self.live_server_url}/\\S*", provider)
        shown = registry.request(f"{self.live_server_url}/series/bosch/")
        assert shown["provider_name"] == "The Bosch Universe"
        with self.assertRaisesRegex(ProviderException, "404"):
            provider.request(f"{self.live_server_url}/series/zq/")
