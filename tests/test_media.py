from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

HASH = "ab" * 32


class MediaTests(SimpleTestCase):
    def store(self, name, data=b"data"):
        path = Path(settings.MEDIA_ROOT) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.addCleanup(path.unlink)
        return f"/media/{name}"

    def get(self, path):
        response = self.client.get(path)
        if response.streaming:
            b"".join(response)
        response.close()
        return response

    def test_pictures_are_served_as_what_they_are(self):
        for ending, content_type in {
            "jpg": "image/jpeg",
            "png": "image/png",
            "webp": "image/webp",
            "avif": "image/avif",
        }.items():
            with self.subTest(ending=ending):
                response = self.get(self.store(f"images/ab/{HASH}-320.{ending}"))
                assert response.status_code == 200
                assert response["Content-Type"] == content_type
                assert response["X-Content-Type-Options"] == "nosniff"

    def test_what_is_named_by_its_content_is_kept_for_ever(self):
        for name in (f"images/ab/{HASH}.jpg", f"images/ab/{HASH}-160.webp"):
            with self.subTest(name=name):
                response = self.get(self.store(name))
                assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cache-Control" not in self.get(self.store("images/2026/other.png"))

    def test_nothing_else_is_served(self):
        for name in ("page.html", "drawing.svg", "script.js", "notes.txt", "page.jpg.html", "none"):
            with self.subTest(name=name):
                assert self.get(self.store(f"images/{name}")).status_code == 404

    def test_nothing_outside_the_folder_is_served(self):
        for path in ("/media/../db.jpg", "/media/images/%2e%2e/%2e%2e/x.jpg", "/media/images/"):
            with self.subTest(path=path):
                assert self.get(path).status_code in {400, 404}

    def test_a_name_that_no_file_can_have_is_not_found(self):
        for name in ("a" * 5_000, "a" * 300, "a/" * 3_000 + "a", "%00", "%ff"):
            with self.subTest(name=name[:4]):
                assert self.get(f"/media/images/{name}.jpg").status_code == 404

    def test_a_missing_one_is_not_kept_as_missing(self):
        response = self.get(f"/media/images/ab/{HASH}.jpg")
        assert response.status_code == 404
        assert "immutable" not in response.get("Cache-Control", "")
