from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import SimpleTestCase

from catalog.backups.archive import Manifest, Reader, Writer
from catalog.backups.problems import BackupError


class ArchiveTests(SimpleTestCase):
    def test_whatever_byte_is_damaged_it_is_refused_or_reads_as_it_was(self):
        """A byte may be one of what zip notes for itself, as a date: nothing is lost with that."""
        folder = Path(self.enterContext(TemporaryDirectory()))
        sound, damaged, database = folder / "a.zip", folder / "b.zip", folder / "database"
        writer = Writer(sound, lambda _: None)
        writer.add("database.sqlite3", BytesIO(b"rows" * 50), packed=True)
        writer.add("media/images/ab/cd.png", BytesIO(b"a picture"))
        writer.finish(Manifest("today", "sqlite", "database.sqlite3", [], {}, []))
        content = sound.read_bytes()
        refused = 0
        for place in range(len(content)):
            for bits in (0xFF, 0x01, 0x80):
                changed = bytearray(content)
                changed[place] ^= bits
                damaged.write_bytes(changed)
                database.unlink(missing_ok=True)
                try:
                    with Reader(damaged) as archive:
                        archive.check(database, lambda _: None)
                        picture = b"".join(archive.parts("media/images/ab/cd.png"))
                except BackupError:
                    refused += 1
                else:
                    assert database.read_bytes() == b"rows" * 50
                    assert picture == b"a picture"
        assert refused > len(content) * 3 / 2
