import json
import os
import subprocess
import sys
from pathlib import Path

from django.template.loader import get_template
from django.test import SimpleTestCase, TestCase
from django.urls import get_resolver

from franchise.loading import load_all

ROOT = Path(__file__).resolve().parent.parent


class LoadingTests(TestCase):
    def test_it_leaves_no_connection_for_workers_to_share(self):
        with self.assertNumQueries(0):
            load_all()

    def test_addresses_and_templates_are_there_for_the_first_request(self):
        load_all()
        assert get_resolver()._populated
        page = "catalog/series_detail.html"
        assert get_template(page).template is get_template(page).template


# Of packages and modules that no page needs but a few of the admin, a name each.
RARELY_NEEDED = {"catalog.importers.tvmaze.fetching", "openpyxl"}

SERVE = """
import json, sys
from wsgiref.util import setup_testing_defaults
from franchise.wsgi import application

environ = {"PATH_INFO": sys.argv[1], "HTTP_HOST": "testserver", "QUERY_STRING": ""}
setup_testing_defaults(environ)
statuses = []
b"".join(application(environ, lambda status, headers: statuses.append(status)))
print(json.dumps({"status": statuses[0], "modules": sorted(sys.modules)}))
"""


class UnloadedTests(SimpleTestCase):
    """A server as it is before anybody has asked for more, in a process of its own."""

    def test_what_hardly_anybody_needs_takes_no_memory(self):
        for path, status in [("/robots.txt", "200 OK"), ("/admin/", "302 Found")]:
            with self.subTest(path=path):
                done = subprocess.run(  # noqa: S603 - our own program
                    [sys.executable, "-c", SERVE, path],
                    cwd=ROOT,
                    env=os.environ | {"PAGE_CACHE_MB": "0"},
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert done.returncode == 0, done.stderr
                told = json.loads(done.stdout)
                assert told["status"] == status
                assert "catalog.admin.importing" in told["modules"]
                assert not RARELY_NEEDED & set(told["modules"])
