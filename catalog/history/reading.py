"""What changes did, in words, field by field."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import PurePath

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from reversion.models import Version

from ..models import Change, ChangedRow
from ..models.dates import PartialDate, PartialDateField
from .registry import kept_fields, told_fields
from .versions import stored_values, values_of

NOTHING = "(nothing)"

# Texts longer than these are told by the words that differ.
_LONG = 60
_WORDS = re.compile(r"\s+|[^\s]+")

# How far back it is looked for who changed a value.
_FURTHEST_BACK = 50


@dataclass(frozen=True)
class Piece:
    """A part of a text: "same", "gone" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """What one field was before and is after, in words; "" for nothing."""

    name: str
    label: str
    before: str
    after: str
    # Of a long text, what differs in it; else empty.
    pieces: list[Piece] = field(default_factory=list)


class Names:
    """The names of rows by their keys, looked up with two statements for each kind of row."""

    def __init__(self):
        self._wanted = defaultdict(set)
        self._found = {}

    def want(self, model, *values: dict):
        """Note the rows to which ``values`` of a row of ``model`` point."""
        for each in kept_fields(model):
            for of_row in values:
                value = of_row.get(each.name)
                if each.is_relation and value:
                    keys = value if isinstance(value, list) else [value]
                    self._wanted[each.related_model].update(keys)

    def of(self, model, key) -> str:
        if model not in self._found:
            self._look_up(model)
        return self._found[model].get(int(key), f"no. {key}, which is gone")

    def _look_up(self, model):
        keys = {int(key) for key in self._wanted[model]}
        self._found[model] = {
            row.pk: str(row) for row in model._default_manager.filter(pk__in=keys)
        }
        gone = [str(key) for key in keys - self._found[model].keys()]
        versions = Version.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=gone
        )
        for version in versions.order_by("pk"):
            self._found[model][int(version.object_id)] = f"{version.object_repr} (deleted since)"


def differences(model, before: dict, after: dict, names: Names) -> list[Difference]:
    """Between two sets of values of a row; ``names`` must have been told to want both."""
    return [
        _difference(each, before, after, names)
        for each in told_fields(model)
        if before.get(each.name) != after.get(each.name)
        and (before.get(each.name) or after.get(each.name))
    ]


def in_words(field, values: dict, names: Names) -> str:
    """A field of a row whose values are as a version has them, for an editor; "" for nothing."""
    value = values.get(field.name)
    if value is None or value in ("", []):
        return ""
    if field.many_to_many:
        return "; ".join(sorted(names.of(field.related_model, key) for key in value))
    if field.is_relation:
        return names.of(field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, PartialDateField):
        return str(PartialDate(value))
    if isinstance(field, models.FileField):
        return _file_in_words(value, values)
    if isinstance(field, models.BooleanField):
        return "yes" if value else "no"
    if isinstance(field, models.DateTimeField):
        return date_format(timezone.localtime(parse_datetime(value)), "j F Y, H:i T")
    return str(value)


def _file_in_words(name, values):
    """Of a name that is a hash as much as tells it from others, and how large the picture is."""
    path = PurePath(name)
    is_hash = path.stem == values.get("content_hash")
    text = f"{path.stem[:8]}…{path.suffix}" if is_hash else path.name
    if values.get("width") and values.get("height"):
        text += f", {values['width']:,} × {values['height']:,} pixels"
    return text


def _difference(field, before, after, names):
    texts = in_words(field, before, names), in_words(field, after, names)
    is_long = isinstance(field, models.TextField) and all(texts) and max(map(len, texts)) > _LONG
    label = capfirst(field.verbose_name)
    return Difference(field.name, label, *texts, differing_pieces(*texts) if is_long else [])


def differing_pieces(before: str, after: str) -> list[Piece]:
    """The words of both texts, in their order: what is the same, what is gone and what is new."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece("same", "".join(old[a:b])))
            continue
        if a < b:
            pieces.append(Piece("gone", "".join(old[a:b])))
        if c < d:
            pieces.append(Piece("new", "".join(new[c:d])))
    return pieces


@dataclass(frozen=True)
class ToldRow:
    """What a change did to one row."""

    kind: str  # "added", "changed" or "deleted"
    label: str  # what kind of thing it is
    name: str
    differences: list[Difference]


def told_rows(changed_rows) -> list[ToldRow]:
    """What each of these rows, fetched ``with_predecessor``, tells; in their order."""
    before = Version.objects.in_bulk([row.predecessor_id for row in changed_rows])
    told = []
    for row in changed_rows:
        old = before.get(row.predecessor_id)
        if row.kind == ChangedRow.Kind.DELETED:
            values = values_of(row.version), None
        else:
            values = old and values_of(old), values_of(row.version)
        told.append((row.version, row.kind, *values))
    return _told(told)


def told_between(then: dict, now: dict) -> list[ToldRow]:
    """What differs between two answers of ``states_at``."""
    told = []
    for key in {**then, **now}:
        old, new = (state.get(key) for state in (then, now))
        before, after = (version and values_of(version) for version in (old, new))
        if before is None and after is not None:
            told.append((new, ChangedRow.Kind.ADDED, None, after))
        elif after is None and before is not None:
            told.append((old, ChangedRow.Kind.DELETED, before, None))
        elif before != after:
            told.append((new, ChangedRow.Kind.CHANGED, before, after))
    return _told(told)


def states_at(row, change: Change) -> dict:
    """{(content type, key): version or None} of ``row`` and what hangs on it after ``change``."""
    states, known = {}, set()
    about = ChangedRow.objects.of(row).select_related("version__content_type", "change")
    for changed in about.order_by("change_id", "pk"):
        key = changed.version.content_type, int(changed.version.object_id)
        if changed.change_id <= change.pk:
            states[key] = None if changed.kind == changed.Kind.DELETED else changed.version
        elif key not in known:
            # What the history met only later was there before, as it then was.
            is_older = changed.change.kind == Change.Kind.BEFORE
            states[key] = changed.version if is_older else None
        known.add(key)
    return states


def _told(rows):
    """ToldRow of each (version, kind, values before or None, values after or None)."""
    names = Names()
    for version, _, before, after in rows:
        names.want(version.content_type.model_class(), before or {}, after or {})
    told = []
    for version, kind, before, after in rows:
        model = version.content_type.model_class()
        is_both = before is not None and after is not None
        told.append(
            ToldRow(
                kind,
                capfirst(model._meta.verbose_name),
                version.object_repr,
                differences(model, before, after, names) if is_both else [],
            )
        )
    return told


def last_change(row, field_name: str):
    """(user or None, moment) of the change that gave the field its present value; None if unknown.

    It is unknown where nobody has recorded it, since the row was loaded or changed by a program,
    and where that is too many changes ago.
    """
    versions = (
        Version.objects.filter(
            content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk)
        )
        .select_related("revision__user", "revision__change")
        .order_by("-pk")[:_FURTHEST_BACK]
    )
    value = stored_values(row).get(field_name)
    found = None
    for version in versions:
        if values_of(version).get(field_name) != value:
            break
        found = version
    else:
        if len(versions) == _FURTHEST_BACK:
            return None
    if found is None or found.revision.change.kind == Change.Kind.BEFORE:
        return None
    return found.revision.user, found.revision.date_created
