"""20,000 requests that were made up, to every address there is. `make fuzz` makes up others."""

import os
import re
import time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from catalog.models import State

from ..edge.visitor import Visitor, new_edge
from ..factories import (
    make_announcement,
    make_character,
    make_organization,
    make_person,
    make_portrayal,
    make_series,
    make_watch_order,
)
from ..world import World
from .requests_made_up import MARKUP, requests_made_up

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "") or 20_000)
AT_ONCE = 20  # requests of an example
MOST_SECONDS = 2  # of the processor, which a busy machine does not make longer

# It stands in the texts of whatever is not published.
HIDDEN = "Zqhidden"


class FuzzTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        World.setUpTestData.__func__(cls)
        make_watch_order("Release order")
        for state in (State.DRAFT, State.IN_REVIEW):
            name = f"{HIDDEN} {state}"
            person = make_person(name, state=state, biography=HIDDEN, other_names=HIDDEN)
            character = make_character(name, state=state, biography=HIDDEN)
            series = make_series(name, state=state, synopsis=HIDDEN, tagline=HIDDEN)
            make_portrayal(person, character, series, credited_as=HIDDEN)
            make_portrayal(person, cls.harry, cls.bosch, note=HIDDEN)
            make_organization(name, state=state, description=HIDDEN)
            make_announcement(name, state=state, body=HIDDEN, series=[cls.bosch])
            make_watch_order(name, state=state, description=HIDDEN)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.edge = new_edge()

    @settings(
        max_examples=REQUESTS // AT_ONCE,
        derandomize="FUZZ_REQUESTS" not in os.environ,
        database=None,
        suppress_health_check=[*HealthCheck],
    )
    @given(st.lists(requests_made_up(), min_size=AT_ONCE, max_size=AT_ONCE))
    def test_whatever_is_sent_is_answered(self, made):
        visitor = Visitor(self.edge)
        for request in made:
            start = time.thread_time()
            answer = visitor.send(request.environ())
            took = time.thread_time() - start
            self.check(request, answer, took)

    def check(self, request, answer, took):
        assert 200 <= answer.status < 500, request
        assert took < MOST_SECONDS, request
        assert HIDDEN.lower().encode() not in answer.body.lower(), request
        assert MARKUP.encode() not in answer.body, request
        assert not re.search("[\r\n\0]", "".join(answer.headers.values())), request
