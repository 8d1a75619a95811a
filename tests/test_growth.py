import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import SimpleTestCase

from benchmarks.report import Report, plans_as_text

ROOT = Path(__file__).resolve().parent.parent

ROWS = """
People, first page
Actors, first page
Crew, first page
Characters, first page
Episodes, first page
Series, first page
News, first page
Organizations, first page
Crossovers, first page
Crossovers of people, first page
People, last page
Actors, last page
Characters, last page
People by their number of credits
Characters by their first appearance
People of the largest series
Actors of the largest series
Crew of the largest series
Characters of the largest series
Episodes of the largest series
News of the largest series
Organizations of the largest series
Characters of an average person
Episodes of an average person
News of an average person
Characters of the busiest
Episodes of the busiest
News of the busiest
People in both of two series
Actors in both of two series
Actors of the largest series by billing
Directors of the largest series
Guests of the largest series by a common name
Crossovers of the largest series
Crossovers of people of the largest series
Crossovers of an average person
People by a rare name
People by a common name
Search for a rare name
Search for a common name
Search for a misspelt name
Search for a word of every text
Search, second page of people
Suggestions for 1 letter
Suggestions for 2 letters
Suggestions for 4 letters
An actor's name within a list
Page of the busiest person
Page of the busiest character
Page of the largest series
Page of a season of it
Page of an episode of it
Page of the largest organization
Timeline
Choice of the progress
Dashboard
Characters, first page, in the middle
Actors, first page, in the middle
Characters of the largest series, in the middle
Crossovers, first page, in the middle
Search for a common name, in the middle
Suggestions for 2 letters, in the middle
Page of the busiest person, in the middle
Page of the largest series, in the middle
Page of an episode of it, in the middle
Dashboard, in the middle
Front page of the admin
`make_catalog`
""".strip().splitlines()


class GrowthTests(SimpleTestCase):
    def test_every_page_answers_in_a_small_catalogue(self):
        words = ["--sizes", "60", "--databases", "sqlite", "--runs", "1", "--plans", "--check"]
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "benchmarks/growth.py", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        plans, _, report = done.stdout.partition("### SQLite\n")
        times, _, found = report.partition("What the plans of SQLite read")
        rows = [line.split(" | ") for line in times.splitlines() if line.startswith("| ")]
        assert [row[0].removeprefix("| ") for row in rows[2:]] == ROWS, done.stderr
        for label, time, _ in rows[2:]:
            with self.subTest(label=label):
                assert float(time.removesuffix(" s")) > 0
        assert "### People, first page: `/people/`" in plans
        assert "USING INDEX" in plans
        assert "| Search for a rare name | `PRIMARY KEY`, `VIRTUAL TABLE INDEX` |  |" in found
        assert re.search(r"\| People, last page \| .*`person_by_name`", found)
        assert done.returncode == 0


class ReportTests(SimpleTestCase):
    """Goals are met or missed at 100,000 people, compared with 1,000."""

    def report(self, small, large, label="People, first page", seconds=60, status=200):
        report = Report()
        table = report.table("SQLite")
        for people, ms in ((1_000, small), (100_000, large)):
            table.add_making(people, {"seconds": seconds, "version": "3.40.1", "python": "3.11.7"})
            page = {"label": label, "address": "/people/", "status": 200, "ms": ms}
            table.add_pages(people, [page])
        if status != 200:
            page.update(status=status, ms=None)
        return report

    def test_a_page_meets_its_goals(self):
        report = self.report(20, 59)
        assert "| People, first page | 20.0 | 59.0 (3.0) | met |" in str(report)
        assert "| `make_catalog` | 60.0 s | 60.0 s | met |" in str(report)
        assert not report.is_short_of_goals

    def test_a_page_misses_what_it_is_over(self):
        for small, large, label, verdict in [
            (20, 61, "Crew", "missed: over 3 times"),
            (50, 100, "Crew", "missed: over 100 ms"),
            (20, 110, "Crew", "missed: over 100 ms, over 3 times"),
            (10, 21, "Suggestions for 1 letter", "missed: over 20 ms"),
            (50, 300, "Front page of the admin", "missed: over 300 ms"),
        ]:
            with self.subTest(verdict=verdict):
                report = self.report(small, large, label)
                assert f" | {verdict} |" in str(report)
                assert report.is_short_of_goals

    def test_what_counts_everything_may_grow_with_it(self):
        label = "Front page of the admin"
        report = self.report(20, 299, label)
        page = {"label": label, "indexes": [], "whole": ["catalog_person"]}
        report.table("SQLite").add_plans(100_000, [page])
        assert "| 20.0 | 299.0 (14.9) | met |" in str(report)
        assert not report.is_short_of_goals

    def test_a_page_without_an_answer_misses_its_goals(self):
        report = self.report(20, 30, status=404)
        assert "| 20.0 | answers 404 | missed: `/people/` answers 404 |" in str(report)
        assert report.is_short_of_goals

    def test_making_a_catalogue_may_take_two_minutes(self):
        report = self.report(20, 30, seconds=121)
        assert "| `make_catalog` | 121.0 s | 121.0 s | missed: over 120 s |" in str(report)
        assert report.is_short_of_goals

    def test_no_page_may_read_a_large_table_whole(self):
        page = {"label": "Crew", "indexes": ["catalog_job_rank"], "whole": ["catalog_job"]}
        report = self.report(20, 30)
        report.table("SQLite").add_plans(100_000, [page])
        assert "| Crew | `job_rank` | `job` |" in str(report)
        assert not report.is_short_of_goals
        page["whole"] = ["catalog_credit"]
        assert report.is_short_of_goals

    def test_a_database_that_is_not_there_is_named(self):
        report = self.report(20, 30)
        report.leave_out("PostgreSQL", "not measured: there is none.")
        assert str(report).endswith("### PostgreSQL\n\nnot measured: there is none.")

    def test_tables_are_put_between_their_marks(self):
        with TemporaryDirectory() as folder:
            path = Path(folder) / "README.md"
            readme = (ROOT / "benchmarks/README.md").read_text(encoding="utf-8")
            path.write_text(readme, encoding="utf-8")
            for large in (30, 40):
                self.report(20, large).write_into(path)
            written = path.read_text(encoding="utf-8")
        assert "| 20.0 | 40.0 (2.0) | met |" in written
        assert "30.0" not in written
        assert written.startswith("# Benchmarks\n")
        end = "<!-- end of tables -->"
        assert written.partition(end)[1:] == readme.partition(end)[1:]

    def test_plans_stand_below_their_statements(self):
        statements = [{"sql": "SELECT a, b FROM t WHERE c", "plan": ["SEARCH t", "  SCAN u"]}]
        page = {"label": "Crew", "address": "/crew/", "statements": statements}
        assert plans_as_text("SQLite", 1_000, [page]) == (
            "## SQLite, 1,000 people\n\n### Crew: `/crew/`\n\n"
            "```\nSELECT … FROM t WHERE c\n\nSEARCH t\n  SCAN u\n```"
        )
