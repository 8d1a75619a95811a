"""The permission to merge people and characters, for editors."""

from django.db import migrations

from ..roles import grant


def grant_roles(apps, schema_editor):
    grant(apps, schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0010_roles"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="character",
            options={
                "default_permissions": ("add", "change", "delete", "view", "publish"),
                "ordering": ["sort_name", "pk"],
                "permissions": [("merge_character", "Can merge characters")],
            },
        ),
        migrations.AlterModelOptions(
            name="person",
            options={
                "default_permissions": ("add", "change", "delete", "view", "publish"),
                "ordering": ["sort_name", "pk"],
                "permissions": [("merge_person", "Can merge people")],
                "verbose_name_plural": "people",
            },
        ),
        migrations.RunPython(grant_roles, migrations.RunPython.noop),
    ]
