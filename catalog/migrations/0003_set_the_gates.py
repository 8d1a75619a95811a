"""Sets the moment from which each row is shown, from the entries it depends on."""

import datetime as dt

from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Coalesce

ALWAYS = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

ENTRIES = ["Series", "Character", "Person", "Organization", "WatchOrder", "Announcement"]

# What the others depend on: for each path, the kind of entry at its end.
_REVEALED = {"revealed_in__season__series": "Series"}
GATES = {
    "Season": {"series": "Series"},
    "Episode": {"season__series": "Series"},
    "SeriesLink": {"from_series": "Series", "to_series": "Series"},
    "CharacterFact": {"character": "Character", **_REVEALED},
    "Relationship": {"character": "Character", "other": "Character", **_REVEALED},
    "Membership": {"organization": "Organization", "character": "Character", **_REVEALED},
    "Portrayal": {
        "person": "Person",
        "character": "Character",
        "series": "Series",
        **_REVEALED,
    },
    "Credit": {"person": "Person", "series": "Series"},
    "WatchStep": {
        "order": "WatchOrder",
        "series": "Series",
        "season__series": "Series",
        "episode__season__series": "Series",
    },
    "Announcement": _REVEALED,
    "SearchEntry": {
        "series": "Series",
        "episode__season__series": "Series",
        "character": "Character",
        "person": "Person",
        "organization": "Organization",
        "announcement": "Announcement",
        "announcement__revealed_in__season__series": "Series",
    },
}


def set_gates(apps, schema_editor):
    def rows_of(name):
        return apps.get_model("catalog", name).objects.using(schema_editor.connection.alias)

    for name in ENTRIES:
        out = rows_of(name).filter(state="published")
        out.update(shown_from=Coalesce("publish_at", Value(ALWAYS)))
    for name, gates in GATES.items():
        if name not in ENTRIES:
            rows_of(name).update(shown_from=ALWAYS)
        for path, owner in gates.items():
            hidden = rows_of(owner).filter(shown_from=None).values("pk")
            rows_of(name).filter(**{f"{path}__in": hidden}).update(shown_from=None)
            for key, moment in (
                rows_of(owner).filter(shown_from__gt=ALWAYS).values_list("pk", "shown_from")
            ):
                rows_of(name).filter(**{path: key, "shown_from__lt": moment}).update(
                    shown_from=moment
                )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_gate_and_indexes")]

    operations = [migrations.RunPython(set_gates, migrations.RunPython.noop)]
