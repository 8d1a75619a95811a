"""What is offered to be taken back, and what is left alone."""

from django.contrib.auth.models import User
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from catalog.history import recording
from catalog.history.undoing import offers, steps_of_restoring, steps_of_undoing
from catalog.models import Change

from ..factories import make_episode, make_season, make_series


def undoing_of(change):
    steps, _ = steps_of_undoing(change)
    return steps


class OfferTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.anna = User.objects.create_superuser("anna")

    def statements(self, size, find_steps, *args):
        """How many it takes to offer the steps, of which there are ``size``."""
        with CaptureQueriesContext(connection) as asked:
            assert len(offers(find_steps(*args))) == size
        return len(asked)

    def changed_series(self, size):
        """A series with ``size`` seasons that were all renamed at once, and the change before."""
        with recording(self.anna) as record:
            series = make_series(f"Series of {size}")
            seasons = [make_season(series, number) for number in range(1, size + 1)]
            for season in seasons:
                make_episode(season, 1)
        first = record.change
        with recording(self.anna) as record:
            record.remember(seasons)
            for season in seasons:
                season.name = f"Chapter {season.number}"
                season.save()
        return series, first, record.change

    def test_many_rows_cost_as_many_statements_as_few(self):
        asked = []
        for size in (3, 30):
            series, first, renamed = self.changed_series(size)
            undone = self.statements(size, undoing_of, renamed)
            restored = self.statements(size, steps_of_restoring, series, first)
            with recording(self.anna, kind=Change.Kind.DELETE) as record:
                record.delete([series])
            recovered = self.statements(1 + 2 * size, undoing_of, record.change)
            asked.append((undone, restored, recovered))
        assert asked[0] == asked[1]
