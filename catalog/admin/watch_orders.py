from django.contrib import admin

from ..models import WatchOrder, WatchStep
from .base import SOURCES, CatalogAdmin, only_chosen
from .entries import PUBLISHING, EntryAdmin
from .rows import RowFormSet, Rows


class StepFormSet(RowFormSet):
    # An order by episodes is long, and is arranged as a whole.
    most = 400


class StepsOfOrder(Rows):
    model = WatchStep
    verbose_name = "step"
    formset = StepFormSet
    fields = ["position", "series", "season", "episode", "importance", "reason"]
    autocomplete_fields = ["series", "season", "episode"]
    joins = ["series", "season__series", "episode__season__series"]


@admin.register(WatchOrder)
class WatchOrderAdmin(EntryAdmin):
    list_display = ["name", "arrangement", "rank", "publication", "updated_at"]
    list_editable = ["rank"]
    list_filter = [*EntryAdmin.list_filter, "arrangement"]
    fieldsets = [
        (None, {"fields": ["name", "description", "arrangement", "rank"]}),
        PUBLISHING,
        SOURCES,
    ]
    inlines = [StepsOfOrder]


@admin.register(WatchStep)
class WatchStepAdmin(CatalogAdmin):
    list_display = ["position", "order", "series", "season", "episode", "importance"]
    list_select_related = ["order", "series", "season__series", "episode__season__series"]
    list_filter = ["importance", only_chosen("order")]
    search_fields = [
        "order__name",
        "series__name",
        "season__series__name",
        "episode__name",
        "reason",
    ]
    autocomplete_fields = ["order", "series", "season", "episode"]
