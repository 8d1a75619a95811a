"""What follows many saves at once is what follows each of them."""

from functools import partial

from django.db import transaction
from django.test import TestCase
from tqdm import tqdm

from catalog.models import (
    CharacterFact,
    LikelyDuplicate,
    Person,
    SearchEntry,
    Series,
    State,
)
from catalog.models.catching_up import catching_up
from catalog.models.gate import ALWAYS
from tests.factories import (
    make_announcement,
    make_character,
    make_episode,
    make_fact,
    make_person,
    make_portrayal,
    make_season,
    make_series,
)

SILENT = partial(tqdm, disable=True)


def followed():
    """Everything that saves derive, by what it is about."""
    found = list(SearchEntry.objects.order_by("path").values("path", "names", "body", "shown_from"))
    found += list(LikelyDuplicate.objects.order_by("pk").values("person__name", "why"))
    found += list(CharacterFact.objects.order_by("text").values("text", "shown_from"))
    return found


class CatchingUpTests(TestCase):
    def make(self):
        series = make_series("Bosch", slug="bosch")
        episode = make_episode(make_season(series, 1), 1, name="Pilot")
        draft = make_series("Secret", slug="secret", state=State.DRAFT)
        later = make_episode(make_season(draft, 1), 1, name="Later")
        harry = make_character("Harry Bosch", slug="harry-bosch")
        make_fact(harry, "Seen.", revealed_in=episode)
        make_fact(harry, "Not yet.", revealed_in=later)
        make_portrayal(make_person("Titus Welliver", slug="a"), harry, series)
        make_person("Titus Weliver", slug="b")
        make_announcement("News", slug="news", revealed_in=later)

    def test_new_rows_end_as_if_each_had_been_followed_up(self):
        with transaction.atomic():
            self.make()
            one_by_one = followed()
            transaction.set_rollback(True)
        assert not Series.objects.exists()
        with catching_up(SILENT):
            self.make()
            assert not SearchEntry.objects.exists()
        assert followed() == one_by_one
        assert len(one_by_one) > 8

    def test_what_depends_on_a_row_that_changes_follows_it(self):
        self.make()
        secret = CharacterFact.objects.get(text="Not yet.")
        assert secret.shown_from is None
        with catching_up(SILENT):
            series = Series.objects.get(slug="secret")
            series.state = State.PUBLISHED
            series.save()
        secret.refresh_from_db()
        assert secret.shown_from == ALWAYS
        assert SearchEntry.objects.get(name="Later").shown_from == ALWAYS
        with catching_up(SILENT):
            series.state = State.DRAFT
            series.save(update_fields=["state"])
        secret.refresh_from_db()
        assert secret.shown_from is None

    def test_a_changed_name_is_found_by_search_and_compared(self):
        self.make()
        make_person("Somebody", slug="c")
        with catching_up(SILENT):
            person = Person.objects.get(slug="c")
            person.name = "Titus Welliver"
            person.save()
        assert SearchEntry.objects.get(person=person).name == "Titus Welliver"
        assert LikelyDuplicate.objects.of(person).count() == 2

    def test_what_fails_inside_is_not_followed_up(self):
        try:
            with transaction.atomic(), catching_up(SILENT):
                self.make()
                raise LookupError
        except LookupError:
            pass
        assert not SearchEntry.objects.exists()
        make_person("Maggie Q")
        assert SearchEntry.objects.get().name == "Maggie Q"
