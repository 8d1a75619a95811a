"""What was measured, as Markdown: ratios, since one machine's numbers say nothing of another's."""

from statistics import median

from ..report import as_rows, put_between
from .goals import GOALS, ratio, ratio_of_time

START, END = "<!-- side by side: make bench writes it -->", "<!-- end of side by side -->"
_UNIT = "floor"


class Report:
    """``measured`` by the rows' keys and ``memory`` in MiB, as rounds.run and the servers tell."""

    def __init__(self, rows, measured, memory, machine, left_out):
        self.rows, self.measured, self.memory = rows, measured, memory
        self.machine, self.left_out = machine, left_out
        self.verdicts = [goal.verdict(measured, memory) for goal in GOALS]

    @property
    def is_short_of_goals(self) -> bool:
        return any(verdict.is_met is False for verdict in self.verdicts)

    def __str__(self):
        parts = [self.machine, "\n".join(as_rows(self._table())), "\n".join(as_rows(self._goals()))]
        parts += [
            f"{row.label}: {sum(each.saves for each in self.measured[row.key])} edits were saved."
            for row in self.rows
            if row.editor
        ]
        parts += [f"Not measured: {label}: {why}" for label, why in self.left_out.items()]
        return "\n\n".join(parts)

    def write_into(self, path):
        put_between(path, START, END, str(self))

    def _table(self):
        yield ["", "Requests answered", "Processor time of one", "p50", "p99", "Memory"]
        yield ["---", *["---:"] * 5]
        for row in sorted(self.rows, key=self._rate, reverse=True):
            found = self.measured[row.key]
            yield [
                row.label,
                f"{_told(ratio(found, self.measured[_UNIT]))} ×",
                f"{_told(self._cost(found))} ×",
                f"{median(each.load.p50 for each in found):.1f} ms",
                f"{median(each.load.p99 for each in found):.1f} ms",
                f"{self.memory[row.key]:.0f} MiB",
            ]

    def _rate(self, row):
        return ratio(self.measured[row.key], self.measured[_UNIT])

    def _cost(self, found):
        return ratio_of_time(self.measured[_UNIT], found)

    def _goals(self):
        yield ["Goal", "Found", "By processor time", ""]
        yield ["---", "---:", "---:", "---"]
        for verdict in self.verdicts:
            yield [verdict.goal, verdict.found, verdict.by_time, str(verdict)]


def _told(number):
    """Two digits that mean something."""
    return f"{number:.3f}" if number < 0.1 else f"{number:.2f}" if number < 10 else f"{number:.0f}"
