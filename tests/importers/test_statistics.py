from django.db import connection
from django.test.utils import CaptureQueriesContext

from .catalogue import SMALL, LoadCatalogTestCase


class GatherStatisticsTests(LoadCatalogTestCase):
    def statements_of_a_load(self):
        with CaptureQueriesContext(connection) as queries:
            self.load_rows(**SMALL)
        return [query["sql"] for query in queries]

    def test_a_load_that_changed_something_ends_with_it_and_no_other(self):
        assert self.statements_of_a_load()[-1] == "ANALYZE"
        assert "ANALYZE" not in self.statements_of_a_load()
