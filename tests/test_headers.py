"""The headers by which browsers protect those who look at a page: on each kind of answer."""

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import TestCase, override_settings
from django_otp.plugins.otp_totp.models import TOTPDevice

from .edge.visitor import Visitor
from .factories import (
    make_announcement,
    make_character,
    make_episode,
    make_organization,
    make_person,
    make_season,
    make_series,
    make_watch_order,
)

PUBLIC = [
    "/",
    "/series/",
    "/series/bosch/",
    "/series/bosch/season-1/",
    "/series/bosch/season-1/episode-1/",
    "/episodes/",
    "/characters/",
    "/characters/harry-bosch/",
    "/actors/",
    "/crew/",
    "/people/",
    "/people/titus-welliver/",
    "/organizations/",
    "/organizations/lapd/",
    "/news/",
    "/news/renewed/",
    "/timeline/",
    "/crossovers/",
    "/watch-orders/",
    "/watch-orders/release-order/",
    "/search/?q=bosch",
    "/search/suggest/?q=bosch",
    "/progress/",
    "/robots.txt",
    "/nothing-here/",
    "/media/picture.png",
    "/admin/login/",
]
EDITORS = [
    "/admin/",
    "/admin/catalog/series/",
    "/admin/catalog/series/add/",
    "/admin/catalog/series/{series}/change/",
    "/admin/catalog/series/{series}/history/",
    "/admin/catalog/series/{series}/delete/",
    "/admin/catalog/series/{series}/paste-cast/",
    "/admin/catalog/season/{season}/add-episodes/",
    "/admin/catalog/series/import-tvmaze/",
    "/admin/catalog/portrayal/spreadsheet/",
    "/admin/catalog/person/merge/?one={one}&two={two}",
    "/admin/catalog/change/",
    "/admin/catalog/suggestion/",
    "/admin/auth/user/",
    "/admin/axes/accessattempt/",
    "/admin/password_change/",
    "/admin/second-factor/",
    "/admin/nothing-here/",
]


@override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=365 * 24 * 60 * 60)
class HeaderTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.series = make_series("Bosch")
        cls.season = make_season(cls.series, number=1)
        make_episode(cls.season, number=1)
        make_character("Harry Bosch")
        cls.people = [make_person(name) for name in ("Titus Welliver", "Jamie Hector")]
        make_organization("LAPD")
        make_announcement("Renewed")
        make_watch_order("Release order")
        cls.root = get_user_model().objects.create_superuser("root")

    def assert_protected(self, headers):
        headers = {name.lower(): value for name, value in headers.items()}
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in headers["permissions-policy"]
        assert "geolocation=()" in headers["permissions-policy"]
        if "text/html" in headers["content-type"]:
            policy = dict(
                part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
            )
            assert policy["default-src"] == "'self'"
            assert policy["object-src"] == "'none'"
            assert policy["base-uri"] == "'none'"
            assert policy["frame-ancestors"] == "'none'"
            assert policy["form-action"] == "'self'"
            assert "unsafe" not in headers["content-security-policy"]
            assert headers["x-frame-options"] == "DENY"

    def test_every_public_page(self):
        default_storage.save("picture.png", ContentFile(b"\x89PNG"))
        self.addCleanup(default_storage.delete, "picture.png")
        for path in PUBLIC:
            with self.subTest(path=path):
                response = self.client.get(path, secure=True)
                if response.streaming:
                    b"".join(response.streaming_content)
                assert response.status_code == (404 if "nothing" in path else 200)
                self.assert_protected(response.headers)

    def test_every_page_of_editors(self):
        self.client.force_login(self.root)
        one, two = (person.pk for person in self.people)
        rows = {"series": self.series.pk, "season": self.season.pk, "one": one, "two": two}
        for path in EDITORS:
            with self.subTest(path=path):
                response = self.client.get(path.format(**rows), secure=True)
                assert response.status_code == (404 if "nothing" in path else 200)
                self.assert_protected(response.headers)
                assert "no-store" in response["Cache-Control"]

    def test_refusals(self):
        response = self.client.post("/admin/login/", {"username": "x"}, secure=True)
        self.assert_protected(response.headers)
        strict = self.client_class(enforce_csrf_checks=True)
        response = strict.post("/admin/login/", {"username": "x"}, secure=True)
        assert response.status_code == 403
        self.assert_protected(response.headers)
        response = self.client.get("/series/", headers={"host": "elsewhere.example"}, secure=True)
        assert response.status_code == 400
        self.assert_protected(response.headers)
        self.client.force_login(get_user_model().objects.create_user("lee", is_staff=True))
        response = self.client.get("/admin/catalog/series/", secure=True)
        assert response.status_code == 403
        self.assert_protected(response.headers)

    def test_the_steps_of_signing_in(self):
        user = get_user_model().objects.create_user("anna", password="secret", is_staff=True)
        sent = {"username": "anna", "password": "secret", "next": "/admin/"}
        with self.settings(REQUIRE_SECOND_FACTOR=True):
            self.client.post("/admin/login/", sent, secure=True)
            response = self.client.get("/admin/second-factor/", secure=True)
        assert "you need a second factor" in response.text
        self.assert_protected(response.headers)
        assert "no-store" in response["Cache-Control"]
        TOTPDevice.objects.create(user=user, name="Phone")
        response = self.client.get("/admin/login/", secure=True, follow=True)
        assert "One more step" in response.text
        self.assert_protected(response.headers)
        assert "no-store" in response["Cache-Control"]
        for _ in range(5):
            sent["password"] = "wrong"
            response = self.client.post("/admin/login/", sent, secure=True)
        assert response.status_code == 429
        self.assert_protected(response.headers)

    @override_settings(ROOT_URLCONF="tests.test_errors")
    def test_faults_and_troubles(self):
        self.client.raise_request_exception = False
        for path, status in [("/failing/?by=fault", 500), ("/failing/?by=full", 503)]:
            response = self.client.get(path, secure=True)
            assert response.status_code == status
            self.assert_protected(response.headers)

    @override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True)
    def test_static_files(self):
        response = self.client.get("/static/css/base.css", secure=True)
        assert response.status_code == 200
        assert b"".join(response.streaming_content)
        self.assert_protected(response.headers)

    def test_pages_from_memory(self):
        visitor = Visitor()
        for mark in ("miss", "hit"):
            answer = visitor.ask("GET", "/series/bosch/", scheme="https")
            assert answer.mark == mark
            self.assert_protected(answer.headers)

    def test_plain_http_leads_to_https(self):
        response = self.client.get("/series/?sort=name")
        assert response.status_code == 301
        assert response["Location"] == "https://testserver/series/?sort=name"
