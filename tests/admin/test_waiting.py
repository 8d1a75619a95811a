"""What somebody deletes while the save of another waits for its turn."""

import time
from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TransactionTestCase

from catalog.history import recording
from catalog.models import Episode, Portrayal

from ..factories import make_person, make_portrayal, make_season, make_series
from .client import read_form


class WaitingTests(TransactionTestCase):
    def setUp(self):
        self.editor = get_user_model().objects.create_superuser("editor")
        self.client.force_login(self.editor)

    def post_while_deleting(self, row, path, data):
        """The answer to a post that was sent before the deletion of ``row`` was done."""
        with ThreadPoolExecutor(1) as pool:
            with recording(self.editor) as record:
                record.delete([row])
                waiting = pool.submit(self.post, path, data)
                time.sleep(1)  # long enough to come to the turn; it cannot have it yet
                assert not waiting.done()
            return waiting.result()

    def post(self, path, data):
        try:
            return self.client.post(path, data)
        finally:
            connection.close()

    def test_the_page_of_what_is_deleted_comes_back_with_what_was_typed(self):
        person = make_person("Maggie Q")
        path = f"/admin/catalog/person/{person.pk}/change/"
        data = read_form(self.client.get(path).text)
        data["biography"] = "Long and precious."
        response = self.post_while_deleting(person, path, data)
        assert response.status_code == 200
        assert "Somebody deleted this in the meantime" in response.text
        assert "Long and precious." in response.text

    def test_nothing_is_entered_into_a_season_that_is_deleted(self):
        series = make_series("Bosch")
        first = make_season(series, 1)
        part = make_portrayal(make_person(), series=series, seasons=[first])
        grid = {
            "episodes-TOTAL_FORMS": "1",
            "episodes-INITIAL_FORMS": "0",
            "episodes-0-number": "1",
            "episodes-0-name": "Pilot",
            "save": "Save",
        }
        cast = {"text": "Mimi Rogers as Honey Chandler", "take-1": "on", "save": "Save"}
        copied = {"part": [str(part.pk)], "save": "Save"}
        for page, data in [("add-episodes", grid), ("paste-cast", cast), ("copy-cast", copied)]:
            with self.subTest(page=page):
                season = make_season(series, 2)
                path = f"/admin/catalog/season/{season.pk}/{page}/"
                assert self.post_while_deleting(season, path, data).status_code == 404
        assert not Episode.objects.exists()
        assert Portrayal.objects.get() == part
