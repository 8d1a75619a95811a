"""The rows that the data files hold, checked against the form of the files; no database yet."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import is_naive

from ..models.text import LinesField
from .catalog_form import CATALOG, EPISODES, IMAGES, KIND_OF, SEASONS, Kind
from .problems import FormError, Place, did_you_mean, shown

_SEASON = re.compile(r"(?P<series>[-\w]+) S(?P<season>\d{1,5})", re.ASCII)
_EPISODE = re.compile(r"(?P<series>[-\w]+) S(?P<season>\d{1,5})E(?P<episode>\d{1,5})", re.ASCII)
_EPISODE_WITHIN = re.compile(r"S(?P<season>\d{1,5})E(?P<episode>\d{1,5})", re.ASCII)
# NUL, which PostgreSQL cannot store, and halves of surrogate pairs, which no database can.
_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
# By the SHA-256 of their content, as export_catalog writes them.
_PICTURE = re.compile(r"images/[0-9a-f]{64}\.(jpg|png)", re.ASCII)
_DATES = {models.DateField: "2025-07-09", models.DateTimeField: "2025-07-09T12:00:00Z"}


@dataclass(frozen=True)
class Reference:
    """The row of ``kind`` with that key, be it in the files or in the database."""

    kind: Kind
    key: tuple

    def __str__(self):
        """As a file writes it."""
        if self.kind is SEASONS:
            (series,), season = self.key
            return f"{series} S{season}"
        if self.kind is EPISODES:
            ((series,), season), episode = self.key
            return f"{series} S{season}E{episode}"
        return self.key[0]


@dataclass(frozen=True)
class Row:
    """What a file says of one row of the database.

    ``key`` has a value for each field of the kind's key; for a foreign key that is the key
    of its target. ``values`` holds, by the model's names, what the file sets: plain values,
    a Reference for a foreign key, a list of them for many. A row that is not ``sound`` has
    a problem that is told already, and its values are not to be used. ``number`` counts the rows of
    its file.
    """

    kind: Kind
    key: tuple
    values: dict
    place: Place
    sound: bool
    number: int


class Reading:
    """Turns the object in ``file`` into ``rows``, by kind, and collects ``problems`` on the way.

    ``twin_of`` tells of a row where the same is told before, in any file; None if it is not.
    """

    def __init__(self, file: str, content: dict, twin_of: Callable[[Row], Place | None]):
        self.rows: dict[Kind, list[Row]] = {}
        self.problems: list[str] = []
        self._twin_of = twin_of
        self._count = 0
        for name, records in content.items():
            place = Place(file)
            if name in CATALOG:
                self._read_list(CATALOG[name], records, place)
            else:
                kinds = f"; the kinds are: {', '.join(CATALOG)}."
                end = did_you_mean(name, CATALOG, kinds)
                self._tell(place, f"there is no kind {shown(name)}{end}")

    def _tell(self, place, why):
        self.problems.append(f"{place}: {why}")

    def _read_list(self, kind, records, place, owner=None):
        if not isinstance(records, list | None):
            self._tell(place.field(kind.name), "must be a list, in square brackets.")
            return
        for number, record in enumerate(records or []):
            path = f"{kind.name}[{number}]"
            if not isinstance(record, dict):
                self._tell(place.field(path), "must be an object, in curly brackets.")
            elif owner:
                self._read_row(kind, record, place.field(path), owner)
            else:
                self._read_row(kind, record, Place(place.file, _entry(kind, path, record)))

    def _read_row(self, kind, record, place, owner=None):
        before = len(self.problems)
        for name in [name for name in record if name not in kind.says]:
            fields = f"; {kind.plural} have: {', '.join(kind.says)}."
            end = did_you_mean(name, kind.says, fields)
            self._tell(place, f"there is no field {shown(name)}{end}")
        values = self._values(kind, record, place)
        if owner:
            values[kind.owner] = Reference(KIND_OF[owner.kind.model], owner.key)
        for spread in _spread(kind, values):
            key = self._key(kind, spread, place)
            self._count += 1
            sound = len(self.problems) == before
            row = Row(kind, key, spread, place, sound, self._count)
            if twin := self._twin_of(row):
                self._tell(place, f"this is told before, at {twin}; keep one of the two.")
                continue
            self.rows.setdefault(kind, []).append(row)
            for inside in kind.rows:
                self._read_list(inside, record.get(inside.name), place, row)

    def _values(self, kind, record, place):
        read = partial(read_value, series=_series(kind, record))
        values = {}
        for name, field in kind.fields.items():
            if name not in record:
                continue
            try:
                if name in dict(kind.spread):
                    values[field.name] = _list_of(partial(read, field), record[name])
                else:
                    values[field.name] = read(field, record[name])
            except FormError as error:
                self._tell(place.field(name + error.at), error.why)
                # Equal to nothing else: should it be part of a key, no other row has that key.
                unread = object()
                values[field.name] = [unread] if name in dict(kind.spread) else unread
        return values

    def _key(self, kind, values, place):
        key = []
        for name in kind.key:
            field = kind.model._meta.get_field(name)
            value = values.get(name, field.get_default())
            # A model makes a missing slug from the name; here it would not be found again.
            if (name == "slug" and not value) or (name not in values and is_required(field)):
                self._tell(place.field(kind.written_names[name]), "is missing.")
                key.append(object())
            else:
                key.append(value.key if isinstance(value, Reference) else value)
        return tuple(key)


def is_required(field) -> bool:
    """Whether a new row cannot do without a value for ``field``."""
    return not (field.blank or field.null or field.has_default())


def _entry(kind, path, record):
    """How messages name a row: by its slug, or by its place in the list and what its key says."""
    slug = record.get("slug")
    if isinstance(slug, str):
        return f"{kind.word} {shown(slug)}"
    told = [record.get(kind.written_names.get(name)) for name in kind.key]
    words = ", ".join(word for word in told if isinstance(word, str))
    return f"{path} ({shown(words)[1:-1]})" if words else path


def _series(kind, record):
    """The slug of the series that a row's seasons and episodes are counted in, else None."""
    if not kind.within_series:
        return None
    slug = record.get("series")
    return slug if isinstance(slug, str) else ""


def _spread(kind, values):
    """``values`` once, or once for each item of the list that stands for several rows."""
    for _, name in kind.spread:
        if name in values:
            items = values.pop(name)
            return [{**values, name: item} for item in items] or [values]
    return [values]


def read_value(field, value, series=None):
    """``value`` as ``field`` holds it, with a Reference for a foreign key; raises FormError.

    ``series`` is the slug of that in which seasons and episodes are counted, if they are.
    """
    if field.many_to_many:
        return _list_of(partial(_read_reference, field, series=series), value)
    if isinstance(field, LinesField):
        return field.to_python("\n".join(_list_of(_read_line, value)))
    if value is None or (value == "" and field.null):
        return _read_nothing(field)
    if field.many_to_one:
        return _read_reference(field, value, series)
    if isinstance(field, models.FileField):
        return _read_picture(value)
    if isinstance(field, models.BooleanField):
        if not isinstance(value, bool):
            raise FormError(f"must be true or false, not {shown(value)}.")
        return value
    if isinstance(field, models.IntegerField):
        return _read_number(value)
    return _read_text(field, value)


def _read_nothing(field):
    if field.null:
        return None
    if field.blank and field.empty_strings_allowed:
        return ""
    raise FormError("must have a value.")


def _list_of(read_item, value):
    if value is None:
        return []
    if not isinstance(value, list):
        raise FormError(f"must be a list, in square brackets, not {shown(value)}.")
    items = []
    for number, item in enumerate(value):
        try:
            items.append(read_item(item))
        except FormError as error:
            raise FormError(error.why, f"[{number}]") from None
        if items[-1] in items[:-1]:
            raise FormError(f"{shown(item)} stands here twice.", f"[{number}]")
    return items


def _read_line(value):
    text = _text(value)
    if text.splitlines() != [text] or not text.strip():
        raise FormError("must be one line of text, and not blank.")
    return text


def _read_number(value):
    if isinstance(value, bool) or not isinstance(value, int):
        raise FormError(f"must be a whole number, without quotation marks, not {shown(value)}.")
    return value


def _read_picture(value):
    text = _text(value)
    if not _PICTURE.fullmatch(text):
        raise FormError(
            f"{shown(text)} is not the file of a picture as export_catalog writes it, such as "
            "“images/0f3a….jpg”; upload other pictures in the admin."
        )
    return text


def _read_text(field, value):
    text = _text(value)
    choices = [choice for choice, _ in field.flatchoices]
    if choices and text not in choices and not (text == "" and field.blank):
        raise FormError(f"{shown(text)} is not one of: {', '.join(choices)}.")
    try:
        read = field.to_python(text)
        if isinstance(field, models.DateTimeField):
            return _in_utc(text, read)
    except (ValidationError, OverflowError) as error:
        if isinstance(field, models.DateField):
            why = f"{shown(text)} cannot be read; write it like “{_DATES[type(field)]}”."
        else:
            why = " ".join(error.messages)
        raise FormError(why) from None
    return read


def _in_utc(text, moment):
    """``moment`` as it is kept; raises OverflowError when that falls outside of the calendar."""
    if is_naive(moment):
        raise FormError(f"{shown(text)} needs its time zone, as in “2025-07-09T12:00:00Z”.")
    return moment.astimezone(datetime.UTC)


def _text(value):
    if not isinstance(value, str):
        raise FormError(f"must be text, in quotation marks, not {shown(value)}.")
    if _NOT_STORABLE.search(value):
        raise FormError(f"{shown(value)} holds a character that cannot be stored.")
    return value


def _read_reference(field, value, series):
    kind = KIND_OF[field.related_model]
    if kind is IMAGES:
        return Reference(kind, (_read_picture(value),))
    if kind is SEASONS:
        return Reference(kind, _season_key(value, series))
    if kind is EPISODES:
        return Reference(kind, _episode_key(field, value, series))
    return Reference(kind, (_text(value),))


def _season_key(value, series):
    if series is not None:
        return (series,), _read_number(value)
    match = _SEASON.fullmatch(_text(value))
    if match is None:
        raise FormError(
            f"{shown(value)} is not a season: write series and season, as in “bosch S3”."
        )
    return (match["series"],), int(match["season"])


def _episode_key(field, value, series):
    text = _text(value)
    within = series is not None and _EPISODE_WITHIN.fullmatch(text)
    match = within or _EPISODE.fullmatch(text)
    if match is None:
        if series is not None:
            form = "season and number, as in “S3E10”"
        else:
            form = "series, season and number, as in “bosch S3E10”"
        raise FormError(f"{shown(text)} is not an episode: write {form}.")
    of = series if within else match["series"]
    # What gives a part away may be an episode of another series; where it is played may not.
    if series is not None and of != series and field.name != "revealed_in":
        raise FormError(f"{shown(text)} is an episode of another series.")
    return ((of,), int(match["season"])), int(match["episode"])
