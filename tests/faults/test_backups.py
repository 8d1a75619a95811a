"""Backups while everybody is there, restored into another site; and what breaks in the middle."""

import filecmp
import random
import subprocess
import tempfile
import time
from pathlib import Path

from django.test import SimpleTestCase

from ..servers import wait_until
from .account import tell
from .people import Editors, Visitors
from .site import OnPostgreSQL, OnSQLite
from .test_disk import small_disk
from .test_dying import counts

PAGE = "/series/bosch/"
SEEN_WITHIN = 3  # seconds


class Backups:
    """What both databases have to do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.site = cls.enterClassContext(cls.kind())
        (cls.site.folder / "media/images/ab").mkdir(parents=True)
        (cls.site.folder / "media/images/ab/picture.png").write_bytes(b"a picture")

    def test_one_under_load_is_one_state_and_has_all_that_was_acknowledged(self):
        site, path = self.site, self.folder / "under-load.zip"
        with Editors(site) as editors, Visitors(site.address + PAGE, 15) as visitors:
            wait_until(lambda: len(editors.saved) > 5, 60)
            before = [*editors.saved]
            start = time.monotonic()
            site.manage("backup", str(path), "--verbosity=0")
            took = time.monotonic() - start
        with self.kind() as other:
            assert other.get(PAGE).status_code == 200
            other.manage("restore", str(path), "--yes", "--verbosity=0")
            other.assert_whole()
            versions = other.versions()
            lost = [text for text in before if text not in versions]
            # Each change has the versions of its rows.
            assert other.query(
                "SELECT COUNT(*) FROM catalog_change LEFT JOIN reversion_version "
                "USING (revision_id) WHERE reversion_version.id IS NULL"
            ) == [(0,)]
            # The server that was running sees it without a word.
            first = "SELECT slug, biography FROM catalog_person ORDER BY id LIMIT 1"
            ((slug, biography),) = other.query(first)
            wait_until(lambda: biography in other.get(f"/people/{slug}/").text, SEEN_WITHIN)
        tell(
            f"A backup under load, {site.name}",
            seconds=round(took, 1),
            answered=visitors.answered,
            failed=visitors.failed + visitors.broken,
            saves_acknowledged=len(editors.saved),
            saves_refused=editors.refused.total(),
            acknowledged_before_and_lost=len(lost),
        )
        assert lost == []
        assert len(editors.saved) > len(before)
        assert editors.refused.total() == 0
        assert (visitors.failed, visitors.broken) == (0, 0)

    def test_what_is_restored_is_exported_as_the_same(self):
        path = self.folder / "all.zip"
        self.site.manage("backup", str(path), "--verbosity=0")
        with self.kind() as other:
            other.manage("flush", "--no-input", "--verbosity=0")
            assert other.get("/people/titus-welliver/").status_code == 404
            other.manage("restore", str(path), "--yes", "--verbosity=0")
            wait_until(lambda: other.get("/people/titus-welliver/").status_code == 200, SEEN_WITHIN)
            picture = other.folder / "media/images/ab/picture.png"
            assert picture.read_bytes() == b"a picture"
            folders = []
            for site in (self.site, other):
                folders.append(self.folder / f"export-{len(folders)}")
                site.manage("export_catalog", str(folders[-1]), "--all", "--verbosity=0")
            names = sorted(path.name for path in folders[0].iterdir())
            assert names == sorted(path.name for path in folders[1].iterdir())
            assert filecmp.cmpfiles(*folders, names, shallow=False)[1:] == ([], [])

    def test_one_that_is_killed_leaves_nothing_under_its_name(self):
        chance, path = random.Random(3), self.folder / "killed.zip"
        start = time.monotonic()
        self.site.manage("backup", str(self.folder / "timed.zip"), "--verbosity=0")
        takes, killed = time.monotonic() - start, 0
        for _ in range(4):
            backup = self.site.started("backup", str(path))
            time.sleep(takes * chance.uniform(0.5, 0.95))
            backup.kill()
            killed += backup.wait() != 0
            if path.exists():
                self.site.manage("restore", str(path), "--yes", "--verbosity=0")
                path.unlink()
        tell(f"A backup killed, {self.site.name}", times=killed, half_done=0)
        assert killed >= 1

    def test_a_restore_that_is_killed_changes_all_or_nothing(self):
        chance, path, killed = random.Random(4), self.folder / "to-restore.zip", 0
        self.site.manage("backup", str(path), "--verbosity=0")
        with self.kind() as other:
            full = counts(other)
            other.manage("flush", "--no-input", "--verbosity=0")
            empty = counts(other)
            start = time.monotonic()
            other.manage("restore", str(path), "--yes", "--verbosity=0")
            takes = time.monotonic() - start
            assert counts(other) == full
            for _ in range(5):
                other.manage("flush", "--no-input", "--verbosity=0")
                restore = other.started("restore", str(path), "--yes")
                time.sleep(takes * chance.uniform(0.5, 1))
                restore.kill()
                killed += restore.wait() != 0
                wait_until(lambda: counts(other) in (empty, full))
                other.assert_whole()
            other.manage("restore", str(path), "--yes", "--verbosity=0")
            assert counts(other) == full
        tell(f"A restore killed, {self.site.name}", times=killed, half_done=0)
        assert killed >= 1

    def test_a_full_disk_leaves_nothing(self):
        with small_disk(1) as disk:
            path = disk / "all.zip"
            (disk / "filler").write_bytes(b"0" * 900_000)
            with self.assertRaises(subprocess.CalledProcessError) as caught:
                self.site.manage("backup", str(path), capture_output=True, text=True)
            assert "No backup was made" in caught.exception.stderr
            assert "Traceback" not in caught.exception.stderr
            assert [entry.name for entry in disk.iterdir()] == ["filler"]


class SQLiteTests(Backups, SimpleTestCase):
    kind = OnSQLite


class PostgreSQLTests(Backups, SimpleTestCase):
    kind = OnPostgreSQL
