import os
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.test import SimpleTestCase

from ..servers import wait_until
from .account import tell
from .people import Editors, Watcher, save, signed_in
from .site import OnPostgreSQL, OnSQLite


@contextmanager
def small_disk(size):
    """A folder on a disk of its own of ``size`` MB."""
    with tempfile.TemporaryDirectory(prefix="catalogue-disk-") as folder:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=777", "tmpfs", folder]
        made = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        if made.returncode != 0:
            pytest.skip("only root may mount a disk of its own")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)  # noqa: S603, S607


def fill(disk):
    """Write until nothing more goes in; gives the file that holds it."""
    path = disk / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            try:
                while True:
                    file.write(b"0" * size)
            except OSError:
                continue
    return path


class FullDisk:
    """What both databases have to do."""

    def check(self, site, disk):
        assert site.get("/people/").status_code == 200
        self.check_that_it_goes_on(site, disk)
        self.check_that_nothing_is_half_written(site, disk)

    def check_that_it_goes_on(self, site, disk):
        """The disk becomes full while editors save and visitors read, and has room again."""
        with Editors(site) as editors, Watcher(site, "/people/?q={}") as watcher:
            wait_until(lambda: len(editors.saved) > 5, 60)
            filler = fill(disk)
            wait_until(lambda: editors.refused.total() > 5)
            saved = len(editors.saved)
            filler.unlink()
            took = wait_until(lambda: len(editors.saved) > saved + 3)
        lost = editors.lost()
        tell(
            f"The disk full, {site.name}",
            pages_asked_for=len(watcher.seen),
            pages_refused=sum(seen.status != 200 for seen in watcher.seen),
            saves_acknowledged=len(editors.saved),
            saves_refused=editors.refused.total(),
            saves_lost=len(lost),
        )
        # Reading goes on.
        assert len(watcher.seen) > 10
        assert {seen.status for seen in watcher.seen} == {200}
        # A save fails with words that help.
        assert set(editors.refused) == {503}
        assert all("There is no room left to save this" in page for page in editors.pages)
        # As soon as there is room it goes on, and nothing is missing.
        assert took < 20
        assert lost == []
        site.assert_whole()
        site.assert_no_fault()

    def check_that_nothing_is_half_written(self, site, disk):
        session = signed_in(site)
        (series,) = site.query("SELECT id FROM catalog_series WHERE slug = 'bosch'")[0]
        address = f"{site.address}/admin/catalog/series/{series}/change/"
        kept = (
            "SELECT slug, tagline, synopsis FROM catalog_series ORDER BY id",
            "SELECT COUNT(*) FROM reversion_version",
            "SELECT COUNT(*) FROM catalog_change",
        )
        before = [site.query(sql) for sql in kept]
        filler = fill(disk)
        try:
            # More than fits into what the database has in reserve.
            texts = {"tagline": "Never to be seen", "synopsis": os.urandom(400_000).hex()}
            answer = save(session, address, **texts)
        finally:
            filler.unlink()
        assert answer.status_code == 503
        assert [site.query(sql) for sql in kept] == before
        assert save(session, address, tagline="Seen by all").status_code == 302
        assert "Seen by all" in session.get(site.address + "/series/bosch/", timeout=30).text


class SQLiteTests(FullDisk, SimpleTestCase):
    def test_a_full_disk(self):
        with small_disk(24) as disk, OnSQLite(disk) as site:
            self.check(site, disk)


class PostgreSQLTests(FullDisk, SimpleTestCase):
    """Its tables are on the full disk. (Without room for its log PostgreSQL stops altogether.)"""

    def test_a_full_disk(self):
        with small_disk(96) as disk, OnSmallDisk(disk) as site:
            self.check(site, disk)


class OnSmallDisk(OnPostgreSQL):
    def start_database(self):
        super().start_database()
        tables = self.folder / "tables"
        tables.mkdir()
        if self.database.account:
            os.chown(tables, self.database.account.pw_uid, self.database.account.pw_gid)
        elsewhere = self.url.replace("/postgres?", "/template1?")
        with psycopg.connect(elsewhere, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{tables}'")
            connection.execute("ALTER DATABASE postgres SET TABLESPACE small")
