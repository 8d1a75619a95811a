import time

from django.contrib.auth import get_user_model
from django.test import TransactionTestCase

from catalog.models import Network, State

from ..factories import make_network, make_series
from ..servers import Editor, Server


class TwoServersTests(TransactionTestCase):
    """Two servers that know nothing of each other, on one database."""

    def setUp(self):
        self.anna = get_user_model().objects.create_superuser("anna")
        self.network = make_network("Prime")
        make_series("Bosch", network=self.network)
        make_series("Start of Watch", state=State.DRAFT)
        self.here = self.enterContext(Server())
        self.there = self.enterContext(Server())

    def test_an_edit_is_seen_here_at_once_and_everywhere_within_a_second(self):
        for server in (self.here, self.there):
            marks = [server.get("/series/bosch/").headers["X-Cache"] for _ in range(2)]
            assert marks == ["miss", "hit"]
        editor = Editor(self.here, self.anna)
        form = f"/admin/catalog/network/{self.network.pk}/change/"
        for name in ("MGM+", "Freevee", "Sundance"):
            editor.submit(form, name=name)
            assert Network.objects.get().name == name
            answered = time.monotonic()
            assert name in editor.get("/series/bosch/").text
            assert name in self.here.get("/series/bosch/").text
            time.sleep(max(0, answered + 1 - time.monotonic()))
            assert name in self.there.get("/series/bosch/").text
            assert self.there.get("/series/bosch/").headers["X-Cache"] == "hit"

    def test_an_editor_sees_drafts_and_leaves_none_behind(self):
        editor = Editor(self.here, self.anna)
        for path in ("/series/", "/series/start-of-watch/"):
            answer = editor.get(path)
            assert "Start of Watch" in answer.text
            assert answer.headers["X-Cache"] == "bypass"
            assert "Start of Watch" not in self.here.get(path).text
            assert "Start of Watch" in editor.get(path).text
