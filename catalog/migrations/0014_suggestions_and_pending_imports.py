"""What TVmaze says otherwise than the catalogue, and what editors have given to be imported."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ..roles import grant

TARGETS = ["series", "season", "episode", "person", "character"]
KINDS = [
    ("edit", "Edited"),
    ("delete", "Deleted"),
    ("merge", "Merged"),
    ("undo", "Undone"),
    ("restore", "Restored"),
    ("recover", "Recovered"),
    ("load", "Loaded from files"),
    ("tvmaze", "Imported from TVmaze"),
    ("before", "As it was before"),
]


def grant_roles(apps, schema_editor):
    grant(apps, schema_editor.connection.alias)


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def is_for(name):
    return models.Q(*((f"{other}__isnull", other != name) for other in sorted(TARGETS)))


def for_one_row():
    condition = is_for(TARGETS[0])
    for name in TARGETS[1:]:
        condition |= is_for(name)
    return condition


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0013_likely_duplicates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="kind",
            field=models.CharField(choices=KINDS, default="edit", max_length=10),
        ),
        migrations.CreateModel(
            name="PendingImport",
            fields=[
                ("id", key()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("packed", models.BinaryField()),
                (
                    "editor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                ("id", key()),
                *(
                    (
                        name,
                        models.ForeignKey(
                            db_index=False,
                            null=True,
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="+",
                            to=f"catalog.{name}",
                        ),
                    )
                    for name in TARGETS
                ),
                ("field", models.CharField(max_length=50)),
                ("value", models.JSONField(help_text="As the history keeps values.")),
                (
                    "words",
                    models.TextField(
                        blank=True,
                        help_text="The value as an editor reads it.",
                        verbose_name="suggested",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalog.source",
                    ),
                ),
                ("suggested_at", models.DateTimeField(auto_now=True, verbose_name="when")),
                ("declined", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["declined", "-suggested_at", "-pk"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        condition=models.Q((f"{name}__isnull", False)),
                        fields=[name],
                        name=f"suggestion_{name}",
                    )
                    for name in TARGETS
                ],
                "constraints": [
                    models.CheckConstraint(condition=for_one_row(), name="suggestion_for_one_row"),
                    *(
                        models.UniqueConstraint(
                            condition=models.Q((f"{name}__isnull", False)),
                            fields=(name, "field"),
                            name=f"suggestion_{name}_field_unique",
                        )
                        for name in TARGETS
                    ),
                ],
            },
        ),
        migrations.RunPython(grant_roles, migrations.RunPython.noop),
    ]
