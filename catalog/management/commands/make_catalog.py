import sys

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from ...importers.catalog_form import KIND_OF
from ...importers.catalog_load import is_empty
from ...importers.made_up import LEAST_PEOPLE, Size, make


class Command(BaseCommand):
    help = (
        "Writes a made-up catalogue of any size into an empty database, to try the site and its "
        "speed with. The same number of people and the same seed give the same catalogue."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--people",
            type=int,
            required=True,
            help="How many; the number of everything else follows from it.",
        )
        parser.add_argument(
            "--seed", type=int, default=1, help="Another number gives another catalogue."
        )
        parser.add_argument("--yes", action="store_true", help="Do not ask before writing.")

    def handle(self, *, people, seed, yes, verbosity, **options):
        if people < LEAST_PEOPLE:
            raise CommandError(f"--people must be {LEAST_PEOPLE} or more.")
        if not is_empty():
            raise CommandError(
                "The database has a catalogue already, and made-up rows could not be told from its "
                "own. Nothing was written. Use an empty database: VAR_DIR or DATABASE_URL names it."
            )
        if not yes and sys.stdin.isatty() and not _agreed(people):
            raise CommandError("Nothing was written.")
        size = Size(people)
        # disable=None: shown only when stderr is a terminal.
        with tqdm(
            total=size.most_rows, disable=None if verbosity else True, unit=" rows", leave=False
        ) as bar:
            written = make(size, seed, bar.update)
        if verbosity:
            self.stdout.write(_summed_up(written))


def _agreed(people):
    name = connection.settings_dict["NAME"]
    answer = input(f"Write {people:,} made-up people and their work into {name}? [y/N] ")
    return answer.strip().lower() in {"y", "yes"}


def _summed_up(written):
    return "\n".join(
        f"{kind.plural:20}{written[model]:>11,}"
        for model, kind in KIND_OF.items()
        if written[model]
    )
