"""Brings the database to what the data files say: all of it, or nothing."""

from collections import Counter, defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from tqdm import tqdm

from ..history import recording
from ..models import Change, Revision, State
from ..models.catching_up import catching_up
from .catalog_files import DataFiles
from .catalog_form import IMAGES, REFERENCED, WRITING_ORDER, Kind, picture_called
from .catalog_known import Known
from .catalog_pictures import Pictures
from .catalog_rows import Reference, Row, is_required
from .catalog_survey import Survey
from .problems import CannotLoadError, did_you_mean, shown
from .statistics import gather_statistics

# To look for a similar name among very many takes long, and nobody reads on beyond these.
_MOST_SUGGESTIONS = 20
_AT_ONCE = 500
_SILENT = partial(tqdm, disable=True)


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


def load(path: Path, progress=_SILENT) -> Summary:
    """Write what the file or the folder ``path`` says into the database, in one transaction.

    Rows are found by their keys. What a file says of a row is set, what it does not name
    stays, and nothing is deleted. The files are read twice: to see what is in them, and to write
    it, a batch at a time, so that no more than keys are held of the whole.
    ``progress`` makes a bar, as tqdm does. Raises CannotLoadError with every problem found;
    nothing is written then.
    """
    files = DataFiles(path)
    survey = Survey(files, progress)
    with Pictures(files.folder) as pictures, _kept(path) as record:
        with catching_up(progress):
            loading = _Loading(survey, pictures, record)
            loading.write(progress)
            if loading.problems:
                raise CannotLoadError(loading.problems)
        if record is None and not loading.summary.is_unchanged:
            Revision.objects.rise()
    if not loading.summary.is_unchanged:
        gather_statistics()
    return loading.summary


@contextmanager
def _kept(path):
    """A first load is where the history begins; a later one is a change in it."""
    with transaction.atomic():
        # Asked only when nobody else is saving: what was saved meanwhile has a history.
        Revision.objects.take_turn()
        if is_empty():
            yield None
        else:
            with recording(None, f"From {path.name}.", Change.Kind.LOAD) as record:
                yield record


def is_empty() -> bool:
    """Whether the database has no row of any kind that a catalogue holds."""
    return not any(kind.model.objects.exists() for kind in WRITING_ORDER)


class _UnsoundRowError(Exception):
    """A row has problems that are told, or points to a row that has."""


@dataclass
class _Told:
    """What a row says, in the terms of the database: primary keys for what it points to."""

    row: Row
    values: dict = field(default_factory=dict)  # by the model's names
    many: dict[str, list[int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    is_unsound: bool = False


class _Loading:
    """One load: what the files hold, what the database has, and what has come of it so far."""

    def __init__(self, survey, pictures, record):
        self.survey = survey
        self.pictures = pictures
        self.record = record
        self.problems = survey.problems
        self.failed = survey.unsound
        self.summary = Summary()
        self.known = Known()
        # Once something is wrong nothing will be kept, and all that is wrong is to be told.
        self.is_careful = False
        self._suggestions_left = _MOST_SUGGESTIONS
        self._renamed = {}  # {(kind, primary key): the old slug by which the files call it}

    def write(self, progress):
        with progress(total=self.survey.counts.total(), desc="Writing", unit=" rows") as bar:
            for kind in WRITING_ORDER:
                for rows in self.survey.batches(kind, _AT_ONCE):
                    self._write_batch(kind, rows)
                    bar.update(len(rows))

    def _write_batch(self, kind, rows):
        told = [self._told(row) for row in rows]
        if not (self.is_careful or self.problems):
            try:
                with transaction.atomic():
                    return self._write_rows(kind, told)
            except DatabaseError:
                self.problems.clear()
        # What the database refused is now asked row by row, and told in our own words.
        self.is_careful = True
        return self._write_rows(kind, told)

    def _write_rows(self, kind, told):
        batch = _Batch(kind, told, self.known, is_new=self.record is None)
        written = []
        for each in told:
            self.problems += each.problems
            row = each.row
            try:
                if each.is_unsound:
                    raise _UnsoundRowError
                instance = batch.stored(row)
                if kind.is_entry and instance is not None:
                    self._refuse_a_second(row, instance)
                if instance is None:
                    instance = self._create(each, batch)
                    written.append((row, instance, self.summary.new))
                else:
                    is_changed = self._update(each, instance, batch)
                    counter = self.summary.updated if is_changed else self.summary.unchanged
                    written.append((row, instance, counter))
            except _UnsoundRowError:
                self.failed.add((kind, row.key))
            except ValidationError as error:
                self.failed.add((kind, row.key))
                for name, messages in error.message_dict.items():
                    self.problems.append(_problem(row, " ".join(messages), name))
            except DatabaseError as error:
                if not self.is_careful:
                    raise
                self.problems.append(_problem(row, f"the database refuses this: {error}"))
                raise CannotLoadError(self.problems) from error
        batch.link()
        for row, instance, counter in written:
            self.known.add(kind, row.key, instance.pk)
            counter[kind] += 1

    def _refuse_a_second(self, row, entry):
        """Under an old slug and its own, or two old ones, the files would tell of it twice."""
        if row.key == (entry.slug,):
            return
        first = self._renamed.setdefault((row.kind, entry.pk), row.key)
        if first != row.key or self.survey.tells(row.kind, (entry.slug,)):
            other = first[0] if first != row.key else entry.slug
            why = (
                f"here this is an old slug of “{entry}”, of which the files tell as "
                f"{shown(other)} too; keep one of the two, or give this one another slug."
            )
            self.problems.append(_problem(row, why, "slug"))
            raise _UnsoundRowError

    def _told(self, row):
        told = _Told(row)
        for name, value in row.values.items():
            if isinstance(value, list):
                told.many[name] = [self._key_of(told, name, each) for each in value]
            elif isinstance(value, Reference):
                told.values[name] = self._key_of(told, name, value)
            else:
                told.values[name] = value
        return told

    def _key_of(self, told, name, reference):
        kind = reference.kind
        found = self.known.find(kind, reference.key)
        if found is None:
            told.is_unsound = True
            if (kind, reference.key) not in self.failed:
                end = "."
                if self._suggestions_left:
                    self._suggestions_left -= 1
                    names = [*self.known.names(kind), *self.survey.names(kind)]
                    end = did_you_mean(str(reference), names)
                why = f"there is no {kind.word} {shown(str(reference))}{end}"
                told.problems.append(_problem(told.row, why, name))
        return found

    def _create(self, told, batch):
        kind, row = batch.kind, told.row
        missing = [
            name
            for name, field in kind.fields.items()
            if is_required(field) and field.name not in row.values
        ]
        for name in missing:
            why = f"is missing; a new {kind.word} needs it."
            self.problems.append(_problem(row, why, kind.fields[name].name))
        if missing:
            raise _UnsoundRowError
        values = batch.with_instances(told.values)
        if kind.is_entry:
            values.setdefault("state", State.PUBLISHED)
        instance = kind.model(**values)
        if kind is IMAGES:
            self.pictures.restore(row.values["file"], instance)
        self._check(instance, batch)
        instance.save()
        for name, keys in told.many.items():
            if self.record is None:
                batch.link_later(instance, name, keys)
            else:
                getattr(instance, name).add(*keys)
        return instance

    def _update(self, told, instance, batch):
        """Whether anything of ``instance`` was changed."""
        kind = batch.kind
        # By its key it was found; should that differ, it was renamed since the file was written.
        changed = {
            name: value
            for name, value in told.values.items()
            if name not in kind.key
            and getattr(instance, kind.model._meta.get_field(name).attname) != value
        }
        relinked = {
            name: keys
            for name, keys in told.many.items()
            if {*keys} != batch.linked(instance, name)
        }
        if not (changed or relinked):
            return False
        if self.record is not None:
            self.record.remember([instance])
        for name, value in batch.with_instances(changed).items():
            setattr(instance, name, value)
        self._check(instance, batch)
        # Only what the file changes: an editor may be saving the rest at this moment. An entry is
        # saved for new links too, for the time of its last change.
        if changed or kind.is_entry:
            instance.save(update_fields=[*changed])
        for name, keys in relinked.items():
            getattr(instance, name).set(keys)
        return True

    def _check(self, instance, batch):
        """The rules of its model. What the database holds too is left to it, as long as it can be:
        to ask for each rule of each row takes most of the time.
        """
        if not self.is_careful:
            try:
                instance.clean_fields(exclude=batch.pointing)
                instance.clean()
                if type(instance).validate_constraints is not models.Model.validate_constraints:
                    instance.validate_constraints()
                return
            except ValidationError:
                self.is_careful = True
        instance.full_clean()


class _Batch:
    """Some rows of one kind, with what the database has of them and of what they point to."""

    def __init__(self, kind, told, known, *, is_new):
        self.kind = kind
        self.pointing = {*kind.references}
        self._told = told
        self._known = known
        self._targets = {}
        self._linked = {}
        self._ties = defaultdict(list)
        # In an empty database only rows to which others point may be there by now.
        self._stored = {} if is_new and kind not in REFERENCED else self._read_stored()

    def _read_stored(self):
        kind = self.kind
        rows = kind.model.objects.select_related(None)
        keys = [self._plain(each.row) for each in self._told if not each.is_unsound]
        if kind in REFERENCED:
            return rows.in_bulk({key for key in keys if key is not None})
        columns = [kind.model._meta.get_field(name).attname for name in kind.key]
        rows = rows.filter(**{f"{columns[0]}__in": {key[0] for key in keys}})
        return {tuple(getattr(row, column) for column in columns): row for row in rows}

    def _plain(self, row):
        if self.kind in REFERENCED:
            return self._known.find(self.kind, row.key)
        return self._known.plain(self.kind, row.key)

    def stored(self, row):
        """The row of the database that ``row`` is about, or None."""
        return self._stored.get(self._plain(row))

    def with_instances(self, values):
        """``values`` with the rows themselves in the place of their primary keys."""
        return {
            name: self._target(name, value) if name in self.pointing else value
            for name, value in values.items()
        }

    def _target(self, name, pk):
        if name not in self._targets:
            keys = {each.values.get(name) for each in self._told if not each.is_unsound}
            model = self.kind.references[name].model
            self._targets[name] = model.objects.in_bulk(keys - {None})
        return self._targets[name].get(pk)

    def linked(self, instance, name) -> set[int]:
        """The primary keys of what ``instance`` is linked to by its many-to-many field ``name``."""
        if name not in self._linked:
            links = self._linked[name] = defaultdict(set)
            through, this, other = _ends(self.kind, name)
            owners = [row.pk for row in self._stored.values()]
            ties = through.objects.filter(**{f"{this}__in": owners})
            for owner, target in ties.values_list(this, other):
                links[owner].add(target)
        return self._linked[name][instance.pk]

    def link_later(self, instance, name, keys):
        through, this, other = _ends(self.kind, name)
        self._ties[through] += [through(**{this: instance.pk, other: key}) for key in keys]

    def link(self):
        """Write the links of new rows, which are not kept in the history."""
        for through, ties in self._ties.items():
            through.objects.bulk_create(ties, batch_size=_AT_ONCE)


def _ends(kind, name):
    """The model behind a many-to-many field, and the columns of its two ends."""
    field = kind.model._meta.get_field(name)
    through = field.remote_field.through
    return through, f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"


def _problem(row, why, name=""):
    written = row.kind.written_names.get(name)
    return f"{row.place.field(written) if written else row.place}: {why}"


def key_of(kind, row) -> tuple:
    """The key of ``row`` as references have it: for a foreign key, the key of its target."""
    if kind is IMAGES:
        return (picture_called(row.file.name),)
    parts = []
    for name in kind.key:
        value = getattr(row, name)
        target = kind.references.get(name)
        parts.append(key_of(target, value) if target and value else value)
    return tuple(parts)
