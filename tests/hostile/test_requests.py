"""Twenty thousand requests that nobody should send: each is answered, and tells no secret.

`make fuzz` sends more of them, other ones each time.
"""

import logging
from collections import Counter
from random import Random
from urllib.parse import quote_plus

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from ..edge.visitor import Visitor, new_edge
from .addresses import admin_addresses, known_parameters, own_addresses
from .sent import Asking
from .strategies import added, from_nothing, queries, reading, spoilt, writing
from .world import UNSEEN, HostileWorld


class Requests:
    """Sends what ``requests(chance)`` gives; ``share`` is the part of all requests."""

    share = 0
    # Statuses that show that the requests got to where they were sent.
    met = frozenset()

    @pytest.fixture(autouse=True)
    def _take_options(self, pytestconfig):
        self.total, self.seed = pytestconfig.option.requests, pytestconfig.option.seed

    def test_each_is_answered_and_tells_no_secret(self):
        # Most of it would be told in the log, as it should.
        logging.disable(logging.CRITICAL)
        self.addCleanup(logging.disable, logging.NOTSET)
        number = round(self.total * self.share)
        ask, statuses = Asking(Visitor(new_edge(size=2**26))), Counter()

        @seed(self.seed)
        @settings(
            max_examples=number,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=[*HealthCheck],
        )
        @given(self.requests(Random(self.seed)))
        def holds(sent):
            statuses[ask(sent).status] += 1

        try:
            holds()
        except BaseException as error:
            error.add_note(f"Found with --requests {self.total} --seed {self.seed}.")
            raise
        assert statuses.total() >= number
        # Fewer need not get everywhere.
        if self.total >= 20_000:
            assert statuses.keys() >= self.met, statuses


class KeptPageTests(Requests, HostileWorld):
    """Every page at its address, most of the times from memory, whatever else is told."""

    share = 0.6
    met = frozenset({200, 304, 400, 405})

    def requests(self, chance):
        shown = [address for address in own_addresses() if UNSEEN not in address]
        return reading(chance, st.sampled_from(shown))


class PageTests(Requests, HostileWorld):
    """Pages with parameters, at misspelt addresses, and at those of what is not out."""

    share = 0.05
    met = frozenset({200, 301, 400, 404})

    def requests(self, chance):
        addresses = own_addresses()
        paths = st.one_of(st.sampled_from(addresses), spoilt(chance, addresses))
        sections = ["cast", "crew", "steps", "episodes", "acting", "sources", "facts", "members"]
        right = ["1", "2", "once", "story", "release"]
        return reading(chance, added(paths, queries(chance, sections, right)))


class ListTests(Requests, HostileWorld):
    """Lists, the search and the timeline, with each of their own parameters."""

    share = 0.08
    met = frozenset({200, 301, 302, 400, 404})

    def requests(self, chance):
        lists = [path for path in own_addresses() if known_parameters(path)]
        targets = [self.asked_of(chance, path) for path in dict.fromkeys(lists)]
        return reading(chance, st.one_of(targets))

    def asked_of(self, chance, path):
        context = self.client.get(path).context or {}
        facets = getattr(context.get("filter"), "facets", [])
        right = {str(option.value) for facet in facets for option in facet.options}
        right |= {"maggie-q", "renee-ballard", "ballard", "bosch", "old", "story", "character", "1"}
        right = [quote_plus(text) for text in sorted(right)]
        return added(path, queries(chance, known_parameters(path), right))


class AnywhereTests(Requests, HostileWorld):
    """Addresses that are no page's."""

    share = 0.14
    met = frozenset({200, 400, 404})

    def requests(self, chance):
        files = ["/static/css/tokens.css", "/media/images/zq.jpg", "/robots.txt", "/health/live"]
        others = ["/health/ready", "/media/../db.sqlite3", "/favicon.ico", "/.well-known/x", "/a"]
        spoilt_ones = spoilt(chance, [*files, *others])
        return reading(chance, st.one_of(from_nothing(), spoilt_ones, st.sampled_from(files)))


class FormTests(Requests, HostileWorld):
    """The form of how far one is, and bodies for pages that take none."""

    share = 0.05
    met = frozenset({200, 302, 400, 403, 405})

    def requests(self, chance):
        form = added("/progress/", queries(chance, ["next", "page"], ["1", "%2fseries%2f"]))
        targets = st.one_of(form, form, st.sampled_from(own_addresses()))
        right = ["ballard.1.1", "bosch.all", "ballard.0.0", "%2fseries%2f", "old.1.1"]
        return writing(chance, targets, right)


class AdminTests(Requests, HostileWorld):
    """What strangers find of the admin: the form to sign in, whatever they ask for and send."""

    share = 0.08
    met = frozenset({200, 302, 400, 403})

    def requests(self, chance):
        addresses = [*admin_addresses()]
        login = added("/admin/login/", queries(chance, ["next"], ["%2fadmin%2f", "%2f"]))
        paths = st.one_of(login, st.sampled_from(addresses), spoilt(chance, addresses))
        sent = writing(chance, st.one_of(login, login, paths), ["anna", "zq"])
        return st.one_of(reading(chance, paths), sent)
