"""One line of a sheet beside the row of the catalogue that it is of."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import NON_FIELD_ERRORS

from ..history.reading import Difference, differing_pieces
from ..importers.catalog_rows import Reference
from ..importers.problems import FormError
from ..models import State
from .cells import TOO_LONG, tidy
from .fingerprints import fingerprint

MINE, THEIRS = "mine", "theirs"

# What a new row without a name is called by.
_TOLD_OF_NEW = ["person", "character", "job", "series", "season", "number"]

# Texts longer than this are told by the words that differ.
_LONG = 60


@dataclass
class Cell:
    """A cell that says something else than the catalogue, in the words of the sheet.

    ``asked`` is why it is not simply taken: "changed" since the sheet was made, or "unknown",
    since the sheet does not tell what it was then. ``choice`` is "mine", "theirs" or "" then.
    """

    line: "Line"
    column: str
    before: str
    after: str
    value: object
    asked: str = ""
    choice: str = ""

    @property
    def is_taken(self) -> bool:
        return not self.asked or self.choice == MINE

    @property
    def is_undecided(self) -> bool:
        return bool(self.asked) and not self.choice

    @property
    def name(self) -> str:
        """What a form calls the question; another one once the catalogue says something else."""
        told = hashlib.sha256(f"{self.before}\0{self.after}".encode()).hexdigest()[:8]
        return f"choice-{self.line.number}-{self.column}-{told}"

    @cached_property
    def difference(self) -> Difference:
        is_long = self.before and self.after and max(len(self.before), len(self.after)) > _LONG
        pieces = differing_pieces(self.before, self.after) if is_long else []
        return Difference(self.column, self.column, self.before, self.after, pieces)


class Texts(dict):
    """{column: cell} of one line, as the library asks for it; ``line`` is what it is of."""

    def __init__(self, line, cells):
        super().__init__(cells)
        self.line = line


class Line:
    """What a line says, in ``texts``, and what comes of it, which is found by ``compare``.

    ``instance`` is the row, or a new one. ``base`` has the fingerprints of the row as it was when
    the sheet was made, None if they are not known. ``touched`` are the columns that are not as
    they then were. ``problems`` are sentences by the field that they are about.
    """

    def __init__(self, plan, number, cells):
        self.plan = plan
        self.number = number
        self.texts = Texts(self, cells)
        self.key = None
        self.base = None
        self.touched = []
        self.instance = None
        self.problems = {}
        self.remarks = []
        self.cells = []
        self.taken = []  # (constraint, error) of places where another row is
        self.set_aside = []  # the field whose number is far away until this row is saved
        self.said = {}  # {column: what its cell says, with References}

    @property
    def is_new(self) -> bool:
        return self.key is None

    @property
    def changes(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.is_taken]

    @property
    def many(self) -> dict:
        """{field name: rows} of the lists that change."""
        return {
            self._field(cell).attribute: cell.value
            for cell in self.changes
            if isinstance(cell.value, list)
        }

    @property
    def name(self) -> str:
        """What it is about, for people."""
        if not self.is_new:
            return self._name
        columns = ["name"] if self.texts.get("name") else _TOLD_OF_NEW
        told = [self.texts.get(column, "") for column in columns]
        return ", ".join(text for text in told if isinstance(text, str) and text) or "(no name)"

    def tell(self, column: str, why: str):
        attribute = self.plan.resource.fields[column].attribute if column else NON_FIELD_ERRORS
        self.problems.setdefault(attribute, []).append(why)

    def miss(self, columns):
        for column in columns:
            if self.plan.resource.fields[column].attribute not in self.problems:
                self.tell(column, f"is missing; a new {self.plan.resource.kind.word} needs it.")

    def _field(self, cell):
        return self.plan.resource.fields[cell.column]

    # What it says --------------------------------------------------------------------------------

    def find_touched(self, columns):
        """``columns`` are those of the sheet that can be taken back."""
        if self.is_new:
            self.touched = [column for column in columns if self.texts[column] != ""]
            return
        self.touched = [
            column
            for column in columns
            if self.texts[column] != TOO_LONG
            and not (
                self.base
                and isinstance(self.texts[column], str)
                and fingerprint(self.key, column, self.texts[column]) == self.base[column]
            )
        ]

    def read(self):
        """Find out what the touched cells say, and want the rows that they name."""
        series = self._series()
        for column in self.touched:
            field = self.plan.resource.fields[column]
            if field.readonly:
                continue
            try:
                said = field.clean(self.texts, series=series)
            except FormError as error:
                self.tell(column, error.why)
            else:
                self.said[column] = said
                self.plan.known.want(said)

    def _series(self):
        """The slug of the series in which seasons are counted."""
        cell = self.texts.get("series", "")
        if cell and isinstance(cell, str) and (self.is_new or "series" in self.touched):
            return cell
        return self.instance.series.slug if self.plan.counts_in_series and self.instance else ""

    # What comes of it ----------------------------------------------------------------------------

    def refuse_what_stands(self):
        """Before anything is changed: whether this editor may change such a row at all."""
        self._name = "" if self.is_new else str(self.instance)
        self._why_it_stands = self.plan.rights.why_it_stands(None if self.is_new else self.instance)

    def compare(self, field):
        column = field.column_name
        if column not in self.said:
            return
        value = self._resolved(column, self.said[column])
        if value is _NOT_THERE:
            return
        after = tidy(field.widget.render(value))
        if self.is_new:
            self._take(field, Cell(self, column, "", after, value))
            return
        before = field.export(self.instance)
        if after == tidy(before):
            return
        base = self.base and self.base[column]
        if base and fingerprint(self.key, column, after) == base:
            return  # written otherwise, but not another value
        asked = "unknown"
        if base:
            is_as_it_was = fingerprint(self.key, column, before) == base
            asked = "" if is_as_it_was else "changed"
        cell = Cell(self, column, before, after, value, asked)
        cell.choice = self.plan.choice_of(cell) if asked else ""
        self._take(field, cell)

    def _take(self, field, cell):
        self.cells.append(cell)
        if self._why_it_stands:
            self.tell("", self._why_it_stands)
            self._why_it_stands = ""  # told once
        if cell.is_taken and not isinstance(cell.value, list):
            setattr(self.instance, field.attribute, cell.value)

    def _resolved(self, column, said):
        """With rows in place of References."""
        if isinstance(said, list):
            rows = [self._found(column, each) for each in said]
            return _NOT_THERE if _NOT_THERE in rows else list(dict.fromkeys(rows))
        return self._found(column, said) if isinstance(said, Reference) else said

    def _found(self, column, reference):
        try:
            return self.plan.known.find(reference)
        except ValueError as error:
            self.tell(column, str(error))
            return _NOT_THERE

    def refuse_what_shows(self):
        """Once it is sound: whether it would change what visitors see, and may not."""
        for column, why in self.plan.rights.why_not_saved(self.instance, self.changed_columns):
            self.tell(column if column in self.plan.resource.fields else "", why)

    @property
    def changed_columns(self) -> set[str]:
        return {cell.column for cell in self.changes}

    @property
    def changed_fields(self) -> set[str]:
        return {self._field(cell).attribute for cell in self.changes}

    # Doing it ------------------------------------------------------------------------------------

    def save(self):
        row, many = self.instance, self.many
        if self.is_new:
            row.save()
        else:
            changed = [
                self._field(cell).attribute
                for cell in self.changes
                if not isinstance(cell.value, list)
            ]
            # An entry is saved for new links too, for the time of its last change.
            if changed or self.plan.resource.kind.is_entry:
                row.save(update_fields=[*changed, *self.set_aside])
        for name, rows in many.items():
            getattr(row, name).set(rows)

    def is_draft(self) -> bool:
        """Whether it is a new entry that visitors will not see."""
        return self.is_new and getattr(self.instance, "state", None) == State.DRAFT


_NOT_THERE = object()
