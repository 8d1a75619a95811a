import json
import os
import resource
import shutil
import stat
import zipfile
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless
from unittest.mock import patch

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TransactionTestCase

from catalog.models import Person, Revision, UploadedSheet

from ..factories import make_image, make_person, make_portrayal, make_series

PICTURE = "images/ab/" + "ab" * 32 + ".png"


@contextmanager
def files_no_larger_than(size):
    """As on a disk that is nearly full: this process writes no file beyond ``size`` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class BackupTestCase(TransactionTestCase):
    """A catalogue of two people and a picture; ``self.path`` is free for a backup."""

    def setUp(self):
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        self.path = self.folder / "all.zip"
        self.enterContext(self.settings(MEDIA_ROOT=self.folder / "media", VAR_DIR=self.folder))
        self.harry = make_person("Titus Welliver")
        make_portrayal(self.harry, series=make_series("Bosch"))
        make_person("Mimi Rogers")
        get_user_model().objects.create_user("anna")
        default_storage.save(PICTURE, ContentFile(b"a picture"))
        make_image(file=PICTURE)

    def backup(self, *arguments):
        out = StringIO()
        call_command("backup", *arguments, stdout=out)
        return out.getvalue()

    def restore(self, *arguments):
        out = StringIO()
        call_command("restore", *arguments, stdout=out)
        return out.getvalue()

    def refused(self, command, *arguments):
        before = (Person.objects.count(), Revision.objects.current())
        with self.assertRaises(CommandError) as caught:
            getattr(self, command)(*arguments)
        assert (Person.objects.count(), Revision.objects.current()) == before
        return str(caught.exception)


class BackupTests(BackupTestCase):
    def test_all_of_it_is_in_one_file_for_its_owner(self):
        told = self.backup(self.path)
        assert "people                                2" in told
        assert "users                                 1" in told
        assert "files of pictures                     1" in told
        assert stat.S_IMODE(self.path.stat().st_mode) == 0o600
        with zipfile.ZipFile(self.path) as archive:
            assert archive.read(f"media/{PICTURE}") == b"a picture"
            manifest = json.loads(archive.read("backup.json"))
        assert manifest["counts"]["catalog_person"] == 2
        assert manifest["engine"] == connection.vendor
        assert [it.name for it in self.folder.iterdir() if it.name.startswith(".")] == []

    def test_without_a_name_it_has_the_time_and_the_oldest_go(self):
        folder = self.folder / "backups"
        folder.mkdir()
        for name in ("2026-01-01-000000", "2026-01-02-000000"):
            (folder / f"catalogue-{name}.zip").touch()
        (folder / "mine.zip").touch()
        told = self.backup("--keep", "2")
        left = sorted(path.name for path in folder.iterdir())
        assert len(left) == 3
        assert left[0] == "catalogue-2026-01-02-000000.zip"
        assert left[2] == "mine.zip"
        assert "Deleted" in told

    def test_nothing_is_overwritten(self):
        self.path.write_text("precious")
        assert "nothing is overwritten" in self.refused("backup", self.path)
        assert self.path.read_text() == "precious"

    def test_a_folder_that_cannot_be_written_is_told(self):
        (self.folder / "file").touch()
        told = self.refused("backup", self.folder / "file" / "all.zip")
        assert told.startswith("No backup was made")

    def test_a_picture_that_is_missing_is_told(self):
        default_storage.delete(PICTURE)
        error = StringIO()
        call_command("backup", self.path, stdout=StringIO(), stderr=error)
        assert f"Named by the library, but not there: {PICTURE}" in error.getvalue()


@skipUnless(connection.vendor == "postgresql", "SQLite needs none of its programs")
class ProgramsTests(BackupTestCase):
    """What is asked of the programs of PostgreSQL, and what is told where that is not to be had."""

    def setUp(self):
        super().setUp()
        self.programs = self.folder / "programs"
        self.programs.mkdir()
        # The next connection is made as the test says, and those after it as ever.
        connection.close()
        self.addCleanup(connection.close)

    def put_in_front(self, name, script):
        """Have a shell script be found in the place of a program."""
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o700)

    @property
    def in_front(self):
        return patch.dict(os.environ, PATH=f"{self.programs}{os.pathsep}{os.environ['PATH']}")

    def test_those_that_are_missing_are_told(self):
        with patch.dict(os.environ, PATH=str(self.programs)):
            told = self.refused("backup", self.path)
        assert "pg_dump is not installed here" in told
        assert not self.path.exists()

    def test_those_that_are_older_than_the_server_are_told(self):
        self.put_in_front("pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'")
        with self.in_front:
            told = self.refused("backup", self.path)
        assert "pg_dump here is older than the server" in told
        assert "pg_dump (PostgreSQL) 9.6.24" in told
        assert not self.path.exists()

    def test_the_password_is_not_among_the_arguments_that_everybody_sees(self):
        password = connection.settings_dict["PASSWORD"] or "it's a \\ secret"
        seen = self.folder / "seen"
        for name in ("pg_dump", "pg_restore", "psql"):
            told = f'echo "{name} $PGPASSWORD $@" >> {seen}'
            self.put_in_front(name, f'{told}\nexec {shutil.which(name)} "$@"')
        with self.in_front, patch.dict(connection.settings_dict, PASSWORD=password):
            self.backup(self.path)
            self.restore(self.path, "--yes")
        lines = seen.read_text().splitlines()
        for program in ("pg_dump", "psql"):
            [connecting] = [it for it in lines if it.startswith(program) and "--dbname" in it]
            assert connecting.startswith(f"{program} {password} ")
            assert password not in connecting.removeprefix(f"{program} {password} ")

    def test_an_account_may_be_bound_to_little_time(self):
        real = shutil.which("pg_dump")
        # Only what is asked for a dump is slow; `--version` is not.
        self.put_in_front("pg_dump", f'[ "$1" = --version ] || sleep 1\nexec {real} "$@"')
        options = connection.settings_dict["OPTIONS"]
        bound = f"{options.get('options', '')} -c idle_in_transaction_session_timeout=300"
        with self.in_front, patch.dict(options, options=bound):
            self.backup(self.path)
            connection.close()

    def test_variables_may_tell_the_address(self):
        told = connection.get_connection_params()
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
        variables = {names[name]: str(told[name]) for name in names if told.get(name)}
        options = connection.settings_dict["OPTIONS"]
        rest = {name: value for name, value in options.items() if name not in names}
        blank = dict.fromkeys(("HOST", "PORT", "USER", "PASSWORD"), "") | {"OPTIONS": rest}
        with patch.dict(os.environ, variables), patch.dict(connection.settings_dict, blank):
            self.backup(self.path)
            self.restore(self.path, "--yes")
            assert Person.objects.count() == 2
            connection.close()

    def test_an_address_may_be_a_service(self):
        services = self.folder / "services"
        told = connection.get_connection_params()
        names = ("host", "port", "user", "dbname", "password")
        lines = [f"{name}={told[name]}" for name in names if told.get(name)]
        services.write_text("\n".join(["[catalogue]", *lines]))
        blank = dict.fromkeys(("NAME", "HOST", "PORT", "USER", "PASSWORD"), "")
        by_name = {**blank, "OPTIONS": {"service": "catalogue"}}
        with (
            patch.dict(os.environ, PGSERVICEFILE=str(services)),
            patch.dict(connection.settings_dict, by_name),
        ):
            self.backup(self.path)
            self.restore(self.path, "--yes")
            assert Person.objects.count() == 2
            connection.close()


class RestoreTests(BackupTestCase):
    def setUp(self):
        super().setUp()
        self.backup(self.path)

    def test_all_is_as_it_was(self):
        Person.objects.all().delete()
        make_person("Somebody else")
        get_user_model().objects.all().delete()
        default_storage.delete(PICTURE)
        for _ in range(5):
            Revision.objects.rise()
        before = Revision.objects.current()
        told = self.restore(self.path, "--yes")
        assert "Restored as it was at" in told
        names = Person.objects.order_by("name").values_list("name", flat=True)
        assert [*names] == ["Mimi Rogers", "Titus Welliver"]
        assert get_user_model().objects.get().username == "anna"
        assert (self.folder / "media" / PICTURE).read_bytes() == b"a picture"
        # Whatever pages were kept, none is taken for one of now.
        assert Revision.objects.current() > before
        assert self.client.get("/people/titus-welliver/").status_code == 200
        # New rows get keys of their own.
        assert make_person("A third").pk > self.harry.pk

    def test_a_database_that_has_tables_and_nothing_in_them_needs_no_word(self):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what a database writes down then is nobody's
        call_command("flush", interactive=False)
        self.restore(self.path)
        assert Person.objects.count() == 2

    def test_one_of_an_older_version_is_migrated(self):
        self.addCleanup(call_command, "migrate", verbosity=0)
        call_command("migrate", "catalog", "0014", verbosity=0)
        older = self.folder / "older.zip"
        self.backup(older)
        call_command("migrate", verbosity=0)
        told = self.restore(older, "--yes")
        assert "It was of an older version, and has been migrated." in told
        assert UploadedSheet.objects.count() == 0  # which 0015 has a table for
        assert Person.objects.count() == 2

    @skipUnless(connection.vendor == "sqlite", "the disk of PostgreSQL is its server's")
    def test_where_there_is_no_room_all_is_as_it_was(self):
        with zipfile.ZipFile(self.path) as archive:
            size = archive.getinfo("database.sqlite3").file_size
        make_person("A third")
        # There is room to look into the backup, and none for the log of what is put back.
        with files_no_larger_than(size + 4_096):
            told = self.refused("restore", self.path, "--yes")
        assert "The database could not be written, and is as it was" in told
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
        assert Person.objects.count() == 3
        self.restore(self.path, "--yes")
        assert Person.objects.count() == 2

    def test_what_is_there_is_not_replaced_unless_that_is_said(self):
        make_person("A third")
        told = self.refused("restore", self.path)
        assert "3 people" in told
        assert "add --yes" in told

    def test_tables_of_something_else_are_not_taken_away_unless_that_is_said(self):
        call_command("flush", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute('CREATE TABLE "Invoices" (id integer)')
            cursor.execute('INSERT INTO "Invoices" VALUES (7)')
        self.addCleanup(self.drop_invoices)
        told = self.refused("restore", self.path)
        assert "1 in Invoices, a table of something else" in told
        assert "add --yes" in told
        with connection.cursor() as cursor:
            cursor.execute('SELECT id FROM "Invoices"')
            assert cursor.fetchall() == [(7,)]
        self.restore(self.path, "--yes")
        assert Person.objects.count() == 2

    @staticmethod
    def drop_invoices():
        with connection.cursor() as cursor:
            cursor.execute('DROP TABLE IF EXISTS "Invoices"')

    def test_a_damaged_file_is_refused_or_restores_all_of_what_it_had(self):
        """A byte may be one of what zip notes for itself, as a date: nothing is lost with that."""
        content = self.path.read_bytes()
        damaged = self.folder / "damaged.zip"
        refusals = []
        for place in range(40, len(content) - 60, len(content) // 25):
            with self.subTest(place=place):
                Person.objects.filter(pk=self.harry.pk).update(name="Changed since")
                default_storage.delete(PICTURE)
                changed = bytearray(content)
                changed[place] ^= 0xFF
                damaged.write_bytes(changed)
                try:
                    self.restore(damaged, "--yes")
                except CommandError as error:
                    refusals.append(str(error))
                    assert Person.objects.get(pk=self.harry.pk).name == "Changed since"
                else:
                    assert Person.objects.get(pk=self.harry.pk).name == "Titus Welliver"
                    assert default_storage.open(PICTURE).read() == b"a picture"
        assert len(refusals) > 20
        for told in refusals:
            assert any(words in told for words in ("damaged", "no backup", "does not hold"))

    def test_a_file_that_was_cut_off_or_is_something_else_is_refused(self):
        content = self.path.read_bytes()
        other = self.folder / "other.zip"
        for part in (b"", b"words", content[: len(content) // 2], content[:-1]):
            other.write_bytes(part)
            assert "no backup" in self.refused("restore", other, "--yes")
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("readme.txt", "hello")
        assert "no backup of a catalogue" in self.refused("restore", other, "--yes")
        assert "no file" in self.refused("restore", self.folder / "nowhere.zip", "--yes")

    def rewritten(self, change, names=()):
        """A backup as somebody else might have made it: sound, but for what ``change`` does."""
        path = self.folder / "rewritten.zip"
        with zipfile.ZipFile(self.path) as source, zipfile.ZipFile(path, "w") as target:
            manifest = json.loads(source.read("backup.json"))
            change(manifest)
            for name in source.namelist():
                if name != "backup.json":
                    target.writestr(dict(names).get(name, name), source.read(name))
            target.writestr("backup.json", json.dumps(manifest))
        return path

    def test_a_file_that_would_lie_elsewhere_is_refused(self):
        name = f"media/{PICTURE}"
        for elsewhere in ("media/../../evil.png", "/etc/evil", "evil", "media/a\\..\\evil"):
            with self.subTest(elsewhere=elsewhere):
                path = self.rewritten(
                    lambda told, elsewhere=elsewhere: told["files"].update(
                        {elsewhere: told["files"].pop(name)}
                    ),
                    {name: elsewhere},
                )
                assert "none of a backup" in self.refused("restore", path, "--yes")

    def test_one_with_other_rows_than_it_says_is_refused(self):
        path = self.rewritten(lambda told: told["counts"].update(catalog_person=3))
        assert "does not hold the rows" in self.refused("restore", path, "--yes")

    def test_one_of_another_database_is_refused(self):
        other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
        path = self.rewritten(lambda told: told.update(engine=other))
        assert "use export_catalog and load_catalog" in self.refused("restore", path, "--yes")

    def test_one_of_a_newer_version_is_refused(self):
        path = self.rewritten(lambda told: told["migrations"].append("catalog.9999_tomorrow"))
        assert "newer version" in self.refused("restore", path, "--yes")
        path = self.rewritten(lambda told: told.update(format=2))
        assert "another version" in self.refused("restore", path, "--yes")

    def test_pictures_that_are_there_stay(self):
        default_storage.save("images/cd/other.png", ContentFile(b"other"))
        self.restore(self.path, "--yes")
        assert (self.folder / "media/images/cd/other.png").read_bytes() == b"other"
        assert self.folder == settings.VAR_DIR
