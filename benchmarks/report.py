"""What was measured, as Markdown, and the goals that it is held to. Needs no Django."""

import os
import re

# The goals are set for so many people, compared with so many.
_AT, _THAN = 100_000, 1_000
_MOST_TIMES = 3
_MOST_MS = 100
_MOST_MS_OF_SUGGESTIONS = 20
# It counts what is missing in every table, and so reads them whole.
_COUNTING = "Front page of the admin"
_MOST_MS_OF_COUNTING = 300
# On SQLite; PostgreSQL has no goal here.
_MOST_SECONDS_OF_MAKING = 120

# Tables with as many rows as there are people, or more.
_LARGE = {
    "catalog_person",
    "catalog_character",
    "catalog_portrayal",
    "catalog_credit",
    "catalog_searchentry",
    "catalog_searchterms",
}

_START, _END = "<!-- tables: growth.py --write fills them in -->", "<!-- end of tables -->"
_LONGEST_STATEMENT = 400


def put_between(path, start, end, text):
    """Replace what stands between the marks ``start`` and ``end`` in the file ``path``."""
    before, found, rest = path.read_text(encoding="utf-8").partition(start)
    _, found_end, after = rest.partition(end)
    if not (found and found_end):
        raise ValueError(f"{path.name} has no room for the tables: it lacks {start} or {end}")
    path.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}", encoding="utf-8")


class Report:
    """Collects what was measured; as text it is a section for each database."""

    def __init__(self):
        self._tables = {}
        self._not_measured = {}

    def table(self, database):
        return self._tables.setdefault(database, Table(database))

    def leave_out(self, database, why):
        self._not_measured[database] = why

    @property
    def is_short_of_goals(self) -> bool:
        return any(
            verdict.startswith("missed")
            for table in self._tables.values()
            for verdict in table.verdicts
        )

    def __str__(self):
        sections = [f"### {name}\n\n{table}" for name, table in self._tables.items()]
        sections += [f"### {name}\n\n{why}" for name, why in self._not_measured.items()]
        return "\n\n".join(sections)

    def write_into(self, path):
        """Put the report between the two marks in the file ``path``."""
        put_between(path, _START, _END, str(self))


class Table:
    """The measurements on one database, by number of people and then by page."""

    def __init__(self, database):
        self.database = database
        self.making, self.pages = {}, {}
        self.plans, self.planned = [], 0

    def add_making(self, people, made):
        self.making[people] = made

    def add_pages(self, people, pages):
        self.pages[people] = {page["label"]: page for page in pages}

    def add_plans(self, people, plans):
        self.plans, self.planned = plans, people

    @property
    def verdicts(self):
        return [*map(self._verdict, self._labels), self._verdict_on_making(), *self._scans()]

    def _scans(self):
        """A verdict on each page that reads a whole table of those that grow with the people."""
        for page in self.plans if self.planned >= _AT else ():
            large = [name for name in page["whole"] if name in _LARGE]
            if large and page["label"] != _COUNTING:
                yield f"missed: {page['label']} reads {', '.join(large)} whole"

    @property
    def _labels(self):
        return next(iter(self.pages.values()))

    def __str__(self):
        sizes = [*self.pages]
        rows = [
            ["", *(f"{people:,} people" for people in sizes), "Goal"],
            ["---", *["---:"] * len(sizes), "---"],
            *([label, *self._times(label), self._verdict(label)] for label in self._labels),
        ]
        seconds = [f"{self.making[people]['seconds']:,.1f} s" for people in sizes]
        rows.append(["`make_catalog`", *seconds, self._verdict_on_making()])
        lines = [self._caption(sizes), "", *as_rows(rows)]
        return "\n".join([*lines, "", self._told_plans()] if self.plans else lines)

    def _told_plans(self):
        rows = [
            ["", "Found by", "Read whole"],
            ["---", "---", "---"],
            *(
                [
                    page["label"],
                    ", ".join(f"`{_short(name)}`" for name in page["indexes"]),
                    ", ".join(f"`{_short(name)}`" for name in page["whole"]),
                ]
                for page in self.plans
            ),
        ]
        caption = f"What the plans of {self.database} read for {self.planned:,} people:"
        return "\n".join([caption, "", *as_rows(rows)])

    def _caption(self, sizes):
        made = self.making[sizes[0]]
        return (
            f"{self.database} {made['version']}, Python {made['python']}, {os.cpu_count()} "
            "processors. Milliseconds; in brackets, how many times as long as with "
            f"{sizes[0]:,} people."
        )

    def _times(self, label):
        fewest = None
        for page in (pages[label] for pages in self.pages.values()):
            if page["status"] != 200:
                yield f"answers {page['status']}"
            elif fewest is None:
                fewest = page["ms"]
                yield f"{page['ms']:.1f}"
            else:
                yield f"{page['ms']:.1f} ({page['ms'] / fewest:.1f})"

    def _verdict(self, label):
        """Such as "met" or "missed: over 3 times"; "" where no goal is set."""
        by_size = {people: pages[label] for people, pages in self.pages.items()}
        for page in by_size.values():
            if page["status"] != 200:
                return f"missed: `{page['address']}` answers {page['status']}"
        if _AT not in by_size:
            return ""
        ms = by_size[_AT]["ms"]
        most = _MOST_MS_OF_SUGGESTIONS if label.startswith("Suggestions") else _MOST_MS
        if label == _COUNTING:
            most = _MOST_MS_OF_COUNTING
        missed = [f"over {most} ms"] if ms >= most else []
        if label != _COUNTING and _THAN in by_size and ms > _MOST_TIMES * by_size[_THAN]["ms"]:
            missed.append(f"over {_MOST_TIMES} times")
        return f"missed: {', '.join(missed)}" if missed else "met"

    def _verdict_on_making(self):
        if self.database != "SQLite" or _AT not in self.making:
            return ""
        if self.making[_AT]["seconds"] < _MOST_SECONDS_OF_MAKING:
            return "met"
        return f"missed: over {_MOST_SECONDS_OF_MAKING} s"


def as_rows(rows):
    """Lines of a Markdown table; the second of ``rows`` is the one of dashes."""
    return [f"| {' | '.join(row)} |" for row in rows]


def as_commands(rows):
    """A table of [label, seconds, megabytes] of commands; without numbers, of what was not run."""
    told = [["", "Seconds", "Most memory"], ["---", "---:", "---:"]]
    for label, seconds, memory in rows:
        spent = [f"{seconds:,.0f}", f"{memory:,.0f} MB"] if seconds is not None else ["", ""]
        told.append([label, *spent])
    return "\n".join(as_rows(told))


def _short(name):
    """An index or a table without what all have, and without Django's suffix."""
    return re.sub(r"_[0-9a-f]{8}$", "", name.removeprefix("catalog_"))


def plans_as_text(database, people, pages):
    """The plans that ``database`` has for the slowest statements of each page."""
    lines = [f"## {database}, {people:,} people"]
    for page in pages:
        lines += ["", f"### {page['label']}: `{page['address']}`"]
        for statement in page["statements"]:
            lines += ["", "```", _shortened(statement["sql"]), "", *statement["plan"], "```"]
    return "\n".join(lines)


def _shortened(sql):
    """Without the columns that it starts with, and not too long."""
    sql = re.sub(r"^SELECT (DISTINCT )?.*? FROM ", r"SELECT \1… FROM ", sql)
    return sql if len(sql) <= _LONGEST_STATEMENT else f"{sql[:_LONGEST_STATEMENT]} …"
