"""What holds when an episode or a season is deleted that others name as their place.

A place keeps a row from visitors who have not come so far. Without it the row would stand open, so
whoever deletes the place decides first what becomes of the row.
"""

from django.apps import apps
from django.db.models import CASCADE, RESTRICT, SET_NULL, Exists, ManyToManyField, OuterRef


def unless_series_goes(collector, field, rows, using):
    """For a foreign key to an episode: RESTRICT; SET_NULL where its whole series is deleted.

    Of a series that is gone nothing is left that could be told too early.
    """
    going = collector.data.get(apps.get_model("catalog", "Series"), ())
    of_series = {f"{field.name}__season__series__in": going}
    if kept_back := rows.exclude(**of_series):
        RESTRICT(collector, field, kept_back, using)
    SET_NULL(collector, field, rows.filter(**of_series), using)


class PlacesField(ManyToManyField):
    """The seasons or the episodes of a part, of which those that alone hold it back stay.

    Checked wherever rows are deleted, since it stands where the database's own rules are applied.
    To migrations it is an ordinary ManyToManyField.
    """

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        for tie in self.remote_field.through._meta.local_fields:
            if tie.remote_field and tie.name != cls._meta.model_name:
                tie.remote_field.on_delete = _unless_last

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.ManyToManyField", args, kwargs


def _unless_last(collector, field, ties, using):
    """CASCADE for the ``ties``; RESTRICT for parts that would be met earlier without them.

    A part is met in its first episode, else in the first of those listed, else in its seasons. So
    the last listed episode stays even where seasons are listed too, and the last season where
    nothing else is.
    """
    CASCADE(collector, field, ties, using)
    part = apps.get_model("catalog", "Portrayal")
    going = collector.data[field.remote_field.model]
    episodes = part.episodes.through.objects.using(using).filter(portrayal=OuterRef("pk"))
    if field.name == "episode":
        others = [episodes.exclude(episode__in=going)]
    else:
        seasons = part.seasons.through.objects.using(using).filter(portrayal=OuterRef("pk"))
        others = [seasons.exclude(season__in=going), episodes.exclude(episode__season__in=going)]
    alone = part.objects.using(using).filter(pk__in=ties.values("portrayal"), first_episode=None)
    RESTRICT(collector, field, alone.filter(*(~Exists(rows) for rows in others)), using)
