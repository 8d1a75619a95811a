"""Ranking: the thing itself comes before what only mentions it.

A few matches are fetched and sorted here. Where a kind has more than ``MOST``, sorting would take
as long as there are matches; then each tier is read in the order of an index, no further than
needed. Either way gives the same order, on every database.
"""

from dataclasses import dataclass
from enum import IntEnum

from django.db import connections

from ..models import SearchEntry
from ..models.counting import Bounded
from ..models.search_index import TABLE, match_sql
from ..models.search_terms import (
    KINDS,
    KNOWN_BY_LAST_NAME,
    MOST_LAST_NAMES,
    in_any_order,
    may_begin,
    may_begin_in_text,
)

# More than these are neither counted nor listed.
MOST = 500

# More names than these are not fetched to suggest a few of them.
_MOST_SUGGESTED_FROM = 100

# Fewer letters begin so many names that to look how many would take too long.
_FEW_BEGIN_WITH = 3

_LAST_CHARACTER = "\U0010ffff"
_COLUMNS = ["id", "kind", "weight", "sort_name", "names", "body"]


class Tier(IntEnum):
    """How close a match is; a match is of the first tier that has it."""

    WHOLE_NAME = 0  # its name is the text
    OTHER_NAME = 1  # another name of it is
    ANY_ORDER = 2  # "bosch harry" for Harry Bosch
    LAST_NAME = 3  # "bosch" for Harry Bosch
    BEGINNING = 4  # its name begins with the text, or its last name does
    OTHER_BEGINNING = 5  # another name of it does
    WORDS = 6  # all are words of its names
    BEGINNINGS = 7  # all begin a word of its names
    TEXT = 8  # some are in its text only


# What is asked together: where the first have enough, the others are not asked.
_CLOSE = [tier for tier in Tier if tier <= Tier.BEGINNING]
_IN_NAMES = [Tier.OTHER_BEGINNING, Tier.WORDS, Tier.BEGINNINGS]

# What is read by the name of the entries where the engine has too many to be sorted. As to the
# others: a kind is asked for its texts only when it is known to have many, and never are there
# many whose names have the same words.
_MAY_BE_MANY = {Tier.OTHER_NAME, Tier.LAST_NAME, Tier.BEGINNING, *_IN_NAMES}


@dataclass(frozen=True, slots=True)
class Match:
    key: int
    kind: str
    tier: Tier
    weight: int
    sort_name: str


def _among_its_kind(match):
    return match.tier, match.sort_name, match.key


def _among_all(match):
    return match.tier, -match.weight, match.sort_name, match.key


def closest(matches, number: int) -> list[Match]:
    """The ``number`` closest of ``matches``, of whatever kinds."""
    return sorted(matches, key=_among_all)[:number]


class Ranking:
    """The matches of ``wanted``, a ``Wanted``, that ``audience`` may see, closest first."""

    def __init__(self, wanted, audience, kinds=tuple(KINDS), most=MOST):
        self.wanted = wanted
        self.kinds = kinds if wanted else ()
        self.most = most
        self._few = None
        # Put together once: Django would take longer for the many arms of a statement than the
        # database does. Both databases look through the brackets and use their indexes.
        visible = SearchEntry.objects.visible_to(audience).order_by().values(*_COLUMNS)
        self._connection = connections[visible.db]
        sql, self._gate_values = visible.query.get_compiler(visible.db).as_sql()
        self._gated = f"({sql}) AS entry"
        self._joined = f"{TABLE} AS found JOIN {self._gated} ON entry.id = found.rowid"

    @property
    def counts(self) -> dict[str, Bounded]:
        """How many matches each kind has, those without any left out."""
        self._fetch()
        return {kind: Bounded.of(len(rows), self.most) for kind, rows in self._few.items() if rows}

    def first(self, number: int, kinds=None) -> dict[str, list[Match]]:
        """The first ``number`` matches of each kind that has any, or of these ``kinds``."""
        counts = {k: count for k, count in self.counts.items() if kinds is None or k in kinds}
        many = [kind for kind, count in counts.items() if count.is_more]
        read = self._read_to(many, number)
        return {
            kind: (
                read[kind]
                if kind in read
                else sorted(self._tiered(self._few[kind]), key=_among_its_kind)
            )[:number]
            for kind in counts
        }

    def suggestions(self, number: int) -> list[Match]:
        """The first ``number`` matches by name, of all kinds together."""
        if not self.kinds:
            return []
        if len(self.wanted.text) >= _FEW_BEGIN_WITH:
            most = min(self.most, _MOST_SUGGESTED_FROM)
            rows = self._rows_of([self._few_rows(self.wanted.in_names(self.kinds), most)])
            if len(rows) <= most:
                return closest(self._tiered(rows), number)
        read = self._read(self.kinds, number, _CLOSE)
        if sum(map(len, read.values())) < number:
            loose = self._read(self.kinds, number, _IN_NAMES)
            read = {kind: _each_once([*read[kind], *loose[kind]]) for kind in read}
        return closest((match for matches in read.values() for match in matches), number)

    def numbers(self, asked, most=100) -> list[int]:
        """How many entries have what each of ``asked`` asks the engine for, ``most`` at most."""
        arms = []
        for place, groups in enumerate(asked):
            condition, values = self._matching(groups)
            sql = f"SELECT entry.id FROM {self._joined} WHERE {condition} LIMIT {most}"  # noqa: S608 - no value in it
            counted = f"SELECT {place}, COUNT(*) FROM ({sql}) AS counted"  # noqa: S608 - no value in it
            arms.append((counted, [*self._gate_values, *values]))
        return [number for _, number in sorted(self._rows_of(arms))]

    # What is fetched and sorted here

    def _fetch(self):
        """Of each kind, all matches if they are few, else one more than ``most``."""
        if self._few is not None:
            return
        self._few = {kind: [] for kind in self.kinds}
        arms = [self._few_rows(self.wanted.anywhere(kind), self.most) for kind in self.kinds]
        for row in self._rows_of(arms):
            self._few[row[1]].append(row)

    def _few_rows(self, groups, most):
        condition, values = self._matching(groups)
        sql = f"""
            SELECT entry.id, entry.kind, entry.weight, entry.sort_name, entry.names
            FROM {self._joined} WHERE {condition} LIMIT {most + 1}
        """  # noqa: S608 - no value in it
        return sql, [*self._gate_values, *values]

    def _tiered(self, rows):
        return [
            Match(key, kind, self._tier(kind, sort_name, names), weight, sort_name)
            for key, kind, weight, sort_name, names in rows
        ]

    def _tier(self, kind, sort_name, names):
        text, words = self.wanted.text, self.wanted.words
        if sort_name == text:
            return Tier.WHOLE_NAME
        if f"| {text} |" in names:
            return Tier.OTHER_NAME
        if len(words) > 1 and in_any_order(sort_name) == in_any_order(text):
            return Tier.ANY_ORDER
        if self._may_be_last_name(kind) and sort_name.endswith(f" {text}"):
            return Tier.LAST_NAME
        if sort_name.startswith(text) or self._begins_last_name(kind, sort_name):
            return Tier.BEGINNING
        if f"| {text}" in names:
            return Tier.OTHER_BEGINNING
        if all(f" {word} " in names for word in words):
            return Tier.WORDS
        if all(_as_in_names(word) in names for word in words):
            return Tier.BEGINNINGS
        return Tier.TEXT

    def _may_be_last_name(self, kind):
        return kind in KNOWN_BY_LAST_NAME and len(self.wanted.words) <= MOST_LAST_NAMES

    def _begins_last_name(self, kind, sort_name):
        _, found, rest = sort_name.partition(f" {self.wanted.text}")
        return self._may_be_last_name(kind) and bool(found) and " " not in rest

    # What the database reads in order

    def _read_to(self, kinds, number):
        """The first ``number`` matches of each kind; looser tiers only where they are needed."""
        read = self._read(kinds, number, _CLOSE)
        for tiers in [_IN_NAMES, [Tier.TEXT]]:
            short = [kind for kind in kinds if len(read[kind]) < number]
            for kind, more in self._read(short, number, tiers).items():
                read[kind] = _each_once([*read[kind], *more])
        return read

    def _read(self, kinds, number, tiers):
        """The first ``number`` matches of each kind in ``tiers``, tier by tier."""
        if not kinds:
            return {}
        parts = [
            (kind, tier, groups)
            for kind in kinds
            for tier in tiers
            for groups in self._asked(kind, tier)
        ]
        many = self._many(groups for _, tier, groups in parts if groups and tier in _MAY_BE_MANY)
        arms = []
        for kind, tier, groups in parts:
            condition, values = self._condition(tier, groups)
            if groups and tier != Tier.TEXT and repr(groups) not in many:
                # The terms name the kind; told of it, SQLite might read all of it in order.
                rows = self._joined
                matching, matched = self._matching(groups)
            else:
                rows = self._gated
                matching, matched = "entry.kind = %s", [kind]
            # As many again, since those of closer tiers are among them.
            sql = f"""
                SELECT entry.id, entry.kind, entry.weight, entry.sort_name, {int(tier)}
                FROM {rows} WHERE {matching} AND {condition}
                ORDER BY entry.sort_name, entry.id LIMIT {2 * number}
            """  # noqa: S608 - no value in it
            arms.append((sql, [*self._gate_values, *matched, *values]))
        read = {kind: [] for kind in kinds}
        for key, kind, weight, sort_name, tier in self._rows_of(arms):
            read[kind].append(Match(key, kind, Tier(tier), weight, sort_name))
        return {kind: _each_once(matches) for kind, matches in read.items()}

    def _many(self, asked):
        """Those of ``asked`` that match more rows than are sorted here, as text."""
        asked = list(asked)
        arms = []
        for number, groups in enumerate(asked):
            condition, values = self._matching(groups)
            sql = f"""
                SELECT {number} FROM {TABLE} AS found
                WHERE {condition} LIMIT 1 OFFSET {self.most}
            """  # noqa: S608 - no value in it
            arms.append((sql, values))
        return {repr(asked[number]) for (number,) in self._rows_of(arms)}

    def _asked(self, kind, tier):
        """What the engine is asked for ``tier``; None where the index by name has the rows."""
        wanted = self.wanted
        match tier:
            case Tier.WHOLE_NAME:
                return [None]
            case Tier.BEGINNING if self._may_be_last_name(kind):
                return [None, wanted.as_last_name(kind, is_beginning=True)]
            case Tier.BEGINNING:
                return [None]
            case Tier.OTHER_NAME:
                return [wanted.as_other_name(kind, is_beginning=False)]
            case Tier.ANY_ORDER:
                return [wanted.as_name_in_any_order(kind)] if len(wanted.words) > 1 else []
            case Tier.LAST_NAME:
                return [wanted.as_last_name(kind)] if self._may_be_last_name(kind) else []
            case Tier.OTHER_BEGINNING:
                return [wanted.as_other_name(kind, is_beginning=True)]
            case Tier.WORDS:
                return [wanted.as_words_of_names(kind)]
            case Tier.BEGINNINGS:
                return [wanted.in_names([kind])]
            case Tier.TEXT:
                return [wanted.anywhere(kind)]

    def _condition(self, tier, groups):
        """``_tier`` for the database."""
        text, words = self.wanted.text, self.wanted.words
        match tier:
            case Tier.WHOLE_NAME:
                return "entry.sort_name = %s", [text]
            case Tier.OTHER_NAME:
                return _has("names", f"| {text} |")
            case Tier.ANY_ORDER:
                return "TRUE", []  # the engine has said all of it
            case Tier.LAST_NAME:
                return "entry.sort_name LIKE %s", [f"% {text}"]
            case Tier.BEGINNING if groups:
                beginning = f"% {text}%"
                return "entry.sort_name LIKE %s AND entry.sort_name NOT LIKE %s", [
                    beginning,
                    f"{beginning} %",
                ]
            case Tier.BEGINNING:
                return "entry.sort_name >= %s AND entry.sort_name < %s", [
                    text,
                    text + _LAST_CHARACTER,
                ]
            case Tier.OTHER_BEGINNING:
                return _has("names", f"| {text}")
            case Tier.WORDS:
                return _all(_has("names", f" {word} ") for word in words)
            case Tier.BEGINNINGS:
                return _all(_has("names", _as_in_names(word)) for word in words)
            case Tier.TEXT:
                return _all(map(_anywhere, words))

    # The pieces of which the statements are made: SQL, and the values for it

    def _matching(self, groups):
        return match_sql(self._connection, "found", groups)

    def _rows_of(self, arms):
        """The rows of all ``arms`` in one statement."""
        if not arms:
            return []
        # SQLite takes no LIMIT inside a UNION, but inside what stands there.
        statement = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS arm" for sql, _ in arms)  # noqa: S608 - no value in it
        with self._connection.cursor() as cursor:
            cursor.execute(statement, [value for _, values in arms for value in values])
            return cursor.fetchall()


def _has(column, part):
    # A folded text has no "%", "_" or "\\" that LIKE would take for something else.
    return f"entry.{column} LIKE %s", [f"%{part}%"]


def _as_in_names(word):
    return f" {word}" if may_begin(word) else f" {word} "


def _anywhere(word):
    in_names, names = _has("names", _as_in_names(word))
    in_text, text = _has("body", f" {word}" if may_begin_in_text(word) else f" {word} ")
    return f"({in_names} OR {in_text})", [*names, *text]


def _all(conditions):
    sql, values = zip(*conditions, strict=True)
    return " AND ".join(sql), [value for each in values for value in each]


def _each_once(matches):
    """``matches`` in order, each in the closest of its tiers."""
    closest = {}
    for match in sorted(matches, key=_among_its_kind):
        closest.setdefault(match.key, match)
    return list(closest.values())
