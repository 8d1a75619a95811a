"""Stored text of every kind, in every field: it stands on the pages as text, whole, harmless."""

import re
from html.parser import HTMLParser
from tempfile import TemporaryDirectory

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import SimpleTestCase, TestCase, override_settings

from catalog.history import recording
from catalog.history.registry import SUBJECTS
from catalog.models import Change

from ..exporters.everything import make_everything
from ..spreadsheets.sheets import RESOURCES, as_csv, as_workbook, exported, planned, told, wrong
from .addresses import own_addresses
from .planting import Planted
from .texts import MODELS, address_fields, text_fields

# Where links and forms may lead.
_LEADS = re.compile(r"(https?://|/|#|\?|$)")
_LEADING = {"action", "formaction", "href", "poster", "src", "xlink:href"}


_SHOWN_ELSEWHERE = ("series/ballard/", "characters/renee-ballard/", "people/maggie-q/")


class Reader(HTMLParser):
    """What a browser makes of a page: ``text``, and the ``values`` of attributes."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.attributes, self.values, self._texts = set(), set(), [], []
        self.leading = []
        self.feed(html)
        self.text = "".join(self._texts)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            self.values.append(value or "")
            if name in _LEADING:
                self.leading.append(value or "")

    def handle_data(self, data):
        self._texts.append(data)


class StoredTextTests(TestCase):
    @classmethod
    def setUpClass(cls):
        media = cls.enterClassContext(TemporaryDirectory())
        cls.enterClassContext(override_settings(MEDIA_ROOT=media))
        super().setUpClass()

    @classmethod
    def setUpTestData(cls):
        cls.editor = get_user_model().objects.create_superuser("editor")
        with recording(cls.editor):
            make_everything()
        cls.planted = Planted(cls.editor)

    def read(self, address):
        """The page there, after a look at what has become an element of it."""
        response = self.client.get(address, follow=True)
        if not re.search("html|xml", response.headers["Content-Type"]):
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            return Reader("")  # plain text or JSON, whatever stands in it
        page = Reader(response.text)
        with self.subTest(address=address):
            assert response.status_code == 200
            assert "zq" not in page.elements
            assert not [name for name in page.attributes if name.startswith(("zq", "on"))]
            assert not [it for it in page.leading if not _LEADS.match(it)]
            assert "<zq" not in response.text.lower()
            assert "<script>" not in response.text
        return page

    def told_at(self, addresses):
        """All that stands there, in texts and in the values of attributes."""
        pages = [self.read(address) for address in addresses]
        return "\n".join(text for page in pages for text in [page.text, *page.values])

    def test_no_field_is_forgotten(self):
        planted = {*self.planted.texts}
        assert planted == {(model, it.name) for model in MODELS for it in text_fields(model)}
        assert len(planted) >= 50
        assert max(len(text) for text in self.planted.texts.values()) > 99_900

    def test_on_the_pages_of_visitors(self):
        searches = [f"/{where}/?q=zq" for where in ("search", "people", "crossovers/people")]
        shown = [f"/oembed/?format=xml&url=http://testserver/{path}" for path in _SHOWN_ELSEWHERE]
        told = self.told_at([*own_addresses(), "/timeline/?view=table", *searches, *shown])
        assert self.planted.missing_in(told) == set()

    def test_in_what_is_suggested(self):
        response = self.client.get("/search/suggest/?q=onclick")
        names = {suggestion["name"] for suggestion in response.json()["suggestions"]}
        planted = {text for (_, name), text in self.planted.texts.items() if name == "name"}
        assert names & planted
        assert "application/json" in response["Content-Type"]

    def test_on_the_pages_of_editors(self):
        self.client.force_login(self.editor)
        made, planted = Change.objects.order_by("-pk").values_list("pk", flat=True)[:2][::-1]
        addresses = [
            "/admin/",
            f"/admin/catalog/change/{planted}/change/",
            "/series/ballard/?preview=public",
            "/people/maggie-q/",
        ]
        for model in admin.site._registry:
            start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            addresses.append(start)
            if model not in MODELS:
                continue
            row = model.objects.first()
            addresses += [f"{start}{row.pk}/{part}/" for part in ("change", "history", "delete")]
            if model in SUBJECTS and text_fields(model):
                compared = f"{start}{row.pk}/history/compare/?one={made}&two={planted}"
                addresses += [compared, f"{start}{row.pk}/history/{made}/"]
        assert self.planted.missing_in(self.told_at(addresses)) == set()

    def test_in_sheets_and_back(self):
        for name, kind in RESOURCES.items():
            with self.subTest(name=name):
                resource = kind()
                cells = {cell for line in exported(resource) for cell in line.values()}
                planted = {
                    text
                    for (model, _), text in self.planted.texts.items()
                    if model is resource.model
                }
                assert cells & planted
                for raw in (as_csv(resource), as_workbook(resource)):
                    plan = planned(resource, raw)
                    assert wrong(plan) == []
                    assert told(plan) == {}


class RefusedTextTests(SimpleTestCase):
    def test_a_form_says_that_it_cannot_take_a_nul(self):
        for model in MODELS:
            for field in text_fields(model):
                with self.subTest(field=field), self.assertRaises(ValidationError) as caught:
                    field.formfield().clean("a\0b")
                assert caught.exception.messages == ["Null characters are not allowed."]

    def test_an_address_that_would_run_something_is_none(self):
        for field in (field for model in MODELS for field in address_fields(model)):
            for address in ["javascript:zq()", "data:text/html,zq", "vbscript:zq"]:
                for taken in (field.formfield().clean, lambda it, of=field: of.clean(it, None)):
                    with self.subTest(field=field, address=address):
                        self.assertRaises(ValidationError, taken, address)
