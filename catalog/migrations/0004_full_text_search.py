"""The engines' own text search, filled from the rows that are there.

A row gets what its folded names and text have. ``manage.py rebuild_search`` afterwards adds what is
read from the entries themselves: other spellings, and the text as it is quoted in results.
"""

from django.db import migrations, models

import catalog.models.text
from catalog.models.search_index import create_index, drop_index, write_terms
from catalog.models.search_terms import name_forms, padded_names, padded_text, terms_of

_AT_ONCE = 1_000


def make_index(apps, schema_editor):
    create_index(schema_editor.connection)


def drop(apps, schema_editor):
    drop_index(schema_editor.connection)


def fill(apps, schema_editor):
    connection = schema_editor.connection
    rows = apps.get_model("catalog", "SearchEntry").objects.using(connection.alias)
    words = apps.get_model("catalog", "SearchWord")
    last, batch = 0, True
    while batch:
        batch = list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE])
        seen = set()
        for row in batch:
            last = row.pk
            row.names = padded_names([*name_forms(row.name), *row.names.strip("|").split("|")])
            row.body = padded_text(row.body) if row.revealed_in_id is None else ""
            seen.update(w for w in row.names.split() if 3 <= len(w) <= 60 and w.isalpha())
        rows.bulk_update(batch, ["names", "body"], batch_size=200)
        terms = ((row.pk, terms_of(row.kind, row.sort_name, row.names, row.body)) for row in batch)
        write_terms(connection, terms)
        words.objects.using(connection.alias).bulk_create(
            [words(word=word, backwards=word[::-1]) for word in sorted(seen)],
            batch_size=400,
            ignore_conflicts=True,
        )


def as_before(apps, schema_editor):
    rows = apps.get_model("catalog", "SearchEntry").objects.using(schema_editor.connection.alias)
    last, batch = 0, True
    while batch:
        batch = list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE])
        for row in batch:
            last = row.pk
            row.names = f"|{'|'.join(name.strip() for name in row.names.strip('|').split('|'))}|"
            row.body = row.body.strip()
        rows.bulk_update(batch, ["names", "body"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_set_the_gates")]

    operations = [
        migrations.AddField(
            model_name="searchentry",
            name="text",
            field=models.TextField(
                blank=True, default="", help_text="Its text without marks, as results quote it."
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["kind", "sort_name", "id"], name="search_entry_by_name"),
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "word",
                    catalog.models.text.ByteOrderedField(
                        max_length=60, primary_key=True, serialize=False
                    ),
                ),
                (
                    "backwards",
                    catalog.models.text.ByteOrderedField(db_index=True, max_length=60),
                ),
            ],
            options={"ordering": ["word"]},
        ),
        migrations.RunPython(make_index, drop),
        migrations.RunPython(fill, as_before),
    ]
