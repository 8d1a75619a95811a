from django.test import SimpleTestCase
from django.urls import NoReverseMatch, get_script_prefix, set_script_prefix

from catalog.models import Episode, Person, Season, Series
from catalog.models.addresses import path_to


class AddressTests(SimpleTestCase):
    def test_has_its_parts_in_their_places(self):
        assert path_to("catalog:person-detail", slug="titus-welliver") == "/people/titus-welliver/"
        series = Series(slug="bosch")
        season = Season(series=series, number=0)
        assert season.get_absolute_url() == "/series/bosch/season-0/"
        episode = Episode(season=Season(series=series, number=3), number=12)
        assert episode.get_absolute_url() == "/series/bosch/season-3/episode-12/"

    def test_needs_a_slug(self):
        with self.assertRaises(NoReverseMatch):
            Person(slug="").get_absolute_url()

    def test_is_below_where_the_site_is_mounted(self):
        prefix = get_script_prefix()
        self.addCleanup(set_script_prefix, prefix)
        assert path_to("catalog:person-detail", slug="who") == "/people/who/"
        set_script_prefix("/catalogue/")
        assert path_to("catalog:person-detail", slug="who") == "/catalogue/people/who/"
