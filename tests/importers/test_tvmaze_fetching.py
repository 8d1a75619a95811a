import gzip
import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import unquote

import pytest
from django.test import SimpleTestCase

from catalog.importers.problems import CannotLoadError
from catalog.importers.tvmaze.fetching import USER_AGENT, Api, Pace, show_id

from . import tvmaze as made


class Server:
    """TVmaze on this machine: ``answer`` is called with the handler, for each call."""

    def __init__(self, answer):
        self.calls = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.calls.append((time.monotonic(), self.path, dict(self.headers)))
                with suppress(BrokenPipeError, ConnectionResetError):
                    answer(self, len(server.calls))

            def log_message(self, *args):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self):
        self._http.shutdown()
        self._http.server_close()


def say(handler, body=b"{}", status=200, **headers):
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def say_show(handler, number):
    is_list = "episodes" in handler.path
    answer = [made.episode(1)] if is_list else made.show()
    say(handler, json.dumps(answer).encode())


class FetchingTests(SimpleTestCase):
    def api(self, answer, **options):
        self.server = Server(answer)
        self.addCleanup(self.server.close)
        api = Api(self.server.address, **{"pause": 0.01, **options})
        self.addCleanup(api.close)
        return api

    def refuse(self, answer, key=13, **options):
        with pytest.raises(CannotLoadError) as error:
            self.api(answer, **options).show(key)
        return str(error.value)

    def test_a_show_takes_two_calls_and_says_who_asks(self):
        answers = self.api(say_show).show(13)
        assert [each.name for each in answers] == [
            "TVmaze /shows/13",
            "TVmaze /shows/13/episodes",
        ]
        paths = [unquote(path) for _, path, _ in self.server.calls]
        assert paths == [
            "/shows/13?embed[]=seasons&embed[]=cast&embed[]=crew",
            "/shows/13/episodes?specials=1",
        ]
        assert self.server.calls[0][2]["User-Agent"] == USER_AGENT

    def test_a_show_that_there_is_not(self):
        def answer(handler, number):
            say(handler, b'{"name": "Not Found", "status": 404}', 404)

        assert self.refuse(answer, 999) == "TVmaze has no show with the id 999."
        assert len(self.server.calls) == 1

    def test_a_server_that_fails_is_asked_again(self):
        def answer(handler, number):
            say(handler, status=503) if number < 3 else say_show(handler, number)

        assert self.api(answer).show(13)[0].content["id"] == 13
        assert len(self.server.calls) == 4

    def test_each_further_call_waits_longer(self):
        text = self.refuse(lambda handler, number: say(handler, status=500), tries=3, pause=0.1)
        assert "TVmaze is busy or broken at the moment (status 500). Try again later." in text
        moments = [moment for moment, _, _ in self.server.calls]
        pauses = [after - before for before, after in pairwise(moments)]
        assert len(pauses) == 3
        assert pauses[2] > pauses[1] > 0.15

    def test_retry_after_is_kept_to(self):
        def answer(handler, number):
            if number == 1:
                say(handler, status=429, Retry_After="1")
            else:
                say_show(handler, number)

        self.api(answer).show(13)
        first, second, *_ = [moment for moment, _, _ in self.server.calls]
        assert 1 <= second - first < 3

    def test_a_long_wait_is_told_instead(self):
        text = self.refuse(lambda handler, number: say(handler, status=429, Retry_After="3600"))
        assert text == "TVmaze asks to wait for 3600 seconds. Try again after that."
        assert len(self.server.calls) == 1

    def test_a_wait_that_cannot_be_read_is_not_asked_for(self):
        for wait in ("soon", "-5", "9" * 5_000):
            with self.subTest(wait=wait[:9]):

                def answer(handler, number, wait=wait):
                    if number == 1:
                        say(handler, status=429, Retry_After=wait)
                    else:
                        say_show(handler, number)

                assert self.api(answer).show(13)[0].content["id"] == 13

    def test_other_refusals_are_told_by_their_status(self):
        assert "status 403" in self.refuse(lambda handler, number: say(handler, status=403))

    def test_silence_has_an_end(self):
        text = self.refuse(lambda handler, number: time.sleep(2), tries=0, timeouts=(1, 0.2))
        assert "TVmaze cannot be reached" in text

    def test_a_body_that_stops_half_way_is_no_answer(self):
        def answer(handler, number):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b'{"id": 1')

        assert "TVmaze cannot be reached" in self.refuse(answer, timeouts=(1, 0.3))

    def test_an_endless_body_is_cut(self):
        def answer(handler, number):
            handler.send_response(200)
            handler.end_headers()
            while True:
                handler.wfile.write(b" " * 1_000_000)

        assert "it is larger than 20 MB" in self.refuse(answer)

    def test_a_small_body_that_unpacks_to_a_huge_one_is_cut(self):
        bomb = gzip.compress(b" " * 50_000_000)
        assert len(bomb) < 100_000
        text = self.refuse(lambda handler, number: say(handler, bomb, Content_Encoding="gzip"))
        assert "it is larger than 20 MB" in text

    def test_a_body_that_cannot_be_unpacked_is_refused(self):
        text = self.refuse(lambda handler, number: say(handler, b"{}", Content_Encoding="gzip"))
        assert text == "TVmaze /shows/13: its answer is packed in a broken way."

    def test_packed_and_chunked_answers_are_read(self):
        def answer(handler, number):
            body = gzip.compress(json.dumps(made.show()).encode())
            handler.protocol_version = "HTTP/1.1"
            handler.send_response(200)
            handler.send_header("Content-Encoding", "gzip")
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            for part in (body[:50], body[50:], b""):
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))

        assert self.api(answer).show(13)[0].content["name"] == "The Case"

    def test_what_is_no_json_is_refused(self):
        text = self.refuse(lambda handler, number: say(handler, b"<html>busy</html>"))
        assert text.startswith("TVmaze /shows/13, line 1, column 1: this is not JSON")

    def test_redirects_are_followed_on_the_same_host_only(self):
        def answer(handler, number):
            if handler.path.startswith("/shows/13"):
                say(handler, status=301, Location=handler.path.replace("13", "14"))
            else:
                say_show(handler, number)

        assert self.api(answer).show(13)[0].content["id"] == 13
        text = self.refuse(
            lambda handler, number: say(handler, status=302, Location="http://192.0.2.1/secret")
        )
        assert "sent on to another host, which is not asked" in text
        text = self.refuse(lambda handler, number: say(handler, status=302, Location="http://["))
        assert text == "TVmaze /shows/13: it was sent on to what is no address."

    def test_redirects_without_end_are_given_up(self):
        def answer(handler, number):
            say(handler, status=302, Location=handler.path)

        assert "sent on more than 5 times" in self.refuse(answer)
        assert len(self.server.calls) == 6

    def test_without_a_network_it_says_what_to_do(self):
        server = Server(say_show)
        server.close()
        with pytest.raises(CannotLoadError) as error:
            Api(server.address, tries=1, pause=0.01).show(13)
        assert str(error.value) == (
            f"TVmaze cannot be reached at {server.address}. Look whether this machine reaches the "
            "network, and try again. Or save its answers as files elsewhere, and import those."
        )

    def test_an_answer_that_trickles_is_given_up(self):
        def answer(handler, number):
            handler.send_response(200)
            handler.end_headers()
            while True:
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.02)

        assert "it took longer than 0.3 seconds" in self.refuse(answer, longest=0.3)

    def test_all_shows_of_a_run_keep_one_pace(self):
        def answer(handler, number):
            say(handler, status=503) if number == 1 else say_show(handler, number)

        api = self.api(answer, pace=Pace(4, 0.5))
        for key in (1, 2, 3, 4):
            api.show(key)
        moments = [moment for moment, _, _ in self.server.calls]
        assert len(moments) == 9  # eight, and one that was asked again
        assert all(moments[at + 4] - moments[at] >= 0.45 for at in range(5))


class PaceTests(SimpleTestCase):
    def test_the_pace_of_tvmaze_is_twenty_calls_in_ten_seconds(self):
        pace = Pace()
        assert (pace.most, pace.within) == (20, 10)

    def test_the_next_call_waits_for_the_first_to_be_old_enough(self):
        pace, start = Pace(3, 2), time.monotonic()
        for _ in range(3):
            pace.wait()
        assert time.monotonic() - start < 2
        pace.wait()
        assert time.monotonic() - start >= 2


class ShowIdTests(SimpleTestCase):
    def test_ids_and_links_to_shows(self):
        for text, key in [
            ("13", 13),
            (" 13 ", 13),
            ("https://www.tvmaze.com/shows/13/the-flash", 13),
            ("http://tvmaze.com/shows/13", 13),
            ("https://www.tvmaze.com/people/13/x", None),
            ("https://example.com/shows/13", None),
            ("0", None),
            ("-1", None),
            ("99999999999", None),
            ("٣", None),
            ("show.json", None),
            ("", None),
        ]:
            with self.subTest(text=text):
                assert show_id(text) == key
