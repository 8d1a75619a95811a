"""The permission to publish, for each kind of entry, and the groups that share out permissions.

A later migration that brings a model or a permission hands it out by calling ``roles.grant``
again, in an operation that comes after; what an administrator has granted besides stays.
"""

from django.db import migrations, models

from ..roles import grant, revoke

DEEDS = ("add", "change", "delete", "view", "publish")


def grant_roles(apps, schema_editor):
    grant(apps, schema_editor.connection.alias)


def revoke_roles(apps, schema_editor):
    revoke(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0009_indexes_of_state"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="announcement",
            options={
                "default_permissions": DEEDS,
                "ordering": [
                    models.OrderBy(models.F("date"), descending=True, nulls_last=True),
                    "-pk",
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="character",
            options={"default_permissions": DEEDS, "ordering": ["sort_name", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="organization",
            options={"default_permissions": DEEDS, "ordering": ["sort_name", "pk"]},
        ),
        migrations.AlterModelOptions(
            name="person",
            options={
                "default_permissions": DEEDS,
                "ordering": ["sort_name", "pk"],
                "verbose_name_plural": "people",
            },
        ),
        migrations.AlterModelOptions(
            name="series",
            options={
                "default_permissions": DEEDS,
                "ordering": ["sort_name", "pk"],
                "verbose_name_plural": "series",
            },
        ),
        migrations.AlterModelOptions(
            name="watchorder",
            options={"default_permissions": DEEDS, "ordering": ["rank", "sort_name", "pk"]},
        ),
        migrations.RunPython(grant_roles, revoke_roles),
    ]
