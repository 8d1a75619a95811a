from django.template.loader import get_template
from django.test import TestCase
from django.urls import get_resolver

from franchise.loading import load_all


class LoadingTests(TestCase):
    def test_it_leaves_no_connection_for_workers_to_share(self):
        with self.assertNumQueries(0):
            load_all()

    def test_addresses_and_templates_are_there_for_the_first_request(self):
        load_all()
        assert get_resolver()._populated
        page = "catalog/series_detail.html"
        assert get_template(page).template is get_template(page).template
