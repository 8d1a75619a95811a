import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from catalog.models import Episode, PartialDate, Person, Series
from catalog.models.dates import PartialDateFormField
from tests.factories import make_episode, make_person, make_season, make_series


class PartialDateTests(SimpleTestCase):
    def test_reads_what_people_write(self):
        for text, iso in [
            ("2025", "2025"),
            ("2025-03", "2025-03"),
            ("2025-03-27", "2025-03-27"),
            ("2025-3", "2025-03"),
            ("2025-3-7", "2025-03-07"),
            ("March 2025", "2025-03"),
            ("mar 2025", "2025-03"),
            ("Mar. 2025", "2025-03"),
            ("Sept 2025", "2025-09"),
            ("27 March 2025", "2025-03-27"),
            ("27. March 2025", "2025-03-27"),
            ("7 Mar 2025", "2025-03-07"),
            ("27 Mar 2025", "2025-03-27"),
            ("Sept. 2025", "2025-09"),
            ("27th March 2025", "2025-03-27"),
            ("March 27, 2025", "2025-03-27"),
            ("March 1st, 2025", "2025-03-01"),
            ("27.3.2025", "2025-03-27"),
            ("27. 03. 2025", "2025-03-27"),
            ("  27   March  2025 ", "2025-03-27"),
            ("29 February 2024", "2024-02-29"),
            ("27th of March 2025", "2025-03-27"),
            ("27-Mar-2025", "2025-03-27"),
            ("Mar-2025", "2025-03"),
            ("2025/03/27", "2025-03-27"),
            ("2025/3/7", "2025-03-07"),
        ]:
            with self.subTest(text=text):
                assert PartialDate.parse(text).iso == iso

    def test_refuses_what_is_no_date(self):
        for text in [
            "",
            "soon",
            "25",
            "2025-13",
            "2025-00",
            "2025-02-30",
            "0000",
            "30 February 2025",
            "27 Marz 2025",
            "spring 2025",
            "27.13.2025",
            "27/03/2025",
            "03/2025/27",
            "2025/26",
            "2025/03",
            "2025-03-27T00:00",
            "2025-03-",
            "٢٠٢٥",
            "2025\x00",
            "20255",
        ]:
            with self.subTest(text=text), pytest.raises(ValueError, match=r"Write 2025"):
                PartialDate.parse(text)

    def test_says_why_slashes_are_refused(self):
        with pytest.raises(ValueError, match="“27/03/2025” has the day first for some"):
            PartialDate.parse("27/03/2025")

    def test_says_that_a_season_of_the_year_is_no_month(self):
        with pytest.raises(ValueError, match="“spring 2025” names no month"):
            PartialDate.parse("spring 2025")

    def test_prints_as_precisely_as_it_is_known(self):
        assert str(PartialDate("2025")) == "2025"
        assert str(PartialDate("2025-03")) == "March 2025"
        assert str(PartialDate("2025-03-07")) == "7 March 2025"

    def test_knows_its_precision_and_its_span(self):
        month = PartialDate("2024-02")
        assert month.precision == "month"
        assert (month.year, month.month, month.day) == (2024, 2, None)
        assert month.earliest == dt.date(2024, 2, 1)
        assert month.latest == dt.date(2024, 2, 29)

    def test_is_before_only_when_that_is_certain(self):
        assert PartialDate("2024").is_before(PartialDate("2025-03"))
        assert not PartialDate("2025").is_before(PartialDate("2025-03"))
        assert not PartialDate("2025-03").is_before(PartialDate("2025"))
        assert PartialDate("2025-02").is_before(PartialDate("2025-03-01"))

    @given(st.dates(min_value=dt.date(1000, 1, 1)))
    def test_reads_back_what_it_prints(self, day):
        for iso in (day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]):
            assert PartialDate.parse(str(PartialDate(iso))).iso == iso

    @given(st.dates(), st.dates())
    def test_sorts_as_the_days_do(self, one, other):
        dates = PartialDate(one.isoformat()), PartialDate(other.isoformat())
        assert (dates[0] < dates[1]) == (one < other)


class PartialDateFormFieldTests(SimpleTestCase):
    def test_gives_a_date_or_none(self):
        field = PartialDateFormField(required=False)
        assert field.clean("March 2025") == PartialDate("2025-03")
        assert field.clean("  ") is None

    def test_says_what_to_write(self):
        with pytest.raises(ValidationError, match="“soon” is not a date that can be read"):
            PartialDateFormField(required=False).clean("soon")

    def test_shows_the_iso_form_for_editing(self):
        assert PartialDateFormField().prepare_value(PartialDate("2025-03")) == "2025-03"
        assert PartialDateFormField().prepare_value("soon") == "soon"

    def test_sees_no_change_in_another_way_of_writing(self):
        field = PartialDateFormField(required=False)
        assert not field.has_changed(PartialDate("2025-03"), "March 2025")
        assert not field.has_changed(None, "")
        assert field.has_changed(PartialDate("2025-03"), "2025")
        assert field.has_changed(PartialDate("2025-03"), "soon")


class PartialDateFieldTests(TestCase):
    def test_comes_back_as_it_was_stored(self):
        for text, iso in [("2025", "2025"), ("27 March 2025", "2025-03-27")]:
            series = make_series(premiered=text)
            series.refresh_from_db()
            assert series.premiered == PartialDate(iso)
        assert Series.objects.filter(premiered="March 2025").count() == 0
        assert Series.objects.get(premiered="27 March 2025").premiered.iso == "2025-03-27"

    def test_is_none_when_nothing_is_known(self):
        series = make_series()
        series.refresh_from_db()
        assert series.premiered is None

    def test_filters_and_sorts_as_dates_do(self):
        season = make_season()
        for number, aired in enumerate(["2025-03-27", "2025", None, "2024-12-31", "2025-03"], 1):
            make_episode(season, number, aired=aired)
        in_order = Episode.objects.order_by(F("aired").asc(nulls_last=True))
        assert [e.number for e in in_order] == [4, 2, 5, 1, 3]
        since = Episode.objects.filter(aired__gte=PartialDate("2025-03")).order_by("aired")
        assert [e.number for e in since] == [5, 1]
        assert Episode.objects.filter(aired__startswith="2025").count() == 3

    def test_end_before_start_gets_a_kind_message(self):
        series = Series(name="Backwards", premiered="2025-03-27", ended="2025-02")
        with pytest.raises(ValidationError) as caught:
            series.full_clean()
        assert caught.value.message_dict == {
            "ended": ["“ended” (February 2025) is before “premiered” (27 March 2025)."]
        }


class DateOrderConstraintTests(TestCase):
    """The database refuses what a script would slip past ``clean``."""

    def test_refuses_an_end_that_is_certainly_before_the_start(self):
        for start, end in [
            ("2025-03-27", "2025-03-26"),
            ("2025-03-27", "2025-02"),
            ("2025-03", "2024"),
            ("2025", "2024-12-31"),
        ]:
            with self.subTest(start=start, end=end):
                person = make_person()
                with pytest.raises(IntegrityError), transaction.atomic():
                    Person.objects.filter(pk=person.pk).update(born=start, died=end)

    def test_allows_every_end_that_may_follow(self):
        person = make_person()
        for start, end in [
            ("2025-03-27", "2025-03-27"),
            ("2025-03-27", "2025-03"),
            ("2025-03-27", "2025"),
            ("2025", "2025-01"),
            (None, "2025"),
            ("2025", None),
        ]:
            with self.subTest(start=start, end=end):
                Person.objects.filter(pk=person.pk).update(born=start, died=end)
                person.refresh_from_db()
                person.full_clean()


class DateOrderAgreementTests(HypothesisTestCase):
    @given(
        st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(1903, 12, 31)),
        st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(1903, 12, 31)),
        st.sampled_from([4, 7, 10]),
        st.sampled_from([4, 7, 10]),
    )
    def test_the_database_refuses_what_the_message_refuses(self, start, end, cut_start, cut_end):
        born = PartialDate(start.isoformat()[:cut_start])
        died = PartialDate(end.isoformat()[:cut_end])
        person = make_person()
        try:
            with transaction.atomic():
                Person.objects.filter(pk=person.pk).update(born=born, died=died)
        except IntegrityError:
            assert died.is_before(born)
        else:
            assert not died.is_before(born)
