from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ...exporters.catalog_export import export
from ...exporters.problems import CannotExportError
from ..problems import refusals_in_words, told


class Command(BaseCommand):
    help = (
        "Writes the published catalogue into a folder: JSON files as load_catalog reads them, and "
        "the pictures. Drafts, what is in review and what is scheduled are left out unless --all "
        "is given. An older export in that folder is replaced; one that fails changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", type=Path, help="A new or empty folder, or one with an older export."
        )
        parser.add_argument(
            "--all",
            action="store_true",
            dest="everything",
            help="Everything that the catalogue has: to move it elsewhere.",
        )

    @refusals_in_words()
    def handle(self, *, folder, everything, verbosity, **options):
        # disable=None: shown only when stderr is a terminal.
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            counts = export(folder, everything=everything, progress=progress)
        except CannotExportError as error:
            raise CommandError(told("Nothing was written:", error.problems)) from error
        if verbosity:
            self.stdout.write(_summed_up(counts, folder))


def _summed_up(counts, folder):
    lines = [f"{kind.plural:20}{number:>9,}" for kind, number in counts.items() if number]
    return "\n".join(
        [*lines, f"Written into {folder.resolve()}."] if lines else ["There is nothing to write."]
    )
