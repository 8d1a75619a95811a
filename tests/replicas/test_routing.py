from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import router
from django.test import TestCase, override_settings

from catalog.models import Person, Portrayal, Series
from catalog.replicas import chosen, reading_from

from ..factories import make_person, make_portrayal, make_series


@override_settings(DATABASE_ROUTERS=["catalog.replicas.Router"])
class RouterTests(TestCase):
    def test_the_catalogue_is_read_from_the_replica_within_the_block_alone(self):
        with reading_from("replica-1"):
            assert Series.objects.all().db == "replica-1"
            assert ContentType.objects.all().db == "replica-1"
        assert Series.objects.all().db == "default"

    def test_blocks_stand_within_each_other(self):
        with reading_from("replica-1"):
            with reading_from("replica-2"):
                assert Series.objects.all().db == "replica-2"
            assert Series.objects.all().db == "replica-1"

    def test_accounts_and_sessions_are_read_from_the_primary(self):
        with reading_from("replica-1"):
            assert User.objects.all().db == "default"
            assert Session.objects.all().db == "default"

    def test_writes_go_to_the_primary(self):
        row = Series(pk=1, name="Bosch")
        row._state.db = "replica-1"
        with reading_from("replica-1"):
            assert router.db_for_write(Series, instance=row) == "default"

    def test_a_row_of_a_replica_is_saved_on_the_primary(self):
        row = make_series("Bosch")
        row._state.db = "replica-1"
        row.name = "Ballard"
        row.save()
        assert Series.objects.get().name == "Ballard"
        assert row._state.db == "default"

    def test_what_hangs_on_a_row_is_read_from_where_the_block_says(self):
        person = make_person("Titus Welliver")
        person._state.db = "replica-1"
        assert router.db_for_read(Portrayal, instance=person) == "default"
        with reading_from("replica-2"):
            assert router.db_for_read(Portrayal, instance=person) == "replica-2"

    def test_rows_of_a_replica_and_of_the_primary_may_be_related(self):
        person = make_person("Titus Welliver")
        person._state.db = "replica-1"
        portrayal = make_portrayal(person, series=make_series("Bosch"))
        assert portrayal.person == Person.objects.get()

    def test_only_the_primary_is_migrated(self):
        assert router.allow_migrate("default", "catalog")
        assert not router.allow_migrate("replica-1", "catalog")


class WithoutReplicasTests(TestCase):
    def test_everything_is_read_from_the_one_database(self):
        assert chosen() == "default"
        with reading_from("default"), self.assertNumQueries(0):
            assert Series.objects.all().db == "default"
