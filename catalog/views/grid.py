"""The grid of crossovers, put together of rows that ``for_crossovers`` has fetched.

A large grid has hundreds of cells: what they say is made here, once, so that the template only
has to write it down.
"""

from dataclasses import dataclass, field

from ..models.credits import MOST_JOBS_IN_A_CELL
from ..models.portrayals import MOST_IN_A_CELL


@dataclass(frozen=True)
class Column:
    """A series, as the head of the grid and each cell below it name it."""

    key: int
    name: str
    accent: str
    address: str


@dataclass
class Line:
    """What a cell names, a person or a character, and the parts in which it does.

    Without an ``address`` it is the words that stand for a character.
    """

    name: str
    address: str
    is_recast: bool
    parts: list = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """Such as "Main cast, Seasons 1–7"; ``text`` is empty where neither is known."""

    text: str
    announced: bool

    @classmethod
    def of(cls, portrayal):
        known = [portrayal.kind_label, portrayal.span]
        return cls(", ".join(filter(None, known)), portrayal.announced)


@dataclass
class Cell:
    """What an entry does in one series."""

    column: Column
    lines: dict = field(default_factory=dict)
    jobs: list = field(default_factory=list)
    has_main_part: bool = False
    has_more: bool = False

    @property
    def is_recast(self) -> bool:
        return any(line.is_recast for line in self.lines.values())


@dataclass
class Row:
    """``cells`` has one for each column, None where the entry is not in the series."""

    entry: object
    cells: list

    @property
    def filled(self) -> list:
        return [cell for cell in self.cells if cell]

    @property
    def is_recast(self) -> bool:
        return any(cell.is_recast for cell in self.filled)

    @property
    def accent(self) -> str:
        """That of the first series with a main part, else of the first."""
        leading = [*(cell for cell in self.filled if cell.has_main_part), *self.filled]
        return leading[0].column.accent if leading else ""


@dataclass
class Grid:
    """``columns`` are series in release order."""

    columns: list
    rows: list

    @classmethod
    def of(cls, entries, series, asked=()) -> "Grid":
        """A row for each of ``entries``, and columns for those of ``series`` that they are in.

        Of ``series``, a queryset, those too whose keys were ``asked`` for. One statement.
        """
        keys = {tie.series_id for entry in entries for tie in _ties(entry)}.union(asked)
        columns = [
            Column(each.pk, each.name, each.accent, each.get_absolute_url())
            for each in (series.filter(pk__in=keys) if entries else ())
        ]
        return cls(columns, [_row(entry, columns) for entry in entries])

    @property
    def has_recasts(self) -> bool:
        return any(row.is_recast for row in self.rows)


def _ties(entry):
    return [*entry.shown_portrayals, *getattr(entry, "shown_credits", ())]


def _row(entry, columns):
    keys = {column.key for column in columns}
    # A series that is gone since the parts were read has no column.
    parts = [part for part in entry.shown_portrayals if part.series_id in keys]
    jobs = [job for job in getattr(entry, "shown_credits", ()) if job.series_id in keys]
    is_in = {tie.series_id for tie in (*parts, *jobs)}
    cells = {column.key: Cell(column) if column.key in is_in else None for column in columns}
    if hasattr(entry, "shown_credits"):
        _tell_parts(cells, parts, lambda portrayal: portrayal.part)
        _tell_jobs(cells, jobs)
    else:
        _tell_parts(cells, parts, lambda portrayal: portrayal.person)
        _mark_recasts(cells, parts)
    return Row(entry, list(cells.values()))


def _tell_parts(cells, portrayals, named):
    """``named`` gives what the cell of a portrayal names: an entry, or words for one."""
    addresses = {}
    for portrayal in portrayals:
        cell = cells[portrayal.series_id]
        if portrayal.place > MOST_IN_A_CELL:
            cell.has_more = True
            continue
        who = named(portrayal)
        if who not in addresses:
            addresses[who] = "" if isinstance(who, str) else who.get_absolute_url()
        line = cell.lines.setdefault(who, Line(str(who), addresses[who], is_recast=False))
        line.parts.append(Part.of(portrayal))
        cell.has_main_part |= portrayal.kind == portrayal.Kind.MAIN


def _mark_recasts(cells, portrayals):
    """Whoever is not the first to play it, in the earliest series; the parts are in that order."""
    first = portrayals[0].person if portrayals else None
    for cell in filter(None, cells.values()):
        for person, line in cell.lines.items():
            line.is_recast = person != first


def _tell_jobs(cells, credits):
    for credit in credits:
        cell = cells[credit.series_id]
        if credit.place > MOST_JOBS_IN_A_CELL:
            cell.has_more = True
        else:
            cell.jobs.append(credit.job.name)
