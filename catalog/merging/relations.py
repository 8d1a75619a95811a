"""What hangs on an entry, found from the models, so that a new relation cannot be forgotten."""

from ..history.registry import SUBJECTS


def rows_of(model):
    """The foreign keys by which rows that editors keep hang on ``model``."""
    return [
        relation.field
        for relation in model._meta.related_objects
        if relation.one_to_many and relation.related_model in SUBJECTS
    ]


def mentions_of(model):
    """The relations to many by which other rows name entries of ``model``."""
    return [
        relation.field
        for relation in model._meta.related_objects
        if relation.many_to_many and relation.related_model in SUBJECTS
    ]


def counts_of(entry):
    """[(what, how many)] of all that hangs on ``entry``."""
    counted = [
        (
            field.model._meta.verbose_name_plural,
            field.model._base_manager.filter(**{field.name: entry}),
        )
        for field in [*rows_of(type(entry)), *mentions_of(type(entry))]
    ]
    own = [
        (field.verbose_name, getattr(entry, field.name).all()) for field in entry._meta.many_to_many
    ]
    return [(str(label), rows.count()) for label, rows in [*counted, *own]]
