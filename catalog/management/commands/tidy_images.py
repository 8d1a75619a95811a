from django.core.management.base import BaseCommand, CommandError

from ...pictures.tidying import look, remove


class Command(BaseCommand):
    help = (
        "Lists the files of pictures that neither the library nor its history names any more, "
        "and, with --delete, removes them. Files of pictures that were deleted stay as long as "
        "the history can bring the picture back."
    )

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help="remove what is listed")

    def handle(self, *, delete, verbosity, **options):
        try:
            found = look()
        except OSError as error:
            raise CommandError(
                f"The pictures could not be looked through: {error.strerror}: {error.filename}"
            ) from error
        names = remove(found.unused) if delete else found.unused
        if verbosity:
            for name in names:
                self.stdout.write(name)
            for name in found.missing:
                self.stderr.write(f"Missing: {name}")
        end = "removed" if delete else "can be removed: run it again with --delete"
        self.stdout.write(f"{len(names):,} unused files {end}; {len(found.missing):,} are missing.")
