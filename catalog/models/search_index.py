"""The databases' own engines for text: FTS5 of SQLite, tsvector and GIN of PostgreSQL.

Both hold the same terms (see search_terms.py) under the key of a search row. SQLite splits them
at blanks and nowhere else: they have no other character below 128 than letters, digits and "_",
and its tokenizer "ascii" takes all above for letters. PostgreSQL gets an array, which nothing
splits.

A search row that is deleted leaves its terms behind, since a virtual table of SQLite knows no
foreign keys: they find nothing, no other row ever gets their key, and ``rebuild_search`` removes
them.
"""

from django.db import models

TABLE = "catalog_searchterms"

_CREATE = {
    "sqlite": [
        # Positions and sizes are for phrases and ranking by frequency, which nobody asks for.
        f"""CREATE VIRTUAL TABLE {TABLE} USING fts5
            (terms, tokenize = "ascii tokenchars '_'", detail = none, columnsize = 0)""",
    ],
    "postgresql": [
        f"CREATE TABLE {TABLE} (rowid bigint PRIMARY KEY, terms tsvector NOT NULL)",
        # Without its list of pending rows, whose length each search would have to pay for.
        f"CREATE INDEX {TABLE}_terms ON {TABLE} USING gin (terms) WITH (fastupdate = off)",
    ],
}

_WRITE = {
    "sqlite": f"INSERT OR REPLACE INTO {TABLE} (rowid, terms) VALUES (%s, %s)",  # noqa: S608 - no value in it
    "postgresql": f"INSERT INTO {TABLE} (rowid, terms) VALUES (%s, array_to_tsvector(%s)) "  # noqa: S608 - no value in it
    "ON CONFLICT (rowid) DO UPDATE SET terms = excluded.terms",
}


def create_index(connection):
    """Make the table of terms; called by a migration."""
    with connection.cursor() as cursor:
        for statement in _CREATE[connection.vendor]:
            cursor.execute(statement)


def drop_index(connection):
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")


def write_terms(connection, rows):
    """Write ``rows``, pairs of a key and its list of terms, in the place of what was there."""
    is_sqlite = connection.vendor == "sqlite"
    values = [(key, " ".join(terms) if is_sqlite else terms) for key, terms in rows]
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(_WRITE[connection.vendor], values)


def remove_orphans(connection) -> int:
    """Remove the terms of search rows that are gone; returns how many there were."""
    orphans = f"FROM {TABLE} WHERE rowid NOT IN (SELECT id FROM catalog_searchentry)"  # noqa: S608 - no value in it
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) {orphans}")
        (number,) = cursor.fetchone()
        cursor.execute(f"DELETE {orphans}")
    return number


def tidy_index(connection):
    """Have SQLite merge what many writes have left in pieces; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')")  # noqa: S608 - no value in it


def match_sql(connection, table, groups):
    """The condition that ``table``, a name or an alias, has a term of each of ``groups``."""
    if connection.vendor == "sqlite":
        # In FTS5 a table has a column of its own name, which stands for all of it.
        return f"{table}.{TABLE} MATCH %s", [_asked(groups, "AND", "OR", '"{}"', '"{}" *')]
    return f"{table}.terms @@ %s::tsquery", [_asked(groups, "&", "|", "'{}'", "'{}':*")]


def _asked(groups, all_of, any_of, whole, beginning):
    asked = []
    for group in groups:
        terms = [(beginning if term.is_beginning else whole).format(term.text) for term in group]
        asked.append(f"({f' {any_of} '.join(terms)})")
    return f" {all_of} ".join(asked)


class Matching(models.Expression):
    """The keys of the rows that match ``groups``: ``filter(pk__in=Matching(groups))``."""

    output_field = models.BigIntegerField()

    def __init__(self, groups):
        super().__init__()
        self.groups = groups

    def as_sql(self, compiler, connection):
        condition, params = match_sql(connection, "found", self.groups)
        return f"(SELECT found.rowid FROM {TABLE} AS found WHERE {condition})", params  # noqa: S608 - no value in it
