from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ...backups.backing_up import back_up, own_folder, remove_older
from ...backups.engines import NAMES
from ...backups.problems import BackupError
from ..problems import refusals_in_words
from ..telling import summed_up

_STEM = "catalogue-"


class Command(BaseCommand):
    help = (
        "Writes a backup of everything into one file, while the site goes on: the database with "
        "history and accounts, and the pictures. It is opened and counted afterwards. Whoever "
        "has the file has all of that, hashes of passwords included."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="A new file; without it one in VAR_DIR/backups, named by the time.",
        )
        parser.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="Afterwards delete all but the newest N that were named by the time.",
        )

    @refusals_in_words()
    def handle(self, *, file, keep, verbosity, **options):
        if keep is not None and (keep < 1 or file is not None):
            raise CommandError("--keep takes a number from 1, and no file beside it.")
        own = own_folder()
        path = file or own / f"{_STEM}{datetime.now(UTC):%Y-%m-%d-%H%M%S}.zip"
        # disable=None: shown only when stderr is a terminal.
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            manifest = back_up(path.absolute(), progress)
        except BackupError as error:
            raise CommandError(f"No backup was made. {error}") from error
        except OSError as error:
            raise CommandError(
                f"No backup was made: {error.strerror}: {error.filename or path}"
            ) from error
        for name in manifest.missing:
            self.stderr.write(f"Named by the library, but not there: {name}")
        removed = remove_older(own, f"{_STEM}????-??-??-??????.zip", keep) if keep else []
        if verbosity:
            self.stdout.write(summed_up(manifest))
            self.stdout.write(
                f"Checked, and written to {path.absolute()}: "
                f"{path.stat().st_size / 2**20:,.1f} MB from {NAMES[manifest.engine]}."
            )
            for older in removed:
                self.stdout.write(f"Deleted {older}")
