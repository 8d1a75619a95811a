"""One ``FilterSet`` for each public list. Each narrows rows that are already visible."""

from django import forms
from django.db.models import Q
from django_filters import CharFilter, FilterSet, ModelMultipleChoiceFilter

from .models import (
    Announcement,
    Credit,
    Episode,
    Membership,
    Portrayal,
    SearchEntry,
    Series,
)


def _visible_series(request):
    return Series.objects.visible_to(request.audience).in_release_order()


class SeriesChoice(ModelMultipleChoiceFilter):
    """Any of the ticked series, by slug."""

    def __init__(self, **kwargs):
        super().__init__(
            label="Series",
            to_field_name="slug",
            queryset=_visible_series,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "invalid_choice": "There is no series “%(value)s”.",
                "invalid_list": "Choose from the series listed.",
            },
            **kwargs,
        )


class NameFilter(CharFilter):
    """Every word stands somewhere in the names, whatever its case and accents."""

    def __init__(self, **kwargs):
        super().__init__(
            label="Name",
            method="by_name",
            max_length=200,
            error_messages={"max_length": "Write fewer than %(limit_value)d characters."},
            **kwargs,
        )


class CatalogFilter(FilterSet):
    q = NameFilter()

    def by_name(self, queryset, name, value):
        target = queryset.model._meta.model_name
        found = SearchEntry.objects.with_words_in_names(value)
        return queryset.filter(pk__in=found.exclude(**{target: None}).values(target))


class SeriesFilter(CatalogFilter):
    pass


class EpisodeFilter(CatalogFilter):
    series = SeriesChoice(field_name="season__series__slug")


class CharacterFilter(CatalogFilter):
    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        if not value:
            return queryset
        first_seen = Episode.objects.filter(season__series__in=value)
        return queryset.filter(
            Q(pk__in=_parts(self.request, value).values("character"))
            | Q(first_appearance__in=first_seen.values("pk"))
        )


class ActorFilter(CatalogFilter):
    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        if not value:
            return queryset
        return queryset.filter(pk__in=_parts(self.request, value).values("person"))


class CrewFilter(CatalogFilter):
    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        if not value:
            return queryset
        return queryset.filter(pk__in=_work(self.request, value).values("person"))


class PersonFilter(CatalogFilter):
    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        if not value:
            return queryset
        return queryset.filter(
            Q(pk__in=_parts(self.request, value).values("person"))
            | Q(pk__in=_work(self.request, value).values("person"))
        )


class OrganizationFilter(CatalogFilter):
    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        if not value:
            return queryset
        members = Membership.objects.visible_to(self.request.audience).unspoiled()
        parts = _parts(self.request, value)
        return queryset.filter(
            pk__in=members.filter(character__in=parts.values("character")).values("organization")
        )


class AnnouncementFilter(CatalogFilter):
    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        if not value:
            return queryset
        about = Announcement.series.through.objects.filter(series__in=value)
        return queryset.filter(pk__in=about.values("announcement"))


# Subqueries with IN, not EXISTS: asked row by row, SQLite reads a whole series for each person.


def _parts(request, series):
    parts = Portrayal.objects.visible_to(request.audience).unspoiled()
    return parts.filter(series__in=series).order_by()


def _work(request, series):
    return Credit.objects.visible_to(request.audience).filter(series__in=series).order_by()
