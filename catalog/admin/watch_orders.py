from django.contrib import admin
from django.core.exceptions import ValidationError

from ..models import WatchOrder, WatchStep
from .base import SOURCES, CatalogAdmin, only_chosen
from .entries import PUBLISHING, EntryAdmin
from .rows import RowFormSet, Rows


class StepFormSet(RowFormSet):
    # An order by episodes is long, and is arranged as a whole.
    most = 400

    def clean(self):
        """An order by release keeps no step that it would pass over."""
        super().clean()
        if not self.instance.is_by_release or any(self.errors):
            return
        kept = [form.instance for form in self.kept_forms()]
        unshown = self.queryset.exclude(pk__in=[*self._posted]) if self.is_cut else []
        steps = [*kept, *unshown]
        others = [step.position for step in steps if step.season_id is None]
        if others:
            raise ValidationError(
                "An order by release is made of seasons, and would pass over what these steps say "
                f"of a series or an episode: {_positions(others)}. Delete them, or arrange the "
                "order by hand."
            )
        by_season = {}
        for step in steps:
            by_season.setdefault(step.season_id, []).append(step.position)
        for positions in by_season.values():
            if len(positions) > 1:
                raise ValidationError(
                    "In an order by release a season has one step at most. These are of the same "
                    f"season: {_positions(positions)}. Keep one of them."
                )


def _positions(numbers):
    shown = ", ".join(str(number) for number in sorted(numbers)[:20])
    return f"{shown} and more" if len(numbers) > 20 else shown


class StepsOfOrder(Rows):
    model = WatchStep
    verbose_name = "step"
    formset = StepFormSet
    fields = ["position", "series", "season", "episode", "importance", "reason"]
    autocomplete_fields = ["series", "season", "episode"]
    joins = ["series", "season__series", "episode__season__series"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """A step is of what is there already: three buttons to add it would leave no room."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.autocomplete_fields:
            field.widget.can_add_related = False
        return field


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
