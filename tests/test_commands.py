"""Commands as an operator runs them, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import SimpleTestCase

ROOT = Path(__file__).resolve().parent.parent


class EmptyDatabaseTests(SimpleTestCase):
    def run_in(self, folder, *arguments):
        env = {
            **os.environ,
            "ALLOWED_HOSTS": "testserver",
            "DATABASE_URL": f"sqlite:///{folder}/new.sqlite3",
            "SECRET_KEY": "a key for this test only, which is as long as a real one",
            "VAR_DIR": folder,
        }
        command = [sys.executable, ROOT / "manage.py", *arguments]
        return subprocess.run(  # noqa: S603 - our own command
            command, env=env, capture_output=True, text=True, check=False
        )

    def test_commands_say_that_it_has_to_be_migrated(self):
        with TemporaryDirectory() as folder:
            for arguments in [["load_catalog"], ["export_catalog", f"{folder}/out"]]:
                with self.subTest(command=arguments[0]):
                    done = self.run_in(folder, *arguments)
                    assert done.returncode == 1
                    assert done.stderr.startswith(
                        "CommandError: The database refuses this: no such"
                    )
                    assert "run “manage.py migrate” first" in done.stderr
                    assert "Traceback" not in done.stderr
            assert not (Path(folder) / "out").exists()
