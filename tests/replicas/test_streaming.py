"""A real primary, a real streaming standby, and gunicorn in front of them."""

import threading
from itertools import count

import pytest
from django.test import SimpleTestCase

from ..servers import Editor, Server
from .cluster import BINARIES, Cluster, execute, wait_until

PAGES = [
    "/",
    "/series/",
    "/series/bosch/",
    "/series/bosch/season-1/",
    "/series/bosch/season-1/episode-1/",
    "/episodes/?series=bosch",
    "/characters/?series=bosch&series=ballard&match=all",
    "/characters/harry-bosch/",
    "/actors/",
    "/crew/?job=director",
    "/people/?q=welliver",
    "/people/titus-welliver/",
    "/organizations/",
    "/organizations/lapd/",
    "/news/",
    "/timeline/",
    "/crossovers/",
    "/crossovers/people/",
    "/watch-orders/",
    "/search/?q=bosch",
    "/search/?q=harri+bosh",
    "/search/suggest/?q=ha",
    "/search/suggest/?q=ti&kind=person&within=/characters/",
]


@pytest.mark.skipif(BINARIES is None, reason="no PostgreSQL on this machine")
class StreamingTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cluster = cls.enterClassContext(Cluster())
        cls.environment = {
            "DATABASE_URL": cls.cluster.primary.url,
            "DATABASE_REPLICA_URLS": cls.cluster.standby.url,
            "REPLICA_MAX_LAG": "3",
        }
        cls.site = cls.enterClassContext(Server(**cls.environment))
        cls.numbers = count()

    def setUp(self):
        self.wait_until_read_from("standby")

    def unseen(self, number=1):
        """Addresses of as many pages that nobody has asked for."""
        return [f"/search/?q=number+{next(self.numbers)}" for _ in range(number)]

    def read_from(self, *paths, **cookies):
        """Which servers the pages at ``paths``, none of them kept, are read from."""
        with self.cluster.sources() as found:
            for path in paths:
                answer = self.site.get(path, cookies=cookies)
                assert (answer.status_code, answer.headers["X-Cache"]) == (200, "miss"), path
        return found

    def wait_until_read_from(self, server):
        wait_until(lambda: self.read_from(*self.unseen()) == {server})

    def publish(self, tagline):
        """What an editor's save does, in one transaction: a change, and the number that tells."""
        execute(
            self.cluster.primary,
            f"UPDATE catalog_series SET tagline = '{tagline}';"  # noqa: S608 - our own words
            "UPDATE catalog_revision SET number = number + 1",
        )

    def shows(self, path, text):
        answer = self.site.get(path)
        assert answer.status_code == 200
        return text in answer.text

    def test_every_public_page_is_read_from_the_standby(self):
        self.publish("Anew")  # so that no page is kept from before
        wait_until(lambda: self.shows("/series/?sort=name", "Anew"))
        assert self.read_from(*PAGES) == {"standby"}
        assert self.read_from(*PAGES, progress="bosch.2.3") == {"standby"}

    def test_editors_read_and_write_on_the_primary(self):
        self.cluster.manage(
            *("createsuperuser", "--noinput", "--username=anna", "--email=anna@example.com"),
            DJANGO_SUPERUSER_PASSWORD="for this test only",
        )
        editor = Editor(self.site)
        editor.submit("/admin/login/", username="anna", password="for this test only")
        with self.cluster.sources() as found:
            editor.submit("/admin/catalog/network/add/", name="Channel Nine", slug="channel-nine")
            assert "Channel Nine" in editor.get("/admin/catalog/network/").text
            for path in ["/series/bosch/", "/search/?q=bosch"]:
                assert editor.get(path).headers["X-Cache"] == "bypass"
        assert found == {"primary"}
        slugs = execute(self.cluster.primary, "SELECT slug FROM catalog_network")
        assert ("channel-nine",) in slugs

    def test_an_edit_is_seen_and_an_old_page_is_never_kept_for_it(self):
        paths = ["/series/", "/series/?sort=name", "/series/?q=bosch", "/series/bosch/"]
        self.publish("Before")
        wait_until(lambda: all(self.shows(path, "Before") for path in paths))
        execute(self.cluster.standby, "SELECT pg_wal_replay_pause()")
        self.addCleanup(execute, self.cluster.standby, "SELECT pg_wal_replay_resume()")
        self.publish("After")
        # As long as the standby counts as good, its pages are those of before.
        with self.cluster.sources() as found:
            self.read_from(*self.unseen())
            for path in paths:
                assert self.shows(path, "Before")
        assert found == {"standby"}
        # When it is too far behind, each page is of now, also those that were asked for meanwhile.
        self.wait_until_read_from("primary")
        for path in paths:
            wait_until(lambda path=path: self.shows(path, "After"))
        # It comes back by itself, with what it missed.
        execute(self.cluster.standby, "SELECT pg_wal_replay_resume()")
        self.wait_until_read_from("standby")
        for path in paths:
            assert self.shows(path, "After")

    def test_a_standby_that_has_lost_its_primary_is_skipped_though_nobody_writes(self):
        ((where,),) = execute(self.cluster.standby, "SHOW primary_conninfo")

        def follow(conninfo):
            execute(
                self.cluster.standby,
                f"ALTER SYSTEM SET primary_conninfo = $${conninfo}$$",
                "SELECT pg_reload_conf()",
            )

        self.addCleanup(follow, where)
        follow("host=/nowhere")
        self.wait_until_read_from("primary")
        follow(where)
        self.wait_until_read_from("standby")

    def test_a_standby_that_dies_under_load_costs_no_visitor_a_page(self):
        self.addCleanup(self.cluster.standby.start)
        statuses, stop = [], threading.Event()

        def visit():
            while not stop.is_set():
                statuses.extend(self.site.get(path).status_code for path in self.unseen(5))

        visitors = [threading.Thread(target=visit) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        try:
            wait_until(lambda: len(statuses) > 20)
            self.cluster.standby.stop()
            so_far = len(statuses)
            wait_until(lambda: len(statuses) > so_far + 40)
        finally:
            stop.set()
            for visitor in visitors:
                visitor.join()
        assert set(statuses) == {200}, self.site.said()
        self.wait_until_read_from("primary")
        assert "replica-1 is skipped: it does not answer" in self.site.said()
        self.cluster.standby.start()
        self.wait_until_read_from("standby")

    def test_visitors_do_not_miss_a_primary_that_is_lost(self):
        said = len(self.site.said())
        self.cluster.primary.stop()
        self.addCleanup(self.cluster.primary.start)
        # Until nobody can tell any longer whether the standby has everything, and from then on.
        lag = "it is more than 3 seconds behind the primary"
        wait_until(lambda: self.read_from(*self.unseen()) and lag in self.site.said()[said:])
        assert self.read_from(*self.unseen(20)) == {"standby"}
        with Server(**self.environment) as started_meanwhile:
            wait_until(lambda: started_meanwhile.get("/series/").ok)
