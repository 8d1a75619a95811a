"""What stands in the way of deleting is said, and nothing that visitors see opens by it."""

from catalog.models import Episode, Season

from ..factories import (
    make_character,
    make_episode,
    make_person,
    make_portrayal,
    make_season,
    make_series,
)
from .client import AdminTestCase


class DeletingEpisodesTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.series = make_series("Bosch")
        make_episode(make_season(self.series, 1))
        self.season = make_season(self.series, 2)
        self.episode = make_episode(self.season, 1)
        make_portrayal(
            make_person("Guest Star"),
            make_character("The Killer"),
            self.series,
            episodes=[self.episode],
            kind="guest",
        )

    def assert_told(self, response):
        self.assertContains(response, "Guest Star as The Killer in Bosch")
        self.assertContains(response, "Open each in turn")
        self.assertNotContains(response, "Are you sure")
        self.assertNotContains(response, "relationship: ")

    def assert_kept(self):
        assert Episode.objects.filter(pk=self.episode.pk).exists()
        self.client.logout()
        self.client.cookies["progress"] = "bosch.1.1"
        for path in ["/series/bosch/", "/characters/", "/people/", "/search/?q=killer"]:
            self.assertNotContains(self.client.get(path), "The Killer")

    def test_the_page_of_an_episode_says_what_stands_in_the_way(self):
        path = f"/admin/catalog/episode/{self.episode.pk}/delete/"
        self.assert_told(self.client.get(path))
        self.assert_told(self.client.post(path, {"post": "yes"}))
        self.assert_kept()

    def test_so_does_that_of_its_season(self):
        path = f"/admin/catalog/season/{self.season.pk}/delete/"
        self.assert_told(self.client.post(path, {"post": "yes"}))
        assert Season.objects.filter(pk=self.season.pk).exists()
        self.assert_kept()

    def test_so_does_the_list(self):
        data = {"action": "delete_selected", "_selected_action": [self.episode.pk]}
        self.assert_told(self.client.post("/admin/catalog/episode/", data))
        self.assert_told(self.client.post("/admin/catalog/episode/", {**data, "post": "yes"}))
        self.assert_kept()

    def test_so_does_its_row_on_the_page_of_the_season(self):
        path = f"/admin/catalog/season/{self.season.pk}/change/"
        _, response = self.refuse(path, self.form_at(path) | {"episodes-0-DELETE": "on"})
        self.assertContains(response, "Guest Star as The Killer in Bosch")
        self.assert_kept()

    def test_a_series_goes_as_a_whole(self):
        path = f"/admin/catalog/series/{self.series.pk}/delete/"
        self.assertContains(self.client.get(path), "What goes with it is listed here")
        self.client.post(path, {"post": "yes"})
        assert not Season.objects.exists()
