import datetime as dt
from io import StringIO
from unittest import mock

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from catalog.history import recording
from catalog.history.undoing import undo
from catalog.models import Image
from catalog.pictures import tidying
from catalog.pictures.keeping import keep
from catalog.pictures.making import make

from .made import gradient, uploaded
from .storages import files_in, memory


def add_image(width, **fields):
    picture = make(uploaded(gradient(width)))
    keep(picture)
    image = Image(alt_text="A", credit="B", licence="C", **fields)
    picture.describe(image)
    image.save()
    return image


def tidy(*arguments):
    out, error = StringIO(), StringIO()
    call_command("tidy_images", *arguments, stdout=out, stderr=error)
    return out.getvalue(), error.getvalue()


class TidyingTests(TestCase):
    def setUp(self):
        self.enterContext(override_settings(STORAGES=memory()))
        # The clock is two hours ahead, so that what was just written is old enough.
        later = timezone.now() + dt.timedelta(hours=2)
        self.enterContext(mock.patch.object(tidying.timezone, "now", return_value=later))

    def test_files_of_a_row_stay(self):
        add_image(200)
        stored = files_in(default_storage)
        assert len(stored) == 5
        tidy("--delete")
        assert files_in(default_storage) == stored

    def test_files_that_nothing_names_are_listed_and_removed_only_when_told_to(self):
        picture = make(uploaded())
        keep(picture)
        out, _ = tidy()
        for name in picture.files:
            assert name in out
        assert "5 unused files can be removed" in out
        assert files_in(default_storage) == sorted(picture.files)
        assert "5 unused files removed" in tidy("--delete")[0]
        assert files_in(default_storage) == []

    def test_files_of_a_deleted_row_stay_while_the_history_can_bring_it_back(self):
        with recording(None):
            image = add_image(200)
        stored = files_in(default_storage)
        with recording(None) as record:
            record.delete([image])
        tidy("--delete")
        assert files_in(default_storage) == stored
        undo(record.change, None)
        back = Image.objects.get()
        assert back.widths == "160 200"
        assert back.has_avif
        assert default_storage.exists(back.file.name)

    def test_files_of_a_picture_that_was_replaced_stay_too(self):
        with recording(None):
            image = add_image(200)
        other = make(uploaded(gradient(220)))
        with recording(None) as record:
            record.remember([image])
            keep(other)
            other.describe(image)
            image.save()
        tidy("--delete")
        assert len(files_in(default_storage)) == 10
        undo(record.change, None)
        image = Image.objects.get()
        assert (image.width, image.widths) == (200, "160 200")
        assert default_storage.exists(image.file.name)

    def test_what_is_just_being_uploaded_is_left_alone(self):
        keep(make(uploaded()))
        with mock.patch.object(tidying.timezone, "now", return_value=dt.datetime.now(tz=dt.UTC)):
            assert "0 unused files" in tidy("--delete")[0]

    def test_what_was_saved_in_between_is_not_removed(self):
        image = add_image(200)
        unused = files_in(default_storage)
        assert tidying.remove(unused) == []
        image.delete()
        assert tidying.remove(unused) == unused

    def test_files_that_are_missing_are_named(self):
        image = add_image(200)
        default_storage.delete(image.file.name)
        out, error = tidy()
        assert image.file.name in error
        assert "1 are missing" in out

    def test_other_names_are_looked_at_as_they_are(self):
        default_storage.save("images/2026/old-photo.png", ContentFile(b"old"))
        default_storage.save("images/2026/used.png", ContentFile(b"old"))
        Image.objects.create(file="images/2026/used.png", alt_text="Old", width=1, height=1)
        tidy("--delete")
        assert files_in(default_storage) == ["images/2026/used.png"]

    def test_an_empty_library_is_fine(self):
        assert "0 unused files" in tidy()[0]
