import gzip
import importlib.util
import py_compile
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from django.test import SimpleTestCase, TestCase

from benchmarks.side_by_side import processes
from benchmarks.side_by_side.contenders import CONTENDERS
from benchmarks.side_by_side.content import (
    SEASON,
    SERIES,
    SHOW,
    SHOWS,
    words_of_season,
    words_of_series,
)
from benchmarks.side_by_side.editing import fields_of
from benchmarks.side_by_side.goals import GOALS, Faster, Small
from benchmarks.side_by_side.packages import pinned
from benchmarks.side_by_side.report import END, START, Report
from benchmarks.side_by_side.rounds import (
    CheckError,
    Measured,
    checked,
    first_missing,
    in_turn,
)
from benchmarks.side_by_side.servers import Server
from benchmarks.side_by_side.workshop import Row, Workshop
from benchmarks.side_by_side.wrk import Load, WrkError, read
from scripts.postgres import find_binaries

ROOT = Path(__file__).resolve().parent.parent
SIDE_BY_SIDE = ROOT / "benchmarks" / "side_by_side"

SUMMARY = (
    'summary {"requests": 900, "bytes": 90000, "microseconds": 3000000, "p50": 4000, "p99": 9000, '
    '"connect": 0, "read": 0, "write": 0, "timeout": 0, "status": 0, "others": 0}'
)


def measured(*rates, cpu=1.0, saves=0):
    return [Measured(Load(100, rate, 2.0, 9.5, 500), cpu, saves) for rate in rates]


class Page(BaseHTTPRequestHandler):
    """Holds "Cleo", but at /broken/."""

    def do_GET(self):
        broken = self.path == "/broken/"
        unchanged = self.headers.get("If-None-Match") == '"one"'
        body = b"" if unchanged else gzip.compress(b"Cleo") if self.wants_gzip else b"Cleo"
        self.send_response(500 if broken else 304 if unchanged else 200)
        self.send_header("ETag", '"one"')
        if body and self.wants_gzip:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @property
    def wants_gzip(self):
        return self.headers.get("Accept-Encoding") == "gzip"

    def log_message(self, *_):
        """Says nothing."""


class ContentTests(SimpleTestCase):
    def test_every_series_has_as_many_rows(self):
        for show in SHOWS:
            assert (len(show.cast), len(show.episodes)) == (25, 10), show.name

    def test_no_two_pages_share_an_address(self):
        slugs = [
            slug for show in SHOWS for part in show.cast for slug in (part.person_slug, part.role)
        ]
        assert len(slugs) == len({*slugs}) == 150

    def test_what_is_looked_for_is_all_of_a_page(self):
        season, series = words_of_season(SHOW), words_of_series(SHOW)
        parts = [f">{name}</a>" for part in SHOW.cast for name in (part.person, part.role)]
        episodes = [f">{episode.name}</a>" for episode in SHOW.episodes]
        assert len({*parts, *episodes, "S1E10", "10 March 2014", "Channel Nine"}) == 63
        assert {*parts, *episodes, "S1E10", "10 March 2014", "Channel Nine"} <= {*season}
        assert {*parts, "Ended", "13 February 2014", ">Season 1</a>"} <= {*series}
        assert series.count("Season 1") == 25


class OursTests(TestCase):
    """The page that others are compared with, made here of the rows that the benchmark writes."""

    @classmethod
    def setUpTestData(cls):
        spec = importlib.util.spec_from_file_location("fill", SIDE_BY_SIDE / "sites/ours/fill.py")
        filling = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(filling)
        cls.rows = list(filling.fill())

    def test_its_pages_hold_all_that_is_looked_for(self):
        for path, words in ((SEASON, words_of_season(SHOW)), (SERIES, words_of_series(SHOW))):
            with self.subTest(path=path):
                assert first_missing(words, self.client.get(path).content.decode()) is None


class WrkTests(SimpleTestCase):
    def test_the_summary_is_found_among_what_else_wrk_says(self):
        told = read(f"Running 3s test\n  16 connections\n{SUMMARY}\n")
        assert (told["requests"], told["p99"]) == (900, 9000)

    def test_errors_fail_the_run(self):
        for kind in ("connect", "read", "write", "timeout", "status"):
            with self.subTest(kind=kind), pytest.raises(WrkError, match=f"7 {kind}"):
                read(SUMMARY.replace(f'"{kind}": 0', f'"{kind}": 7'))

    def test_no_summary_fails_the_run(self):
        with pytest.raises(WrkError, match="Running"):
            read("Running 3s test")


class RoundsTests(SimpleTestCase):
    def setUp(self):
        served = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        Thread(target=served.serve_forever).start()
        self.addCleanup(served.server_close)
        self.addCleanup(served.shutdown)
        server = Server("a", [], served.server_port, env={}, log=None)
        self.row = Row("a", "A", server, "/a/", ("Cleo",))

    def test_an_answer_must_hold_the_name(self):
        assert checked(self.row) == ({}, b"Cleo")
        with pytest.raises(CheckError, match="does not hold “Dario”"):
            checked(self.row._replace(holds=("Dario",)))

    def test_what_is_packed_is_looked_into(self):
        headers = {"Accept-Encoding": "gzip"}
        asked, body = checked(self.row._replace(headers=headers))
        assert (asked, gzip.decompress(body)) == (headers, b"Cleo")

    def test_an_answer_must_have_the_status(self):
        with pytest.raises(CheckError, match="/broken/ answers 500, not 200"):
            checked(self.row._replace(path="/broken/"))

    def test_what_is_unchanged_is_asked_for_by_its_tag(self):
        row = self.row._replace(status=304, holds=())
        assert checked(row) == ({"If-None-Match": '"one"'}, b"")

    def test_words_must_follow_one_another(self):
        assert first_missing(("one", "two", "one"), "one two one") is None
        assert first_missing(("one", "two", "one"), "one two") == "one"
        assert first_missing(("two", "one"), "one two") == "one"

    def test_every_other_round_goes_backwards(self):
        assert [in_turn([1, 2, 3], number) for number in range(3)] == [
            [1, 2, 3],
            [3, 2, 1],
            [1, 2, 3],
        ]


class ProcessesTests(SimpleTestCase):
    def test_time_and_memory_of_a_family_count(self):
        code = (
            "import subprocess, sys, time\n"
            "child = subprocess.Popen([sys.executable, '-c', "
            "'print(sum(range(3_000_000)), flush=True); input()'], stdin=subprocess.PIPE, "
            "stdout=subprocess.PIPE)\n"
            "print(child.stdout.readline(), flush=True)\n"
            "input()\n"
        )
        with subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as parent:
            parent.stdout.readline()
            family = processes.tree(parent.pid)
            assert len(family) == 2
            assert family[0] == parent.pid
            both, alone = (processes.cpu_seconds(pids) for pids in (family, [parent.pid]))
            assert both > 0
            assert alone < both
            assert processes.proportional_mib(family) > processes.proportional_mib(family[1:]) > 1
            parent.communicate(b"\n")
        assert processes.tree(parent.pid) == []
        assert processes.proportional_mib(family) == 0


class WorkshopTests(SimpleTestCase):
    @pytest.mark.skipif(find_binaries() is None, reason="no PostgreSQL on this machine")
    def test_a_database_is_told_with_the_process_whose_time_counts(self):
        with TemporaryDirectory() as folder, Workshop(Path(folder), range(0)) as workshop:
            url, process = workshop.database("postgres", "shows")
            assert "/shows?host=" in url
            assert Path(f"/proc/{process}/comm").read_text(encoding="ascii") == "postgres\n"


class EditingTests(SimpleTestCase):
    def test_a_form_is_sent_as_a_browser_would(self):
        page = """
          <form><input type="hidden" name="token" value="a&amp;b"><input name="empty">
          <input type="checkbox" name="on" value="1" checked><input type="checkbox" name="off">
          <input type="checkbox" name="plain" checked>
          <input name="dead" value="x" disabled><input type="submit" name="_save" value="Save">
          <select name="state"><option value="a">A<option value="b" selected>B</select>
          <select name="kind"><option value="c">C<option value="d">D</select>
          <select name="sources" multiple><option value="e">E</select>
          <textarea name="biography">\nOne &lt; two</textarea></form>
        """
        assert fields_of(page) == [
            ("token", "a&b"),
            ("empty", ""),
            ("on", "1"),
            ("plain", "on"),
            ("state", "b"),
            ("kind", "c"),
            ("biography", "One < two"),
        ]


class GoalsTests(SimpleTestCase):
    def test_rates_are_compared_within_a_round(self):
        goal = Faster("twice", "mine", 2, ("other",))
        # The machine was four times as fast in the second round; each ratio is 2, or 2.5.
        found = {"mine": measured(20, 80, 25), "other": measured(10, 40, 10)}
        verdict = goal.verdict(found, {})
        assert (verdict.found, verdict.is_met, str(verdict)) == ("2.00 times", True, "met")

    def test_the_quickest_of_others_counts(self):
        goal = Faster("twice", "mine", 2, ("slow", "quick", "not there"))
        found = {"mine": measured(20), "slow": measured(5), "quick": measured(11)}
        assert str(goal.verdict(found, {})) == "missed"

    def test_memory_must_stay_under_its_bound(self):
        goal = Small("small", "mine", 110)
        assert [goal.verdict({}, {"mine": mib}).is_met for mib in (109.9, 110)] == [True, False]

    def test_what_is_not_there_is_neither_met_nor_missed(self):
        for goal in GOALS:
            assert goal.verdict({}, {}).is_met is None


class ReportTests(SimpleTestCase):
    def report(self, mine=30, memory=100):
        key = "ours-sqlite-gunicorn"
        rows = [
            Row(each, each.title(), None, "/", (), editor=editor)
            for each, editor in (("floor", None), (key, object()))
        ]
        found = {"floor": measured(10, 20), key: measured(mine, mine * 2, cpu=0.25, saves=3)}
        memories = {"floor": 43, key: memory}
        return Report(rows, found, memories, "2 cores.", {"nginx": "it is not installed."})

    def test_it_tells_ratios_and_goals(self):
        text = str(self.report())
        assert "| Ours-Sqlite-Gunicorn | 3.00 × | 0.25 × | 2.0 ms | 9.5 ms | 100 MiB |" in text
        assert "| Floor | 1.00 × | 1.00 × | 2.0 ms | 9.5 ms | 43 MiB |" in text
        assert "SQLite, at least 1.2 times the floor | 3.00 times | 4.00 times | met |" in text
        assert "SQLite, under 110 MiB | 100 MiB |  | met |" in text
        assert "PostgreSQL, at least 1.2 times the floor |  |  | not measured |" in text
        assert "6 edits were saved." in text
        assert text.endswith("Not measured: nginx: it is not installed.")
        assert "2 cores." in text

    def test_it_is_short_of_a_goal_that_is_missed(self):
        assert not self.report().is_short_of_goals
        assert self.report(mine=11).is_short_of_goals
        assert self.report(memory=111).is_short_of_goals

    def test_it_stands_between_its_marks(self):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "README.md"
            readme = (ROOT / "benchmarks/README.md").read_text(encoding="utf-8")
            path.write_text(readme, encoding="utf-8")
            self.report().write_into(path)
            written = path.read_text(encoding="utf-8")
        assert "| 3.00 × |" in written
        assert written.partition(START)[0] == readme.partition(START)[0]
        assert written.partition(END)[2] == readme.partition(END)[2]


class ContendersTests(SimpleTestCase):
    def test_what_is_measured_stands_on_what_the_catalogue_stands_on(self):
        ours = (ROOT / "requirements.txt").read_text(encoding="utf-8")
        for name in ("django", "gunicorn"):
            found = re.search(rf"^{name}==([\d.]+)", ours, re.MULTILINE)[1]
            versions = {package.lower(): version for package, version in pinned().items()}
            assert versions[name] == found, f"pin {name} anew in benchmarks/side_by_side"

    def test_packages_come_from_the_index_that_pip_knows(self):
        text = (SIDE_BY_SIDE / "requirements.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            assert re.fullmatch(r"#.*|[\w.\[\]-]+==[\w.]+", line), line

    def test_the_goals_are_about_contenders_that_there_are(self):
        keys = [key for goal in GOALS for key in (goal.key, *getattr(goal, "than", ()))]
        assert {key.partition("-")[0] for key in keys} == {*CONTENDERS}

    def test_every_site_compiles(self):
        files = [*SIDE_BY_SIDE.rglob("*.py")]
        assert {path.parent.name for path in files} >= {"floor", "usual", "shows", "home", "ours"}
        with TemporaryDirectory() as folder:
            for path in files:
                with self.subTest(path=path.name):
                    py_compile.compile(path, Path(folder) / "compiled", doraise=True)

    def test_unknown_names_are_refused(self):
        done = self.ask("--only", "floor,drupal")
        assert done.returncode == 2
        assert "there is no drupal: floor, ours, nginx" in done.stderr

    def test_without_wrk_it_says_what_to_install(self):
        done = self.ask(PATH="")
        assert done.returncode == 1
        assert done.stderr == (
            "wrk is not installed, and nothing can be asked without it (Debian: wrk).\n"
        )

    def ask(self, *words, **env):
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "benchmarks.side_by_side", *words],
            cwd=ROOT,
            env=env or None,
            capture_output=True,
            text=True,
            check=False,
        )
