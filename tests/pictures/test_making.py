import hashlib
import time
from io import BytesIO
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.test import SimpleTestCase
from PIL import Image, ImageChops, ImageStat, features

from catalog.pictures.making import make

from .made import content, exif, gradient, upload, uploaded


def opened(data):
    return Image.open(BytesIO(data))


class MakingTests(SimpleTestCase):
    def test_a_photo_becomes_a_jpeg_named_by_its_content(self):
        made = make(uploaded(gradient(1000, 500)))
        master = made.files[made.name]
        assert made.content_hash == hashlib.sha256(master).hexdigest()
        assert made.name == f"images/{made.content_hash[:2]}/{made.content_hash}.jpg"
        assert (made.width, made.height) == (1000, 500)
        assert (opened(master).format, opened(master).size) == ("JPEG", (1000, 500))

    def test_what_lets_shine_through_becomes_a_png(self):
        picture = gradient(mode="RGBA")
        picture.putalpha(90)
        made = make(uploaded(picture, "logo.webp", "WEBP"))
        assert made.name.endswith(".png")
        assert opened(made.files[made.name]).getchannel("A").getextrema() == (90, 90)
        for name, data in made.files.items():
            with self.subTest(name=name):
                assert opened(data).mode == "RGBA"

    def test_narrower_versions_are_made_and_never_wider_ones(self):
        for width, widths in {
            2000: [160, 320, 640, 1280],
            1280: [160, 320, 640, 1280],
            500: [160, 320, 500],
            90: [90],
        }.items():
            made = make(uploaded(gradient(width, 40)))
            with self.subTest(width=width):
                assert made.widths == widths
                assert made.has_avif
                stem = made.name.removesuffix(".jpg")
                for narrower in widths:
                    for ending in ("webp", "avif"):
                        version = opened(made.files[f"{stem}-{narrower}.{ending}"])
                        assert version.format == ending.upper()
                        assert version.size == (narrower, max(1, round(40 * narrower / width)))
                assert len(made.files) == 1 + 2 * len(widths)

    def test_the_master_comes_last_so_that_a_stored_one_is_complete(self):
        made = make(uploaded())
        assert list(made.files)[-1] == made.name

    def test_without_an_encoder_for_avif_there_is_webp(self):
        with mock.patch.object(features, "check", return_value=False):
            made = make(uploaded())
        assert not made.has_avif
        assert {name.rpartition(".")[2] for name in made.files} == {"jpg", "webp"}

    def test_the_same_picture_is_the_same_whatever_the_camera_wrote_into_it(self):
        plain = make(uploaded())
        noted = make(uploaded(name="other.jpg", exif=exif(with_place=True), comment=b"Secret"))
        assert plain.name == noted.name
        assert plain.files == noted.files

    def test_nothing_of_the_upload_but_its_pixels_is_stored(self):
        secrets = [b"Secret", b"GPS", b"<script>", b"Exif", b"http://ns.adobe.com"]
        xmp = b"<x:xmpmeta xmlns:x='http://ns.adobe.com/'>Secret</x:xmpmeta>"
        jpeg = content(gradient(), exif=exif(1, with_place=True), comment=b"Secret", xmp=xmp)
        png = content(gradient(mode="RGBA"), "PNG", exif=exif(1, with_place=True))
        webp = content(gradient(), "WEBP", exif=exif(1, with_place=True), xmp=xmp)
        avif = content(gradient(), "AVIF", exif=exif(1, with_place=True), xmp=xmp)
        polyglot = content(gradient()) + b"<script>alert(1)</script>PK\x03\x04Secret"
        for data, name in [
            (jpeg, "a.jpg"),
            (png, "a.png"),
            (webp, "a.webp"),
            (avif, "a.avif"),
            (polyglot, "a.jpg"),
        ]:
            assert any(secret in data for secret in secrets)
            for stored, result in make(upload(data, name)).files.items():
                with self.subTest(name=name, stored=stored):
                    assert not [secret for secret in secrets if secret in result]
                    assert not opened(result).getexif()
                    assert "icc_profile" not in opened(result).info

    def test_narrow_ones_look_as_if_made_of_the_whole_picture(self):
        noise = Image.effect_noise((500, 400), 60).resize((2000, 1600))
        photo = Image.merge("RGB", (*gradient(2000, 1600).split()[:2], noise))
        files = make(uploaded(photo, "a.png", "PNG")).files
        for width in (160, 320, 640):
            [stored] = [files[name] for name in files if name.endswith(f"-{width}.webp")]
            direct = photo.resize((width, round(width * 0.8)), Image.Resampling.LANCZOS)
            direct = opened(content(direct, "WEBP", quality=80, method=4))
            difference = ImageChops.difference(opened(stored), direct)
            assert max(ImageStat.Stat(difference).mean) < 3, width

    def test_a_photo_of_a_phone_takes_a_few_seconds_at_most(self):
        noise = Image.effect_noise((4000, 3000), 60)
        photo = Image.merge("RGB", (*gradient(4000, 3000).split()[:2], noise))
        file = uploaded(photo, quality=90)
        start = time.process_time()
        make(file)
        assert time.process_time() - start < 10  # about two where nothing else runs

    def test_a_refusal_lets_the_next_one_in(self):
        for _ in range(2):
            with pytest.raises(ValidationError):
                make(upload(b"no picture"))
        assert make(uploaded()).files
