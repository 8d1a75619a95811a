"""What turns letters around in one text leaves alone what stands beside it."""

from django.contrib.auth import get_user_model
from django.test import TestCase

from ..exporters.everything import make_everything
from .addresses import own_addresses
from .planting import END, Planted
from .reading import read

_OVERRIDE = "\u202e"
_END_OF_ISOLATE = "\u2069"

# A browser shows their texts one to a box.
_BOXES = {"title", "option", "textarea", "script"}
# What a search found is told in pieces; what is for screen readers alone is not seen.
_ONE_TEXT = {"marked", "visually-hidden"}


def turned_on(page):
    """What stands behind an override in the same element, which nothing keeps in.

    Links and spans are isolated by static/css/base.css, blocks by browsers. A paragraph
    of Markdown, and other names of the same thing, are one text.
    """
    for element in page.walk():
        if element.tag in _BOXES or element.attributes.get("class") in _ONE_TEXT:
            continue
        is_turned = False
        for part in element.parts:
            behind = part if isinstance(part, str) else part.text
            if not is_turned:
                if not isinstance(part, str) or _OVERRIDE not in part:
                    continue
                behind = part.partition(END)[2]
                if behind.startswith(_END_OF_ISOLATE):
                    continue
                is_turned = True
            if behind.strip():
                yield f"<{element.tag} {element.attributes}>: {behind.strip()[:60]!r}"


class TurningTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_everything(with_pictures=False)
        Planted(get_user_model().objects.create_superuser("editor"))

    def test_an_override_ends_with_its_text(self):
        for path in [*own_addresses(), "/search/?q=zq", "/timeline/?view=table"]:
            response = self.client.get(path, follow=True)
            if response["Content-Type"].startswith("text/html"):
                with self.subTest(path=path):
                    assert [*turned_on(read(response.text))] == []
