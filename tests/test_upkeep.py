"""SQLite gathers statistics by itself, after requests, and keeps nobody waiting."""

import sqlite3
from contextlib import closing
from time import monotonic
from unittest import skipUnless

from django.core.signals import request_finished
from django.db import connection
from django.test import Client, TransactionTestCase

from franchise import wsgi
from franchise.upkeep import Upkeep

from .factories import make_person, make_portrayal, make_series

SOON = 2  # seconds; who waited for the lock would wait for twenty


@skipUnless(connection.vendor == "sqlite", "PostgreSQL sees to it by itself")
class UpkeepTests(TransactionTestCase):
    def setUp(self):
        series = make_series("Bosch")
        for _ in range(3):
            make_portrayal(make_person(), series=series)
        self.execute("ANALYZE")  # makes the table
        self.execute("DELETE FROM sqlite_stat1")
        # Statistics are read when a connection is opened.
        connection.close()

    def execute(self, sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def known(self):
        return {table for (table,) in self.execute("SELECT tbl FROM sqlite_stat1")}

    def ask_with(self, upkeep):
        request_finished.connect(upkeep, weak=False)
        try:
            for path in ("/people/", "/series/bosch/"):
                assert Client().get(path).status_code == 200
        finally:
            request_finished.disconnect(upkeep)

    def test_what_pages_ask_for_is_known_afterwards(self):
        self.ask_with(Upkeep(every=0))
        assert "catalog_portrayal" in self.known()

    def test_it_is_done_now_and_then(self):
        self.ask_with(Upkeep(every=600))
        assert self.known() == set()

    def test_while_somebody_saves_it_is_left_to_the_next_time(self):
        name = connection.settings_dict["NAME"]
        with closing(sqlite3.connect(name, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            start = monotonic()
            self.ask_with(Upkeep(every=0))
            assert monotonic() - start < SOON
        assert self.known() == set()
        self.ask_with(Upkeep(every=0))
        assert "catalog_portrayal" in self.known()

    def test_every_process_that_serves_does_it(self):
        assert wsgi.application
        receivers = request_finished._live_receivers(sender=None)[0]
        assert any(isinstance(receiver, Upkeep) for receiver in receivers)
