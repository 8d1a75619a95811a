"""Pictures in a bucket: at the addresses of the site, and as steady as in a folder."""

import datetime as dt
import re
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import TransactionTestCase, override_settings

from catalog.models import Image
from catalog.pictures import tidying

from ..admin.client import AdminTestCase
from ..factories import make_image, make_person
from ..servers import Editor, Server
from .bucket import NAME, BucketServer
from .made import content, gradient, uploaded

ADD = "/admin/catalog/image/add/"
HASH = "ab" * 32
PICTURE = f"images/ab/{HASH}.png"


class InBucket:
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bucket = cls.enterClassContext(BucketServer())

    def setUp(self):
        super().setUp()
        self.enterContext(override_settings(STORAGES=self.bucket.storages))
        self.addCleanup(self.empty)

    def empty(self):
        for name in self.bucket.listed():
            default_storage.delete(name)

    def without_bucket(self):
        """The server goes away, and comes back with an empty bucket after the test."""
        self.bucket.stop()
        self.addCleanup(self.bucket.start)


class UploadTests(InBucket, AdminTestCase):
    def upload(self):
        data = self.form_at(ADD)
        data |= {"alt_text": "A city", "credit": "A. Photographer", "licence": "CC0"}
        return self.client.post(ADD, data | {"file": uploaded(gradient(400, 200))})

    def test_all_sizes_are_in_the_bucket_and_shown_at_the_site(self):
        assert self.upload().status_code == 302
        image = Image.objects.get()
        types = self.bucket.listed()
        assert types.pop(image.file.name) == "image/jpeg"
        assert {*types.values()} == {"image/webp", "image/avif"}
        assert len(types) == 6
        make_person("Maggie Q", image=image)
        page = self.client.get("/people/maggie-q/").text
        assert self.bucket.address not in page
        for address in re.findall(r"/media/\S+?\.(?:webp|avif|jpg)", page):
            response = self.client.get(address)
            assert response.status_code == 200
            assert len(response.getvalue()) == default_storage.size(address[7:])

    def test_when_the_bucket_is_away_it_says_so_and_keeps_nothing(self):
        self.without_bucket()
        page = self.upload().text
        assert "The picture is fine, but could not be stored" in page
        assert "(the bucket does not answer)" in page
        assert not Image.objects.exists()

    def test_when_there_is_no_such_bucket_it_says_so(self):
        elsewhere = self.bucket.storages
        elsewhere["default"]["OPTIONS"]["bucket_name"] = "another"
        with override_settings(STORAGES=elsewhere):
            assert (
                "could not be stored (the bucket refused it (NoSuchBucket))" in self.upload().text
            )
        assert not Image.objects.exists()


class ServingTests(InBucket, TransactionTestCase):
    def test_a_picture_has_the_headers_that_one_of_a_folder_has(self):
        default_storage.save(PICTURE, ContentFile(b"a picture"))
        response = self.client.get(f"/media/{PICTURE}")
        assert response.getvalue() == b"a picture"
        assert response["Content-Type"] == "image/png"
        assert response["Content-Length"] == "9"
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        kept = {"If-Modified-Since": response["Last-Modified"]}
        assert self.client.get(f"/media/{PICTURE}", headers=kept).status_code == 304

    def test_what_is_not_there_is_not_found(self):
        for name in (PICTURE, "images/other.png", "../secret.png", f"{'a' * 2_000}.png"):
            with self.subTest(name=name[:20]):
                assert self.client.get(f"/media/{name}").status_code in {400, 404}

    def test_nothing_but_pictures_is_given_of_a_bucket_that_has_more(self):
        default_storage.save("images/page.html", ContentFile(b"<script>"))
        assert self.client.get("/media/images/page.html").status_code == 404

    def test_while_the_bucket_is_away_that_is_told_and_pages_go_on(self):
        make_person("Maggie Q", image=make_image(file=PICTURE))
        self.without_bucket()
        self.client.raise_request_exception = False
        response = self.client.get(f"/media/{PICTURE}")
        assert response.status_code == 503
        assert response["Retry-After"] == "30"
        assert "immutable" not in response["Cache-Control"]
        assert "The pictures are out of reach just now" in response.text
        assert f"/media/{PICTURE}" in self.client.get("/people/maggie-q/").text


class MovingTests(InBucket, TransactionTestCase):
    """With backups, from a folder to the bucket and back."""

    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        self.enterContext(self.settings(MEDIA_ROOT=self.folder / "media", VAR_DIR=self.folder))
        make_image(file=PICTURE)

    def call(self, *words):
        out = StringIO()
        call_command(*words, stdout=out, stderr=out)
        return out.getvalue()

    def test_from_a_folder_to_the_bucket_and_back(self):
        one, other = self.folder / "one.zip", self.folder / "other.zip"
        in_folder = {
            **self.bucket.storages,
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        }
        with override_settings(STORAGES=in_folder):
            default_storage.save(PICTURE, ContentFile(b"a picture"))
            self.call("backup", one)
        assert self.bucket.listed() == {}
        self.call("restore", one, "--yes")
        assert self.bucket.listed() == {PICTURE: "image/png"}

        told = self.call("backup", other)
        assert "files of pictures                     1" in told
        with override_settings(STORAGES=in_folder):
            default_storage.delete(PICTURE)
            self.call("restore", other, "--yes")
            with default_storage.open(PICTURE) as file:
                assert file.read() == b"a picture"

    def test_what_nothing_names_is_found(self):
        unused = PICTURE.replace("ab", "cd")
        default_storage.save(unused, ContentFile(b"another"))
        with patch.object(tidying, "_AT_LEAST", dt.timedelta(0)):
            told = self.call("tidy_images", "--delete")
        assert unused in told
        assert f"Missing: {PICTURE}" in told
        assert self.bucket.listed() == {}

    def test_commands_say_that_the_bucket_is_away(self):
        told = f"the bucket does not answer: {NAME}"
        self.without_bucket()
        for words in (["backup", self.folder / "all.zip"], ["tidy_images"]):
            with self.subTest(words=words), self.assertRaisesRegex(CommandError, told):
                self.call(*words)
        assert not (self.folder / "all.zip").exists()


class MachinesTests(TransactionTestCase):
    def test_what_was_uploaded_at_one_is_shown_by_the_other(self):
        anna = get_user_model().objects.create_superuser("anna", password="some words")
        with (
            BucketServer() as bucket,
            Server(**bucket.environment) as one,
            Server(**bucket.environment) as other,
        ):
            editor = Editor(one, anna)
            answer = editor.submit(
                ADD,
                files={"file": ("a.jpg", content(gradient(400, 200)), "image/jpeg")},
                alt_text="A city",
                credit="A. Photographer",
                licence="CC0",
            )
            assert answer.history, answer.text[:2_000]
            image = Image.objects.get()
            narrow = image.url_for(160)
            key = narrow.removeprefix("/media/")
            stored = bucket.client.get_object(Bucket=NAME, Key=key)
            shown = other.get(narrow)
            assert shown.headers["Content-Type"] == "image/webp"
            assert shown.content == stored["Body"].read()
