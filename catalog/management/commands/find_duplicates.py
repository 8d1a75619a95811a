from django.core.management.base import BaseCommand
from django.db import transaction
from tqdm import tqdm

from ...models import Character, LikelyDuplicate, Person, Revision

_AT_ONCE = 200


class Command(BaseCommand):
    help = (
        "Looks through all people and all characters for two that may be the same. Each save does "
        "so for what is saved; this is needed after rows were written past the catalogue (SQL, "
        "loaddata, make_catalog) and after an upgrade that says so. What editors have said of "
        "a pair stays."
    )

    def handle(self, *, verbosity, **options):
        total = sum(model.objects.count() for model in (Person, Character))
        # disable=None: shown only when stderr is a terminal.
        progress = tqdm(total=total, disable=None if verbosity else True, unit=" rows", leave=False)
        with progress:
            for model in (Person, Character):
                rows = model.objects.order_by("pk")
                while batch := _look_through(rows):
                    rows = rows.filter(pk__gt=batch[-1].pk)
                    progress.update(len(batch))
        if verbosity:
            pairs = LikelyDuplicate.objects.filter(dismissed=False).count()
            self.stdout.write(
                f"Among {total:,} people and characters there are {pairs:,} pairs to look at."
            )


def _look_through(rows):
    """Look for those that are like the first few of ``rows``; gives these."""
    with transaction.atomic():
        # Editors save in between, not at the same moment.
        Revision.objects.take_turn()
        batch = list(rows[:_AT_ONCE])
        if batch:
            LikelyDuplicate.objects.look_again(batch)
    return batch
