"""What a start is refused for, in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import SimpleTestCase

ROOT = Path(__file__).resolve().parent.parent
HOW = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
WAYS_TO_START = [
    ["manage.py", "check"],
    ["-m", "gunicorn", "--config=franchise/gunicorn.conf.py"],
    ["-m", "franchise.granian_server"],
]


class SecretKeyTests(SimpleTestCase):
    def start(self, *arguments, **env):
        env = {**os.environ, "SECRET_KEY": "", "HOST": "127.0.0.1", "PORT": "0", **env}
        command = [sys.executable, *arguments]
        return subprocess.run(  # noqa: S603 - our own command
            command, env=env, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
        )

    def test_without_one_nothing_starts_and_each_says_how_to_make_one(self):
        for way in WAYS_TO_START:
            with self.subTest(way=way):
                done = self.start(*way)
                assert done.returncode != 0
                assert "SECRET_KEY is not set. Make one with" in done.stderr
                assert HOW in done.stderr

    def test_one_that_can_be_guessed_is_none(self):
        with TemporaryDirectory() as folder:
            file = Path(folder) / "key"
            file.write_text("a key")
            for env, why in [
                ({"SECRET_KEY": "x1Y2" * 12}, "has 48 characters"),
                ({"SECRET_KEY": "ab" * 40}, "repeats the same few characters"),
                ({"SECRET_KEY": "django-insecure-" + "x1Y2z" * 10}, "made for trying things out"),
                ({"SECRET_KEY_FILE": str(file)}, "has 5 characters"),
            ]:
                with self.subTest(why=why):
                    done = self.start("-c", "import franchise.settings", **env)
                    assert done.returncode != 0
                    assert why in done.stderr
                    assert HOW in done.stderr
                    assert env.get("SECRET_KEY", "a key") not in done.stderr
