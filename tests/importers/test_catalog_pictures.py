import hashlib
import os

from django.core.files.storage import default_storage
from django.test import override_settings
from PIL import PngImagePlugin

from catalog.models import Image, Person
from catalog.pictures.making import make
from tests.pictures.made import content, exif, gradient, profile, uploaded
from tests.pictures.storages import files_in, memory

from .catalogue import LoadCatalogTestCase

FULL = "tests.pictures.storages.FullStorage"
CREDITED = {"credit": "A. Photographer", "licence": "CC BY-SA 4.0"}


class PicturesTests(LoadCatalogTestCase):
    def setUp(self):
        super().setUp()
        self.enterContext(override_settings(STORAGES=memory()))

    def put(self, data, ending="jpg"):
        """Lay ``data`` beside the data files, and give its name in them."""
        name = f"images/{hashlib.sha256(data).hexdigest()}.{ending}"
        (self.folder / "images").mkdir(exist_ok=True)
        (self.folder / name).write_bytes(data)
        return name

    def put_master(self):
        picture = make(uploaded())
        return self.put(picture.files[picture.name])

    def problem_with(self, name, **fields):
        return self.problem(images=[{"file": name, "alt_text": "Maggie Q", **CREDITED, **fields}])

    def test_a_picture_is_stored_as_it_is_with_all_its_sizes(self):
        name = self.put_master()
        data = (self.folder / name).read_bytes()
        self.load_rows(
            images=[{"file": name, "alt_text": "Maggie Q", "focal_x": 10, **CREDITED}],
            people=[{"slug": "maggie-q", "name": "Maggie Q", "image": name}],
        )
        image = Image.objects.get()
        assert image.content_hash == hashlib.sha256(data).hexdigest()
        assert (image.width, image.height, image.widths) == (300, 200, "160 300")
        assert (image.focal_x, image.focal_y, image.alt_text) == (10, 50, "Maggie Q")
        with default_storage.open(image.file.name) as stored:
            assert stored.read() == data
        assert image.file.name.replace(".jpg", "-160.webp") in files_in(default_storage)
        assert Person.objects.get().image == image

    def test_a_second_load_changes_what_is_said_of_it_and_stores_nothing(self):
        name = self.put_master()
        self.load_rows(images=[{"file": name, "alt_text": "Maggie Q", **CREDITED}])
        stored = files_in(default_storage)
        said = self.load_rows(images=[{"file": name, "alt_text": "Maggie Q, laughing"}])
        assert said.splitlines()[1].split() == ["images", "0", "1", "0"]
        assert Image.objects.get().alt_text == "Maggie Q, laughing"
        assert files_in(default_storage) == stored
        self.folder.joinpath(name).unlink()
        assert self.load().startswith("Unchanged")

    def test_who_made_it_must_be_said_as_in_the_admin(self):
        problem = self.problem_with(self.put_master(), credit="")
        assert problem.startswith("catalog.json: images[0]")
        assert problem.endswith("credit: Say who made the picture, or who owns it.")

    def test_a_file_that_is_not_there_is_named(self):
        problem = self.problem_with(f"images/{'0' * 64}.jpg")
        assert "file: The picture cannot be read: No such file or directory." in problem

    def test_a_file_that_is_not_what_its_name_says_is_refused(self):
        name = self.put_master()
        (self.folder / name).write_bytes(content(gradient(20, 20)))
        assert "its content differs" in self.problem_with(name)
        renamed = self.put((make(uploaded()).files)[make(uploaded()).name], "png")
        assert "png" in self.problem_with(renamed)

    def test_a_picture_that_carries_more_than_pixels_is_refused(self):
        marked = PngImagePlugin.PngInfo()
        marked.add_text("Comment", "Where it was taken")
        clear = gradient(40, 30)
        clear.putalpha(128)
        for data, ending in [
            (content(gradient(), exif=exif(with_place=True)), "jpg"),
            (content(gradient(), comment=b"Where it was taken"), "jpg"),
            (content(gradient(), icc_profile=profile()), "jpg"),
            (content(gradient()) + b"<script>", "jpg"),
            (content(clear, "PNG", pnginfo=marked), "png"),
            (content(clear, "PNG") + b"PK\x03\x04", "png"),
            (content(gradient(2_500, 10)), "jpg"),
        ]:
            with self.subTest(start=data[:40]):
                problem = self.problem_with(self.put(data, ending))
                assert "carries more than pixels, or too many of them" in problem
        assert files_in(default_storage) == []

    def test_what_is_no_picture_is_refused(self):
        assert "This is a web page" in self.problem_with(self.put(b"<html><script>"))

    def test_names_lead_nowhere_else(self):
        for name in ("images/../secret.jpg", "/etc/passwd", "images/a.jpg", "", None, 7):
            with self.subTest(name=name):
                assert "file: " in self.problem_with(name)

    def test_a_link_to_what_has_no_end_or_never_begins_is_not_read(self):
        name = self.put_master()
        os.mkfifo(self.folder / "pipe")
        for target in (self.folder / "pipe", "/dev/zero"):
            with self.subTest(target=target):
                (self.folder / name).unlink()
                (self.folder / name).symlink_to(target)
                assert self.problem_with(name).endswith("file: This is not a file.")

    def test_files_of_a_load_that_fails_are_taken_back(self):
        name = self.put_master()
        problem = self.problem(
            images=[{"file": name, "alt_text": "Maggie Q", **CREDITED}],
            people=[{"slug": "maggie-q"}],
        )
        assert "person “maggie-q”, name: is missing" in problem
        assert files_in(default_storage) == []

    @override_settings(STORAGES=memory(FULL, room=2))
    def test_a_full_disk_is_told_and_leaves_nothing(self):
        assert "No space left on device" in self.problem_with(self.put_master())
        assert files_in(default_storage) == []

    def test_a_picture_nobody_has_is_named(self):
        name = f"images/{'0' * 64}.jpg"
        problem = self.problem(people=[{"slug": "a", "name": "A", "image": name}])
        assert problem == f"catalog.json: person “a”, image: there is no image “{name}”."
