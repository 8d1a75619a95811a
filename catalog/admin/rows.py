"""Rows of another model on the page of what they belong to, safe for several editors at once."""

from functools import partial
from itertools import count

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, IntegerField
from django.forms.models import BaseInlineFormSet
from django.utils.functional import cached_property

from ..models.constraints import falls_under, unique_constraints
from ..roles import may_show
from .base import FIELD_WIDGETS
from .relations import RelationSelect
from .standing import why_it_stands
from .standing_rows import StandingRows
from .three_way import ThreeWayForm

GONE = (
    "Somebody deleted this row in the meantime. Tick Delete to let it go, or copy what you typed "
    "into a new row."
)


class RowSelect(RelationSelect):
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


class RowForm(ThreeWayForm):
    gone_message = GONE

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Makes Django pass over a row that nobody touched, so that saving a page costs as much as
        # what was changed on it.
        self.empty_permitted = True
        # Django would ask all constraints at once, without the row's owner and without knowing
        # what else is on the page.
        self.instance.full_clean = partial(self.instance.full_clean, validate_constraints=False)
        self.name_boxes()
        for field in self.fields.values():
            widget = getattr(field.widget, "widget", None)
            if isinstance(widget, RowSelect):
                widget.row = self.instance

    def validate_unique(self):
        """Ask the checks, with the row's owner; what must be unique is the formset's to compare."""
        super().validate_unique()
        if self._errors:
            return
        exclude = self._get_validation_exclusions()
        for constraint in self._meta.model._meta.constraints:
            if isinstance(constraint, CheckConstraint):
                try:
                    constraint.validate(self._meta.model, self.instance, exclude=exclude)
                except ValidationError as error:
                    self._update_errors(error)


class RowFormSet(StandingRows, BaseInlineFormSet):
    """The first ``most`` of the rows; the others are left as they are.

    Rows may be renumbered, change places and take the place of deleted ones on one page.
    """

    most = 100
    # What is posted beyond those and this many new ones is refused without a look at it.
    most_added = 200
    default_error_messages = {
        "too_many_forms": "These are too many rows for one page, so nothing was saved. Save some "
        "of them, and then the others."
    }
    # The record of what is changed; the admin sets it before it saves.
    record = None
    # Whether the user may change what visitors see.
    may_show = True
    # What would go with a row unseen: such a row is deleted on its own page, which shows it.
    holds = []

    def get_queryset(self):
        if not self.is_bound and not hasattr(self, "_queryset"):
            self._queryset = super().get_queryset()[: self.most]
        return super().get_queryset()

    @cached_property
    def row_count(self):
        """How many rows there are, shown or not; it is only asked for when some are not."""
        shown = self.initial_form_count()
        return shown if shown < self.most else max(shown, self.queryset.count())

    @property
    def is_cut(self):
        return self.row_count > self.initial_form_count()

    def kept_forms(self):
        """The valid forms of all rows that there will be once the page is saved."""
        return [
            form
            for form in self.forms
            if form.is_valid()
            and not self._should_delete_form(form)
            and (form.has_changed() or not form.instance._state.adding)
        ]

    def validate_unique(self):
        """Compare the rows as they will be; Django compares with what will have moved or gone."""
        kept = self.kept_forms()
        for constraint in unique_constraints(self.model):
            fields = [self.model._meta.get_field(name) for name in constraint.fields]
            own = [field for field in fields if field != self.fk]
            if not any(field.name in self.form.base_fields for field in own):
                continue  # nothing on the page can change it
            rows = {}
            for form in kept:
                values = tuple(getattr(form.instance, field.attname) for field in own)
                if None not in values:
                    rows.setdefault(values, []).append(form)
            for alike in rows.values():
                self._refuse_repeats(constraint, alike, own)

    def _refuse_repeats(self, constraint, alike, fields):
        touched = [
            form for form in alike if form.has_changed() and falls_under(constraint, form.instance)
        ]
        if not touched:
            return
        is_taken = any(
            not form.has_changed() and falls_under(constraint, form.instance) for form in alike
        )
        for form in touched:
            if is_taken or self._is_taken_in_database(constraint, form):
                box = fields[0].name if len(fields) == 1 else None
                form.add_error(box, constraint.get_violation_error_message())
            is_taken = True

    def _is_taken_in_database(self, constraint, form):
        fields = [self.model._meta.get_field(name) for name in constraint.fields]
        if self.fk in fields and not self.instance._is_pk_set():
            return False
        rows = self.model._default_manager.filter(
            **{field.name: getattr(form.instance, field.attname) for field in fields}
        )
        if constraint.condition is not None:
            rows = rows.filter(constraint.condition)
        if _number_of(constraint, self) or form.instance._state.adding:
            # Those on the page have been compared, and are saved before or step aside.
            free = self._posted
        else:
            free = [row.instance.pk for row in [form, *self._deleted_forms()]]
        return rows.exclude(pk__in=list(free)).exists()

    def clean(self):
        super().clean()
        for form in [] if self.may_show else self._deleted_forms():
            if why := why_it_stands(form.instance):
                raise ValidationError(f"“{form.instance}” cannot be deleted. {why}")
        self._ask_before_deleting_what_changed()
        going = [form.instance.pk for form in self._deleted_forms()] if self.holds else []
        for name in self.holds if going else []:
            full = self.queryset.filter(pk__in=going, **{f"{name}__isnull": False}).first()
            if full is not None:
                raise ValidationError(
                    f"“{full}” has {name.replace('_', ' ')}: delete it on its own page, which "
                    "shows what goes along."
                )

    def _ask_before_deleting_what_changed(self):
        for form in self._deleted_forms():
            labels = form.outdated()
            if labels:
                form.renew()
                raise ValidationError(
                    f"Somebody changed “{form.instance}” while you were editing "
                    f"({', '.join(labels)}). It is shown as it is now, and still ticked: "
                    "save again to delete it all the same."
                )

    def _deleted_forms(self):
        """Unlike ``deleted_forms`` also while other rows have errors."""
        return [
            form
            for form in self.initial_forms
            if not form.instance._state.adding and self._should_delete_form(form)
        ]

    def delete_existing(self, obj, commit=True):
        if commit:
            self.record.delete([obj])

    def save_existing_objects(self, commit=True):
        """As Django does, but what goes makes way first."""
        self.changed_objects, self.deleted_objects = [], []
        going = self._deleted_forms()
        staying = [
            form
            for form in self.initial_forms
            if form not in going and not form.instance._state.adding and form.has_changed()
        ]
        for form in going:
            self.deleted_objects.append(form.instance)
            self.delete_existing(form.instance, commit=commit)
        if commit:
            self._step_aside(staying)
        else:
            self.saved_forms.extend(staying)
        self.changed_objects = [(form.instance, form.changed_data) for form in staying]
        return [self.save_existing(form, form.instance, commit=commit) for form in staying]

    def _step_aside(self, staying):
        """Put what moves where nothing is or will be: no two may ever share a number."""
        for constraint in unique_constraints(self.model):
            name = _number_of(constraint, self)
            moving = [form.instance for form in staying if name in form.changed_data]
            if not moving:
                continue
            used = {*self.queryset.values_list(name, flat=True)}
            used |= {getattr(form.instance, name) for form in self.forms}
            free = (number for number in count() if number not in used)
            self.model.objects.bulk_update(
                [
                    self.model(pk=row.pk, **{name: number})
                    for row, number in zip(moving, free, strict=False)
                ],
                [name],
            )


def _number_of(constraint, formset):
    """The field by which rows are numbered within their owner, if that is what is unique."""
    names = {*constraint.fields} - {formset.fk.name}
    if constraint.condition is not None or len(names) != 1 or len(constraint.fields) != 2:
        return None
    [name] = names
    return name if isinstance(formset.model._meta.get_field(name), IntegerField) else None


class Rows(admin.TabularInline):
    """Rows of another model on the page of what they belong to.

    ``joins`` are the relations whose names the rows show, so that no row asks for them.
    """

    form = RowForm
    formset = RowFormSet
    template = "admin/edit_inline/rows.html"
    formfield_overrides = FIELD_WIDGETS
    extra = 0
    show_change_link = True
    joins = []

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.joins) if self.joins else rows

    def get_formset(self, request, obj=None, **kwargs):
        most = self.formset.most + self.formset.most_added
        kwargs = {"max_num": most, "absolute_max": most, **kwargs}
        formset = super().get_formset(request, obj, **kwargs)
        formset.may_show = formset.form.may_show = may_show(request.user, self.model)
        return formset

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
