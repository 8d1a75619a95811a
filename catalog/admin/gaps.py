"""What waits and what is missing: on the front page of the admin, and as filters of its lists."""

from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import reverse
from django.utils.text import capfirst

from ..models import Suggestion, gaps
from ..models.gaps import Publication
from .importing import may_import


class NamedConditionFilter(admin.SimpleListFilter):
    """Narrows a list to the rows that meet one of the conditions it has names for."""

    def queryset(self, request, queryset):
        name = self.value()
        if name is None:
            return queryset
        if name not in {known for known, _ in self.lookup_choices}:
            raise IncorrectLookupParameters(f"{self.parameter_name} has no {name}")
        return queryset.filter(self.condition(queryset.model, name))


class PublicationFilter(NamedConditionFilter):
    title = "state"
    parameter_name = "publication"

    def lookups(self, request, model_admin):
        return Publication.choices

    def condition(self, model, name):
        return Publication(name).condition


class GapFilter(NamedConditionFilter):
    title = "what is missing"
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        found = gaps.gaps_of(model_admin.model)
        return [(name, capfirst(gap.words)) for name, gap in found.items()]

    def condition(self, model, name):
        return gaps.gaps_of(model)[name].condition


def front_page(request):
    """What the front page shows of the models that the user may see, as a template's context.

    One statement for each number.
    """
    may_see = {
        model
        for model, model_admin in admin.site._registry.items()
        if model_admin.has_view_or_change_permission(request)
    }
    may_decide = Suggestion in may_see
    return {
        "may_import": may_import(request.user),
        "suggestions": Suggestion.objects.open().count() if may_decide else 0,
        "publications": gaps.WAITING,
        "waiting": [_waiting(model) for model in gaps.ENTRIES if model in may_see],
        "missing": [
            _missing(caption, [gap for gap in group if gap.model in may_see])
            for caption, group in gaps.GAPS.items()
            if may_see.intersection(gap.model for gap in group)
        ],
    }


def _waiting(model):
    counts = [
        {
            "label": publication.label.lower(),
            "number": gaps.count_of_rows(model, publication.condition),
            "address": _list_of(model, PublicationFilter, publication.value),
        }
        for publication in gaps.WAITING
    ]
    return {"kind": model._meta.verbose_name_plural, "counts": counts}


def _missing(caption, group):
    lines = [
        {"gap": gap, "number": gap.count(), "address": _list_of(gap.model, GapFilter, gap.name)}
        for gap in group
    ]
    return {
        "caption": caption,
        "lines": [line for line in lines if line["number"]],
        "done": [line["gap"] for line in lines if not line["number"]],
    }


def _list_of(model, list_filter, name):
    path = reverse(admin_urlname(model._meta, "changelist"))
    return f"{path}?{urlencode({list_filter.parameter_name: name})}"
