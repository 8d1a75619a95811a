"""The list of those who may be the same, to be merged or told apart."""

from django.contrib import admin, messages
from django.db.models import Q
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode

from ..models import LikelyDuplicate
from .base import DerivedAdmin
from .gaps import GapFilter

_KINDS = {"person": "People", "character": "Characters"}


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return _KINDS.items()

    def queryset(self, request, queryset):
        if self.value() in _KINDS:
            return queryset.exclude(**{self.value(): None})
        return queryset


@admin.register(LikelyDuplicate)
class LikelyDuplicateAdmin(DerivedAdmin):
    remark = "Each save looks for those who are like what is saved."
    list_display = ["one", "other", "why", "state", "merge"]
    list_display_links = None
    list_filter = [GapFilter, KindFilter, "why"]
    search_fields = [
        f"{one}__{field}"
        for one in ("person", "other_person", "character", "other_character")
        for field in ("name", "sort_name", "other_names")
    ]
    fields = ["one", "other", "why", "state"]
    readonly_fields = ["one", "other", "state"]
    actions = ["are_two", "look_again"]

    def changelist_view(self, request, extra_context=None):
        context = {"title": "Likely duplicates", **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_queryset(self, request):
        return super().get_queryset(request).for_list()

    def get_list_display(self, request):
        """Whoever may merge neither kind is offered no links to do it."""
        shown = super().get_list_display(request)
        return shown if self.has_merge_permission(request) else shown[:-1]

    def has_merge_permission(self, request):
        return bool(_kinds_to_merge(request))

    @admin.display(description="one")
    def one(self, pair):
        return _linked(pair.both[0])

    @admin.display(description="other")
    def other(self, pair):
        return _linked(pair.both[1])

    @admin.display(description="state", ordering="dismissed")
    def state(self, pair):
        return "Known to be two" if pair.dismissed else "To look at"

    @admin.display(description="the same?")
    def merge(self, pair):
        one, other = pair.both
        address = reverse(f"admin:catalog_{one._meta.model_name}_merge")
        query = urlencode({"one": one.pk, "two": other.pk})
        return format_html(
            '<a href="{}?{}" aria-label="Compare and merge {} and {}">Compare and merge</a>',
            address,
            query,
            one,
            other,
        )

    @admin.action(description="They are two: stop asking", permissions=["merge"])
    def are_two(self, request, queryset):
        self._dismiss(request, queryset, True, "{} will not be asked about again.")

    @admin.action(description="They may be the same: ask again", permissions=["merge"])
    def look_again(self, request, queryset):
        self._dismiss(request, queryset, False, "{} will be asked about again.")

    def _dismiss(self, request, queryset, dismissed, said):
        own = Q()
        for kind in _kinds_to_merge(request):
            own |= Q(**{f"{kind}__isnull": False})
        asked = queryset.order_by().filter(dismissed=not dismissed)
        pairs = LikelyDuplicate.objects.filter(own, pk__in=list(asked.values_list("pk", flat=True)))
        count = pairs.update(dismissed=dismissed)
        self.message_user(request, said.format(f"{count} pair{pluralize(count)}"), messages.SUCCESS)


def _kinds_to_merge(request):
    return [kind for kind in _KINDS if request.user.has_perm(f"catalog.merge_{kind}")]


def _linked(entry):
    """A link that tells apart those of one name, too."""
    address = reverse(f"admin:catalog_{entry._meta.model_name}_change", args=[entry.pk])
    marks = ", ".join(filter(None, [entry.slug, entry.state_mark.lower()]))
    return format_html('<a href="{}">{} ({})</a>', address, entry, marks)
