"""What answers of the API carry: whether they are new, who may read them, how often one may ask."""

import datetime as dt
import gzip
import time
from unittest.mock import patch

from django.core.cache import caches
from django.test import override_settings
from django.utils.http import http_date, parse_http_date

from catalog.models import Revision, State
from tests.factories import make_series

from .test_lists import ROOT, Api


class FreshnessTests(Api):
    path = f"{ROOT}series/?sort=name"

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        Revision.objects.rise()
        Revision.objects.update(risen_at=dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC))

    def test_while_nothing_has_changed_there_is_nothing_to_send(self):
        first = self.client.get(self.path)
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "Cookie" in first["Vary"]
        with self.assertNumQueries(1):
            again = self.client.get(self.path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again["ETag"] == first["ETag"]
        assert again["Access-Control-Allow-Origin"] == "*"

    def test_a_change_makes_another_answer(self):
        first = self.client.get(self.path)
        make_series("Another")
        Revision.objects.rise()
        again = self.client.get(self.path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 200
        assert again["ETag"] != first["ETag"]
        assert "Another" in again.text

    def test_what_comes_out_by_itself_makes_another_answer(self):
        soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=0.5)
        make_series("Scheduled", state=State.PUBLISHED, publish_at=soon)
        first = self.client.get(self.path)
        assert "Scheduled" not in first.text
        time.sleep(0.6)
        again = self.client.get(self.path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 200
        assert "Scheduled" in again.text

    def test_the_date_of_the_last_change(self):
        first = self.client.get(self.path)
        midnight = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        assert parse_http_date(first["Last-Modified"]) == midnight.timestamp()
        since = {"If-Modified-Since": first["Last-Modified"]}
        assert self.client.get(self.path, headers=since).status_code == 304
        earlier = {"If-Modified-Since": http_date(midnight.timestamp() - 1)}
        assert self.client.get(self.path, headers=earlier).status_code == 200

    def test_a_second_has_no_date_before_it_is_over(self):
        """Two changes in one second would have the same date."""
        Revision.objects.rise()
        with patch("catalog.api.freshness.timezone") as clock:
            clock.now.return_value = Revision.objects.get().risen_at
            assert not self.client.get(self.path).has_header("Last-Modified")

    def test_other_addresses_and_progresses_have_other_marks(self):
        paths = [self.path, f"{ROOT}series/", f"{self.path}&progress=none", f"{ROOT}series/bosch/"]
        marks = [self.client.get(path)["ETag"] for path in paths]
        self.client.cookies["progress"] = "bosch.1.1"
        marks.append(self.client.get(self.path)["ETag"])
        assert len(set(marks)) == 5

    def test_a_star_is_not_there_where_nothing_is(self):
        star = {"If-None-Match": "*"}
        assert self.client.get(f"{ROOT}series/zq/", headers=star).status_code == 404
        assert self.client.get(f"{ROOT}series/bosch/", headers=star).status_code == 304

    def test_problems_are_not_kept(self):
        for path in (f"{ROOT}series/zq/", f"{ROOT}series/?sort=zq"):
            response = self.client.get(path)
            assert "no-store" in response["Cache-Control"]
            assert not response.has_header("ETag")


class ElsewhereTests(Api):
    def test_pages_of_other_sites_may_read_it(self):
        for path in ("series/", "series/zq/", "series/?sort=zq", "zq/"):
            response = self.client.get(f"{ROOT}{path}", headers={"Origin": "https://example.com"})
            assert response["Access-Control-Allow-Origin"] == "*"
            assert not response.has_header("Access-Control-Allow-Credentials")
        assert "RateLimit" in response["Access-Control-Expose-Headers"]

    def test_browsers_may_send_what_they_have(self):
        response = self.client.options(
            f"{ROOT}series/",
            headers={
                "Origin": "https://example.com",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "if-none-match",
            },
        )
        assert response.status_code == 204
        assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        assert "If-None-Match" in response["Access-Control-Allow-Headers"]

    def test_the_other_pages_are_for_this_site_alone(self):
        assert not self.client.get("/series/").has_header("Access-Control-Allow-Origin")

    def test_json_whatever_a_client_prefers(self):
        for accepted in ("text/html", "application/xml;q=0.9", "image/png", "nonsense"):
            response = self.client.get(f"{ROOT}series/", headers={"Accept": accepted})
            assert response.status_code == 200
            assert response["Content-Type"] == "application/json"

    def test_it_is_packed_for_who_takes_that(self):
        path = f"{ROOT}characters/"
        packed = self.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == self.client.get(path).content
        assert {"Accept-Encoding", "Cookie"} <= {*packed["Vary"].split(", ")}
        told = {"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]}
        assert self.client.get(path, headers=told).status_code == 304

    def test_a_head_has_no_body(self):
        response = self.client.head(f"{ROOT}series/")
        assert response.status_code == 200
        assert response.content == b""
        assert response.has_header("ETag")


@override_settings(API_RATE=3)
class ThrottleTests(Api):
    def setUp(self):
        caches["api"].clear()
        clock = patch("franchise.api.time.time", return_value=1_800_000_030.0)
        self.clock = clock.start()
        self.addCleanup(clock.stop)
        self.addCleanup(caches["api"].clear)

    def ask(self, address="192.0.2.1", path="series/"):
        return self.client.get(f"{ROOT}{path}", REMOTE_ADDR=address)

    def test_an_address_may_ask_so_often_a_minute(self):
        left = [self.ask()["RateLimit"] for _ in range(3)]
        assert left == [f'"address";r={number};t=30' for number in (2, 1, 0)]
        refused = self.ask()
        assert refused.status_code == 429
        assert refused["Content-Type"] == "application/problem+json"
        assert refused["RateLimit-Policy"] == '"address";q=3;w=60'
        assert refused["RateLimit"] == '"address";r=0;t=30'
        assert refused["Retry-After"] == "30"
        assert refused.json()["title"] == "Too Many Requests"
        assert "no-store" in refused["Cache-Control"]
        self.clock.return_value += 30
        assert self.ask().status_code == 200

    def test_each_address_for_itself(self):
        for _ in range(4):
            self.ask()
        assert self.ask("192.0.2.2").status_code == 200
        assert self.ask(path="zq/").status_code == 429

    def test_one_network_of_the_sixth_version_is_one_address(self):
        answers = [self.ask(f"2001:db8::{number}").status_code for number in range(1, 5)]
        assert answers == [200, 200, 200, 429]

    def test_pages_are_not_counted(self):
        for _ in range(5):
            assert self.client.get("/series/", REMOTE_ADDR="192.0.2.1").status_code == 200

    @override_settings(API_RATE=0)
    def test_zero_is_as_often_as_one_likes(self):
        answers = [self.ask() for _ in range(5)]
        assert {answer.status_code for answer in answers} == {200}
        assert not answers[0].has_header("RateLimit")
