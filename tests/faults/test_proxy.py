"""The files of deploy/ do what they say."""

import re
import shutil
import subprocess

import pytest
import requests
from django.test import SimpleTestCase

from ..pictures.bucket import NAME, BucketServer
from ..servers import ROOT
from .people import fields_of
from .proxy import Proxy
from .site import EDITORS, PASSWORD, OnSQLite

PICTURE = b"\x89PNG\r\n\x1a\n"
BEHIND_PROXY = {"SECURE": "on", "TRUST_PROXY": "on", "ALLOWED_HOSTS": "localhost,127.0.0.1"}


class NginxTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.enterClassContext(OnSQLite(**BEHIND_PROXY))
        media = cls.site.folder / "media"
        media.mkdir()
        for name, content in [("a.png", PICTURE), ("a.html", b"<script>"), ("a.svg", b"<svg/>")]:
            (media / name).write_bytes(content)
        cls.proxy = cls.enterClassContext(Proxy(cls.site.server.port, cls.site.folder))

    def get(self, path, **options):
        address = self.proxy.address + path
        return requests.get(address, timeout=30, verify=self.proxy.certificate, **options)

    def test_plain_http_leads_to_https(self):
        answer = requests.get(self.proxy.plain + "/series/", timeout=30, allow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["Location"] == f"{self.proxy.address}/series/"

    def test_pages_and_static_files_come_through(self):
        page = self.get("/series/bosch/")
        assert page.status_code == 200
        assert page.headers["Strict-Transport-Security"]
        style = re.search(r'href="(/static/css/base\.[0-9a-f]+\.css)"', page.text)[1]
        answer = self.get(style)
        assert "immutable" in answer.headers["Cache-Control"]
        for name in ("Strict-Transport-Security", "Permissions-Policy", "X-Content-Type-Options"):
            assert answer.headers[name] == page.headers[name]
        assert self.get("/series/bosch/").headers["X-Cache"] == "hit"

    def test_pictures_come_from_the_disk_and_nothing_else_does(self):
        answer = self.get("/media/a.png")
        assert (answer.content, answer.headers["Content-Type"]) == (PICTURE, "image/png")
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
        for path in ("/media/a.html", "/media/a.svg", "/media/"):
            answer = self.get(path)
            assert answer.headers["Content-Type"] not in {"text/html", "image/svg+xml"} or (
                answer.status_code in {403, 404}
            )
        assert self.get("/media/%2e%2e/db.sqlite3").status_code in {400, 404}
        assert self.get("/media../db.sqlite3").status_code == 404

    def test_an_editor_signs_in(self):
        session = requests.Session()
        session.trust_env = False  # another certificate would go before
        session.verify = str(self.proxy.certificate)
        address = f"{self.proxy.address}/admin/login/"
        form = dict(fields_of(session.get(address, timeout=30).text))
        answer = session.post(
            address,
            {**form, "username": EDITORS[0], "password": PASSWORD, "next": "/admin/"},
            headers={"Referer": address},
            timeout=30,
        )
        assert answer.url == f"{self.proxy.address}/admin/"
        assert all(cookie.secure for cookie in session.cookies)

    def test_a_visitor_cannot_say_how_they_came(self):
        for name, value in [("X-Forwarded-Proto", "http"), ("SCRIPT_NAME", "/elsewhere")]:
            answer = self.get("/series/", headers={name: value}, allow_redirects=False)
            assert answer.status_code == 200
            assert "/elsewhere" not in answer.text


class BucketTests(SimpleTestCase):
    def test_pictures_of_a_bucket_come_through(self):
        with (
            BucketServer() as bucket,
            OnSQLite(**BEHIND_PROXY, **bucket.environment) as site,
            Proxy(site.server.port, site.folder) as proxy,
        ):
            name = f"images/ab/{'ab' * 32}.png"
            bucket.client.put_object(Bucket=NAME, Key=name, Body=PICTURE)
            answer = requests.get(
                f"{proxy.address}/media/{name}", timeout=30, verify=proxy.certificate
            )
            assert (answer.content, answer.headers["Content-Type"]) == (PICTURE, "image/png")
            assert "immutable" in answer.headers["Cache-Control"]
            # As all that the application answers.
            assert answer.headers["Strict-Transport-Security"]


class UnitTests(SimpleTestCase):
    def test_systemd_understands_them(self):
        program = shutil.which("systemd-analyze")
        if program is None:
            pytest.skip("no systemd on this machine")
        for unit in sorted((ROOT / "deploy").glob("catalogue*")):
            done = subprocess.run(  # noqa: S603 - a program of the system's
                [program, "verify", unit], capture_output=True, text=True, check=False
            )
            # Only that the folders of a server are not here.
            faults = [
                line
                for line in done.stderr.splitlines()
                if unit.name in line and "is not executable" not in line
            ]
            assert faults == [], unit
