"""Brings the database to what the data files say: all of it, or nothing."""

from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from ..history import recording
from ..models import Change, Redirect, Revision, State
from .catalog_files import read_files
from .catalog_form import WRITING_ORDER, Kind
from .catalog_rows import Reading, Reference, Row, is_required
from .problems import CannotLoadError, did_you_mean, shown
from .statistics import gather_statistics

# To look for a similar name among very many takes long, and nobody reads on beyond these.
_MOST_SUGGESTIONS = 20


@dataclass
class Summary:
    """What a load did: ``new``, ``updated`` and ``unchanged`` are counts of rows by kind."""

    new: Counter = field(default_factory=Counter)
    updated: Counter = field(default_factory=Counter)
    unchanged: Counter = field(default_factory=Counter)

    @property
    def is_unchanged(self) -> bool:
        return not (self.new or self.updated)

    @property
    def kinds(self) -> list[Kind]:
        """Those that the files hold, in the order in which they were written."""
        told = {*self.new, *self.updated, *self.unchanged}
        return [kind for kind in WRITING_ORDER if kind in told]


def load(path: Path, progress=lambda rows: rows) -> Summary:
    """Write what the file or the folder ``path`` says into the database, in one transaction.

    Rows are found by their keys. What a file says of a row is set, what it does not name
    stays, and nothing is deleted. ``progress`` is handed the list of rows and gives them
    back one by one. Raises CannotLoadError with every problem found; nothing is written then.
    """
    reading = Reading()
    for file, content in read_files(path).items():
        reading.read(file, content)
    with _kept(path) as record:
        loading = _Loading(reading, record)
        for row in progress(loading.rows):
            loading.write(row)
        if loading.problems:
            raise CannotLoadError(loading.problems)
        if not loading.summary.is_unchanged:
            Revision.objects.rise()
    if not loading.summary.is_unchanged:
        gather_statistics()
    return loading.summary


@contextmanager
def _kept(path):
    """A first load is where the history begins; a later one is a change in it."""
    if is_empty():
        with transaction.atomic():
            Revision.objects.take_turn()
            yield None
    else:
        with recording(None, f"From {path.name}.", Change.Kind.LOAD) as record:
            yield record


def is_empty() -> bool:
    """Whether the database has no row of any kind that a catalogue holds."""
    return not any(kind.model.objects.exists() for kind in WRITING_ORDER)


class _UnsoundRowError(Exception):
    """A row has problems that are told, or points to a row that has."""


class _Loading:
    """One load: what was read, what the database has, and what has come of it so far."""

    def __init__(self, reading, record):
        self.read = reading.rows
        self.record = record
        self.problems = reading.problems
        self.summary = Summary()
        self.known = _Known(kind for kind in WRITING_ORDER if reading.rows[kind])
        self.rows = [row for kind in WRITING_ORDER for row in self._in_order(kind)]

    def _in_order(self, kind):
        """The sound rows as they stand in the files, what others of their kind need first."""
        rows = {key: row for key, row in self.read[kind].items() if row.sound}
        to_itself = [name for name, target in kind.references.items() if target is kind]
        if not to_itself:
            return rows.values()
        needs = {
            key: [row.values[name].key for name in to_itself if row.values.get(name)]
            for key, row in rows.items()
        }
        try:
            return [rows[key] for key in TopologicalSorter(needs).static_order() if key in rows]
        except CycleError as error:
            circle = error.args[1]
            names = " > ".join(str(Reference(kind, key)) for key in circle)
            self._tell(rows[circle[0]], f"this goes round in a circle: {names}.", to_itself[0])
            return []

    def write(self, row: Row):
        try:
            values, many = self._resolved(row)
            instance = self.known.find(row.kind, row.key)
            if instance is None:
                self._create(row, values, many)
            else:
                self._update(row, instance, values, many)
        except _UnsoundRowError:
            pass
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self._tell(row, " ".join(messages), name)
        except DatabaseError as error:
            self._tell(row, f"the database refuses this: {error}")
            raise CannotLoadError(self.problems) from error

    def _tell(self, row, why, name=""):
        written = row.kind.written_names.get(name)
        self.problems.append(f"{row.place.field(written) if written else row.place}: {why}")

    def _resolved(self, row):
        """The values that ``row`` sets and, apart, its lists: with instances for references."""
        values, many, before = {}, {}, len(self.problems)
        for name, value in row.values.items():
            if isinstance(value, list):
                many[name] = [self._resolve(row, name, reference) for reference in value]
            elif isinstance(value, Reference):
                values[name] = self._resolve(row, name, value)
            else:
                values[name] = value
        if len(self.problems) > before:
            raise _UnsoundRowError
        return values, many

    def _resolve(self, row, name, reference):
        kind = reference.kind
        instance = self.known.find(kind, reference.key)
        if instance is not None:
            return instance
        if reference.key in self.read[kind]:
            raise _UnsoundRowError
        end = "."
        if len(self.problems) < _MOST_SUGGESTIONS:
            end = did_you_mean(str(reference), self._names(kind))
        self._tell(row, f"there is no {kind.word} {shown(str(reference))}{end}", name)
        return None

    def _names(self, kind):
        """What a file may call the rows of ``kind``."""
        sound = [key for key, row in self.read[kind].items() if row.sound]
        return [str(Reference(kind, key)) for key in (*self.known.keys(kind), *sound)]

    def _create(self, row, values, many):
        kind = row.kind
        missing = [
            name
            for name, field in kind.fields.items()
            if is_required(field) and field.name not in row.values
        ]
        for name in missing:
            self._tell(row, f"is missing; a new {kind.word} needs it.", kind.fields[name].name)
        if missing:
            raise _UnsoundRowError
        if kind.is_entry:
            values.setdefault("state", State.PUBLISHED)
        instance = kind.model(**values)
        instance.full_clean()
        instance.save()
        for name, targets in many.items():
            getattr(instance, name).add(*targets)
        self.known.add(kind, row.key, instance)
        self.summary.new[kind] += 1

    def _update(self, row, instance, values, many):
        kind = row.kind
        changed = [name for name, value in values.items() if getattr(instance, name) != value]
        if kind.is_entry and "slug" in changed:
            changed.remove("slug")  # it was renamed since the file was written
        relinked = {
            name: targets
            for name, targets in many.items()
            if {target.pk for target in targets} != self.known.linked(instance, name)
        }
        if not (changed or relinked):
            self.summary.unchanged[kind] += 1
            return
        if self.record is not None:
            self.record.remember([instance])
        for name in changed:
            setattr(instance, name, values[name])
        instance.full_clean()
        # Only what the file changes: an editor may be saving the rest at this moment. An entry is
        # saved for new links too, for the time of its last change.
        if changed or kind.is_entry:
            instance.save(update_fields=changed)
        for name, targets in relinked.items():
            getattr(instance, name).set(targets)
        self.summary.updated[kind] += 1


class _Known:
    """The rows of the database by their keys, read once for each kind; new ones join them.

    Each row is there once: what points to it points to the same instance, so that a row
    saved late does not tell of its owner what was true before. An entry that was renamed is found
    by its old slugs too, and so is whatever is its own.
    """

    def __init__(self, kinds):
        self._by_key = {}
        self._by_pk = {}
        self._links = {}
        self._new_slugs = {}
        needed = _with_needs(kinds)
        for kind in WRITING_ORDER:
            if kind in needed:
                self._read(kind)
                if kind.is_entry and (new := Redirect.objects.renamed(kind.model)):
                    self._new_slugs[kind] = new

    def _read(self, kind):
        rows = kind.model.objects.select_related(None).order_by("pk")
        by_pk = self._by_pk[kind] = {row.pk: row for row in rows}
        for row in by_pk.values():
            for name, target in kind.references.items():
                pk = getattr(row, kind.model._meta.get_field(name).attname)
                # It is not there when it is null, or was added since its kind was read.
                if pk in self._by_pk[target]:
                    setattr(row, name, self._by_pk[target][pk])
        self._by_key[kind] = {key_of(kind, row): row for row in by_pk.values()}

    def find(self, kind, key):
        return self._by_key[kind].get(self._present(kind, key))

    def keys(self, kind):
        return self._by_key[kind].keys()

    def add(self, kind, key, row):
        self._by_key[kind][self._present(kind, key)] = row

    def _present(self, kind, key):
        """``key`` with the slugs that entries have now."""
        if not self._new_slugs:
            return key
        if kind.is_entry:
            new = self._new_slugs.get(kind, {})
            return key if key in self._by_key[kind] else tuple(new.get(part, part) for part in key)
        return tuple(
            self._present(target, part) if part and (target := kind.references.get(name)) else part
            for name, part in zip(kind.key, key, strict=True)
        )

    def linked(self, row, name) -> set[int]:
        """The primary keys of what ``row`` is linked to by its many-to-many field ``name``."""
        field = row._meta.get_field(name)
        if field not in self._links:
            links = self._links[field] = defaultdict(set)
            through = field.remote_field.through.objects
            ends = (f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id")
            for this, other in through.values_list(*ends):
                links[this].add(other)
        return self._links[field][row.pk]


def _with_needs(kinds):
    found, ahead = set(), [*kinds]
    while ahead:
        kind = ahead.pop()
        if kind not in found:
            found.add(kind)
            ahead.extend(kind.needs)
    return found


def key_of(kind, row) -> tuple:
    """The key of ``row`` as references have it: for a foreign key, the key of its target."""
    parts = []
    for name in kind.key:
        value = getattr(row, name)
        target = kind.references.get(name)
        parts.append(key_of(target, value) if target and value else value)
    return tuple(parts)
