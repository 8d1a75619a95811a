"""What would come of a sheet, and the sheet brought in: all of it, or nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import IntegerField

from ..importers.problems import did_you_mean, shown
from ..models import LikelyDuplicate, Likeness
from ..models.constraints import falls_under, unique_constraints
from ..models.entry import Entry
from .cells import Odd
from .files import Sheet
from .fingerprints import COLUMN, OtherRowError, read_version
from .known import Known
from .lines import MINE, THEIRS, Line
from .resources import AT_ONCE, KEY, SheetResource
from .widgets import WHOLE_NUMBER

# Beyond what any number of an episode may be, and within its column.
_FAR_AWAY, _FAR_AWAY_PLACES = 20_000, 12_000

# Names of new rows for which it is looked whether they are there already.
_MOST_NAMES = 200


@dataclass(frozen=True)
class Rights:
    """What an editor may do, as the page of the import knows it.

    ``why_it_stands`` is asked of a row before it is changed (None: before one is added),
    ``why_not_saved`` of the row as it would be, with the columns that change. The first gives a
    sentence or "", the second (column or "", sentence) for each thing that is not allowed.
    """

    why_it_stands: Callable = lambda row: ""
    why_not_saved: Callable = lambda row, columns: []


@dataclass(frozen=True)
class Problem:
    """What is wrong; ``row`` is the number of the line in the file, ``column`` its name or ""."""

    row: int
    column: str
    why: str


@dataclass
class Plan:
    """What would come of ``sheet``.

    ``choices`` are the answers to questions by their names; ``otherwise`` ("mine", "theirs" or "")
    is the answer to all others. Nothing is written before ``carry_out``.
    """

    resource: SheetResource
    sheet: Sheet
    rights: Rights
    choices: dict = field(default_factory=dict)
    otherwise: str = ""

    def __post_init__(self):
        self.known = Known()
        self.problems = []
        self.remarks = [self.sheet.remark] if self.sheet.remark else []
        self.lines = []
        self.unchanged = 0
        self.counts_in_series = self.resource.kind.within_series
        self._read_header()
        if not self.problems:
            self._read_lines()
        if not self.problems:
            self._remark()

    # What there is -------------------------------------------------------------------------------

    @property
    def new(self) -> list[Line]:
        return [line for line in self.lines if line.is_new]

    @property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if not line.is_new and line.changes]

    @property
    def saved(self) -> list[Line]:
        """Those of which something comes, in the order of the sheet."""
        return [line for line in self.lines if line.is_new or line.changes]

    @property
    def questions(self) -> list:
        return [cell for line in self.lines for cell in line.cells if cell.asked]

    @property
    def undecided(self) -> list:
        return [cell for cell in self.questions if cell.is_undecided]

    @property
    def is_empty(self) -> bool:
        return not self.saved

    @property
    def digest(self) -> str:
        """Stands for what is told of the sheet, whatever is answered to its questions."""
        told = [
            (line.number, line.key, cell.column, cell.before, cell.after, cell.asked)
            for line in self.lines
            for cell in line.cells
        ]
        return hashlib.sha256(repr((told, self.problems)).encode(errors="replace")).hexdigest()

    def choice_of(self, cell) -> str:
        choice = self.choices.get(cell.name, self.otherwise)
        return choice if choice in {MINE, THEIRS} else ""

    # The header ----------------------------------------------------------------------------------

    def _read_header(self):
        header, known = self.sheet.header, self.resource.header
        number = 1
        for name in dict.fromkeys(header):
            if not name:
                self._tell(number, "", "A column has no name: give it one, or empty it.")
            elif name not in known:
                columns = f". The columns are: {', '.join(known)}."
                end = did_you_mean(name, known, columns)
                self._tell(number, name, f"There is no column {shown(name)}{end}")
            elif header.count(name) > 1:
                self._tell(number, name, "This column is there twice: keep one of the two.")
        if KEY not in header:
            self._tell(
                number,
                KEY,
                "The column “id” is missing. It says which row is which; blank, in a row that is "
                "new.",
            )
        self.columns = [name for name in header if name in self.resource.fields]

    def _tell(self, number, column, why):
        self.problems.append(Problem(number, column, why))

    # The lines -----------------------------------------------------------------------------------

    def _read_lines(self):
        lines = [
            Line(self, number, zip(self.sheet.header, cells, strict=True))
            for number, cells in self.sheet.lines
        ]
        lines = self._with_keys(lines)
        for line in lines:
            line.find_touched(self.columns)
        self.unchanged = sum(not (line.is_new or line.touched) for line in lines)
        lines = [line for line in lines if line.is_new or line.touched]
        self._fetch([line for line in lines if not line.is_new])
        for line in lines:
            line.read()
        self.known.look_up()
        for line in lines:
            self._compare(line)
        self._find_room()
        self._find_twins()
        self.problems.sort(key=lambda problem: problem.row)

    def _with_keys(self, lines):
        """Those whose id can be read and is there."""
        seen, found = {}, []
        for line in lines:
            said = line.texts[KEY]
            if said == "":
                found.append(line)
                continue
            # Some programs write 27 as “27.0”.
            match = None if isinstance(said, Odd) else WHOLE_NUMBER.fullmatch(said)
            key = int(match["digits"]) if match else None
            if key is None or key < 1:
                said = said.text if isinstance(said, Odd) else said
                self._tell(line.number, KEY, f"{shown(said)} is no id: leave it as it was.")
            elif key in seen:
                why = f"This id is in row {seen[key]} already: keep one of the two."
                self._tell(line.number, KEY, why)
            else:
                seen[key] = line.number
                line.key = key
                found.append(line)
        there = self._keys_there({line.key for line in found} - {None})
        kept = []
        for line in found:
            if line.key is None or line.key in there:
                if self._read_version(line):
                    kept.append(line)
            else:
                word = self.resource.kind.word
                why = f"There is no {word} with this id. It may have been deleted; leave the id "
                self._tell(line.number, KEY, f"{why}blank to add a new one.")
        return kept

    def _keys_there(self, keys):
        keys, there = sorted(keys), set()
        for start in range(0, len(keys), AT_ONCE):
            rows = self.resource.model.objects.filter(pk__in=keys[start : start + AT_ONCE])
            there.update(rows.order_by().values_list("pk", flat=True))
        return there

    def _read_version(self, line):
        said = line.texts.get(COLUMN, "")
        if line.is_new or said == "":
            return True
        try:
            line.base = read_version(
                said if isinstance(said, str) else "", line.key, self.resource.columns
            )
        except OtherRowError:
            why = (
                "This is the version of another row. Were some columns sorted without the others? "
                "Export again."
            )
        except ValueError:
            why = "This cannot be read: leave it as it was exported, or blank."
        else:
            return True
        self._tell(line.number, COLUMN, why)
        return False

    def _fetch(self, lines):
        by_key = {line.key: line for line in lines}
        for row in self.resource.rows(list(by_key)):
            by_key[row.pk].instance = row

    def _compare(self, line):
        result = self.resource.import_row(
            line.texts, line, row_number=line.number, dry_run=True, using_transactions=False
        )
        for error in result.errors:
            raise error.error  # nothing that is wrong with the sheet
        messages = defaultdict(list, line.problems)
        if result.validation_error is not None:
            for name, told in result.validation_error.message_dict.items():
                messages[name] += [text for text in told if text not in messages[name]]
        columns = {each.attribute: name for name, each in self.resource.fields.items()}
        for name, told in messages.items():
            column = "" if name == NON_FIELD_ERRORS else columns.get(name, "")
            for why in told:
                self._tell(line.number, column, why[:1].upper() + why[1:])
        self._remark_names(line)
        if line.is_new or line.cells:
            self.lines.append(line)
        elif not messages:
            self.unchanged += 1

    def _find_room(self):
        """Places where another row is are free if that row leaves them by this very sheet."""
        by_key = {line.key: line for line in self.lines if line.changes}
        self.leaving = {}  # {line: the field of the number that it leaves}
        for line in self.lines:
            for constraint, error in line.taken:
                place = {name: getattr(line.instance, name) for name in constraint.fields}
                there = self.resource.model.objects.filter(**place).exclude(pk=line.key)
                lines = [by_key.get(key) for key in there.values_list("pk", flat=True)]
                if all(each and _leaves(each, place) for each in lines):
                    self.leaving |= dict.fromkeys(lines, _number_of(constraint, line.instance))
                    continue
                for why in error.messages:
                    self._tell(line.number, "", why)

    def _find_twins(self):
        """Lines of the sheet that could not both be saved."""
        model = self.resource.model
        rules = [
            *([each.name] for each in model._meta.fields if each.unique and not each.primary_key),
            *unique_constraints(model),
        ]
        for rule in rules:
            names = rule if isinstance(rule, list) else rule.fields
            first = {}
            for line in self.lines:
                row = line.instance
                fields = [model._meta.get_field(name) for name in names]
                values = tuple(getattr(row, each.attname) for each in fields)
                if any(value in (None, "") for value in values) and len(values) == 1:
                    continue
                if not isinstance(rule, list) and any(value is None for value in values):
                    continue
                other = first.setdefault(values, line)
                if other is line or not (isinstance(rule, list) or _holds(rule, line, other)):
                    continue
                columns = [
                    name for name, each in self.resource.fields.items() if each.attribute in names
                ]
                self._tell(
                    line.number,
                    columns[0] if len(columns) == 1 else "",
                    f"Row {other.number} says the same: there can be only one.",
                )

    # Remarks -------------------------------------------------------------------------------------

    def _remark_names(self, line):
        """What was written into a column that is only there to read by."""
        for column in line.touched:
            each = self.resource.fields[column]
            if not each.readonly or not isinstance(line.texts[column], str):
                continue
            if line.texts[column] != each.export(line.instance):
                slug = column.removesuffix("_name")
                line.remarks.append(
                    f"“{column}” is there to read by, and is not taken: change “{slug}”."
                )

    def _remark(self):
        known = [line for line in self.lines if not line.is_new]
        if any(line.base is None for line in known):
            self.remarks.append(
                "Some rows do not say what they were when the sheet was made (the column "
                f"“{COLUMN}”), so each difference in them is asked about."
            )
        names = [line for line in self.new if issubclass(self.resource.model, Entry)]
        for line in names[:_MOST_NAMES]:
            if line.instance.alike_by:
                self._remark_namesakes(line)

    def _remark_namesakes(self, line):
        row = line.instance
        names = row.search_fields()["names"]
        alike = LikelyDuplicate.objects.alike(row, names)
        keys = [str(key) for key, why in alike.items() if why == Likeness.SAME_NAME]
        if keys:
            line.remarks.append(
                f"There is a {self.resource.kind.word} of this name already (id "
                f"{', '.join(keys)}). If that is meant, write its id into this row."
            )

    # Doing it ------------------------------------------------------------------------------------

    def carry_out(self, record):
        """Save all of it, inside the recording of ``record``; raises ValidationError."""
        if self.problems or self.undecided:
            raise ValueError("A plan with problems or open questions cannot be carried out.")
        record.remember(line.instance for line in self.changed)
        for number, (line, name) in enumerate(self.leaving.items()):
            # Out of the way, until it is saved at its new place.
            aside = _FAR_AWAY + number % _FAR_AWAY_PLACES
            self.resource.model._base_manager.filter(pk=line.key).update(**{name: aside})
            line.set_aside = [name]
        for line in self.saved:
            try:
                line.save()
            except ValidationError as error:
                raise ValidationError(f"Row {line.number}: {' '.join(error.messages)}") from error


def _leaves(line, place):
    return any(getattr(line.instance, name) != value for name, value in place.items())


def _number_of(constraint, row):
    fields = [row._meta.get_field(name) for name in constraint.fields]
    return next(field.name for field in fields if isinstance(field, IntegerField))


def _holds(constraint, *lines):
    return all(falls_under(constraint, line.instance) for line in lines)
