"""What nobody should send, sent: each gets a page, never a failure of ours."""

from urllib.parse import quote

from django.test import Client, TestCase
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from tests.edge.visitor import Visitor
from tests.factories import (
    make_announcement,
    make_character,
    make_episode,
    make_person,
    make_portrayal,
    make_season,
    make_series,
    make_watch_order,
)
from tests.hostile.sent import Sent
from tests.hostile.values import NASTY

LISTS = [
    "/series/",
    "/episodes/",
    "/characters/",
    "/actors/",
    "/crew/",
    "/people/",
    "/organizations/",
    "/news/",
    "/crossovers/",
    "/crossovers/people/",
    "/search/",
]

# They read parameters as a list does, but have no pages.
ODD_PAGES = ["/timeline/"]


class BadInputTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_portrayal(make_person("Titus Welliver"), make_character("Harry Bosch"))
        make_announcement("Bosch renewed")
        make_episode(make_season(make_series("Bosch")))

    def test_no_parameter_breaks_a_list(self):
        for path in LISTS:
            for parameter in ["q", "series", "page", "unknown"]:
                for what, value in NASTY.items():
                    with self.subTest(path=path, parameter=parameter, what=what):
                        response = self.client.get(f"{path}?{parameter}={value}")
                        assert response.status_code == (404 if parameter == "page" else 200)
                        assert "<script>alert" not in response.text

    def test_no_parameter_breaks_a_page(self):
        for path in ODD_PAGES:
            for parameter in ["series", "view", "unknown"]:
                for what, value in NASTY.items():
                    with self.subTest(path=path, parameter=parameter, what=what):
                        response = self.client.get(f"{path}?{parameter}={value}")
                        assert response.status_code == 200
                        assert "<script>alert" not in response.text

    def test_repeated_parameters_break_nothing(self):
        for path in [*LISTS, *ODD_PAGES]:
            with self.subTest(path=path):
                repeated = "q=a&q=b&series=x&series=y&page=1&page=1"
                assert self.client.get(f"{path}?{repeated}").status_code == 200
        many = "&".join(f"series=s{number}" for number in range(900))
        assert self.client.get(f"/characters/?{many}").status_code == 200

    def test_more_parameters_than_anyone_needs_are_refused(self):
        many = "&".join(f"a{number}=1" for number in range(30_000))
        response = self.client.get(f"/characters/?{many}")
        assert response.status_code == 400
        assert "cannot be understood" in response.text

    def test_too_long_a_text_gets_a_message(self):
        for path in ["/people/", "/search/"]:
            with self.subTest(path=path):
                page = self.client.get(f"{path}?q={'a' * 201}").text
                assert "fewer than 200 characters" in page

    def test_no_path_breaks_the_site(self):
        for what, value in NASTY.items():
            for path in [
                f"/series/{value}/",
                f"/people/{value}/",
                f"/series/bosch/season-{value}/",
                f"/series/bosch/season-1/episode-{value}/",
                f"/{value}",
            ]:
                with self.subTest(what=what, path=path[:60]):
                    assert self.client.get(path).status_code in {404, 301, 200}

    def test_numbers_beyond_any_column_are_not_found(self):
        for number in ["99999", "9" * 19, "9" * 40, "9" * 5_000, "00001"]:
            with self.subTest(number=number[:20]):
                for path in [
                    f"/series/bosch/season-{number}/",
                    f"/series/bosch/season-{number}/episode-{number}/",
                ]:
                    assert self.client.get(path).status_code == 404
        assert self.client.get("/series/bosch/season-1/episode-1/").status_code == 200

    def test_an_unknown_page_is_the_sites_own_with_a_search_box(self):
        for path in ["/nowhere/", "/series/nowhere/", "/people/nowhere/", "/news/x/"]:
            with self.subTest(path=path):
                response = self.client.get(path)
                assert response.status_code == 404
                assert "There is no such page" in response.text
                main = response.text.partition("<main")[2]
                assert '<form class="search-form" action="/search/"' in main

    def test_a_stranger_who_posts_gets_a_page_of_ours(self):
        response = Client(enforce_csrf_checks=True).post("/series/", {"a": "b"})
        assert response.status_code == 403
        assert "Pages here are for reading" in response.text

    def test_only_reading_is_allowed(self):
        for path in ["/", *LISTS, *ODD_PAGES, "/people/titus-welliver/"]:
            for method in ["post", "put", "patch", "delete"]:
                with self.subTest(path=path, method=method):
                    assert getattr(self.client, method)(path).status_code == 405

    def test_stored_markup_is_shown_as_text(self):
        nasty = '<script>alert("1")</script><img src=x onerror=alert(1)>'
        make_person(f"Mallory {nasty}", slug="mallory", biography=f"{nasty}\n\n[x](javascript:1)")
        for path in ["/people/", "/people/mallory/", "/search/?q=mallory"]:
            with self.subTest(path=path):
                page = self.client.get(path).text
                assert "<script>alert" not in page
                assert "<img src=x" not in page
                assert 'href="javascript:' not in page
                assert "Mallory &lt;script&gt;" in page.replace("<mark>", "").replace("</mark>", "")

    def test_what_cannot_be_read_is_refused_where_there_is_no_page_either(self):
        """Where an error is told, what was sent is not read once more."""
        token = ("Cookie", f"csrftoken={'a' * 64}")
        multipart = ("Content-Type", "multipart/form-data; boundary=")
        form = ("Content-Type", "application/x-www-form-urlencoded")
        too_long = ("Content-Length", "9999999")
        for sent, status in [
            (Sent("POST", "/nothing/", (token, form, too_long)), 404),
            (Sent("POST", "/nothing/", (token, multipart)), 404),
            (Sent("POST", "/progress/", (token, form, too_long, ("Host", "evil.example"))), 400),
            (Sent("POST", "/progress/", (token, form, too_long)), 400),
            (Sent("POST", "/progress/", (token, multipart), b"at=bosch.1.1"), 400),
        ]:
            with self.subTest(sent=sent):
                assert Visitor().send(sent.environ()).status == status

    def test_no_charset_breaks_a_form(self):
        make_episode(make_season(make_series("Ballard")))
        for charset in [
            "base64",
            "rot13",
            "zlib",
            "idna",
            "undefined",
            "utf-16",
            "utf-7",
            "zq",
            "",
        ]:
            with self.subTest(charset=charset):
                said = f"application/x-www-form-urlencoded; charset={charset}"
                sent = Sent(
                    "POST", "/progress/?next=/series/", (("Content-Type", said),), b"at=ballard.1.1"
                )
                answer = Visitor().send(sent.environ())
                assert answer.status == 302
                assert answer.headers["Location"] == "/series/"

    def test_no_watch_order_breaks_a_page(self):
        for path in ["/series/bosch/season-1/", "/series/bosch/season-1/episode-1/"]:
            plain = self.client.get(path).text
            for what, value in NASTY.items():
                with self.subTest(path=path, what=what):
                    response = self.client.get(f"{path}?order={value}&order={value}")
                    assert (response.status_code, response.text) == (200, plain)

    def test_no_number_breaks_the_pages_of_watch_orders(self):
        make_watch_order("Story order")
        for what, value in NASTY.items():
            for address in ["/watch-orders/?page=", "/watch-orders/story-order/?steps="]:
                with self.subTest(what=what, address=address):
                    assert self.client.get(f"{address}{value}").status_code == 404


class AnyTextTests(HypothesisTestCase):
    @settings(max_examples=60)
    @given(
        st.sampled_from([*LISTS, *ODD_PAGES]),
        st.sampled_from(["q", "series", "page"]),
        st.binary(max_size=60),
    )
    def test_no_bytes_break_a_list(self, path, parameter, value):
        response = self.client.get(f"{path}?{parameter}={quote(value)}")
        # An empty box leads to the address without it.
        assert response.status_code in {200, 302, 404}

    @settings(max_examples=60)
    @given(st.text(max_size=80))
    def test_no_name_breaks_its_own_page(self, name):
        person = make_person(name=name.replace("\x00", "") or "x")
        assert self.client.get(person.get_absolute_url()).status_code == 200
        assert self.client.get("/people/").status_code == 200
