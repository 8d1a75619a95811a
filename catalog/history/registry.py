"""Which rows are kept, and on whose pages of history their changes are shown."""

import reversion

from .. import models

# What a save works out by itself.
_DERIVED = {"sort_name", "shown_from", "updated_at"}

# The relations to those whose pages show changes of a row; its own page always does.
SUBJECTS = {
    models.Announcement: [],
    models.Character: [],
    models.CharacterFact: ["character"],
    models.Credit: ["person", "series", "season", "episode"],
    models.Episode: ["season"],
    models.Image: [],
    models.Job: [],
    models.Membership: ["organization", "character"],
    models.Network: [],
    models.Organization: [],
    models.Person: [],
    models.PersonLink: ["person"],
    models.Portrayal: ["person", "character", "series"],
    models.Redirect: [
        "series",
        "character",
        "person",
        "organization",
        "announcement",
        "watch_order",
    ],
    models.Relationship: ["character", "other"],
    models.RelationshipKind: [],
    models.Season: ["series"],
    models.Series: [],
    models.SeriesLink: ["from_series", "to_series"],
    models.Source: [],
    models.WatchOrder: [],
    models.WatchStep: ["order"],
}

# {field: what is worked out from it and stored beside it}: told and put back with it, never alone.
COMPANIONS = {
    models.Image: {"file": ["content_hash", "widths", "has_avif", "width", "height"]},
}


def kept_fields(model):
    """The fields of ``model`` whose values are kept, its key apart."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return [field for field in fields if field.name not in _DERIVED and not field.primary_key]


def told_fields(model):
    """Those of the kept fields that are told by themselves."""
    companions = {name for names in COMPANIONS.get(model, {}).values() for name in names}
    return [field for field in kept_fields(model) if field.name not in companions]


for _model in SUBJECTS:
    reversion.register(_model, fields=[field.name for field in kept_fields(_model)])
