"""Twenty editors at once while visitors read, in as many threads with connections of their own."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, TransactionTestCase

from catalog.models import Organization

from ..factories import make_character, make_organization, make_source
from .client import add_row, read_form

EDITORS = 20
EDITS = 10
ORGANIZATIONS = 40
VISITORS = 2
PAUSE = 0.1  # seconds between two pages of a visitor


class ManyEditorsTests(TransactionTestCase):
    def setUp(self):
        if connection.vendor == "sqlite":
            # Whoever writes has the lock for long, since twenty threads share one interpreter. Told
            # where connections are made, since requests of others may close that of a thread.
            options = connection.settings_dict["OPTIONS"]
            self.enterContext(patch.dict(options, timeout=300))

    def test_every_accepted_edit_is_in_the_result(self):
        organizations = [make_organization() for _ in range(ORGANIZATIONS)]
        sources = [make_source() for _ in range(EDITORS * EDITS)]
        character = make_character()
        users = get_user_model().objects
        editors = [
            Editor(number, users.create_superuser(f"editor-{number}")) for number in range(EDITORS)
        ]
        for editor in editors:
            editor.knows(organizations, sources, character)
        visitors = [Visitor(number, organizations) for number in range(VISITORS)]
        with ThreadPoolExecutor(EDITORS + VISITORS) as pool:
            saved = Event()
            reading = [pool.submit(visitor.read_until, saved) for visitor in visitors]
            try:
                for done in [pool.submit(editor.work) for editor in editors]:
                    done.result()
            finally:
                saved.set()
            for done in reading:
                done.result()

        accepted = [edit for editor in editors for edit in editor.accepted]
        assert len(accepted) == EDITORS * EDITS
        stored = {row.pk: self.texts_of(row) for row in Organization.objects.all()}
        lost = [text for pk, text in accepted if text not in stored[pk]]
        # A description takes the place of another, which the editor saw and did not choose.
        assert all(text.startswith("Description") for text in lost)
        told = {pk for pk, text in accepted if text.startswith("Description")}
        for pk in told:
            [kept] = [text for text in stored[pk] if text.startswith("Description")]
            assert (pk, kept) in accepted
        assert sum(editor.conflicts for editor in editors) > 0, "nobody met anybody"
        for visitor in visitors:
            assert {*visitor.answers} == {200}
        self.assert_whole()

    def assert_whole(self):
        """Nothing in the database is damaged, and no row points to one that is not there."""
        connection.check_constraints()
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA integrity_check")
                assert cursor.fetchall() == [("ok",)]

    @staticmethod
    def texts_of(organization):
        return {
            organization.description,
            *organization.also_known_as,
            *organization.memberships.values_list("role", flat=True),
            *(f"Source {pk}" for pk in organization.sources.values_list("pk", flat=True)),
        }


class Browser(Client):
    """Keeps cookies and gives answers; notes no templates, as Django's does.

    What is rendered is told to all clients at once: of twenty, each would note that of all.
    """

    def request(self, **request):
        response = self.handler(self._base_environ(**request))
        self.cookies.update(response.cookies)
        return response


class Visitor:
    """Reads what the editors are saving; ``answers`` are the states of all pages."""

    def __init__(self, number, organizations):
        self.client = Browser()
        self.chance = random.Random(number)
        self.paths = [f"/organizations/{organization.slug}/" for organization in organizations]
        self.answers = []

    def read_until(self, over):
        try:
            while not over.wait(PAUSE):
                for path in (self.chance.choice(self.paths), "/organizations/"):
                    self.answers.append(self.client.get(path).status_code)
        finally:
            connection.close()


class Editor:
    """Opens pages, makes one small change on each, and settles what others have changed."""

    def __init__(self, number, user):
        self.number = number
        self.client = Browser()
        self.client.force_login(user)
        self.chance = random.Random(number)
        self.accepted = []
        self.conflicts = 0

    def knows(self, organizations, sources, character):
        self.organizations = [organization.pk for organization in organizations]
        self.sources = [source.pk for source in sources]
        self.character = character.pk

    def work(self):
        try:
            for turn in range(EDITS):
                self._edit(turn)
        finally:
            connection.close()

    def _edit(self, turn):
        pk = self.chance.choice(self.organizations)
        changes = [self._add_name, self._add_member, self._add_source, self._describe]
        change = self.chance.choice(changes)
        path = f"/admin/catalog/organization/{pk}/change/"
        data = self._read(self.client.get(path))
        text = change(data, f"{self.number}-{turn}")
        for _ in range(200):
            response = self.client.post(path, data)
            if response.status_code == 302:
                self.accepted.append((pk, text))
                return
            assert response.status_code == 200, response.status_code
            self.conflicts += 1
            data = self._settle(self._read(response), text)
        raise AssertionError("never saved")

    @staticmethod
    def _read(response):
        return read_form(response.content.decode())

    @staticmethod
    def _settle(data, text):
        """A name goes below theirs; of a description mine is to stand."""
        asked = [name.removesuffix("-choice") for name in data if name.endswith("-choice")]
        assert asked, "refused for something else"
        for name in asked:
            data[f"{name}-choice"] = "mine"
            if name == "other_names":
                theirs = data["initial-other_names"]
                data["other_names"] = f"{theirs}\n{text}"
        return data

    def _add_name(self, data, mark):
        data["other_names"] = f"{data['other_names']}\nName {mark}"
        return f"Name {mark}"

    def _add_member(self, data, mark):
        add_row(data, "memberships", character=self.character, standing="member", role=mark)
        return mark

    def _add_source(self, data, mark):
        number, turn = map(int, mark.split("-"))
        source = self.sources[number * EDITS + turn]
        data["sources"] = [*data["sources"], str(source)]
        return f"Source {source}"

    def _describe(self, data, mark):
        data["description"] = f"Description {mark}"
        return f"Description {mark}"
