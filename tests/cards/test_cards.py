"""Pages lead to their cards, which say what stands open to everybody and are kept for ever."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import SimpleTestCase
from PIL import Image

from catalog.cards import Card, keeping, kept
from catalog.cards.drawing import ACCENTS
from catalog.models import Series, State
from tests.factories import (
    make_announcement,
    make_image,
    make_organization,
    make_person,
    make_watch_order,
)

from ..world import World

HOST = "http://testserver"


class Tags(HTMLParser):
    """What programs that show links read of a page: {property or name: content}."""

    def __init__(self, page):
        super().__init__()
        self.found = {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        name = told.get("property") or told.get("name") or ""
        if tag == "meta" and name.startswith(("og:", "twitter:")):
            assert name not in self.found, name
            self.found[name] = told["content"]


class Kept:
    """With a folder of its own for cards and for pictures."""

    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        self.enterContext(self.settings(VAR_DIR=self.folder, MEDIA_ROOT=self.folder / "media"))


class PagesTests(Kept, World):
    def told_on(self, path):
        response = self.client.get(path)
        assert response.status_code == 200
        return Tags(response.text).found

    def card(self, path):
        """The tags of a page, and its card, after a look at what every card is."""
        tags = self.told_on(path)
        address = tags["og:image"]
        assert address.startswith(f"{HOST}/cards/")
        response = self.client.get(address.removeprefix(HOST))
        assert response.status_code == 200
        assert response["Content-Type"] == "image/jpeg" == tags["og:image:type"]
        assert "max-age=31536000, immutable" in response["Cache-Control"]
        assert ("public" in response["Cache-Control"]) == (not self.client.cookies)
        with Image.open(io.BytesIO(response.content)) as picture:
            assert picture.size == (1200, 630)
        assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
        assert tags["twitter:card"] == "summary_large_image"
        assert len(response.content) < 300_000  # some who show links take no more
        return tags, response.content

    def test_every_page_has_one(self):
        make_watch_order("Release order")
        kinds = {
            "/": "website",
            "/series/": "website",
            "/series/bosch/": "video.tv_show",
            "/series/bosch/season-1/": "website",
            "/series/bosch/season-1/episode-1/": "video.episode",
            "/episodes/?series=bosch": "website",
            "/characters/harry-bosch/": "website",
            "/people/titus-welliver/": "profile",
            "/actors/": "website",
            "/crew/": "website",
            "/crossovers/": "website",
            "/organizations/cold-case-unit/": "website",
            "/news/renewed/": "article",
            "/watch-orders/": "website",
            "/watch-orders/release-order/": "website",
            "/timeline/": "website",
            "/search/?q=bosch": "website",
            "/progress/": "website",
            "/api/v1/docs/": "website",
        }
        cards = set()
        for path, kind in kinds.items():
            with self.subTest(path=path):
                tags, content = self.card(path)
                assert tags["og:type"] == kind
                assert tags["og:title"]
                assert tags["og:description"]
                assert tags["og:site_name"] == "The Bosch Universe"
                if path not in {"/search/?q=bosch", "/progress/"}:  # nothing to keep
                    assert tags["og:url"] == f"{HOST}{path.partition('?')[0]}"
                cards.add(content)
        # Three pages have nothing to say of themselves but whose they are, and the front page.
        assert len(cards) == len(kinds) - 3

    def test_it_says_what_its_page_is_about(self):
        self.bosch.synopsis = "A **detective** and his city."
        self.bosch.save()
        tags, _ = self.card("/series/bosch/")
        assert (tags["og:title"], tags["og:description"]) == (
            "Bosch",
            "A detective and his city.",
        )
        assert tags["og:image:alt"] == "Series: Bosch"
        tags, _ = self.card("/series/bosch/season-1/episode-1/")
        assert (tags["og:title"], tags["og:image:alt"]) == ("Pilot", "Bosch S1E1: Pilot")

    def test_what_changes_has_another_address_and_the_old_one_leads_there(self):
        tags, before = self.card("/people/titus-welliver/")
        self.titus.name = "Titus Berry Welliver"
        self.titus.save()
        changed, after = self.card("/people/titus-welliver/")
        assert changed["og:image"] != tags["og:image"]
        assert after != before
        response = self.client.get(tags["og:image"].removeprefix(HOST))
        assert response.status_code == 302
        assert response["Location"] == changed["og:image"].removeprefix(HOST)
        assert "no-cache" in response["Cache-Control"]
        # What is not drawn changes nothing.
        self.titus.biography = "More words"
        self.titus.save()
        assert self.told_on("/people/titus-welliver/")["og:image"] == changed["og:image"]

    def test_it_shows_the_picture_around_what_matters(self):
        picture = Image.new("RGB", (800, 400), "#00ff00")
        picture.paste("#ff0000", (0, 0, 400, 400))
        file = io.BytesIO()
        picture.save(file, "PNG")
        name = default_storage.save("images/ab/cover.png", ContentFile(file.getvalue()))
        for focus, colour in [(0, (255, 0, 0)), (100, (0, 255, 0))]:
            self.bosch.cover = make_image(file=name, widths="160 320", focal_x=focus)
            self.bosch.save()
            _, content = self.card("/series/bosch/")
            with Image.open(io.BytesIO(content)) as shown:
                found = shown.getpixel((1200 - 72 - 150, 72 + 200))
            assert max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 30

    def test_of_a_large_picture_a_narrow_version_is_read(self):
        file = io.BytesIO()
        Image.new("RGB", (640, 360), "#ff0000").save(file, "WEBP")
        default_storage.save("images/ab/large-640.webp", ContentFile(file.getvalue()))
        self.bosch.cover = make_image(file="images/ab/large.jpg", widths="160 320 640 1280")
        self.bosch.save()
        _, content = self.card("/series/bosch/")
        with Image.open(io.BytesIO(content)) as shown:
            assert shown.getpixel((1200 - 72 - 150, 72 + 200))[0] > 200

    def test_without_the_file_of_its_picture_it_is_there_all_the_same(self):
        self.bosch.cover = make_image(file="images/ab/gone.jpg")
        self.bosch.save()
        self.card("/series/bosch/")

    def test_there_is_none_of_what_visitors_do_not_see(self):
        draft = make_person("Zqdraft", state=State.DRAFT)
        for page in (
            f"people/{draft.slug}/",
            "people/zq/",
            "zq/",
            "series/bosch/season-9/",
            "admin/",
            "api/v1/",
            "cards/",
            "people/titus-welliver",
        ):
            with self.subTest(page=page):
                assert self.client.get(f"/cards/{page}card-0.jpg").status_code == 404
        assert self.client.get("/cards/card-0.jpg").status_code == 302
        assert not list(self.folder.glob("cards/*"))

    def test_nothing_is_given_away(self):
        make_announcement(
            "Zqname", body="Zqbody", date="2016-04-01", revealed_in=self.later, series=[self.bosch]
        )
        tags, content = self.card("/news/zqname/")
        assert "zq" not in " ".join([tags["og:title"], tags["og:description"]]).lower()
        _, general = self.card("/")
        assert content == general

    def test_who_has_told_how_far_they_are_shares_nothing_of_it(self):
        _, general = self.card("/")
        self.client.cookies["progress"] = "bosch.1.1"
        for path in ("/series/bosch/", "/series/bosch/season-1/episode-1/"):
            tags, content = self.card(path)
            assert tags["og:title"] == "The Bosch Universe"
            assert content == general

    def test_texts_stay_texts(self):
        make_organization('"><script>zq()</script>', slug="odd", description="<b>zq</b>")
        response = self.client.get("/organizations/odd/")
        assert "<script>zq" not in response.text
        assert Tags(response.text).found["og:title"] == '"><script>zq()</script>'
        self.card("/organizations/odd/")


class KeepingTests(Kept, SimpleTestCase):
    card = Card("/", "Bosch")

    def files(self):
        return sorted(path.name for path in (self.folder / "cards").iterdir())

    def test_it_is_drawn_once(self):
        first = kept(self.card)
        [name] = self.files()
        assert name == f"{self.card.digest}.jpg"
        (self.folder / "cards" / name).write_bytes(b"as it was kept")
        assert kept(self.card) == b"as it was kept"
        (self.folder / "cards" / name).unlink()
        assert kept(self.card) == first

    def test_where_nothing_can_be_written_it_is_drawn_all_the_same(self):
        (self.folder / "cards").write_text("a file in the place of the folder")
        assert kept(self.card)[:2] == b"\xff\xd8"

    def test_many_ask_at_once(self):
        cards = [Card("/", f"Card {number % 4}") for number in range(24)]
        with ThreadPoolExecutor(8) as pool:
            drawn = list(pool.map(kept, cards))
        assert len(set(drawn)) == 4
        assert self.files() == sorted({f"{card.digest}.jpg" for card in cards})

    def test_the_folder_does_not_grow_for_ever(self):
        folder = self.folder / "cards"
        folder.mkdir()
        for number in range(12):
            (folder / f"{number}.jpg").touch()
        keeping.tidy(folder, most=5)
        assert len(self.files()) == 5


class LookTests(SimpleTestCase):
    def test_the_accents_are_those_of_the_pages(self):
        css = (settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")
        dark = dict(re.findall(r"--(\w+): light-dark\(#\w+, (#\w+)\);", css))
        assert {name: dark[name] for name in Series.Accent.values} == ACCENTS
