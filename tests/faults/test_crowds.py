from django.test import SimpleTestCase

from ..servers import wait_until
from .account import tell
from .people import Editors, Visitors, Watcher
from .site import OnPostgreSQL, OnSQLite

EDITORS = 20
EACH = 3  # saves, on average


class Crowd:
    """Twenty editors save at once while visitors read; on both databases."""

    def test_twenty_editors_and_their_visitors(self):
        with self.kind() as site:
            with (
                Editors(site, EDITORS) as editors,
                Visitors(site.address + "/series/bosch/", 25) as visitors,
                Watcher(site) as watcher,
            ):
                wait_until(lambda: len(editors.saved) >= EDITORS * EACH, 120)
            lost = editors.lost()
            tell(
                f"{EDITORS} editors at once, {site.name}",
                saves_acknowledged=len(editors.saved),
                saves_refused=editors.refused.total(),
                saves_lost=len(lost),
                pages_from_memory=visitors.answered,
                pages_made_anew=len(watcher.seen),
                failed=visitors.failed + visitors.broken,
            )
            # Nobody was told that the database is locked, nor anything else.
            assert editors.refused.total() == 0
            assert lost == []
            assert {seen.status for seen in watcher.seen} == {200}
            assert (visitors.failed, visitors.broken) == (0, 0)
            site.assert_no_fault()
            site.assert_whole()


class SQLiteTests(Crowd, SimpleTestCase):
    kind = OnSQLite


class PostgreSQLTests(Crowd, SimpleTestCase):
    kind = OnPostgreSQL
