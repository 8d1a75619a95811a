import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.test import SimpleTestCase

from ..servers import wait_until
from ..test_serving import workers_of
from .account import tell
from .people import save, signed_in
from .site import OnPostgreSQL, OnSQLite

SEEN_WITHIN = 2  # seconds: one of ours, and one for a machine that is busy
PAGE = "/people/titus-welliver/"


class Clock:
    """The time of day in the processes that have its ``variables``; it jumps when it is told to."""

    def __init__(self, folder):
        library, self.path = Path(folder, "clock.so"), Path(folder, "shift")
        source = Path(__file__).with_name("clock.c")
        command = ["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
        subprocess.run(command, check=True)  # noqa: S603 - the system's compiler
        self.jump(timedelta())
        self.variables = {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(self.path)}

    def jump(self, by):
        """To so much before or after the time that it is."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{by.total_seconds():.0f}")
        fresh.replace(self.path)


class JumpingClock:
    """What both databases have to do."""

    def test_a_clock_that_jumps(self):
        with tempfile.TemporaryDirectory() as folder:
            clock = Clock(folder)
            with self.kind(**clock.variables) as site:
                self.check(site, clock)

    def check(self, site, clock):
        wait_until(lambda: len(workers_of(site.server)) == site.workers)
        workers, session, statuses = workers_of(site.server), signed_in(site), []
        (key,) = site.query("SELECT id FROM catalog_person WHERE slug = 'titus-welliver'")[0]
        form = f"{site.address}/admin/catalog/person/{key}/change/"
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        day, hour = tomorrow.strftime("%Y-%m-%d %H:%M:%S").split()
        assert save(session, form, publish_at_0=day, publish_at_1=hour).status_code == 302
        for number, (by, is_out) in enumerate(
            [
                (timedelta(), False),
                (timedelta(days=2), True),
                (timedelta(), False),
                (timedelta(days=2), True),
                (timedelta(days=-2), False),
                (timedelta(days=7), True),
            ]
        ):
            clock.jump(by)
            time.sleep(SEEN_WITHIN)
            for _ in range(8):  # both processes are asked
                answer = site.get(PAGE)
                statuses.append(answer.status_code)
                assert answer.status_code == (200 if is_out else 404), by
                statuses.append(site.get("/series/bosch/").status_code)
            # The editor is still signed in, and a change is seen as soon as ever.
            text = f"Told after the jump of {by.days} days, as number {number}."
            assert save(session, form, biography=text).status_code == 302
            assert text in session.get(site.address + PAGE, timeout=30).text
            if is_out:
                time.sleep(SEEN_WITHIN)
                assert all(text in site.get(PAGE).text for _ in range(8))
        tell(
            f"The clock jumped by days, {site.name}",
            jumps=6,
            pages_asked_for=len(statuses),
            errors=sum(status >= 500 for status in statuses),
        )
        assert {*statuses} == {200, 404}
        assert workers_of(site.server) == workers
        site.assert_no_fault()
        site.assert_whole()


class SQLiteTests(JumpingClock, SimpleTestCase):
    kind = OnSQLite


class PostgreSQLTests(JumpingClock, SimpleTestCase):
    kind = OnPostgreSQL
