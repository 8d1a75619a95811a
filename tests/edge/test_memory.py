import gc
import tracemalloc

from django.test import TestCase

from catalog.edge.evidence import Evidence
from catalog.edge.memory import Memory
from catalog.edge.pages import Page
from franchise.handler import Handler

from .visitor import Visitor, new_edge


def page_of(size):
    return Page((1, 0.0), Evidence(None), "200 OK", [("Content-Type", "text/html")], b"x" * size)


class MemoryTests(TestCase):
    def test_holds_no_more_than_it_may(self):
        memory = Memory(100_000)
        for number in range(1_000):
            memory.keep(number, page_of(5_000))
            assert memory.used <= 100_000
        assert 0 < len(memory) < 20

    def test_what_was_asked_for_longest_ago_gives_way(self):
        memory = Memory(100_000)
        for number in range(12):
            memory.keep(number, page_of(5_000))
        assert memory.get(0) is not None
        for number in range(12, 20):
            memory.keep(number, page_of(5_000))
        assert memory.get(0) is not None
        assert memory.get(1) is None

    def test_what_is_asked_for_again_is_not_pushed_out_by_what_is_asked_for_once(self):
        memory = Memory(100_000)
        for number in range(5):
            memory.keep(number, page_of(5_000))
            memory.get(number)
        for number in range(100, 10_000):
            memory.keep(number, page_of(5_000))
        assert all(memory.get(number) is not None for number in range(5))

    def test_what_is_asked_for_again_gives_way_to_what_is_asked_for_again_later(self):
        memory = Memory(100_000)
        for number in range(100):
            memory.keep(number, page_of(5_000))
            memory.get(number)
            assert memory.used <= 100_000
        assert memory.get(0) is None
        assert memory.get(99) is not None

    def test_a_page_that_is_kept_anew_counts_once(self):
        memory = Memory(100_000)
        for _ in range(100):
            memory.keep("a", page_of(5_000))
        assert len(memory) == 1
        assert memory.used == memory.get("a").size

    def test_packed_bodies_count_too(self):
        memory = Memory(100_000)
        page = page_of(5_000)
        memory.keep("a", page)
        page.body_for("")
        before = memory.used
        page.body_for("gzip")
        memory.weigh("a", page)
        assert memory.used == page.size > before
        memory.weigh("b", page)
        assert memory.used == page.size

    def test_a_page_that_is_too_large_pushes_out_nothing(self):
        memory = Memory(100_000)
        memory.keep("a", page_of(5_000))
        memory.keep("b", page_of(90_000))
        assert memory.get("b") is None
        assert memory.get("a") is not None

    def test_reckons_with_what_pages_really_take(self):
        for application, address in [
            (self.application, "/search/?q={}"),
            (self.application, f"/search/?q={{}}{'x' * 5_000}"),
            (Handler(), "/search/?q={}"),
            (Handler(), "/people/?q={}"),
        ]:
            with self.subTest(address=address[:20]):
                visitor = Visitor(new_edge(application, size=2**24))
                visitor.get(address.format("first"))
                tracemalloc.start()
                try:
                    gc.collect()
                    before, _ = tracemalloc.get_traced_memory()
                    for number in range(50):
                        visitor.get(address.format(number), accept_encoding="br")
                    gc.collect()
                    after, _ = tracemalloc.get_traced_memory()
                finally:
                    tracemalloc.stop()
                assert len(visitor.edge.memory) == 51
                # What else Python keeps of a request is in it too.
                assert after - before < visitor.edge.memory.used * 1.25

    def test_is_held_by_a_hundred_thousand_addresses(self):
        visitor = Visitor(new_edge(self.application, size=2**20))
        memory = visitor.edge.memory
        for number in range(100_000):
            visitor.get(f"/search/?q={number}")
            if number % 100 == 0:
                visitor.get("/series/")
                assert memory.used <= memory.size
        assert visitor.get("/series/").mark == "hit"
        assert len(memory) < 1_000

    @staticmethod
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["QUERY_STRING"][:20].encode() * 100]
