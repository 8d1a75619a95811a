import time

from django.test import SimpleTestCase

from ..servers import wait_until
from ..test_serving import workers_of
from .account import tell
from .people import Editors, Visitors, Watcher, signed_in
from .site import OnPostgreSQL

PAGE = "/series/bosch/"
AWAY = 3  # seconds that the database is gone for
BACK_WITHIN = 5  # seconds


class RestartTests(SimpleTestCase):
    """PostgreSQL goes and comes back while everybody is there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.enterClassContext(OnPostgreSQL())

    def restart(self, what, stop):
        site = self.site
        assert site.get(PAGE).status_code == 200
        workers = workers_of(site.server)
        with (
            Editors(site) as editors,
            Visitors(site.address + PAGE, 15) as visitors,
            Watcher(site) as watcher,
        ):
            wait_until(lambda: len(editors.saved) > 5, 60)
            stop()
            gone = time.monotonic()
            time.sleep(AWAY)
            starts = time.monotonic()
            site.database.start()
            back = time.monotonic()
            took = wait_until(lambda: [it for it in watcher.since(back) if it.status == 200])
            time.sleep(2)
        # What was asked and answered while the database was away.
        away = [it for it in watcher.since(gone) if it.moment + it.took < starts]
        lost = editors.lost()
        tell(
            f"{what} for {AWAY} s",
            answered=visitors.answered,
            failed=visitors.failed + visitors.broken,
            others_told_to_wait=len(away),
            saves_acknowledged=len(editors.saved),
            saves_refused=editors.refused.total(),
            saves_lost=len(lost),
        )
        # Pages from memory kept coming.
        assert visitors.answered > 1_000
        assert (visitors.failed, visitors.broken) == (0, 0)
        # The others were told so, soon, in words.
        assert len(away) > 5
        assert {it.status for it in away} == {503}
        assert max(it.took for it in away) < 3
        assert all(it.headers["Retry-After"] == "5" for it in away)
        assert all("cannot be read just now" in it.text for it in away)
        # It went on by itself, in the same processes.
        assert took < BACK_WITHIN
        settled = watcher.since(back + BACK_WITHIN / 2)
        assert {it.status for it in settled} <= {200}
        assert workers_of(site.server) == workers
        assert set(editors.refused) <= {503}
        assert len(editors.saved) > 5
        assert lost == []
        site.assert_whole()
        site.assert_no_fault()

    def test_one_that_crashes(self):
        # All its processes end at once, as if the power had gone.
        self.restart("PostgreSQL crashed, away", self.site.database.stop)

    def test_one_that_is_restarted(self):
        self.restart("PostgreSQL stopped, away", lambda: self.site.database.stop("fast"))

    def test_an_editor_at_a_form_loses_nothing(self):
        site = self.site
        session = signed_in(site)
        (person,) = site.query("SELECT id FROM catalog_person ORDER BY id LIMIT 1")[0]
        address = f"{site.address}/admin/catalog/person/{person}/change/"
        site.database.stop()
        try:
            refused = session.post(address, {"biography": "Written for an hour"}, timeout=30)
            assert refused.status_code == 503
            assert "what you typed" in refused.text
        finally:
            site.database.start()
        wait_until(lambda: session.get(address, timeout=30).status_code == 200)
