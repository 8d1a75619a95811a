import warnings
from contextlib import suppress
from io import BytesIO
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from PIL import Image, ImageCms

from catalog.pictures import reading
from catalog.pictures.reading import read

from .made import content, exif, gradient, png_header, profile, upload, uploaded


def is_near(colour, expected):
    return all(abs(a - b) < 12 for a, b in zip(colour, expected, strict=True))


class ReadingTests(SimpleTestCase):
    def test_every_accepted_format_is_read(self):
        for kind, name in [
            ("JPEG", "a.jpg"),
            ("JPEG", "A.JPEG"),
            ("PNG", "a.png"),
            ("WEBP", "a.webp"),
            ("AVIF", "a.avif"),
            ("GIF", "a.gif"),
            ("JPEG", "without-an-ending"),
        ]:
            with self.subTest(kind=kind, name=name):
                seen = read(uploaded(kind=kind, name=name))
                assert (seen.size, seen.mode) == ((300, 200), "RGB")
                assert is_near(seen.getpixel((290, 10)), gradient().getpixel((290, 10)))

    def test_every_kind_of_pixel_becomes_what_it_looks_like(self):
        for mode, kind, name in [
            ("1", "PNG", "a.png"),
            ("L", "JPEG", "a.jpg"),
            ("L", "PNG", "a.png"),
            ("P", "PNG", "a.png"),
            ("P", "GIF", "a.gif"),
            ("CMYK", "JPEG", "a.jpg"),
        ]:
            original = gradient(mode=mode)
            with self.subTest(mode=mode, kind=kind):
                seen = read(uploaded(original, name, kind))
                assert seen.mode == "RGB"
                for place in [(5, 5), (290, 190)]:
                    expected = original.convert("RGB").getpixel(place)
                    assert is_near(seen.getpixel(place), expected)

    def test_sixteen_bits_are_scaled_not_cut(self):
        grey = Image.new("I;16", (40, 30), 0x8000)
        seen = read(uploaded(grey, "a.png", "PNG"))
        assert is_near(seen.getpixel((1, 1)), (128, 128, 128))

    def test_transparency_stays_and_only_where_there_is_some(self):
        clear = gradient(mode="RGBA")
        clear.putalpha(Image.new("L", clear.size, 90))
        assert read(uploaded(clear, "a.png", "PNG")).getchannel("A").getextrema() == (90, 90)
        grey = Image.new("LA", (30, 20), (200, 90))
        assert read(uploaded(grey, "a.png", "PNG")).getpixel((0, 0)) == (200, 200, 200, 90)
        palette = Image.new("P", (30, 20), 3)
        seen = read(uploaded(palette, "a.gif", "GIF", transparency=3))
        assert seen.getchannel("A").getextrema() == (0, 0)
        assert read(uploaded(gradient(mode="RGBA"), "a.png", "PNG")).mode == "RGB"

    def test_tiny_and_narrow_pictures_are_read(self):
        assert read(uploaded(gradient(1, 1), "a.png", "PNG")).size == (1, 1)
        assert read(uploaded(gradient(6000, 2), "a.png", "PNG")).size == (2400, 1)

    def test_large_ones_are_scaled_down_and_others_are_not(self):
        assert read(uploaded(gradient(4000, 3000))).size == (2400, 1800)
        assert read(uploaded(gradient(500, 2600))).size == (462, 2400)
        assert read(uploaded(gradient(2400, 100))).size == (2400, 100)

    def test_it_stands_upright_however_the_camera_was_held(self):
        dark, light = (0, 0, 0), (255, 255, 255)
        original = Image.new("RGB", (60, 40), dark)
        original.paste(light, (0, 0, 20, 20))  # a light corner, at the left of the top
        corners = {
            1: (5, 5),
            2: (55, 5),
            3: (55, 35),
            4: (5, 35),
            5: (5, 5),
            6: (35, 5),
            7: (35, 55),
            8: (5, 55),
        }
        for orientation, corner in corners.items():
            with self.subTest(orientation=orientation):
                seen = read(uploaded(original, quality=95, exif=exif(orientation)))
                assert seen.size == ((60, 40) if orientation < 5 else (40, 60))
                assert is_near(seen.getpixel(corner), light)

    def test_a_broken_note_of_the_camera_does_not_matter(self):
        data = b"Exif\x00\x00II*\x00\xff\xff\xff\xff" + b"\xff" * 20
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert read(uploaded(exif=data)).size == (300, 200)

    def test_nothing_but_pixels_comes_along(self):
        seen = read(
            uploaded(
                exif=exif(6, with_place=True),
                comment=b"Secret comment",
                icc_profile=profile(),
            )
        )
        assert seen.info == {}
        assert not seen.getexif()

    def test_colours_are_converted_by_their_profile(self):
        for mode in ("RGB", "RGBA"):
            red = Image.new(mode, (30, 20), (220, 30, 30) if mode == "RGB" else (220, 30, 30, 90))
            swapped = profile(swaps_red_and_green=True)
            with self.subTest(mode=mode):
                seen = read(uploaded(red, "a.png", "PNG", icc_profile=swapped))
                assert seen.mode == mode
                assert seen.getpixel((0, 0))[1] > seen.getpixel((0, 0))[0] + 100
                seen = read(uploaded(red, "a.png", "PNG", icc_profile=profile()))
                assert is_near(seen.getpixel((0, 0))[:3], (220, 30, 30))

    def test_a_profile_that_does_not_fit_is_passed_over(self):
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
        for wrong in (lab, b"no profile at all"):
            seen = read(uploaded(icc_profile=wrong))
            assert is_near(seen.getpixel((290, 10)), gradient().getpixel((290, 10)))


class RefusalTests(SimpleTestCase):
    def refuses(self, file, *words):
        with pytest.raises(ValidationError) as refusal:
            read(file)
        for word in words:
            assert word in refusal.value.messages[0]

    def test_what_is_no_picture_is_called_what_it_is(self):
        svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"></svg>'
        for data, name, found in [
            (svg, "a.svg", "an SVG drawing"),
            (svg, "a.png", "an SVG drawing"),
            (b"<!DOCTYPE html><script>alert(1)</script>", "a.jpg", "a web page"),
            (b"%PDF-1.7 ...", "a.pdf", "a PDF document"),
            (b"PK\x03\x04 ...", "a.zip", "a ZIP archive"),
            (b"Dear editor, ...", "a.jpg", "a text"),
            (("é" * 700).encode(), "a.jpg", "a text"),
            (content(gradient(), "TIFF"), "a.tiff", "a TIFF picture"),
            (content(gradient(), "BMP"), "a.jpg", "a BMP picture"),
            (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "a.heic", "a HEIC picture"),
            (b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40, "a.mp4", "a video"),
            (b"MZ\x90\x00", "a.jpg", "a program"),
            (bytes(range(256)), "a.jpg", "no picture"),
        ]:
            with self.subTest(name=name, found=found):
                self.refuses(upload(data, name), f"This is {found}", "Choose a JPEG, PNG")

    def test_an_empty_file(self):
        self.refuses(upload(b""), "empty")

    def test_a_name_that_says_something_else(self):
        for kind, name in [("JPEG", "photo.png"), ("PNG", "photo.jpg"), ("JPEG", "photo.html")]:
            with self.subTest(name=name):
                self.refuses(uploaded(kind=kind, name=name), "not what its name says", kind)

    def test_one_that_was_cut_off(self):
        for kind, name in [
            ("JPEG", "a.jpg"),
            ("PNG", "a.png"),
            ("WEBP", "a.webp"),
            ("AVIF", "a.avif"),
        ]:
            data = content(gradient(), kind)
            with self.subTest(kind=kind):
                self.refuses(upload(data[: len(data) // 2], name), "")
        data = content(gradient())
        self.refuses(upload(data[: len(data) // 2]), "JPEG picture is damaged or not complete")

    def test_bytes_turned_at_random_are_refused_or_read_and_never_an_error(self):
        for kind, name in [
            ("JPEG", "a.jpg"),
            ("PNG", "a.png"),
            ("WEBP", "a.webp"),
            ("GIF", "a.gif"),
        ]:
            original = content(gradient(60, 40), kind)
            for position in range(0, len(original), max(1, len(original) // 60)):
                data = bytearray(original)
                data[position] ^= 0xFF
                with (
                    self.subTest(kind=kind, position=position),
                    suppress(ValidationError),
                ):
                    read(upload(bytes(data), name))

    def test_more_pixels_than_can_be_decoded(self):
        for width, height in [(60_000, 60_000), (12_001, 10), (10_000, 6_000)]:
            with self.subTest(width=width, height=height):
                self.refuses(upload(png_header(width, height), "a.png"), "pixels", "50 million")

    def test_it_is_not_decoded_before_its_size_is_known(self):
        with mock.patch.object(Image.Image, "load", side_effect=AssertionError("decoded")):
            self.refuses(upload(png_header(10_000, 6_000), "a.png"), "10,000 × 6,000")

    def test_more_bytes_than_are_taken(self):
        file = SimpleUploadedFile("a.jpg", content(gradient()))
        file.size = reading.MAX_BYTES + 1
        self.refuses(file, "15 MB", "Make the picture smaller")
        data = content(gradient())
        padded = data + b"\x00" * (reading.MAX_BYTES - len(data))
        assert read(upload(padded)).size == (300, 200)

    def test_one_that_moves(self):
        frames = [gradient(40, 30), Image.new("RGB", (40, 30), "red")]
        for kind, name in [
            ("GIF", "a.gif"),
            ("PNG", "a.png"),
            ("WEBP", "a.webp"),
            ("AVIF", "a.avif"),
        ]:
            file = BytesIO()
            frames[0].save(file, kind, save_all=True, append_images=frames[1:])
            with self.subTest(kind=kind):
                self.refuses(upload(file.getvalue(), name), "This picture moves")

    def test_two_pictures_in_one_file_of_a_phone_are_no_film(self):
        file = BytesIO()
        gradient(40, 30).save(file, "MPO", save_all=True, append_images=[gradient(40, 30)])
        assert read(upload(file.getvalue())).size == (40, 30)
