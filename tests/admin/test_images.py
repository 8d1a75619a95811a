import re
from io import BytesIO
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from django.test import override_settings
from PIL import Image as Decoded

from catalog.history.versions import stored_values
from catalog.models import Change, Image
from catalog.pictures import reading
from catalog.pictures.reading import MAX_BYTES
from catalog.pictures.uploads import MAX_FORM_BYTES

from ..factories import make_image, make_person
from ..pictures.made import content, exif, gradient, png_header, upload, uploaded
from ..pictures.storages import RefusedError, files_in, memory
from .client import AdminTestCase

LIST = "/admin/catalog/image/"
ADD = f"{LIST}add/"


class ImageAdminTestCase(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.enterContext(override_settings(STORAGES=memory()))

    def filled(self, path=ADD, **fields):
        data = self.form_at(path)
        data.update(alt_text="A city at night", credit="A. Photographer", licence="CC0", **fields)
        return data

    def add(self, **fields):
        self.save(ADD, self.filled(**{"file": uploaded(), **fields}))
        return Image.objects.latest("pk")

    def path_of(self, image):
        return f"{LIST}{image.pk}/change/"


class UploadTests(ImageAdminTestCase):
    def test_is_stored_anew_and_described(self):
        file = uploaded(gradient(1000, 500), exif=exif(6, with_place=True), comment=b"Secret")
        image = self.add(file=file)
        assert image.alt_text == "A city at night"
        assert (image.width, image.height) == (500, 1000)  # upright
        assert image.widths == "160 320 500"
        assert image.has_avif
        assert image.file.name == f"images/{image.content_hash[:2]}/{image.content_hash}.jpg"
        stored = default_storage.open(image.file.name).read()
        assert b"Secret" not in stored
        assert not Decoded.open(BytesIO(stored)).getexif()
        assert len(files_in(default_storage)) == 7

    def test_what_follows_the_picture_in_its_file_is_not_stored(self):
        image = self.add(file=upload(content(gradient()) + b"<script>alert(1)</script>"))
        assert b"<script>" not in default_storage.open(image.file.name).read()

    def test_the_page_shows_what_is_stored(self):
        image = self.add(file=uploaded(gradient(1000, 500)))
        page = self.client.get(self.path_of(image)).content.decode()
        start = image.file.url.removesuffix(".jpg")
        assert f'src="{start}-640.webp" alt="" width="400" height="200"' in page
        assert "1000 × 500" in page
        assert "JPEG; for pages as AVIF and WebP, 160, 320, 640 and 1000 pixels wide" in page
        assert f'src="{start}-160.webp"' in self.client.get(LIST).content.decode()

    def test_the_box_of_the_file_comes_first(self):
        page = self.client.get(ADD).content.decode()
        assert 'enctype="multipart/form-data"' in page
        names = re.findall(r'name="(file|alt_text|credit|licence)"', page)
        assert "As it is stored" not in page
        assert names == ["file", "alt_text", "credit", "licence"]
        assert 'accept=".jfif,.jpe,.jpeg,.jpg,.png' in page

    def test_is_kept_in_the_history(self):
        image = self.add()
        page = self.client.get(f"{LIST}{image.pk}/history/")
        self.assertContains(page, "A city at night")

    def test_the_history_tells_and_brings_back_a_picture_as_one(self):
        image = self.add()
        first = Change.objects.told().first()
        old = stored_values(image)
        path = self.path_of(image)
        self.save(path, self.filled(path, file=uploaded(gradient(1000, 500))))
        second = Change.objects.told().first()
        page = self.client.get(f"{LIST}{image.pk}/history/").content.decode()
        new = stored_values(Image.objects.get())["content_hash"]
        assert f"{old['content_hash'][:8]}….jpg, 300 × 200 pixels" in page
        assert f"{new[:8]}….jpg, 1,000 × 500 pixels" in page
        for raw in (new, old["content_hash"], "160 320 640", "Widths", "Content hash"):
            assert raw not in page
        restore = f"{LIST}{image.pk}/history/{first.pk}/"
        assert self.form_at(restore)["chosen"] == f"image.{image.pk}.file"
        self.client.post(restore, {"chosen": [f"image.{image.pk}.file"]})
        assert stored_values(Image.objects.get()) == old
        self.client.post(f"/admin/catalog/change/{second.pk}/undo/")
        assert stored_values(Image.objects.get()) == old

    def test_to_undo_leaves_a_picture_that_was_replaced_again_whole(self):
        image = self.add()
        path = self.path_of(image)
        for size in ((700, 400), (900, 400)):
            self.save(path, self.filled(path, file=uploaded(gradient(*size))))
        second = Change.objects.told()[1]
        now = stored_values(Image.objects.get())
        page = self.client.get(f"/admin/catalog/change/{second.pk}/undo/")
        self.assertContains(page, "Stays as it is", count=1)
        self.client.post(f"/admin/catalog/change/{second.pk}/undo/")
        assert stored_values(Image.objects.get()) == now


class RefusalTests(ImageAdminTestCase):
    def refuse_upload(self, file, *words):
        data = self.filled(file=file)
        errors, response = self.refuse(ADD, data)
        for word in words:
            assert word in errors
        # What was typed is still there.
        assert read_again(response)["alt_text"] == "A city at night"
        assert read_again(response)["credit"] == "A. Photographer"
        assert read_again(response)["licence"] == "CC0"
        assert not Image.objects.exists()
        assert files_in(default_storage) == []
        return response

    def test_says_what_was_found_instead_of_a_picture(self):
        self.refuse_upload(upload(b"<svg></svg>", "a.svg"), "This is an SVG drawing", "JPEG, PNG")
        self.refuse_upload(upload(b"<html>", "a.png"), "This is a web page")
        self.refuse_upload(uploaded(name="a.png"), "not what its name says", "JPEG")
        self.refuse_upload(upload(content(gradient())[:900]), "damaged or not complete")
        self.refuse_upload(upload(png_header(10_000, 6_000), "a.png"), "10,000 × 6,000 pixels")
        self.refuse_upload(upload(b""), "empty")

    def test_an_upload_that_is_too_large_is_dropped_while_it_arrives(self):
        large = upload(content(gradient()) + b"\x00" * MAX_BYTES)
        self.refuse_upload(large, "too large", "Make the picture smaller")

    def test_one_that_is_hopelessly_large_is_refused_unread(self):
        data = self.filled(file=uploaded())
        assert self.client.post(ADD, data, CONTENT_LENGTH=MAX_FORM_BYTES + 1).status_code == 400
        assert not Image.objects.exists()

    def test_a_picture_must_be_chosen_and_have_all_its_words(self):
        errors, _ = self.refuse(ADD, self.filled())
        assert "Choose the file of the picture." in errors
        for name, message in [
            ("alt_text", "This field is required."),
            ("credit", "Say who made the picture"),
            ("licence", "Say on which terms"),
        ]:
            for text in ("", "   "):
                data = {**self.filled(file=uploaded()), name: text}
                errors, response = self.refuse(ADD, data)
                with self.subTest(name=name, text=text):
                    assert message in errors
                    assert "Choose the file again" in errors
                    assert "<img" not in response.content.decode()
        assert not Image.objects.exists()
        assert files_in(default_storage) == []

    def test_what_is_in_the_library_is_not_added_again_but_shown(self):
        image = self.add()
        stored = files_in(default_storage)
        data = self.filled(file=uploaded(name="other.jpg", comment=b"other"))
        errors, response = self.refuse(ADD, data)
        assert "This picture is in the library already" in errors
        self.assertContains(response, f'already: <a href="{self.path_of(image)}">A city at night')
        assert Image.objects.count() == 1
        assert files_in(default_storage) == stored

    def test_names_in_messages_are_text(self):
        image = self.add()
        Image.objects.filter(pk=image.pk).update(alt_text="<b>bold</b>")
        _, response = self.refuse(ADD, self.filled(file=uploaded()))
        self.assertContains(response, "&lt;b&gt;bold&lt;/b&gt;</a>")
        name = "a.<script>x"
        _, response = self.refuse(ADD, self.filled(file=uploaded(name=name)))
        self.assertNotContains(response, "<script>x")


class ReplacingTests(ImageAdminTestCase):
    def test_the_row_stays_and_gets_the_new_picture(self):
        image = self.add()
        person = make_person(image=image)
        old = image.file.name
        path = self.path_of(image)
        self.save(path, self.filled(path, file=uploaded(gradient(700, 400))))
        person.image.refresh_from_db()
        assert person.image == image
        assert person.image.file.name != old
        assert (person.image.width, person.image.widths) == (700, "160 320 640 700")
        # The history can bring it back.
        assert default_storage.exists(old)

    def test_words_are_changed_without_choosing_the_file_again(self):
        image = self.add()
        path = self.path_of(image)
        self.save(path, {**self.form_at(path), "alt_text": "Los Angeles"})
        before, image = image, Image.objects.get()
        assert image.alt_text == "Los Angeles"
        assert image.file.name == before.file.name
        assert image.content_hash == before.content_hash

    def test_the_same_picture_again_changes_nothing(self):
        image = self.add()
        path = self.path_of(image)
        self.save(path, self.filled(path, file=uploaded()))
        assert Image.objects.get().file.name == image.file.name

    def test_a_refused_one_leaves_the_stored_one_in_sight(self):
        image = self.add()
        path = self.path_of(image)
        data = self.filled(path, file=uploaded(gradient(700, 400)))
        _, response = self.refuse(path, {**data, "credit": ""})
        self.assertContains(response, f'src="{image.url_for(300)}"')
        image.refresh_from_db()
        assert image.width == 300
        assert len(files_in(default_storage)) == 5

    def test_credit_and_licence_cannot_be_taken_from_what_has_them(self):
        image = self.add()
        path = self.path_of(image)
        errors, _ = self.refuse(path, {**self.form_at(path), "credit": ""})
        assert "Say who made the picture" in errors

    def test_an_older_one_without_them_can_be_edited_and_is_marked(self):
        older = make_image(content_hash="", file="images/a.png", widths="", credit="", licence="")
        path = self.path_of(older)
        self.save(path, {**self.form_at(path), "alt_text": "Mended"})
        older.refresh_from_db()
        assert older.alt_text == "Mended"
        assert self.client.get(LIST).content.decode().count(">missing<") == 2
        assert "Choose the file again" in self.client.get(path).content.decode()
        # Once it is uploaded anew, it needs them.
        data = {**self.form_at(path), "file": uploaded()}
        errors, _ = self.refuse(path, data)
        assert "Say who made the picture" in errors
        assert "Say on which terms" in errors


class FailureTests(ImageAdminTestCase):
    def test_a_full_disk_saves_nothing_and_keeps_what_was_typed(self):
        full = memory("tests.pictures.storages.FullStorage", room=3)
        with override_settings(STORAGES=full):
            errors, response = self.refuse(ADD, self.filled(file=uploaded()))
            assert "could not be stored (No space left on device)" in errors
            assert read_again(response)["alt_text"] == "A city at night"
            assert files_in(default_storage) == []
        assert not Image.objects.exists()

    def test_object_storage_that_refuses_is_told_of_on_the_page(self):
        image = self.add()
        refusing_storage = memory("tests.pictures.storages.FullStorage", room=0)
        with override_settings(STORAGES=refusing_storage):
            default_storage.failure = RefusedError("AccessDenied")
            for path in (ADD, self.path_of(image)):
                with self.subTest(path=path), self.assertLogs("catalog.pictures.keeping"):
                    data = self.filled(path, file=uploaded(gradient(700)))
                    errors, _ = self.refuse(path, data)
                    assert "could not be stored (RefusedError). Nothing was saved." in errors
            assert files_in(default_storage) == []
        assert Image.objects.get().file.name == image.file.name
        assert Image.objects.get().width == 300

    def test_files_go_when_the_row_cannot_be_saved(self):
        data = self.filled(file=uploaded())
        with refusing('INSERT INTO "catalog_image"'), pytest.raises(IntegrityError):
            self.client.post(ADD, data)
        assert not Image.objects.exists()
        assert files_in(default_storage) == []

    def test_files_go_when_what_follows_fails(self):
        data = self.filled(file=uploaded())
        with refusing('INSERT INTO "catalog_changedrow"'), pytest.raises(IntegrityError):
            self.client.post(ADD, data)
        assert not Image.objects.exists()
        assert files_in(default_storage) == []

    def test_deleting_a_row_leaves_its_files_for_the_history(self):
        image = self.add()
        stored = files_in(default_storage)
        self.client.post(f"{LIST}{image.pk}/delete/", {"post": "yes"})
        assert not Image.objects.exists()
        assert files_in(default_storage) == stored
        # And the same picture may come again.
        assert self.add().content_hash == image.content_hash


class PermissionTests(ImageAdminTestCase):
    def staff(self, *names):
        user = get_user_model().objects.create_user("new", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        self.client.force_login(user)

    def test_who_may_not_add_is_refused_before_anything_is_decoded(self):
        image = self.add()
        self.staff("view_image", "view_person")
        for path in (ADD, self.path_of(image)):
            data = {"file": uploaded(gradient(700)), "alt_text": "A", "credit": "B", "licence": "C"}
            with mock.patch.object(reading.Image, "open", side_effect=AssertionError("decoded")):
                assert self.client.post(path, data).status_code == 403
        assert Image.objects.count() == 1
        assert len(files_in(default_storage)) == 5

    def test_strangers_are_sent_to_sign_in(self):
        self.client.logout()
        response = self.client.post(ADD, {"file": uploaded()})
        self.assertRedirects(response, f"/admin/login/?next={ADD}")
        assert files_in(default_storage) == []

    def test_who_may_only_add_is_told_of_a_twin_without_a_link(self):
        self.add()
        self.staff("add_image")
        errors, response = self.refuse(ADD, self.filled(file=uploaded()))
        assert "in the library already: A city at night" in errors
        self.assertNotContains(response, f"{LIST}1/change")


def refusing(start):
    """A database that refuses the statements that begin so."""

    def execute(run, sql, *arguments):
        if sql.startswith(start):
            raise IntegrityError("refused")
        return run(sql, *arguments)

    return connection.execute_wrapper(execute)


def read_again(response):
    form = response.context["adminform"].form
    return {name: form[name].value() for name in form.fields}
