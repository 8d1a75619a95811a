from itertools import count

from django.contrib import admin

from ..models import WatchOrder, WatchStep
from .base import (
    PUBLISHING,
    SOURCES,
    CatalogAdmin,
    EntryAdmin,
    RowForm,
    RowFormSet,
    Rows,
    only_chosen,
)


class StepForm(RowForm):
    def _get_validation_exclusions(self):
        """A position is taken or free by what the whole page says, so the formset compares them."""
        return {*super()._get_validation_exclusions(), "position"}


class StepFormSet(RowFormSet):
    """Steps may change places on one page."""

    # An order by episodes is long, and is arranged as a whole.
    most = 400

    def validate_unique(self):
        super().validate_unique()
        taken = set(
            self.queryset.exclude(pk__in=self._posted_keys()).values_list("position", flat=True)
        )
        for form in self.forms:
            is_blank = form.instance._state.adding and not form.has_changed()
            if is_blank or form in self.deleted_forms or not form.is_valid():
                continue
            if form.instance.position in taken:
                form.add_error("position", "This order already has a step at this position.")
            taken.add(form.instance.position)

    def save_existing_objects(self, commit=True):
        self._step_aside()
        return super().save_existing_objects(commit)

    def _step_aside(self):
        """Put what moves or goes where nothing is or will be: no two may ever share a place."""
        moving = [form.instance for form in self.initial_forms if form.has_changed()]
        used = {*self.queryset.values_list("position", flat=True)}
        used |= {form.instance.position for form in self.forms}
        free = (number for number in count() if number not in used)
        self.model.objects.bulk_update(
            [
                self.model(pk=step.pk, position=position)
                for step, position in zip(moving, free, strict=False)
            ],
            ["position"],
        )


class StepsOfOrder(Rows):
    model = WatchStep
    form = StepForm
    formset = StepFormSet
    fields = ["position", "series", "season", "episode", "importance", "reason"]
    autocomplete_fields = ["series", "season", "episode"]
    joins = ["series", "season__series", "episode__season__series"]


@admin.register(WatchOrder)
class WatchOrderAdmin(EntryAdmin):
    list_display = ["name", "state", "updated_at"]
    fieldsets = [(None, {"fields": ["name", "description"]}), PUBLISHING, SOURCES]
    inlines = [StepsOfOrder]
    view_on_site = False


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
