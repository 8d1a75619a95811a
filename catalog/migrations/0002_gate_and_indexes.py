"""One moment on each row in the place of a look at all it depends on, and indexes for the lists."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

import catalog.models.text


def restore_states(apps, schema_editor):
    """On the way back, give search rows the state of what they find."""
    rows = apps.get_model("catalog", "SearchEntry").objects.using(schema_editor.connection.alias)
    for path in (
        "series",
        "character",
        "person",
        "organization",
        "announcement",
        "episode__season__series",
    ):
        for field in ("state", "publish_at"):
            own = rows.filter(pk=OuterRef("pk")).values(f"{path}__{field}")
            found = rows.exclude(**{path.partition("__")[0]: None})
            found.update(**{field: Subquery(own)})


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_the_domain"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="credit",
            name="credit_of_person",
        ),
        # On the way back the column is there again, and rows are hidden until they are saved.
        migrations.AlterField(
            model_name="searchentry",
            name="state",
            field=models.CharField(
                max_length=10,
                default="draft",
                choices=[
                    ("draft", "Draft"),
                    ("in-review", "In review"),
                    ("published", "Published"),
                ],
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, restore_states),
        migrations.RemoveField(
            model_name="searchentry",
            name="publish_at",
        ),
        migrations.RemoveField(
            model_name="searchentry",
            name="state",
        ),
        migrations.AddField(
            model_name="announcement",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="character",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="characterfact",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="credit",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="episode",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="membership",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="person",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="portrayal",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="relationship",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="season",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="series",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="serieslink",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="watchorder",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="watchstep",
            name="shown_from",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="announcement",
            name="revealed_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The episode that gives this away; it is shown folded, with a warning. Leave blank when it spoils nothing.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="revealed_%(class)s",
                to="catalog.episode",
                verbose_name="revealed in",
            ),
        ),
        migrations.AlterField(
            model_name="announcement",
            name="sort_name",
            field=catalog.models.text.ByteOrderedField(editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="character",
            name="inspired_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The real person who was the model for the character.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="inspired_characters",
                to="catalog.person",
            ),
        ),
        migrations.AlterField(
            model_name="character",
            name="sort_name",
            field=catalog.models.text.ByteOrderedField(editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="characterfact",
            name="revealed_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The episode that gives this away; it is shown folded, with a warning. Leave blank when it spoils nothing.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="revealed_%(class)s",
                to="catalog.episode",
                verbose_name="revealed in",
            ),
        ),
        migrations.AlterField(
            model_name="credit",
            name="job",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credits",
                to="catalog.job",
            ),
        ),
        migrations.AlterField(
            model_name="credit",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="credits",
                to="catalog.person",
            ),
        ),
        migrations.AlterField(
            model_name="credit",
            name="series",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="credits",
                to="catalog.series",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="revealed_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The episode that gives this away; it is shown folded, with a warning. Leave blank when it spoils nothing.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="revealed_%(class)s",
                to="catalog.episode",
                verbose_name="revealed in",
            ),
        ),
        migrations.AlterField(
            model_name="organization",
            name="sort_name",
            field=catalog.models.text.ByteOrderedField(editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="person",
            name="sort_name",
            field=catalog.models.text.ByteOrderedField(editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="portrayal",
            name="character",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Leave blank when people play themselves, or while the role is not announced.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="portrayals",
                to="catalog.character",
            ),
        ),
        migrations.AlterField(
            model_name="portrayal",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="portrayals",
                to="catalog.person",
            ),
        ),
        migrations.AlterField(
            model_name="portrayal",
            name="revealed_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The episode that gives this away; it is shown folded, with a warning. Leave blank when it spoils nothing.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="revealed_%(class)s",
                to="catalog.episode",
                verbose_name="revealed in",
            ),
        ),
        migrations.AlterField(
            model_name="portrayal",
            name="series",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="portrayals",
                to="catalog.series",
            ),
        ),
        migrations.AlterField(
            model_name="relationship",
            name="revealed_in",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The episode that gives this away; it is shown folded, with a warning. Leave blank when it spoils nothing.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="revealed_%(class)s",
                to="catalog.episode",
                verbose_name="revealed in",
            ),
        ),
        migrations.AlterField(
            model_name="series",
            name="sort_name",
            field=catalog.models.text.ByteOrderedField(editable=False, max_length=200),
        ),
        migrations.AlterField(
            model_name="watchorder",
            name="sort_name",
            field=catalog.models.text.ByteOrderedField(editable=False, max_length=200),
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(
                condition=models.Q(("revealed_in__isnull", False)),
                fields=["revealed_in"],
                name="announcement_revealed_in",
            ),
        ),
        migrations.AddIndex(
            model_name="character",
            index=models.Index(fields=["sort_name", "id", "shown_from"], name="character_by_name"),
        ),
        migrations.AddIndex(
            model_name="character",
            index=models.Index(
                condition=models.Q(("inspired_by__isnull", False)),
                fields=["inspired_by"],
                name="character_inspired_by",
            ),
        ),
        migrations.AddIndex(
            model_name="characterfact",
            index=models.Index(
                condition=models.Q(("revealed_in__isnull", False)),
                fields=["revealed_in"],
                name="character_fact_revealed_in",
            ),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(
                fields=["person", "job", "series", "shown_from"], name="credit_of_person"
            ),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(
                fields=["series", "person", "job", "shown_from"], name="credit_people_of_series"
            ),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(
                fields=["series", "job", "person", "shown_from"], name="credit_jobs_of_series"
            ),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(
                fields=["job", "person", "series", "shown_from"], name="credit_people_of_job"
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("revealed_in__isnull", False)),
                fields=["revealed_in"],
                name="membership_revealed_in",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["sort_name", "id", "shown_from"], name="person_by_name"),
        ),
        migrations.AddIndex(
            model_name="portrayal",
            index=models.Index(
                fields=["person", "series", "character", "revealed_in", "shown_from"],
                name="portrayal_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="portrayal",
            index=models.Index(
                fields=["character", "series", "person", "revealed_in", "shown_from"],
                name="portrayal_of_character",
            ),
        ),
        migrations.AddIndex(
            model_name="portrayal",
            index=models.Index(
                fields=["series", "announced", "kind", "billing"], name="portrayal_titles_of_series"
            ),
        ),
        migrations.AddIndex(
            model_name="portrayal",
            index=models.Index(
                condition=models.Q(("revealed_in__isnull", False)),
                fields=["revealed_in"],
                name="portrayal_revealed_in",
            ),
        ),
        migrations.AddIndex(
            model_name="portrayal",
            index=models.Index(
                condition=models.Q(("revealed_in", None)),
                fields=["series", "person", "character", "kind", "shown_from"],
                name="portrayal_people_of_series",
            ),
        ),
        migrations.AddIndex(
            model_name="portrayal",
            index=models.Index(
                condition=models.Q(("revealed_in", None)),
                fields=["series", "character", "person", "kind", "shown_from"],
                name="portrayal_cast_of_series",
            ),
        ),
        migrations.AddIndex(
            model_name="portrayal",
            index=models.Index(
                condition=models.Q(("revealed_in", None)),
                fields=["kind", "person", "series", "character", "shown_from"],
                name="portrayal_people_of_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="portrayal",
            index=models.Index(
                condition=models.Q(("revealed_in", None)),
                fields=["kind", "character", "series", "person", "shown_from"],
                name="portrayal_cast_of_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(
                condition=models.Q(("revealed_in__isnull", False)),
                fields=["revealed_in"],
                name="relationship_revealed_in",
            ),
        ),
    ]
