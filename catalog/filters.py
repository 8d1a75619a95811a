"""One ``FilterSet`` for each public list. Each narrows rows that are already visible."""

from django import forms
from django.db.models import Exists, OuterRef, Q
from django_filters import CharFilter, FilterSet, ModelMultipleChoiceFilter

from .models import Credit, Membership, Portrayal, SearchEntry, Series


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
        parts = Portrayal.objects.visible_to(self.request.audience).unspoiled()
        return queryset.filter(
            Exists(parts.filter(character=OuterRef("pk"), series__in=value))
            | Q(first_appearance__season__series__in=value)
        )


class PersonFilter(CatalogFilter):
    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        if not value:
            return queryset
        audience = self.request.audience
        parts = Portrayal.objects.visible_to(audience).unspoiled()
        work = Credit.objects.visible_to(audience)
        return queryset.filter(
            Exists(parts.filter(person=OuterRef("pk"), series__in=value))
            | Exists(work.filter(person=OuterRef("pk"), series__in=value))
        )


class OrganizationFilter(CatalogFilter):
    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        if not value:
            return queryset
        audience = self.request.audience
        parts = Portrayal.objects.visible_to(audience).unspoiled().filter(series__in=value)
        members = (
            Membership.objects.visible_to(audience)
            .unspoiled()
            .filter(character__in=parts.values("character"))
        )
        return queryset.filter(Exists(members.filter(organization=OuterRef("pk"))))


class AnnouncementFilter(CatalogFilter):
    series = SeriesChoice(method="in_series")

    def in_series(self, queryset, name, value):
        if not value:
            return queryset
        about = self.queryset.model.series.through.objects.filter(
            announcement=OuterRef("pk"), series__in=value
        )
        return queryset.filter(Exists(about))
