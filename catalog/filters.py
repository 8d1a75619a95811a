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


class BySeriesFilter(CatalogFilter):
    """A list that series narrow; each says in ``belongs`` what that means for its rows."""

    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        return queryset.filter(self.belongs(value)) if value else queryset

    # Subqueries with IN, not EXISTS: asked row by row, SQLite reads a whole series for each person.

    def parts(self, series):
        parts = Portrayal.objects.visible_to(self.request.audience).unspoiled()
        return parts.filter(series__in=series).order_by()

    def work(self, series):
        work = Credit.objects.visible_to(self.request.audience)
        return work.filter(series__in=series).order_by()


class EpisodeFilter(BySeriesFilter):
    def belongs(self, series):
        return Q(season__series__in=series)


class CharacterFilter(BySeriesFilter):
    def belongs(self, series):
        first_seen = Episode.objects.filter(season__series__in=series)
        return Q(pk__in=self.parts(series).values("character")) | Q(
            first_appearance__in=first_seen.values("pk")
        )


class ActorFilter(BySeriesFilter):
    def belongs(self, series):
        return Q(pk__in=self.parts(series).values("person"))


class CrewFilter(BySeriesFilter):
    def belongs(self, series):
        return Q(pk__in=self.work(series).values("person"))


class PersonFilter(BySeriesFilter):
    def belongs(self, series):
        return Q(pk__in=self.parts(series).values("person")) | Q(
            pk__in=self.work(series).values("person")
        )


class OrganizationFilter(BySeriesFilter):
    def belongs(self, series):
        members = Membership.objects.visible_to(self.request.audience).unspoiled()
        known = members.filter(character__in=self.parts(series).values("character"))
        return Q(pk__in=known.values("organization"))


class AnnouncementFilter(BySeriesFilter):
    def belongs(self, series):
        about = Announcement.series.through.objects.filter(series__in=series)
        return Q(pk__in=about.values("announcement"))
