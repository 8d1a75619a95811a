"""What sources elsewhere say otherwise: a list in which an editor takes or declines it."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator

from ..models import Suggestion
from ..models.suggestions import TARGETS, words_of
from .base import DerivedAdmin

_LONGEST_IN_A_LIST = 40  # words
_NAMES_IN_A_MESSAGE = 5


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("declined", "Declined"), ("all", "All")]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        return [{**first, "display": "To be decided"}, *others]

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(declined=self.value() == "declined")


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [
            (name, Suggestion._meta.get_field(name).related_model._meta.verbose_name_plural)
            for name in TARGETS
        ]

    def queryset(self, request, queryset):
        if self.value() in TARGETS:
            return queryset.exclude(**{self.value(): None})
        return queryset


@admin.register(Suggestion)
class SuggestionAdmin(DerivedAdmin):
    remark = "An import suggests here what it does not change by itself."
    list_display = ["of", "label", "now", "suggested", "publisher", "suggested_at"]
    list_display_links = None
    list_filter = [StateFilter, KindFilter, "field"]
    search_fields = [
        "words",
        "series__name",
        "season__series__name",
        "episode__name",
        "episode__season__series__name",
        "person__name",
        "person__sort_name",
        "character__name",
        "character__sort_name",
    ]
    fields = ["of", "label", "whole_now", "words", "source", "suggested_at", "declined"]
    readonly_fields = ["of", "label", "whole_now"]
    actions = ["take", "decline", "decide_again"]

    def changelist_view(self, request, extra_context=None):
        context = {"title": "Suggestions", **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    def has_decide_permission(self, request):
        return any(request.user.has_perm(f"catalog.change_{name}") for name in TARGETS)

    @admin.display(description="of")
    def of(self, suggestion):
        row = suggestion.row
        address = reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, row)

    @admin.display(description="field", ordering="field")
    def label(self, suggestion):
        return suggestion.label

    @admin.display(description="now", empty_value="(nothing)")
    def now(self, suggestion):
        return _cut(self.whole_now(suggestion))

    @admin.display(description="now", empty_value="(nothing)")
    def whole_now(self, suggestion):
        return words_of(suggestion.model_field, suggestion.row)

    @admin.display(description="suggested", ordering="words")
    def suggested(self, suggestion):
        address = reverse("admin:catalog_suggestion_change", args=[suggestion.pk])
        return format_html('<a href="{}">{}</a>', address, _cut(suggestion.words))

    @admin.display(description="by", ordering="source__publisher")
    def publisher(self, suggestion):
        return suggestion.source.publisher

    @admin.action(description="Take what is suggested", permissions=["decide"])
    def take(self, request, queryset):
        chosen = self._chosen(request, queryset)
        if not chosen:
            return
        rows = {}
        for suggestion in chosen:
            rows.setdefault(_key(suggestion), suggestion.row)
        request.record.remember(rows.values())
        try:
            with transaction.atomic():
                for key, row in rows.items():
                    name = str(row)  # it may be what is suggested
                    _take(row, [each for each in chosen if _key(each) == key])
                Suggestion.objects.filter(pk__in=[each.pk for each in chosen]).delete()
        except ValidationError as error:
            text = f"Nothing was changed, because of “{name}”: {' '.join(error.messages)}"
            self.message_user(request, text, messages.ERROR)
            return
        count = len(chosen)
        self.message_user(request, f"{count} suggestion{pluralize(count)} taken.", messages.SUCCESS)

    @admin.action(description="Decline, and do not suggest the same again", permissions=["decide"])
    def decline(self, request, queryset):
        self._set_declined(request, queryset, True, "declined")

    @admin.action(description="Put to be decided again", permissions=["decide"])
    def decide_again(self, request, queryset):
        self._set_declined(request, queryset, False, "to be decided again")

    def _set_declined(self, request, queryset, declined, said):
        chosen = self._chosen(request, queryset)
        for suggestion in chosen:
            suggestion.declined = declined
            suggestion.save(update_fields=["declined"])
        if count := len(chosen):
            self.message_user(request, f"{count} suggestion{pluralize(count)} {said}.")

    def _chosen(self, request, queryset):
        """All of them, or none if the editor may not change one of the rows."""
        chosen = list(queryset)
        refused = [
            str(each.row)
            for each in chosen
            if not self._admin_of(each).has_change_permission(request, each.row)
        ]
        if not refused:
            return chosen
        names = ", ".join(f"“{name}”" for name in dict.fromkeys(refused[:_NAMES_IN_A_MESSAGE]))
        self.message_user(
            request,
            f"Nothing was changed: you may not change {names}. Ask an editor who may publish.",
            messages.ERROR,
        )
        return []

    def _admin_of(self, suggestion):
        return self.admin_site.get_model_admin(type(suggestion.row))


def _key(suggestion):
    return type(suggestion.row), suggestion.row.pk


def _take(row, suggestions):
    for suggestion in suggestions:
        field = suggestion.model_field
        setattr(row, field.attname, field.to_python(suggestion.value))
    row.full_clean()
    row.save(update_fields=[each.field for each in suggestions])
    row.sources.add(*{each.source for each in suggestions})


def _cut(text):
    return Truncator(text).words(_LONGEST_IN_A_LIST, truncate="…")
