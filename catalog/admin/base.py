"""What every room of the admin shares."""

from django import forms
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import model_ngettext
from django.contrib.admin.widgets import (
    AdminTextInputWidget,
    AutocompleteSelect,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import UniqueConstraint, Value
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property

from ..models import SearchEntry, State
from ..models.dates import PartialDateField

PUBLISHING = ("Publishing", {"fields": ["state", "publish_at", "slug", "created_at", "updated_at"]})
SOURCES = ("Sources", {"fields": ["sources"]})
ELSEWHERE = (
    "Elsewhere",
    {
        "fields": ["imdb_id", "tvmaze_id", "tmdb_id", "tvdb_id", "wikidata_id"],
        "classes": ["collapse"],
        "description": "What other catalogues call it.",
    },
)

_FIELD_WIDGETS = {
    PartialDateField: {"widget": AdminTextInputWidget(attrs={"class": "partial-date", "size": 16})},
}


class CatalogAdmin(admin.ModelAdmin):
    formfield_overrides = _FIELD_WIDGETS
    save_on_top = True
    # The total beside a search result would cost a count of the whole table.
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_queryset(self, request):
        """Joins ``list_select_related`` itself: Django does not where a manager joins already."""
        rows = super().get_queryset(request)
        joins = self.get_list_select_related(request)
        return rows.select_related(*joins) if joins else rows

    def get_deleted_objects(self, objs, request):
        """Search entries are nobody's to delete, and yet go with what they find."""
        listed, counts, missing_permissions, protected = super().get_deleted_objects(objs, request)
        missing_permissions.discard(SearchEntry._meta.verbose_name)
        return listed, counts, missing_permissions, protected


class EntryAdmin(CatalogAdmin):
    """Entries: what has a page of its own and is a draft before it is published."""

    list_filter = ["state"]
    search_fields = ["name", "sort_name", "slug"]
    autocomplete_fields = ["sources"]
    readonly_fields = ["created_at", "updated_at"]
    actions = ["publish", "send_to_review", "take_back_to_draft"]

    @admin.action(description="Publish selected %(verbose_name_plural)s", permissions=["change"])
    def publish(self, request, queryset):
        self._move(request, queryset, State.PUBLISHED)

    @admin.action(
        description="Send selected %(verbose_name_plural)s to review", permissions=["change"]
    )
    def send_to_review(self, request, queryset):
        self._move(request, queryset, State.IN_REVIEW)

    @admin.action(
        description="Take selected %(verbose_name_plural)s back to draft", permissions=["change"]
    )
    def take_back_to_draft(self, request, queryset):
        self._move(request, queryset, State.DRAFT)

    def _move(self, request, queryset, state):
        """Save each entry by itself, so that its search row follows."""
        with transaction.atomic():
            entries = list(queryset.exclude(state=state))
            for entry in entries:
                entry.state = state
                entry.save(update_fields=["state"])
            if entries:
                LogEntry.objects.log_actions(
                    request.user.pk, entries, CHANGE, [{"changed": {"fields": ["State"]}}]
                )
        count = len(entries)
        self.message_user(
            request, f"{count} {model_ngettext(self.opts, count)}: now “{state.label.lower()}”."
        )


class DerivedAdmin(CatalogAdmin):
    """Rows that the catalogue writes by itself: to look at, not to edit."""

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, self._with_remark(extra_context))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(
            request, object_id, form_url, self._with_remark(extra_context)
        )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def _with_remark(self, context):
        return {"subtitle": f"Derived data. {self.remark}", **(context or {})}


class RowSelect(AutocompleteSelect):
    """An autocomplete box that takes its label from the row it stands in.

    The stock box asks the database for it: one statement for each box of each row.
    """

    row = None

    def optgroups(self, name, value, attr=None):
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        if any(value):
            chosen = self.field.get_cached_value(self.row, default=None) if self.row else None
            if chosen is None or value != [str(chosen.pk)]:
                return super().optgroups(name, value, attr)
            label = self.choices.field.label_from_instance(chosen)
            options.append(self.create_option(name, chosen.pk, label, True, len(options)))
        return [(None, options, 0)]


class RowForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Makes Django pass over a row that nobody touched, so that saving a page costs as much as
        # what was changed on it.
        self.empty_permitted = True
        for field in self.fields.values():
            widget = getattr(field.widget, "widget", None)
            if isinstance(widget, RowSelect):
                widget.row = self.instance

    def validate_unique(self):
        """Ask the constraints that name the row's owner too.

        Django leaves the owner out when it validates a row, and with it all such constraints; what
        they forbid would end as an IntegrityError.
        """
        super().validate_unique()
        if self._errors:
            return
        try:
            self.instance.validate_constraints(exclude=self._get_validation_exclusions())
        except ValidationError as error:
            self._update_errors(error)


class RowFormSet(BaseInlineFormSet):
    """The first ``most`` of the rows; the others are left as they are."""

    most = 100

    def get_queryset(self):
        if not hasattr(self, "_queryset"):
            rows = super().get_queryset()
            # What was shown comes back, whatever others have added before it in the meantime.
            self._queryset = (
                rows.filter(pk__in=self._posted_keys()) if self.is_bound else rows[: self.most]
            )
        return self._queryset

    def _posted_keys(self):
        count = min(self.initial_form_count(), self.absolute_max)
        pk = self.model._meta.pk
        keys = []
        for number in range(count):
            try:
                keys.append(pk.clean(self.data.get(f"{self.add_prefix(number)}-{pk.name}"), None))
            except ValidationError:  # no key at all: the form of that row will say so
                continue
        return keys

    @cached_property
    def row_count(self):
        """How many rows there are, shown or not; it is only asked for when some are not."""
        shown = self.initial_form_count()
        return shown if shown < self.most else max(shown, self.queryset.count())

    @property
    def is_cut(self):
        return self.row_count > self.initial_form_count()

    def validate_unique(self):
        super().validate_unique()
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and constraint.condition is not None:
                self._validate_conditional(constraint)

    def _validate_conditional(self, constraint):
        """Compare the rows of the page; Django does not where the constraint has a condition."""
        seen = set()
        for form in self.forms:
            if form in self.deleted_forms or not form.has_changed() or not form.is_valid():
                continue
            row = {
                field.name: Value(getattr(form.instance, field.attname), field)
                for field in self.model._meta.fields
            }
            if not constraint.condition.check(row):
                continue
            values = tuple(row[name].value for name in constraint.fields)
            if values in seen:
                form.add_error(None, constraint.get_violation_error_message())
            seen.add(values)


class Rows(admin.TabularInline):
    """Rows of another model on the page of what they belong to.

    ``joins`` are the relations whose names the rows show, so that no row asks for them.
    """

    form = RowForm
    formset = RowFormSet
    template = "admin/edit_inline/rows.html"
    formfield_overrides = _FIELD_WIDGETS
    extra = 0
    show_change_link = True
    joins = []

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.joins) if self.joins else rows

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            # A row has room for one button beside a box: the one that adds what is missing.
            field.widget.can_change_related = False
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RowSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ChosenFilter(admin.RelatedFieldListFilter):
    """Says which row a list is narrowed to, and leads back; never a list of all rows."""

    include_empty_choice = False

    def field_choices(self, field, request, model_admin):
        try:
            keys = [field.target_field.clean(value, None) for value in self.lookup_val or []]
        except ValidationError:  # typed into the address; the list itself will say so
            return []
        return field.get_choices(include_blank=False, limit_choices_to={"pk__in": keys})

    def has_output(self):
        return bool(self.lookup_choices)


def only_used(path: str):
    """A list filter by the relation at ``path`` that offers only what some row of the list has."""
    return (path, admin.RelatedOnlyFieldListFilter)


def only_chosen(path: str):
    """A list filter by the relation at ``path`` for relations to thousands of rows."""
    return (path, ChosenFilter)
