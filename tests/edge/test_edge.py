import datetime as dt
import gzip
import html
import re
import time
from threading import Event, Thread

import brotli
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, TestCase, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.history import recording
from catalog.models import Revision, State
from franchise.handler import Handler

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_portrayal,
    make_season,
    make_series,
)
from ..world import World
from .visitor import Visitor, new_edge

A_PAGE = "/series/bosch/"
# Each with parameters in an order, a form or a number that no link of a page has.
FILTERED = [
    "/series/?status=ended&network=x",
    "/series/?q=bo&sort=-premiered",
    "/episodes/?season=1&series=bosch",
    "/episodes/?character=harry-bosch&character=renee-ballard&page=1",
    "/characters/?match=all&series=ballard&series=bosch",
    "/characters/?person=Titus%20Welliver",
    "/actors/?kind=guest&kind=main",
    "/actors/?series=%62osch&page=1",
    "/crew/?job=director&department=directing",
    "/people/?sort=nothing",
    "/people/?page=2",
    "/organizations/?series=bosch",
    "/news/?year=2015&kind=renewal",
    "/crossovers/?recast=yes",
    "/crossovers/people/?series=bosch",
    "/timeline/?view=table&series=bosch",
    "/search/?kind=person&q=titus",
    "/search/suggest/?q=ti&kind=person&within=/characters/%3Fseries%3Dbosch",
    "/series/bosch/?order=release-order&sources=1",
    "/series/bosch/season-1/?cast=1&cast=2",
    "/people/titus-welliver/?acting=2",
    "/search/?q=%ff%fe&q=%F0%9F%8E%AC",
]


class PageTests(World):
    def setUp(self):
        self.visitor = Visitor()

    def test_a_page_is_made_once_and_then_asks_the_database_nothing(self):
        made = self.visitor.get(A_PAGE)
        with CaptureQueriesContext(connection) as asked:
            kept = self.visitor.get(A_PAGE)
        # But for the revision, where half a second has passed.
        assert all("catalog_revision" in statement["sql"] for statement in asked)
        assert (made.mark, kept.mark) == ("miss", "hit")
        assert made.body == kept.body
        assert {**made.headers, "X-Cache": ""} == {**kept.headers, "X-Cache": ""}

    def test_says_that_everybody_may_keep_it_and_asks_again(self):
        headers = self.visitor.get(A_PAGE).headers
        assert headers["Cache-Control"] == (
            "public, max-age=0, must-revalidate, stale-while-revalidate=1"
        )
        assert headers["Vary"] == "Accept-Encoding, Cookie"
        assert "default-src 'self'" in headers["Content-Security-Policy"]

    def test_who_has_the_page_gets_no_body(self):
        etag = self.visitor.get(A_PAGE).headers["ETag"]
        strong = etag.removeprefix("W/")
        for told in [etag, strong, "*", f'"another", {etag}', f"{etag},{strong}"]:
            with self.subTest(told=told):
                answer = self.visitor.get(A_PAGE, if_none_match=told)
                assert (answer.status, answer.body) == (304, b"")
                assert answer.headers["ETag"] == etag
                assert answer.headers["Vary"] == "Accept-Encoding, Cookie"
                assert "public" in answer.headers["Cache-Control"]
        for told in ['"another"', "", "W/", etag[:-2]]:
            with self.subTest(told=told):
                assert self.visitor.get(A_PAGE, if_none_match=told).status == 200

    def test_who_has_the_page_is_told_so_though_something_else_was_changed(self):
        etag = self.visitor.get(A_PAGE).headers["ETag"]
        make_character("Somebody else")
        Revision.objects.rise()
        self.visitor.edge.watch.look_again()
        answer = self.visitor.get(A_PAGE, if_none_match=etag)
        assert answer.status == 304

    def test_head_is_get_without_the_body(self):
        for address in [A_PAGE, "/series/", "/series/nothing/", "/people/?page=999"]:
            with self.subTest(address=address):
                head, get = self.visitor.head(address), self.visitor.get(address)
                assert head.body == b""
                assert head.status == get.status
                assert head.headers.get("Content-Length") == get.headers.get("Content-Length")
                assert head.headers.get("ETag") == get.headers.get("ETag")

    def test_is_packed_as_the_client_takes_it(self):
        plain = self.visitor.get(A_PAGE).body
        for accepted, packed, unpack in [
            ("gzip, deflate, br, zstd", "br", brotli.decompress),
            ("GZIP", "gzip", gzip.decompress),
            ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
            ("*", "br", brotli.decompress),
            ("br;q=0,*;q=0.1", "gzip", gzip.decompress),
        ]:
            with self.subTest(accepted=accepted):
                answer = self.visitor.get(A_PAGE, accept_encoding=accepted)
                assert answer.headers["Content-Encoding"] == packed
                assert int(answer.headers["Content-Length"]) == len(answer.body) < len(plain)
                assert unpack(answer.body) == plain
        for accepted in ["", "identity", "deflate", "br;q=0", "gzip;q=none", "*;q=0"]:
            with self.subTest(accepted=accepted):
                answer = self.visitor.get(A_PAGE, accept_encoding=accepted)
                assert "Content-Encoding" not in answer.headers
                assert answer.body == plain

    def test_parameters_on_which_it_does_not_depend_make_no_other_page(self):
        plain = self.visitor.get(A_PAGE)
        for query in ["utm_source=mail", "page=2", "show=once", "x=%00", "&&=", "order[]=1"]:
            with self.subTest(query=query):
                answer = self.visitor.get(f"{A_PAGE}?{query}")
                assert (answer.mark, answer.body) == ("hit", plain.body)

    def test_what_it_does_not_depend_on_gets_into_no_page(self):
        answer = self.visitor.get("/people/?utm_source=mail&series=bosch", user_agent="Spy/1.0")
        assert answer.mark == "miss"
        assert "utm_source" not in answer.text
        assert answer.body == Visitor().get("/people/?series=bosch").body

    def test_parameters_count_in_whatever_order_they_come(self):
        asked = ["/actors/?series=bosch&kind=main", "/actors/?kind=main&series=bosch"]
        assert self.visitor.marks(*asked) == ["miss", "hit"]
        other = ["/actors/?series=bosch", "/actors/?series=ballard", "/actors/?series=bosch&page=1"]
        assert self.visitor.marks(*other) == ["miss"] * 3

    def test_the_results_of_a_list_are_a_page_of_their_own(self):
        whole = self.visitor.get("/people/?series=bosch")
        told = {"hx_request": "true", "hx_target": "results"}
        part = self.visitor.get("/people/?series=bosch", **told)
        assert part.mark == "miss"
        assert len(part.body) < len(whole.body)
        assert part.headers["HX-Push-Url"] == "/people/?series=bosch"
        assert self.visitor.get("/people/?series=bosch", **told).mark == "hit"
        assert self.visitor.get("/people/?series=bosch").body == whole.body
        told["hx_target"] = "elsewhere"
        assert self.visitor.get("/people/?series=bosch", **told).mark == "bypass"

    def test_what_is_no_page_for_everybody_is_handed_on(self):
        for address in ["/admin/", "/progress/", "/nowhere/", "/series", "/static/css/x.css"]:
            with self.subTest(address=address):
                assert self.visitor.marks(address, address) == ["bypass", "bypass"]

    def test_what_is_not_there_is_not_kept(self):
        for address in ["/series/nothing/", "/people/?page=999", "/people/?page=x", "/people/?q="]:
            with self.subTest(address=address):
                first, second = self.visitor.get(address), self.visitor.get(address)
                assert first.status == second.status != 200
                assert (first.mark, second.mark) == ("miss", "miss")
        assert len(self.visitor.edge.memory) == 0

    def test_a_form_is_handed_on_as_it_came(self):
        answer = self.visitor.ask("POST", "/progress/", b"bosch=1.1&next=/series/")
        assert (answer.status, answer.mark) == (400, "bypass")

    def test_other_methods_are_refused_by_the_page(self):
        for method in ["POST", "PUT", "DELETE", "PATCH", "BREW"]:
            with self.subTest(method=method):
                assert self.visitor.ask(method, A_PAGE).status in {403, 405}

    def test_every_page_that_links_lead_to_is_what_django_makes_of_it(self):
        for progress in [None, "bosch.1.1"]:
            told = {} if progress is None else {"cookie": f"progress={progress}"}
            visitor = Visitor(**told)
            client = Client(headers=told)
            left, kept = ["/", *FILTERED], 0
            seen = set(left)
            while left:
                address = left.pop(0)
                made, again = visitor.get(address), visitor.get(address)
                plain = client.get(address)
                assert made.status == plain.status_code, address
                assert made.body == again.body == plain.content, address
                kept += again.mark == "hit"
                links = set(_links(plain.text)) if plain.status_code == 200 else set()
                left += sorted(links - seen)
                seen |= links
            assert kept > 50


def _links(text):
    links = (html.unescape(link) for link in re.findall(r'href="(/[^"#]*)', text))
    return (link for link in links if not link.startswith(("/static/", "/admin/")))


class HostTests(World):
    def setUp(self):
        self.visitor = Visitor()

    def test_a_host_that_is_not_the_sites_gets_nothing_from_memory(self):
        self.visitor.get(A_PAGE)
        for host in ["evil.example", "", "testserver.evil.example", "testserver/", "a b", "[::1"]:
            with self.subTest(host=host):
                answer = self.visitor.get(A_PAGE, host=host)
                assert (answer.status, answer.mark) == (400, "bypass")
        assert self.visitor.get(A_PAGE).mark == "hit"

    def test_hosts_and_schemes_are_kept_apart(self):
        with override_settings(ALLOWED_HOSTS=["testserver", "other.example"]):
            here = self.visitor.get(A_PAGE)
            there = self.visitor.get(A_PAGE, host="other.example")
            with_port = self.visitor.get(A_PAGE, host="testserver:8001")
            secure = self.visitor.get(A_PAGE, scheme="https")
        assert [page.mark for page in (there, with_port, secure)] == ["miss"] * 3
        assert 'href="http://testserver/series/bosch/"' in here.text
        assert 'href="http://other.example/series/bosch/"' in there.text
        assert 'href="http://testserver:8001/series/bosch/"' in with_port.text
        assert 'href="https://testserver/series/bosch/"' in secure.text

    def test_a_host_is_written_in_one_way(self):
        assert self.visitor.get(A_PAGE, host="TestServer").mark == "bypass"

    def test_who_is_not_believed_about_the_scheme_changes_nothing(self):
        plain = self.visitor.get(A_PAGE)
        answer = self.visitor.get(A_PAGE, x_forwarded_proto="https")
        assert (answer.mark, answer.body) == ("hit", plain.body)

    @override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
    def test_a_proxy_that_is_believed_tells_the_scheme(self):
        plain = self.visitor.get(A_PAGE, x_forwarded_proto="http")
        secure = self.visitor.get(A_PAGE, x_forwarded_proto="https")
        assert secure.mark == "miss"
        assert 'href="https://testserver/series/bosch/"' in secure.text
        assert 'href="http://testserver/series/bosch/"' in plain.text
        assert self.visitor.get(A_PAGE, x_forwarded_proto="https").mark == "hit"

    @override_settings(SECURE_SSL_REDIRECT=True)
    def test_who_is_sent_to_https_gets_no_page_from_memory(self):
        edge = new_edge(Handler())
        secure = Visitor(edge).get(A_PAGE, scheme="https")
        plain = Visitor(edge).get(A_PAGE)
        assert (secure.status, plain.status) == (200, 301)


class EditorTests(World):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.anna = get_user_model().objects.create_superuser("anna")
        cls.draft = make_series("Start of Watch", state=State.DRAFT)

    def setUp(self):
        self.edge = new_edge()
        self.visitor = Visitor(self.edge)
        client = Client()
        client.force_login(self.anna)
        self.editor = Visitor(self.edge, cookie=f"sessionid={client.cookies['sessionid'].value}")

    def test_a_draft_is_never_kept_for_the_public(self):
        for address in ["/series/", "/series/start-of-watch/", "/", "/search/?q=watch"]:
            for order in [(self.editor, self.visitor), (self.visitor, self.editor)]:
                with self.subTest(address=address, order=order):
                    self.edge.memory.__init__(2**20)
                    pages = {who: who.get(address) for who in order}
                    pages |= {who: who.get(address) for who in order}
                    assert "/start-of-watch/" in pages[self.editor].text
                    assert pages[self.editor].mark == "bypass"
                    assert "no-store" in pages[self.editor].headers["Cache-Control"]
                    assert "/start-of-watch/" not in pages[self.visitor].text

    def test_a_preview_is_a_parameter_for_editors_alone(self):
        plain = self.visitor.get("/series/")
        answer = self.visitor.get("/series/?preview=bosch.1.1")
        assert (answer.mark, answer.body) == ("hit", plain.body)
        assert "Start of Watch" in self.editor.get("/series/?preview=bosch.1.1").text

    def test_a_session_that_is_none_gets_a_visitors_page_that_is_not_kept(self):
        stranger = Visitor(self.edge, cookie="sessionid=invented")
        assert "Start of Watch" not in stranger.get("/series/").text
        assert stranger.get("/series/").mark == "bypass"
        assert len(self.edge.memory) == 0

    def test_a_message_that_waits_is_shown_to_nobody_else(self):
        assert Visitor(self.edge, cookie="messages=x").get("/").mark == "bypass"

    def test_an_editor_sees_the_change_at_once_and_so_does_everybody_who_asks_here(self):
        self.visitor.get(A_PAGE)
        client = Client()
        client.force_login(self.anna)
        with recording(self.anna) as record:
            record.remember([self.bosch])
            self.bosch.tagline = "Everybody counts"
            self.bosch.save()
        assert "Everybody counts" in self.editor.get(A_PAGE).text
        # Whatever is posted may have changed something.
        self.editor.ask("POST", "/admin/catalog/series/", b"")
        answer = self.visitor.get(A_PAGE)
        assert "Everybody counts" in answer.text
        assert answer.mark == "miss"


class ProgressTests(World):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        make_fact(cls.harry, "Harry finds her.", revealed_in=cls.later)

    def setUp(self):
        self.edge = new_edge()

    def at(self, progress, **cookies):
        told = "; ".join(
            f"{name}={value}" for name, value in {**cookies, "progress": progress}.items()
        )
        return Visitor(self.edge, cookie=told)

    def test_pages_of_visitors_who_have_come_differently_far_are_never_mixed(self):
        address = "/characters/harry-bosch/"
        visitors = [Visitor(self.edge), self.at("bosch.1.1"), self.at("bosch.2.1"), self.at("none")]
        texts = [visitor.get(address).text for visitor in visitors]
        again = [visitor.get(address) for visitor in reversed(visitors)]
        assert [answer.mark for answer in again] == ["hit"] * 4
        assert [answer.text for answer in reversed(again)] == texts
        assert len(set(texts)) == 4
        assert ["Harry finds her." in text for text in texts] == [True, False, True, False]

    def test_such_a_page_is_private(self):
        headers = self.at("bosch.1.1").get("/").headers
        assert "private" in headers["Cache-Control"]
        assert "public" not in headers["Cache-Control"]
        etag = headers["ETag"]
        assert self.at("bosch.1.1").get("/", if_none_match=etag).status == 304
        assert Visitor(self.edge).get("/", if_none_match=etag).status == 200

    def test_the_same_progress_is_the_same_page_however_it_is_told(self):
        assert self.at("bosch.1.1").get("/").mark == "miss"
        for progress in ["bosch.1.1~ballard.0.0", '"bosch.1.1"']:
            with self.subTest(progress=progress):
                assert self.at(progress).get("/").mark == "hit"
        assert self.at("bosch.1.1", theme="dark", _ga="1.2.3").get("/").mark == "hit"

    def test_a_page_without_the_progress_is_a_page_of_its_own(self):
        visitor = self.at("bosch.1.1")
        assert visitor.marks("/series/", "/series/?show=once", "/series/?show=once") == [
            "miss",
            "miss",
            "hit",
        ]

    def test_what_sets_a_cookie_is_not_kept(self):
        answers = [self.at("x;;").get("/"), self.at("bosch.x").get("/")]
        assert all("Set-Cookie" in answer.headers for answer in answers)
        self.bosch.slug = "harry"
        self.bosch.save()
        self.edge.watch.look_again()
        for _ in range(2):
            answer = self.at("bosch.1.1").get("/")
            assert "harry.1.1" in answer.headers["Set-Cookie"]
            assert answer.mark == "miss"
        assert len(self.edge.own_memory) == 0

    def test_invented_progresses_push_out_no_page_that_others_get(self):
        visitor = Visitor(self.edge)
        pages = ["/series/", "/people/", "/characters/"]
        assert visitor.marks(*pages) == ["miss"] * 3
        for number in range(300):
            self.at(f"invented-{number}.1.1").get("/robots.txt")
        self.edge.own_memory.__init__(10_000)
        for number in range(20):
            self.at(f"invented-{number}.1.1").get("/series/")
        assert self.edge.own_memory.used <= 10_000
        assert visitor.marks(*pages) == ["hit"] * 3


class ChangeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.bosch = make_series("Bosch")
        make_episode(make_season(cls.bosch), name="Pilot")

    def setUp(self):
        self.visitor = Visitor()

    def test_a_page_that_was_not_there_comes_when_it_is_published(self):
        draft = make_series("Ballard", state=State.DRAFT)
        assert self.visitor.get("/series/ballard/").status == 404
        with recording(None):
            draft.state = State.PUBLISHED
            draft.save()
        self.visitor.edge.watch.look_again()
        assert self.visitor.get("/series/ballard/").status == 200
        with recording(None):
            draft.state = State.DRAFT
            draft.save()
        self.visitor.edge.watch.look_again()
        assert self.visitor.get("/series/ballard/").status == 404

    def test_a_change_is_seen_within_a_second(self):
        self.visitor.get("/series/")
        with recording(None):
            make_series("Ballard")
        time.sleep(1)
        assert "Ballard" in self.visitor.get("/series/").text

    def test_what_is_scheduled_appears_in_its_time(self):
        moment = timezone.now() + dt.timedelta(seconds=2)
        make_series("Ballard", publish_at=moment)
        assert "Ballard" not in self.visitor.get("/series/").text
        assert self.visitor.get("/series/").mark == "hit"
        time.sleep(2)
        assert "Ballard" in self.visitor.get("/series/").text

    def test_pages_are_made_anew_at_midnight_and_at_the_next_moment(self):
        now = dt.datetime(2026, 11, 25, 13, 5, tzinfo=dt.UTC)
        assert Revision.objects.next_moment(after=now) == dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
        for hour in (16, 15, 12):
            make_character(publish_at=now.replace(hour=hour))
        make_character(publish_at=now.replace(hour=14), state=State.DRAFT)
        assert Revision.objects.next_moment(after=now) == now.replace(hour=15)

    def test_a_change_is_a_part_of_its_transaction(self):
        before = Revision.objects.current()
        with recording(None) as record:
            record.remember([self.bosch])
            self.bosch.tagline = "Everybody counts"
            self.bosch.save()
        assert Revision.objects.current() == before + 1


class EvidenceTests(World):
    """After a change, a page that was made of nothing that has changed is not made anew."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        make_fact(cls.harry, "Harry finds her.", revealed_in=cls.later)
        cls.draft = make_character("Mickey Haller", state=State.DRAFT)

    ADDRESSES = (
        "/",
        "/series/",
        "/series/bosch/",
        "/series/ballard/season-1/",
        "/series/bosch/season-1/episode-1/",
        "/episodes/?character=harry-bosch",
        "/characters/",
        "/characters/harry-bosch/",
        "/characters/mickey-haller/",
        "/actors/?series=bosch",
        "/crew/?job=director",
        "/people/titus-welliver/",
        "/people/ernest-dickerson/",
        "/organizations/cold-case-unit/",
        "/news/",
        "/crossovers/",
        "/timeline/",
        "/search/?q=bosch",
        "/search/suggest/?q=ti",
    )

    def setUp(self):
        self.edge = new_edge()
        self.visitors = [Visitor(self.edge), Visitor(self.edge, cookie="progress=bosch.1.2")]

    def all_pages(self):
        return {
            (number, address): visitor.get(address)
            for number, visitor in enumerate(self.visitors)
            for address in self.ADDRESSES
        }

    def after(self, change):
        """The pages that are there after ``change``; they were there before."""
        self.all_pages()
        with recording(None) as self.record:
            change()
        self.edge.watch.look_again()
        return self.all_pages()

    def save(self, row, **values):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()

    def test_what_was_not_changed_is_not_made_anew(self):
        pages = self.after(lambda: self.save(self.jamie, name="Jamie J. Hector"))
        marks = {address: page.mark for (number, address), page in pages.items() if number == 0}
        for address, mark in marks.items():
            with self.subTest(address=address):
                # What is not there is not kept.
                names_him = "Jamie J. Hector" in pages[0, address].text
                is_there = pages[0, address].status == 200
                assert mark == ("miss" if names_him or not is_there else "hit")

    def test_a_text_makes_no_page_anew_that_only_names_its_entry(self):
        pages = self.after(lambda: self.save(self.titus, biography="He was born in New Haven."))
        marks = {address: page.mark for (number, address), page in pages.items() if number == 0}
        assert marks["/people/titus-welliver/"] == "miss"
        assert marks["/series/bosch/"] == marks["/characters/"] == "hit"

    def test_no_change_leaves_an_old_page(self):
        changes = {
            "a name": lambda: self.save(self.titus, name="Titus B. Welliver"),
            "a text": lambda: self.save(self.harry, biography="He works the night shift."),
            "a fact": lambda: make_fact(self.harry, "Harry retires."),
            "a part": lambda: make_portrayal(self.jamie, self.jerry, self.ballard),
            "a credit": lambda: make_credit(self.titus, self.bosch, self.director),
            "an episode": lambda: make_episode(self.one, 3, name="Third", aired="2014-02-20"),
            "a date": lambda: self.save(self.pilot, aired="2013"),
            "news": lambda: make_announcement("Ended", series=[self.bosch], date="2021"),
            "published": lambda: self.save(self.draft, state=State.PUBLISHED),
            "published just now": lambda: make_character(publish_at=timezone.now()),
            "withdrawn": lambda: self.save(self.jerry, state=State.DRAFT),
            "a slug": lambda: self.save(self.renee, slug="ballard"),
            "deleted": lambda: self.record.delete([self.unit]),
            "a series withdrawn": lambda: self.save(self.ballard, state=State.DRAFT),
        }
        clients = [Client(headers=visitor.headers) for visitor in self.visitors]
        for name, change in changes.items():
            pages = self.after(change)
            for (number, address), page in pages.items():
                with self.subTest(change=name, address=address, visitor=number):
                    plain = clients[number].get(address)
                    assert page.status == plain.status_code
                    assert page.body == plain.content


class Slow:
    """Django behind a door: each request waits until it opens."""

    def __init__(self):
        self.application = Handler()
        self.came = Event()
        self.door = Event()
        self.door.set()
        self.number = 0

    def __call__(self, environ, start_response):
        self.number += 1
        self.came.set()
        assert self.door.wait(30)
        return self.application(environ, start_response)


class TogetherTests(TransactionTestCase):
    def setUp(self):
        make_series("Bosch")
        self.slow = Slow()
        self.edge = new_edge(self.slow)
        self.visitor = Visitor(self.edge)

    def change(self):
        with recording(None):
            make_series("Ballard")
        self.edge.watch.look_again()

    def ask_beside(self, address):
        """Ask in a thread of its own; gives it, and where its answer will stand."""
        found = []

        def ask():
            try:
                found.append(self.visitor.get(address))
            finally:
                connection.close()

        thread = Thread(target=ask)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.slow.door.set)
        return thread, found

    def test_one_makes_a_page_anew_while_the_others_get_the_previous_one(self):
        self.visitor.get("/series/")
        self.change()
        self.slow.door.clear()
        self.slow.came.clear()
        thread, found = self.ask_beside("/series/")
        assert self.slow.came.wait(30)
        answers = [self.visitor.get("/series/") for _ in range(5)]
        assert {answer.mark for answer in answers} == {"stale"}
        assert "Ballard" not in answers[0].text
        self.slow.door.set()
        thread.join()
        assert found[0].mark == "miss"
        assert "Ballard" in found[0].text
        assert self.visitor.get("/series/").mark == "hit"
        assert self.slow.number == 2

    def test_nobody_gets_the_previous_page_after_a_second(self):
        self.visitor.get("/series/")
        self.change()
        self.visitor.get("/robots.txt")
        time.sleep(1)
        self.slow.door.clear()
        self.slow.came.clear()
        threads = [self.ask_beside("/series/") for _ in range(3)]
        assert self.slow.came.wait(30)
        self.slow.door.set()
        for thread, found in threads:
            thread.join()
            assert "Ballard" in found[0].text

    def test_a_page_that_many_ask_for_at_once_is_made_once(self):
        self.slow.door.clear()
        threads = [self.ask_beside("/series/") for _ in range(5)]
        assert self.slow.came.wait(30)
        time.sleep(0.2)  # let the others come too
        self.slow.door.set()
        for thread, found in threads:
            thread.join()
            assert found[0].status == 200
        assert self.slow.number == 1
        assert sorted(found[0].mark for _, found in threads) == ["hit"] * 4 + ["miss"]


class ErrorTests(TestCase):
    def setUp(self):
        self.answer = ("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")], b"fine")
        self.visitor = Visitor(new_edge(self.application))

    def application(self, environ, start_response):
        Revision.objects.current()
        status, headers, body = self.answer
        start_response(status, headers)
        return [body]

    def break_down(self):
        self.answer = ("500 Internal Server Error", [("Content-Type", "text/plain")], b"broken")
        self.rise()

    def rise(self):
        Revision.objects.rise()
        self.visitor.edge.watch.look_again()

    def test_an_error_is_not_kept(self):
        self.break_down()
        assert self.visitor.get("/series/").status == 500
        self.answer = ("200 OK", [("Content-Type", "text/plain")], b"fine")
        assert self.visitor.get("/series/").text == "fine"

    def test_where_a_page_cannot_be_made_anew_the_last_one_is_better_than_none(self):
        self.visitor.get("/series/")
        self.break_down()
        answer = self.visitor.get("/series/")
        assert (answer.status, answer.mark, answer.text) == (200, "stale", "fine")

    def test_what_was_found_to_be_gone_is_not_shown_again(self):
        for status in ("404 Not Found", "301 Moved Permanently"):
            with self.subTest(status=status):
                self.answer = ("200 OK", [("Content-Type", "text/plain")], b"fine")
                assert self.visitor.get("/series/").text == "fine"
                self.answer = (status, [("Content-Type", "text/plain")], b"gone")
                self.rise()
                assert self.visitor.get("/series/").text == "gone"
                self.break_down()
                assert self.visitor.get("/series/").status == 500

    def test_what_asks_not_to_be_kept_is_not(self):
        for header in [("Set-Cookie", "a=b"), ("Cache-Control", "private, no-store")]:
            with self.subTest(header=header):
                self.answer = ("200 OK", [("Content-Type", "text/plain"), header], b"mine")
                assert self.visitor.marks("/series/", "/series/") == ["miss", "miss"]
