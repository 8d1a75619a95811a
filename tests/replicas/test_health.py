import logging
from time import monotonic

from django.test import SimpleTestCase

from catalog.replicas.health import Servers

_MAX_LAG = 5


class ChosenTests(SimpleTestCase):
    """What the servers answered is told by hand; moments are seconds from now."""

    def setUp(self):
        self.servers = Servers(["replica-1", "replica-2"], _MAX_LAG)
        self.primary = self.servers.primary
        self.one, self.two = self.servers.replicas

    def written(self, position, ago=0):
        self.primary.tell(monotonic() - ago, position)

    def replayed(self, replica, position, ago=0, *, is_standby=True, is_receiving=True):
        replica.tell(monotonic() - ago, is_standby, is_receiving, position)

    def fault(self, replica):
        return replica.fault(monotonic())

    def test_the_primary_is_read_until_a_replica_has_answered(self):
        assert self.servers.chosen() == "default"
        self.written(100)
        assert self.servers.chosen() == "default"
        self.replayed(self.one, 100)
        assert self.servers.chosen() == "replica-1"

    def test_a_replica_that_has_all_that_was_written_is_read_however_long_nobody_wrote(self):
        self.written(100, ago=4)
        self.written(100)
        self.replayed(self.one, 100)
        assert not self.fault(self.one)

    def test_a_replica_is_as_old_as_the_primary_was_when_it_had_written_as_much(self):
        self.written(100, ago=7)
        self.written(150, ago=4)
        self.written(200)
        self.replayed(self.one, 149)
        self.replayed(self.two, 150)
        assert self.fault(self.one) == "it is more than 5 seconds behind the primary"
        assert not self.fault(self.two)
        assert self.servers.chosen() == "replica-2"

    def test_a_replica_that_caught_up_is_read_again(self):
        self.written(200)
        self.replayed(self.one, 100)
        assert self.servers.chosen() == "default"
        self.replayed(self.one, 200)
        assert self.servers.chosen() == "replica-1"

    def test_a_replica_without_news_of_the_primary_is_skipped_though_nobody_wrote(self):
        self.written(100, ago=6)
        self.replayed(self.one, 100, ago=6)
        self.written(100)
        self.replayed(self.one, 100, is_receiving=False)
        assert "behind the primary" in self.fault(self.one)

    def test_a_replica_that_falls_silent_is_skipped(self):
        self.written(100)
        self.replayed(self.one, 100, ago=4)
        assert self.fault(self.one) == "it does not answer"

    def test_a_replica_that_failed_is_skipped_until_it_answers(self):
        self.written(100)
        self.replayed(self.one, 100)
        self.servers.fail("replica-1")
        assert self.servers.chosen() == "default"
        self.replayed(self.one, 100)
        assert self.servers.chosen() == "replica-1"

    def test_a_server_that_is_no_standby_is_skipped(self):
        self.written(100)
        self.replayed(self.one, None, is_standby=False, is_receiving=False)
        assert self.fault(self.one) == "it is no standby but a server of its own"

    def test_a_process_keeps_to_one_of_several(self):
        self.written(100)
        self.replayed(self.one, 100)
        self.replayed(self.two, 100)
        assert len({self.servers.chosen() for _ in range(10)}) == 1

    def test_any_standby_stands_in_for_a_primary_that_is_lost(self):
        self.written(200)
        self.replayed(self.two, 100)
        assert self.servers.chosen() == "default"
        self.servers.fail("default")
        assert self.servers.chosen() == "replica-2"
        self.written(200)
        assert self.servers.chosen() == "default"

    def test_each_change_is_logged_once_with_its_reason(self):
        self.written(100)
        self.replayed(self.one, 100)
        with self.assertLogs("catalog.replicas.health", logging.INFO) as logs:
            self.servers.chosen()
            self.servers.chosen()
            self.one.fail("connection refused")
            self.servers.chosen()
            self.one.fail("connection refused, again")
            self.servers.chosen()
        assert [record.getMessage() for record in logs.records] == [
            "Public pages are read from replica-1.",
            "replica-1 is skipped: it does not answer (connection refused).",
        ]
