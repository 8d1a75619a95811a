import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import TestCase, override_settings

from catalog.pictures.keeping import NotStoredError, discard_unused, keep
from catalog.pictures.making import make

from ..factories import make_image
from .made import uploaded
from .storages import RefusedError, files_in, memory

FULL = "tests.pictures.storages.FullStorage"


class KeepingTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.picture = make(uploaded())

    @override_settings(STORAGES=memory())
    def test_all_files_are_stored_once(self):
        assert sorted(keep(self.picture)) == sorted(self.picture.files)
        assert files_in(default_storage) == sorted(self.picture.files)
        assert keep(self.picture) == []
        assert files_in(default_storage) == sorted(self.picture.files)
        for name, content in self.picture.files.items():
            assert default_storage.open(name).read() == content

    @override_settings(STORAGES=memory())
    def test_what_was_cut_off_once_is_written_anew(self):
        default_storage.save(self.picture.name, ContentFile(b"half"))
        keep(self.picture)
        assert default_storage.size(self.picture.name) == len(self.picture.files[self.picture.name])

    @override_settings(STORAGES=memory(FULL, room=2))
    def test_a_full_disk_leaves_nothing_behind_and_says_so(self):
        with pytest.raises(NotStoredError, match="No space left on device"):
            keep(self.picture)
        assert files_in(default_storage) == []

    @override_settings(STORAGES=memory(FULL, room=2))
    def test_so_does_object_storage_whose_errors_have_a_class_of_their_own(self):
        default_storage.failure = RefusedError("http://10.0.0.7/ AccessDenied")
        told = pytest.raises(NotStoredError, match=r"could not be stored \(RefusedError\)")
        with self.assertLogs("catalog.pictures.keeping"), told:
            keep(self.picture)
        assert files_in(default_storage) == []

    @override_settings(STORAGES=memory(FULL, room=2, deletes=False))
    def test_one_that_does_not_delete_either_is_told_of_as_well(self):
        told = pytest.raises(NotStoredError, match="No space left on device")
        with self.assertLogs("catalog.pictures.keeping") as logs, told:
            keep(self.picture)
        assert sum("could not be deleted" in line for line in logs.output) == 3

    @override_settings(STORAGES=memory())
    def test_files_of_an_upload_that_was_not_saved_go_unless_another_has_saved_it(self):
        new = keep(self.picture)
        image = make_image(content_hash=self.picture.content_hash)
        discard_unused(self.picture, new)
        assert files_in(default_storage) == sorted(self.picture.files)
        image.delete()
        discard_unused(self.picture, new)
        assert files_in(default_storage) == []
