"""An export is one state of the catalogue, and nobody waits for it."""

import json
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from django.db import connection
from django.test import TransactionTestCase

from catalog.exporters.catalog_export import export
from catalog.exporters.snapshot import snapshot
from catalog.models import Person
from tests.factories import make_announcement, make_person


def elsewhere(act):
    """Do ``act`` on a connection of its own, to its end."""

    def run():
        try:
            act()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()


class SnapshotTests(TransactionTestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def test_what_is_saved_meanwhile_is_not_in_it(self):
        person = make_person("Maggie Q", slug="maggie-q")
        make_announcement("Early", people=[person], slug="early")
        saved = []

        def save():
            Person.objects.get().delete()
            make_announcement("Late", people=[make_person("Late", slug="late")], slug="late")
            saved.append(True)

        @contextmanager
        def progress(**options):
            elsewhere(save)
            yield Bar()

        export(self.folder / "export", progress=progress)
        assert saved
        people = json.loads((self.folder / "export" / "people.json").read_bytes())["people"]
        news = json.loads((self.folder / "export" / "announcements.json").read_bytes())
        assert [row["slug"] for row in people] == ["maggie-q"]
        assert [row["people"] for row in news["announcements"]] == [["maggie-q"]]
        assert Person.objects.get().slug == "late"

    def test_afterwards_the_connection_is_as_it_was(self):
        usual = getattr(connection, "transaction_mode", None)
        with snapshot():
            assert connection.in_atomic_block
        assert getattr(connection, "transaction_mode", None) == usual
        make_person("Maggie Q")
        assert Person.objects.count() == 1

    def test_one_that_is_interrupted_leaves_nothing(self):
        make_person("Maggie Q")

        @contextmanager
        def progress(**options):
            raise KeyboardInterrupt
            yield

        with pytest.raises(KeyboardInterrupt):
            export(self.folder / "export", progress=progress)
        assert [*self.folder.iterdir()] == []


class Bar:
    def update(self, number):
        """Nobody looks."""
