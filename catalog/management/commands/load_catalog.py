from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ...importers.catalog_load import is_empty, load
from ...importers.problems import CannotLoadError
from ..problems import not_changed, refusals_in_words

BOSCH = Path(__file__).parents[2] / "data" / "bosch"


class Command(BaseCommand):
    help = (
        "Loads a catalogue from JSON files: adds what is new and sets what the files say. What "
        "they do not name stays as it is, and nothing is deleted. If anything is wrong with the "
        "files, nothing is changed."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "path",
            nargs="?",
            type=Path,
            default=BOSCH,
            help="A JSON file, or a folder of them; the Bosch catalogue when it is not given.",
        )
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="Do nothing when the catalogue has anything in it already.",
        )

    @refusals_in_words()
    def handle(self, *, path, if_empty, verbosity, **options):
        if if_empty and not is_empty():
            self._say(verbosity, "The database has a catalogue already; nothing was loaded.")
            return
        # disable=None: shown only when stderr is a terminal.
        progress = partial(tqdm, disable=None if verbosity else True, leave=False)
        try:
            summary = load(path, progress)
        except CannotLoadError as error:
            raise CommandError(not_changed(error.problems)) from error
        self._say(verbosity, _summed_up(summary))

    def _say(self, verbosity, text):
        if verbosity:
            self.stdout.write(text)


def _summed_up(summary):
    if not summary.kinds:
        return "The files hold no rows; nothing was loaded."
    if summary.is_unchanged:
        return f"Unchanged: all {summary.unchanged.total():,} rows are in the catalogue already."
    lines = [f"{'':20}{'new':>9}{'updated':>9}{'unchanged':>11}"]
    lines += [
        f"{kind.plural:20}{summary.new[kind]:>9,}{summary.updated[kind]:>9,}"
        f"{summary.unchanged[kind]:>11,}"
        for kind in summary.kinds
    ]
    return "\n".join(lines)
