"""What is exported and not touched changes nothing."""

from django.test import TestCase

from catalog.importers.catalog_load import load

from .sheets import BOSCH, RESOURCES, as_csv, as_workbook, exported, planned, told


class BoschTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        load(BOSCH)

    def test_an_untouched_export_changes_nothing(self):
        for name, kind in RESOURCES.items():
            resource = kind()
            count = resource.model.objects.count()
            assert count > 10
            for write in (as_csv, as_workbook):
                with self.subTest(kind=name, write=write.__name__):
                    plan = planned(resource, write(resource))
                    assert not plan.problems
                    assert not plan.remarks
                    assert not told(plan)
                    assert plan.unchanged == count

    def test_every_cell_reads_as_it_was_written(self):
        """Without the versions, so that each cell is read and compared."""
        for name, kind in RESOURCES.items():
            resource = kind()
            lines = [{**line, "version": ""} for line in exported(resource)]
            with self.subTest(kind=name):
                plan = planned(resource, lines)
                assert not plan.problems
                assert not told(plan)
                assert plan.unchanged == len(lines)
