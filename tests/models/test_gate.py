"""The moment that each row keeps is that of all it depends on, whatever was done to them."""

import datetime as dt
from threading import Event, Thread

from django.db import DatabaseError, connection, transaction
from django.db.models import CASCADE, PROTECT, RESTRICT
from django.test import TestCase, TransactionTestCase, skipUnlessDBFeature
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from catalog.models import (
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Membership,
    Organization,
    Person,
    Portrayal,
    Relationship,
    SearchEntry,
    Season,
    Series,
    SeriesLink,
    State,
    WatchOrder,
    WatchStep,
)
from catalog.models.gate import ALWAYS, refresh_all_gates
from tests.factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_membership,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_season,
    make_series,
    make_series_link,
    make_watch_order,
    make_watch_step,
)

SOON = dt.datetime(2998, 1, 1, tzinfo=dt.UTC)
LATER = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)

# What each kind of row depends on, written out once more by hand.
DEPENDS_ON = {
    Series: lambda row: [row],
    Character: lambda row: [row],
    Person: lambda row: [row],
    Organization: lambda row: [row],
    WatchOrder: lambda row: [row],
    Announcement: lambda row: [row, row.revealed_in and row.revealed_in.season.series],
    Season: lambda row: [row.series],
    Episode: lambda row: [row.season.series],
    SeriesLink: lambda row: [row.from_series, row.to_series],
    Portrayal: lambda row: [
        row.person,
        row.character,
        row.series,
        row.revealed_in and row.revealed_in.series,
    ],
    Credit: lambda row: [row.person, row.series],
    CharacterFact: lambda row: [row.character, row.revealed_in and row.revealed_in.series],
    Relationship: lambda row: [
        row.character,
        row.other,
        row.revealed_in and row.revealed_in.series,
    ],
    Membership: lambda row: [
        row.organization,
        row.character,
        row.revealed_in and row.revealed_in.series,
    ],
    WatchStep: lambda row: [
        row.order,
        row.series,
        row.season and row.season.series,
        row.episode and row.episode.series,
    ],
    SearchEntry: lambda row: [
        row.series,
        row.character,
        row.person,
        row.organization,
        row.announcement,
        row.episode and row.episode.series,
        row.announcement and row.announcement.revealed_in and row.announcement.revealed_in.series,
    ],
}


def moment_of(entries):
    moments = []
    for entry in filter(None, entries):
        if entry.state != State.PUBLISHED:
            return None
        moments.append(entry.publish_at or ALWAYS)
    return max(moments)


def assert_all_in_step():
    for model, depends_on in DEPENDS_ON.items():
        for row in model.objects.all():
            expected = moment_of(depends_on(row))
            assert row.shown_from == expected, f"{model.__name__}: {row}"


def make_world():
    """Each kind of row twice: once by itself, once revealed in an episode of another series."""
    bosch, ballard = make_series("Bosch"), make_series("Ballard")
    season = make_season(bosch)
    episode, reveals = make_episode(season), make_episode(make_season(ballard))
    harry, renee = make_character("Harry", first_appearance=episode), make_character("Renée")
    titus = make_person("Titus")
    unit = make_organization("Unit")
    order = make_watch_order("Order")
    for number, revealed_in in enumerate([None, reveals], 1):
        told = {"revealed_in": revealed_in}
        make_portrayal(titus, [harry, renee][number - 1], bosch, [season], [episode], **told)
        make_fact(harry, f"Fact {number}", **told)
        make_relationship(harry, renee, **told)
        make_membership(unit, harry, role=f"Role {number}", **told)
        make_announcement(f"News {number}", **told)
        make_watch_step(order, number, **({"season": season} if revealed_in else {"series": bosch}))
    make_portrayal(titus, None, bosch, kind="self")
    make_watch_step(order, 3, episode=reveals)
    make_credit(titus, bosch, season=season)
    make_credit(titus, ballard)
    make_series_link(bosch, ballard, episode=episode)
    make_series_link(ballard, bosch)
    return [bosch, ballard, harry, renee, titus, unit, order, *Announcement.objects.all()]


class GateTests(HypothesisTestCase):
    def setUp(self):
        self.entries = make_world()

    @settings(max_examples=40)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 8),
                st.sampled_from(list(State)),
                st.sampled_from([None, SOON, LATER]),
            ),
            min_size=1,
            max_size=6,
        )
    )
    def test_every_row_follows_what_it_depends_on(self, changes):
        for number, state, publish_at in changes:
            entry = self.entries[number]
            entry.state, entry.publish_at = state, publish_at
            entry.save()
        assert_all_in_step()


class ChangeTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.draft = make_series("Draft", state=State.DRAFT)
        cls.open = make_series("Open")

    def test_a_world_begins_in_step(self):
        make_world()
        assert_all_in_step()

    def test_a_row_that_points_elsewhere_follows_there(self):
        portrayal = make_portrayal(series=self.open)
        portrayal.series = self.draft
        portrayal.save()
        assert portrayal.shown_from is None
        portrayal.series = self.open
        portrayal.save(update_fields=["series"])
        assert_all_in_step()
        assert portrayal.shown_from == ALWAYS

    def test_a_stale_entry_opens_nothing(self):
        person = make_person("Withdrawn")
        stale = Person.objects.get(pk=person.pk)
        person.state = State.DRAFT
        person.save()
        stale.biography = "Something else."
        stale.save(update_fields=["biography"])
        assert_all_in_step()
        assert Person.objects.get().shown_from is None
        assert self.client.get("/people/withdrawn/").status_code == 404

    def test_nothing_on_a_gate_is_set_to_null_by_a_deletion(self):
        """Its rows would keep the moment of what they no longer depend on."""
        for model in DEPENDS_ON:
            for gate in model.gates:
                target = model
                for name in filter(None, gate.split("__")):
                    field = target._meta.get_field(name)
                    target = field.related_model
                    with self.subTest(model=model.__name__, gate=gate, field=name):
                        assert field.remote_field.on_delete in {CASCADE, PROTECT, RESTRICT}

    def test_what_lies_below_a_season_follows_it(self):
        season = make_season(self.open)
        episode = make_episode(season)
        make_fact(revealed_in=episode)
        make_watch_step(season=season)
        season.series = self.draft
        season.save()
        assert Episode.objects.get().shown_from is None
        assert_all_in_step()

    def test_a_state_saved_by_itself_counts(self):
        episode = make_episode(make_season(self.draft))
        self.draft.state = State.PUBLISHED
        self.draft.save(update_fields=["state"])
        episode.refresh_from_db()
        assert episode.shown_from == ALWAYS
        assert_all_in_step()

    def test_a_stale_instance_opens_nothing(self):
        stale = Episode.objects.get(pk=make_episode(make_season(self.open)).pk)
        self.open.state = State.DRAFT
        self.open.save()
        stale.name = "Changed"
        stale.save()
        assert Episode.objects.get().shown_from is None

    def test_what_was_written_past_the_catalogue_is_brought_in_step(self):
        make_world()
        for model in DEPENDS_ON:
            model.objects.update(shown_from=SOON)
        Series.objects.filter(pk=self.open.pk).update(state=State.DRAFT)
        refresh_all_gates()
        assert_all_in_step()

    def test_a_save_that_changes_nothing_visible_touches_no_other_row(self):
        make_portrayal(series=self.open)
        with CaptureQueriesContext(connection) as statements:
            self.open.save()
        assert not any("catalog_portrayal" in query["sql"] for query in statements)


class AfterCommitTests(TransactionTestCase):
    def test_rows_stay_in_step_after_the_transaction(self):
        entries = make_world()
        entries[0].state = State.DRAFT
        entries[0].save()
        assert_all_in_step()


@skipUnlessDBFeature("has_select_for_update")
class RaceTests(TransactionTestCase):
    """Two who write at once on a database where neither waits for the other."""

    def test_what_is_written_while_its_series_is_withdrawn_is_hidden_too(self):
        series, reveals = make_series("Withdrawn"), make_series("Open")
        season = make_season(series)
        episode = make_episode(season, 9)
        written, withdrawn = Event(), Event()

        def write():
            try:
                with transaction.atomic():
                    make_episode(season, 1, name="Hidden pilot")
                    make_announcement("Hidden news", series=[reveals], revealed_in=episode)
                    written.set()
                    withdrawn.wait(20)
            finally:
                connection.close()

        thread = Thread(target=write)
        thread.start()
        assert written.wait(20)
        series.state = State.DRAFT
        series.save()
        withdrawn.set()
        thread.join()
        assert_all_in_step()
        answer = self.client.get("/search/suggest/?q=hidden").json()
        assert answer == {"suggestions": []}

    def test_many_saves_at_once_end_in_step_and_without_a_deadlock(self):
        entries = make_world()
        failures = []

        def toggle(entry):
            try:
                for state in [State.DRAFT, State.PUBLISHED] * 6:
                    entry.state = state
                    entry.save()
            except DatabaseError as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [Thread(target=toggle, args=[entry]) for entry in entries[:5]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert_all_in_step()
