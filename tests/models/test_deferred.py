"""Rows of lists have the columns that the list tells; what else is asked of one is fetched."""

from django.test import TestCase

from catalog.models import Credit, Episode, Portrayal, Relationship, Season
from tests.factories import (
    make_character,
    make_credit,
    make_episode,
    make_portrayal,
    make_relationship,
)


class DeferredColumnTests(TestCase):
    def test_a_column_that_a_row_lacks_is_fetched(self):
        make_portrayal()
        make_episode(synopsis="They meet.")
        make_credit()
        for row, column in [
            (Portrayal.objects.with_names().get(), "shown_from"),
            (Portrayal.objects.for_cards().get(), "note"),
            (Episode.objects.for_rows().get(), "synopsis"),
            (Credit.objects.in_order().get(), "episode_id"),
        ]:
            whole = type(row).objects.get(pk=row.pk)
            with self.assertNumQueries(1):
                assert getattr(row, column) == getattr(whole, column), column

    def test_what_was_joined_stays_at_hand(self):
        make_portrayal()
        row = Portrayal.objects.with_names().get()
        person = row.person
        assert row.shown_from is not None
        with self.assertNumQueries(0):
            assert row.person is person

    def test_a_row_is_refreshed_with_its_names(self):
        make_relationship(make_character("Harry"), make_character("Maddie"))
        make_portrayal(first_episode=make_episode())
        for model in (Portrayal, Relationship, Season, Episode):
            row = model.objects.first()
            row.refresh_from_db()
            with self.assertNumQueries(0):
                assert str(row) == str(row)
