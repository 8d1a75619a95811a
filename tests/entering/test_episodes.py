import pytest
from django.test import SimpleTestCase

from catalog.entering.episodes import AT_ONCE, WEEKLY, air_dates
from catalog.models import PartialDate


class AirDatesTests(SimpleTestCase):
    def test_come_once_a_week(self):
        dates = air_dates(PartialDate("2025-12-25"), 3, WEEKLY)
        assert [date.iso for date in dates] == ["2025-12-25", "2026-01-01", "2026-01-08"]

    def test_come_all_at_once(self):
        assert air_dates(PartialDate("2025-12"), 2, AT_ONCE) == [PartialDate("2025-12")] * 2

    def test_are_not_known_without_the_first(self):
        assert air_dates(None, 2, WEEKLY) == [None, None]

    def test_are_counted_from_a_day_only(self):
        with pytest.raises(ValueError, match="March 2025 is none: write the day"):
            air_dates(PartialDate("2025-03"), 2, WEEKLY)
        with pytest.raises(ValueError, match="No calendar goes that far"):
            air_dates(PartialDate("9999-12-30"), 2, WEEKLY)
