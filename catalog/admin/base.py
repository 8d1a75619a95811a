"""What every room of the admin shares."""

from functools import partial

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from ..models import LikelyDuplicate, SearchEntry
from ..models.dates import PartialDateField
from ..models.text import fold
from .relations import RelationSelect, RelationSelectMultiple, RowsField
from .standing import StandingAdmin
from .standing_rows import RowOfList, RowsOfList
from .three_way import ThreeWayForm, as_key

SOURCES = ("Sources", {"fields": ["sources"]})
ELSEWHERE = (
    "Elsewhere",
    {
        "fields": ["imdb_id", "tvmaze_id", "tmdb_id", "tvdb_id", "wikidata_id"],
        "classes": ["collapse"],
        "description": "What other catalogues call it.",
    },
)


class PlainText(forms.CharField):
    """Text whose lines end as they are stored: browsers send another end of line than they got."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


FIELD_WIDGETS = {
    PartialDateField: {"widget": AdminTextInputWidget(attrs={"class": "partial-date", "size": 16})},
    models.TextField: {"form_class": PlainText},
}


_PREVIEW_HEIGHT = 60


def thumbnail(image, height=_PREVIEW_HEIGHT):
    """The markup of a small picture, ``height`` pixels high, or None."""
    if image is None or not image.file or not image.height:
        return None
    return format_html(
        '<img src="{}" alt="" width="{}" height="{}" loading="lazy">',
        image.url_for(width := round(image.width * height / image.height)),
        width,
        height,
    )


class CatalogList(ChangeList):
    def get_results(self, request):
        """A number typed into the address that SQLite has no room for is a wrong lookup."""
        try:
            super().get_results(request)
        except OverflowError as error:
            raise IncorrectLookupParameters(error) from error


class CatalogAdmin(StandingAdmin):
    form = ThreeWayForm
    formfield_overrides = FIELD_WIDGETS
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

    def get_object(self, request, object_id, from_field=None):
        """A blank name of a field in the address stands for none; Django looks for a field ""."""
        return super().get_object(request, object_id, from_field or None)

    def response_action(self, request, queryset):
        """Passes over what cannot be a key, as it does over rows that are gone."""
        request.POST = request.POST.copy()
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        keys = [text for text in ticked if as_key(self.model, text) is not None]
        request.POST.setlist(ACTION_CHECKBOX_NAME, keys)
        return super().response_action(request, queryset)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        # Looked at in turn, since what is there may be deleted by whom this waits for.
        return self._recorded(
            self._changeform_of_what_may_be_gone, request, object_id, form_url, extra_context
        )

    def _changeform_of_what_may_be_gone(self, request, object_id, form_url, extra_context):
        """Of what was deleted since the page was shown it keeps what was typed, as a new one."""
        is_gone = (
            request.method == "POST"
            and object_id is not None
            and self.has_add_permission(request)
            and self.get_object(request, unquote(object_id)) is None
        )
        if is_gone:
            request.is_of_deleted = True
            object_id, form_url = None, reverse(admin_urlname(self.opts, "add"))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.is_gone = getattr(request, "is_of_deleted", False)
        return form

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RelationSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RelationSelectMultiple(db_field, self.admin_site))
            kwargs.setdefault("form_class", RowsField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changelist(self, request, **kwargs):
        return CatalogList

    def get_changelist_form(self, request, **kwargs):
        return super().get_changelist_form(request, form=RowOfList, **kwargs)

    def get_changelist_formset(self, request, **kwargs):
        rows = super().get_changelist_formset(request, formset=RowsOfList, **kwargs)
        rows.may_change = partial(self.has_change_permission, request)
        return rows

    def get_changelist_instance(self, request):
        """Boxes that come back with errors stand in the rows in which they were shown."""
        shown = super().get_changelist_instance(request)
        if request.method == "POST" and "_save" in request.POST and shown.list_editable:
            prefix = self.get_changelist_formset(request).get_default_prefix()
            posted = self._get_edited_object_pks(request, prefix)
            keys = [as_key(self.model, text) for text in posted]
            rows = self.get_queryset(request).in_bulk(set(keys) - {None})
            shown.result_list = [rows.get(key) or self.model(pk=key) for key in keys]
        return shown

    def _get_list_editable_queryset(self, request, prefix):
        """All of them: ``RowsOfList`` takes those that were posted, whatever was posted as keys."""
        return self.get_queryset(request)

    def save_related(self, request, form, formsets, change):
        """Says that others have changed the same page, when all of it goes together."""
        super().save_related(request, form, formsets, change)
        rows = (row for formset in formsets for row in formset.initial_forms)
        if any(getattr(each, "renewed", None) for each in (form, *rows)):
            self.message_user(
                request,
                "Others have changed other parts of this page in the meantime: what they saved "
                "stands, and what you saved too.",
            )

    def render_change_form(self, request, context, add=False, **kwargs):
        """What is typed first on a new page goes into its first box."""
        if add:
            fields = context["adminform"].form.fields
            names = flatten_fieldsets(context["adminform"].fieldsets)
            first = next((fields[name] for name in names if name in fields), None)
            if first:
                # A relation has its box inside a frame of buttons.
                box = getattr(first.widget, "widget", first.widget)
                box.attrs["autofocus"] = True
        return super().render_change_form(request, context, add=add, **kwargs)

    def get_search_results(self, request, queryset, search_term):
        """Finds words as they are typed, and as ``sort_name`` has them: O'Shea, renee, PEÑA."""
        find = super().get_search_results
        # Suggestions come here with whatever was typed; PostgreSQL takes no null byte.
        search_term = search_term.replace("\x00", "")
        found, may_repeat = find(request, queryset, search_term)
        folded = fold(search_term)
        fields = self.get_search_fields(request)
        if folded not in {"", search_term} and any("sort_name" in name for name in fields):
            found |= find(request, queryset, folded)[0]
        return found, may_repeat

    def get_deleted_objects(self, objs, request):
        """What the catalogue writes by itself is nobody's to delete, and yet goes with its rows.

        Neither that nor the rows that only tie two others together are worth a line.
        """
        listed, counts, missing_permissions, protected = super().get_deleted_objects(objs, request)
        derived = [SearchEntry, LikelyDuplicate]
        missing_permissions -= {model._meta.verbose_name for model in derived}
        unseen = [*derived, *_ties()]
        for model in unseen:
            counts.pop(model._meta.verbose_name_plural, None)
        starts = tuple(f"{capfirst(model._meta.verbose_name)}: " for model in unseen)
        return _without(listed, starts), counts, missing_permissions, protected


def _ties():
    """The models of the rows that only tie two others together."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.auto_created]


def _without(listed, starts):
    """The nested list of what is deleted, without the lines that begin like one of ``starts``."""
    return [
        _without(line, starts) if isinstance(line, list) else line
        for line in listed
        if isinstance(line, list) or not line.startswith(starts)
    ]


class DerivedAdmin(CatalogAdmin):
    """Rows that the catalogue writes by itself: to look at, not to edit."""

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, self._with_remark(extra_context))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(
            request, object_id, form_url, self._with_remark(extra_context)
        )

    def get_object(self, request, object_id, from_field=None):
        """A key may be a word, and no word has a null byte, for which PostgreSQL raises."""
        if "\x00" in object_id:
            return None
        return super().get_object(request, object_id, from_field)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def _with_remark(self, context):
        return {"subtitle": f"Derived data. {self.remark}", **(context or {})}


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
