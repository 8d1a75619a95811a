from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0008_slug_leads_on_when_it_changes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="character",
            index=models.Index(fields=["state", "publish_at"], name="character_by_state"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["state", "publish_at"], name="person_by_state"),
        ),
    ]
