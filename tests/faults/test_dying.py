"""Processes that are killed while they write: all of it is there afterwards, or nothing."""

import os
import random
import signal
import time
from threading import Thread

import requests
from django.test import SimpleTestCase

from ..servers import wait_until
from ..test_serving import workers_of
from .account import tell
from .people import save, signed_in
from .site import OnPostgreSQL, OnSQLite

KINDS = ("person", "character", "portrayal", "credit", "episode", "searchentry", "announcement")
# The page of a season shows so many episodes, each a row that is saved with it.
EPISODES = 10
FIRST = 30  # minutes

STEPS = "SELECT COUNT(*) FROM django_migrations WHERE app = 'catalog'"
PEOPLE = "SELECT id, name, biography FROM catalog_person ORDER BY id"


class Dying:
    """What both databases have to do."""

    def test_a_load(self):
        chance, killed = random.Random(8), 0
        with self.kind() as site:
            site.manage("flush", "--no-input", "--verbosity=0")
            empty = counts(site)
            start = time.monotonic()
            site.manage("load_catalog", "--verbosity=0")
            takes, full = time.monotonic() - start, counts(site)
            assert set(empty.values()) == {0}
            assert min(full.values()) > 0
            for _ in range(4):
                site.manage("flush", "--no-input", "--verbosity=0")
                load = site.started("load_catalog")
                time.sleep(takes * chance.uniform(0.4, 1))
                killed += load.poll() is None
                load.kill()
                load.wait()
                # PostgreSQL takes back what was under way as soon as it has noticed.
                wait_until(lambda: counts(site) in (empty, full))
                site.assert_whole()
            # Nothing is in the way of the next.
            site.manage("load_catalog", "--verbosity=0")
            assert counts(site) == full
            assert site.get("/series/bosch/").status_code == 200
        tell(f"load_catalog killed, {self.kind.name}", times=killed, half_done=0)
        assert killed >= 2

    def test_an_upgrade(self):
        chance, killed = random.Random(10), 0
        with self.kind() as site:
            before = (counts(site), site.query(PEOPLE))
            site.manage("migrate", "catalog", "0001", "--verbosity=0")
            for steps in (2, 5, 9):
                migrate = site.started("migrate")
                wait_until(lambda steps=steps: site.query(STEPS)[0][0] >= steps)
                time.sleep(chance.uniform(0, 0.1))  # into whatever comes next
                killed += migrate.poll() is None
                migrate.kill()
                migrate.wait()
                # Each step is there as a whole, or not at all, so the next goes on from there.
                site.assert_whole()
            site.manage("migrate", "--verbosity=0")
            site.assert_whole()
            assert (counts(site), site.query(PEOPLE)) == before
            assert site.get("/people/titus-welliver/").status_code == 200
        tell(f"migrate killed, {self.kind.name}", times=killed, half_done=0)
        assert killed >= 1

    def test_a_save(self):
        chance, cut_off = random.Random(9), 0
        with self.kind() as site:
            session = signed_in(site)
            start = time.monotonic()
            assert send(site, session, 0) == 302
            takes = time.monotonic() - start
            for number in range(1, 9):
                before, answers = saved(site), []
                sending = Thread(
                    target=lambda number=number, answers=answers: answers.append(
                        send(site, session, number)
                    )
                )
                sending.start()
                # The form is read first, which takes some half of it.
                time.sleep(takes * chance.uniform(0.4, 1))
                kill_workers(site)
                sending.join()
                now = wait_until_idle(site)
                cut_off += answers != [302]
                assert now in (before, {number})
                assert answers != [302] or now == {number}
                site.assert_whole()
            assert send(site, session, 20) == 302
            assert saved(site) == {20}
        tell(f"A save of {EPISODES + 1} rows killed, {self.kind.name}", times=cut_off, half_done=0)
        assert cut_off >= 2


def counts(site):
    """How many rows there are, by kind."""
    asked = [f"SELECT '{kind}', COUNT(*) FROM catalog_{kind}" for kind in KINDS]  # noqa: S608
    return dict(site.query(" UNION ALL ".join(asked)))


def season(site):
    sql = "SELECT id FROM catalog_season WHERE number = 1 ORDER BY series_id LIMIT 1"
    return site.query(sql)[0][0]


def send(site, session, number):
    """Change a season and each of its episodes, all to ``number``; the status, or None."""
    address = f"{site.address}/admin/catalog/season/{season(site)}/change/"
    runtimes = {f"episodes-{row}-runtime": str(FIRST + number) for row in range(EPISODES)}
    try:
        return save(session, address, name=f"Number {number}", **runtimes).status_code
    except requests.RequestException:
        return None


def saved(site):
    """The numbers to which the season and its episodes were changed: one, if all is well."""
    key = season(site)
    runtimes = site.query(f"SELECT runtime FROM catalog_episode WHERE season_id = {key}")  # noqa: S608
    ((name,),) = site.query(f"SELECT name FROM catalog_season WHERE id = {key}")  # noqa: S608
    assert len(runtimes) == EPISODES
    return {int(name.split()[-1]), *(runtime - FIRST for (runtime,) in runtimes)}


def kill_workers(site):
    before = workers_of(site.server)
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    wait_until(lambda: len(workers_of(site.server) - before) == site.workers)
    wait_until(lambda: answers(site))


def answers(site):
    try:
        return site.get("/health/ready").status_code == 200
    except requests.RequestException:
        return False


def wait_until_idle(site):
    """What is saved once nobody is at it any more."""
    if site.name == "PostgreSQL":
        asked = (
            "SELECT COUNT(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        wait_until(lambda: site.query(asked) == [(0,)])
    return saved(site)


class SQLiteTests(Dying, SimpleTestCase):
    kind = OnSQLite


class PostgreSQLTests(Dying, SimpleTestCase):
    kind = OnPostgreSQL
