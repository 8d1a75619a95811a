from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0007_keep_what_an_episode_holds_back"),
    ]

    operations = [
        migrations.AlterField(
            model_name="announcement",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of its address. Leave blank to have it made from the name; after a change the old address leads to the new one.",
                max_length=110,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="character",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of its address. Leave blank to have it made from the name; after a change the old address leads to the new one.",
                max_length=110,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="organization",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of its address. Leave blank to have it made from the name; after a change the old address leads to the new one.",
                max_length=110,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of its address. Leave blank to have it made from the name; after a change the old address leads to the new one.",
                max_length=110,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="redirect",
            name="old_slug",
            field=models.SlugField(
                help_text="The last part of the old address. A change of a slug adds this by itself.",
                max_length=110,
                verbose_name="old slug",
            ),
        ),
        migrations.AlterField(
            model_name="series",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of its address. Leave blank to have it made from the name; after a change the old address leads to the new one.",
                max_length=110,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="watchorder",
            name="slug",
            field=models.SlugField(
                blank=True,
                help_text="The last part of its address. Leave blank to have it made from the name; after a change the old address leads to the new one.",
                max_length=110,
                unique=True,
            ),
        ),
    ]
