"""The list of those who may be the same, and the terms by which names that are alike are found.

What was there before is looked through by ``manage.py find_duplicates``.
"""

import django.db.models.deletion
from django.db import migrations, models

from ..models.search_index import write_terms
from ..models.search_terms import terms_of
from ..roles import grant

_AT_ONCE = 1_000


def write_terms_of_names(apps, schema_editor):
    connection = schema_editor.connection
    rows = apps.get_model("catalog", "SearchEntry").objects.using(connection.alias)
    rows = rows.filter(kind__in=["person", "character"]).order_by("pk")
    last, batch = 0, True
    while batch:
        batch = list(rows.filter(pk__gt=last)[:_AT_ONCE])
        for row in batch:
            last = row.pk
        terms = ((row.pk, terms_of(row.kind, row.sort_name, row.names, row.body)) for row in batch)
        write_terms(connection, terms)


def grant_roles(apps, schema_editor):
    grant(apps, schema_editor.connection.alias)


def one_of(model):
    return models.ForeignKey(
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="+",
        to=f"catalog.{model}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0012_images_add_content_and_widths"),
    ]

    operations = [
        migrations.CreateModel(
            name="LikelyDuplicate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("same-name", "The same name"),
                            ("same-elsewhere", "The same page elsewhere"),
                            ("other-order", "The same words in another order"),
                            ("one-letter", "One letter apart"),
                        ],
                        max_length=20,
                        verbose_name="what is alike",
                    ),
                ),
                (
                    "dismissed",
                    models.BooleanField(default=False, verbose_name="known to be two"),
                ),
                ("person", one_of("person")),
                ("other_person", one_of("person")),
                ("character", one_of("character")),
                ("other_character", one_of("character")),
            ],
            options={
                "ordering": ["dismissed", "-pk"],
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("character__isnull", True),
                                ("other_character__isnull", True),
                                ("other_person__isnull", False),
                                ("person__isnull", False),
                                ("person__lt", models.F("other_person")),
                            ),
                            models.Q(
                                ("character__isnull", False),
                                ("character__lt", models.F("other_character")),
                                ("other_character__isnull", False),
                                ("other_person__isnull", True),
                                ("person__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="likely_duplicate_of_one_kind",
                    ),
                    models.UniqueConstraint(
                        fields=["person", "other_person"], name="likely_duplicate_people_unique"
                    ),
                    models.UniqueConstraint(
                        fields=["character", "other_character"],
                        name="likely_duplicate_characters_unique",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="personlink",
            index=models.Index(fields=["url"], name="person_link_url"),
        ),
        migrations.RunPython(write_terms_of_names, migrations.RunPython.noop),
        migrations.RunPython(grant_roles, migrations.RunPython.noop),
    ]
