"""An export is there as a whole or not at all, and takes nothing else away."""

import resource
import stat

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from catalog.models import Image, Person
from tests.factories import make_image, make_person

from .everything import ExportTestCase, empty, store_picture


class ExportFolderTests(ExportTestCase):
    def refusal(self, name="export", **options):
        with pytest.raises(CommandError) as caught:
            self.export(name, **options)
        first, *problems = str(caught.value).splitlines()
        assert first == "Nothing was written:"
        assert caught.value.returncode == 1
        return "\n".join(problem.strip() for problem in problems)

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())

    def test_an_older_export_is_replaced_as_a_whole(self):
        person = make_person("Maggie Q", image=store_picture("Maggie Q"))
        self.export()
        assert {"people.json", "images.json"} <= {*self.files()}
        Person.objects.filter(pk=person.pk).delete()
        make_person("Jamie Hector", slug="jamie-hector")
        self.export()
        assert [*self.files()] == ["README.txt", "people.json"]
        assert self.names() == ["export"]

    def test_an_empty_folder_is_filled(self):
        (self.folder / "export").mkdir()
        make_person("Maggie Q")
        self.export()
        assert "people.json" in self.files()

    def test_a_folder_with_something_else_is_left_alone(self):
        make_person("Maggie Q")
        for name in ("people.json", "notes.txt", ".git"):
            with self.subTest(name=name):
                folder = self.folder / f"with-{name}"
                folder.mkdir()
                (folder / name).write_text("{}")
                refusal = self.refusal(folder.name)
                assert refusal.startswith(f"{folder}: there is something in this folder, and it is")
                assert "Name an empty folder" in refusal
                assert [path.name for path in folder.iterdir()] == [name]

    def test_an_export_with_something_beside_it_is_left_alone(self):
        make_person("Maggie Q", image=store_picture("Maggie Q"))
        self.export()
        for name in (".git", "notes.md", "images/mine.jpg", "cats.json"):
            with self.subTest(name=name):
                path = self.folder / "export" / name
                path.write_text("mine")
                assert f"besides an export there is “{name}”" in self.refusal()
                assert path.read_text() == "mine"
                path.unlink()
        self.export()

    def test_the_root_of_all_folders_is_left_alone(self):
        with pytest.raises(CommandError, match="/: there is something in this folder, and it is"):
            call_command("export_catalog", "/")

    def test_a_folder_that_others_may_not_read_stays_so(self):
        make_person("Maggie Q")
        for mode in (0o700, 0o750):
            (self.folder / "export").mkdir(exist_ok=True)
            (self.folder / "export").chmod(mode)
            self.export(everything=True)
            assert "people.json" in self.files()
            assert stat.S_IMODE((self.folder / "export").stat().st_mode) == mode

    def test_a_file_is_no_folder(self):
        (self.folder / "export").write_text("mine")
        assert "this is a file; name a folder" in self.refusal()
        assert (self.folder / "export").read_text() == "mine"

    def test_a_folder_within_nothing_cannot_be_made(self):
        assert "no folder can be made there" in self.refusal("nowhere/export")

    def test_a_failed_export_leaves_the_older_one(self):
        make_person("Maggie Q")
        self.export()
        before = self.files()
        make_image("A lost picture")
        assert "A lost picture" in self.refusal(everything=True)
        assert self.files() == before
        assert self.names() == ["export"]

    def test_pictures_whose_files_are_lost_or_changed_are_named_with_what_to_do(self):
        image = store_picture("A changed picture")
        with (self.folder / "x").open("wb") as file:
            file.write(b"other bytes")
        default_storage.delete(image.file.name)
        with (self.folder / "x").open("rb") as file:
            default_storage.save(image.file.name, file)
        make_image("A lost picture")
        changed, lost = sorted(self.refusal(everything=True).splitlines())
        assert changed.startswith("picture “A changed picture” (images/")
        assert "what the storage has is not what was stored" in changed
        assert "the storage does not have its file" in lost
        assert "choose the file again on its page in the admin" in lost

    def test_a_disk_without_room_for_a_picture_is_told_and_the_picture_is_not_blamed(self):
        image = store_picture("A picture")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (image.file.size - 1, limits[1]))
        try:
            refusal = self.refusal(everything=True)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert refusal == f"{self.folder / 'export'}: it cannot be written: File too large."
        assert self.names() == []

    def test_a_picture_from_before_pictures_were_made_anew_is_made_so_now(self):
        image = store_picture("An old picture")
        Image.objects.filter(pk=image.pk).update(content_hash="")
        self.export("first", everything=True)
        empty()
        self.load("first")
        assert Image.objects.get().content_hash
        self.export("second", everything=True)
        assert self.files("first") == self.files("second")
