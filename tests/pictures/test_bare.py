"""What we store is recognised as such, and nothing that carries more."""

from django.test import SimpleTestCase

from catalog.pictures.bare import is_bare
from catalog.pictures.making import make

from .made import content, gradient, uploaded


class BareTests(SimpleTestCase):
    def test_whatever_we_make_is_bare(self):
        clear = gradient(300, 200)
        clear.putalpha(gradient(300, 200).getchannel("R"))
        for upload in (
            uploaded(gradient(301, 7)),
            uploaded(gradient(1, 1)),
            uploaded(gradient(3_000, 2_000)),
            uploaded(gradient(64, 64, "L")),
            uploaded(gradient(64, 64), "photo.webp", "WEBP"),
            uploaded(clear, "photo.png", "PNG"),
        ):
            picture = make(upload)
            master = picture.files[picture.name]
            with self.subTest(size=(picture.width, picture.height)):
                size = picture.width, picture.height
                with_alpha = picture.name.endswith(".png")
                assert is_bare(master, *size, with_alpha=with_alpha)
                assert not is_bare(master, *size, with_alpha=not with_alpha)
                assert not is_bare(master, size[0] + 1, size[1], with_alpha=with_alpha)
                assert not is_bare(master + b"\0", *size, with_alpha=with_alpha)

    def test_what_is_cut_off_anywhere_is_not(self):
        clear = gradient(9, 9)
        clear.putalpha(100)
        for data, with_alpha in [
            (content(gradient(9, 9), progressive=True), False),
            (content(clear, "PNG"), True),
        ]:
            assert is_bare(data, 9, 9, with_alpha=with_alpha)
            for end in range(len(data)):
                assert not is_bare(data[:end], 9, 9, with_alpha=with_alpha)

    def test_a_grey_jpeg_is_not_how_we_store_one(self):
        assert not is_bare(content(gradient(9, 9, "L")), 9, 9, with_alpha=False)
