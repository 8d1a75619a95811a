"""What people are told when something fails, and what stands in the log of it."""

import errno
import json
import re
from io import StringIO
from logging import StreamHandler, getLogger
from logging.config import dictConfig

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError
from django.http import HttpResponse
from django.test import SimpleTestCase, TestCase, override_settings
from django.urls import include, path

from franchise.errors import BUSY, FULL, READ_ONLY, TOO_LONG, UNREACHABLE, trouble_of
from franchise.logs import logging_of

NUMBER = "0f3a2b1c4d5e4f60a1b2c3d4e5f60718"


def failing(request):
    raise {
        "fault": ValueError("a fault"),
        "full": OSError(errno.ENOSPC, "No space left on device"),
    }[request.GET["by"]]


handler500 = "franchise.errors.server_error"
urlpatterns = [
    path("failing/", failing),
    path("fine/", lambda request: HttpResponse("fine")),
    path("", include("franchise.urls")),
]


@override_settings(ROOT_URLCONF=__name__)
class LoggedTestCase(TestCase):
    """``self.logged()`` gives what a server would have written since, an object for each line."""

    def setUp(self):
        self.client.raise_request_exception = False
        self.stream = StringIO()
        dictConfig(logging_of("JSON", "INFO"))
        self.addCleanup(dictConfig, settings.LOGGING)
        handler = next(it for it in getLogger().handlers if type(it) is StreamHandler)
        handler.setStream(self.stream)

    def logged(self):
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


class PageTests(LoggedTestCase):
    def test_a_fault_is_told_with_the_number_under_which_it_is_logged(self):
        response = self.client.get("/failing/?by=fault")
        assert response.status_code == 500
        number = re.search("<code>([0-9a-f]{32})</code>", response.text)[1]
        (line,) = self.logged()
        assert line["request_id"] == number
        assert (line["level"], line["logger"]) == ("ERROR", "django.request")
        assert line["message"] == "Internal Server Error: /failing/"
        assert "ValueError: a fault" in line["traceback"]
        assert line["timestamp"][:4].isdigit()

    def test_the_number_that_a_proxy_has_given_is_taken_over(self):
        response = self.client.get("/failing/?by=fault", headers={"x-request-id": NUMBER})
        assert NUMBER in response.text
        assert self.logged()[0]["request_id"] == NUMBER

    def test_a_number_that_is_none_is_not(self):
        for told in ("<script>", "1", "a" * 5_000):
            response = self.client.get("/failing/?by=fault", headers={"x-request-id": told})
            assert re.search("<code>[0-9a-f]{32}</code>", response.text)
        assert len(self.logged()) == 3

    def test_each_request_has_a_number_of_its_own(self):
        for _ in range(2):
            self.client.get("/failing/?by=fault")
        first, second = self.logged()
        assert first["request_id"] != second["request_id"]

    def test_pages_carry_none_since_they_are_kept(self):
        response = self.client.get("/series/", headers={"x-request-id": NUMBER})
        assert not [name for name in response.headers if "id" in name.lower().split("-")]
        assert NUMBER not in response.text

    def test_a_full_disk_is_told_kindly_and_in_one_line(self):
        response = self.client.post("/failing/?by=full")
        assert response.status_code == 503
        assert response["Retry-After"] == "300"
        assert "There is no room left to save this" in response.text
        (line,) = self.logged()
        assert line["level"] == "WARNING"
        assert line["message"] == "The disk is full, nothing was saved: POST /failing/"
        assert "traceback" not in line


class PersonalDataTests(LoggedTestCase):
    def test_nobody_is_told_of_in_the_log(self):
        get_user_model().objects.create_superuser("annabel", "annabel@example.com", "pass-phrase-1")
        secrets = {"annabel", "pass-phrase", "203.0.113.7", "welliver", "secretsession", "Mozilla"}
        asked = {
            "REMOTE_ADDR": "203.0.113.7",
            "HTTP_COOKIE": "sessionid=secretsession",
            "HTTP_USER_AGENT": "Mozilla/5.0",
            "HTTP_REFERER": "http://testserver/search/?q=welliver",
        }
        for path_ in (
            "/failing/?by=fault&q=welliver",
            "/search/?q=welliver",
            "/nothing/?q=welliver",
        ):
            self.client.get(path_, **asked)
        for password in ("pass-phrase-1", "pass-phrase-2"):
            self.client.post(
                "/admin/login/", {"username": "annabel", "password": password}, **asked
            )
        self.client.get("/series/", headers={"host": "elsewhere.example"}, **asked)
        text = self.stream.getvalue()
        assert "Internal Server Error" in text
        assert "Invalid HTTP_HOST header" in text
        for secret in secrets:
            assert secret not in text


class RefusedHostTests(LoggedTestCase):
    def test_a_host_that_is_not_ours_is_told_in_one_line(self):
        assert self.client.get("/series/", headers={"host": "elsewhere.example"}).status_code == 400
        (line,) = self.logged()
        assert "elsewhere.example" in line["message"]
        assert "traceback" not in line


class TroubleTests(SimpleTestCase):
    """By the codes that the databases' drivers give; that they give them, the faults show."""

    def test_what_is_over_after_a_while(self):
        for attribute, code, trouble in [
            ("sqlstate", "57014", TOO_LONG),
            ("sqlstate", "08006", UNREACHABLE),
            ("sqlstate", "57P01", UNREACHABLE),
            ("sqlstate", "57P03", UNREACHABLE),
            ("sqlstate", "53300", UNREACHABLE),
            ("sqlstate", "53100", FULL),
            ("sqlstate", "40P01", BUSY),
            ("sqlstate", "25006", READ_ONLY),
            ("sqlite_errorname", "SQLITE_INTERRUPT", TOO_LONG),
            ("sqlite_errorname", "SQLITE_FULL", FULL),
            ("sqlite_errorname", "SQLITE_BUSY", BUSY),
            ("sqlite_errorname", "SQLITE_BUSY_SNAPSHOT", BUSY),
            ("sqlite_errorname", "SQLITE_READONLY", READ_ONLY),
            ("sqlstate", "42P01", None),
            ("sqlite_errorname", "SQLITE_ERROR", None),
        ]:
            with self.subTest(code=code):
                cause, error = Exception(), OperationalError()
                setattr(cause, attribute, code)
                error.__cause__ = cause
                assert trouble_of(error) is trouble

    def test_what_is_a_fault(self):
        for error in (ValueError(), OSError(errno.EACCES, "no"), OperationalError("x"), None):
            assert trouble_of(error) is None
