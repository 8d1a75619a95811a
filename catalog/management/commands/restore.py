from functools import partial
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ...backups.problems import BackupError
from ...backups.restoring import restore
from ..problems import refusals_in_words
from ..telling import summed_up


class Command(BaseCommand):
    help = (
        "Puts a backup in the place of the database that is there, and its pictures beside those "
        "that are there. All of it is checked before anything is touched, and nothing that the "
        "database holds is replaced without --yes."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="A file that backup has made.")
        parser.add_argument(
            "--yes", action="store_true", help="Replace what the database holds now."
        )

    @refusals_in_words()
    def handle(self, *, file, yes, verbosity, **options):
        # disable=None: shown only when stderr is a terminal.
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            manifest, is_older = restore(file, progress, partial(self._agreed, yes=yes))
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"The database is as it was: {error.strerror}: {error.filename or file}"
            ) from error
        if is_older:
            call_command("migrate", verbosity=0)
        if verbosity:
            self.stdout.write(summed_up(manifest))
            was = "It was of an older version, and has been migrated." if is_older else ""
            self.stdout.write(f"Restored as it was at {manifest.made}. {was}".strip())

    @staticmethod
    def _agreed(manifest, present, *, yes):
        if not present or yes:
            return
        lines = "\n".join(f"  {number:>11,} {kind}" for kind, number in present.items())
        raise BackupError(
            f"The database is not empty. It holds:\n{lines}\n"
            f"All of it would be replaced by what there was at {manifest.made}, and be lost. "
            "Nothing was changed; add --yes if that is what you want, best after a backup."
        )
