"""Sheets between their preview and their import, which is a kind of change of its own.

No role is granted anything: nobody sees any sheets but their own.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0013_likely_duplicates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="kind",
            field=models.CharField(
                choices=[
                    ("edit", "Edited"),
                    ("delete", "Deleted"),
                    ("merge", "Merged"),
                    ("undo", "Undone"),
                    ("restore", "Restored"),
                    ("recover", "Recovered"),
                    ("load", "Loaded from files"),
                    ("import", "Imported"),
                    ("before", "As it was before"),
                ],
                default="edit",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="UploadedSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("file_name", models.CharField(max_length=200)),
                ("packed", models.BinaryField()),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploaded_sheets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
    ]
