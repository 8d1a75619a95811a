from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from tqdm import tqdm

from ...models import Revision, SearchEntry, SearchWord
from ...models.gate import refresh_all_gates
from ...models.search_index import remove_orphans, tidy_index
from ...models.search_terms import KINDS

_AT_ONCE = 1_000


class Command(BaseCommand):
    help = (
        "Writes everything that search reads anew from the entries themselves, and from when on "
        "each row is shown. Needed after rows were written past the catalogue (SQL, loaddata) and "
        "after an upgrade that says so; visitors may go on searching meanwhile."
    )

    def handle(self, *, verbosity, **options):
        models = [apps.get_model("catalog", kind) for kind in KINDS]
        with transaction.atomic():
            total = sum(model.objects.count() for model in models)
            refresh_all_gates()
            SearchWord.objects.all().delete()
            # disable=None: shown only when stderr is a terminal.
            progress = tqdm(
                total=total, disable=None if verbosity else True, unit=" rows", leave=False
            )
            with progress:
                for model in models:
                    for rows in _batches(model.objects.order_by("pk")):
                        SearchEntry.objects.record(rows)
                        progress.update(len(rows))
            orphans = remove_orphans(connection)
            tidy_index(connection)
            Revision.objects.rise()
        if verbosity:
            words = SearchWord.objects.count()
            self.stdout.write(
                f"Search finds {total:,} entries by {words:,} words of names; "
                f"{orphans:,} left-over rows were removed."
            )


def _batches(rows):
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:_AT_ONCE]):
        yield batch
        last = batch[-1].pk
