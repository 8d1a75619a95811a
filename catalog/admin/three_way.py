"""Forms that several people may have open at once, and in which nobody overwrites anybody.

A page shows each value twice: in its box, and hidden as what the page showed. So there are three
values when it is posted: the one that was shown (base), the one in the box (mine) and the one that
is stored by now (theirs). A box that was not touched keeps theirs; where only mine differs from the
base, mine is saved; where both do, the form comes back and asks which of the two should stand.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.functional import cached_property
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from .standing import why_not_saved
from .who import value_in_words, who_and_when

MINE, THEIRS = "mine", "theirs"

CHOOSE = "Choose below which of the two should stand."


class ThreeWayBox(BoundField):
    """Shows what is stored now, rather than what was posted, where the form says so."""

    def value(self):
        if self.name in self.form.renewed:
            return self.field.prepare_value(self.initial)
        return super().value()

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        if only_initial and self.name in self.form.renewed | self.form.conflicts.keys():
            widget = widget or self.field.hidden_widget()
            return widget.render(
                name=self.html_initial_name,
                value=self.field.prepare_value(self.initial),
                attrs={"id": self.html_initial_id, **(attrs or {})},
                renderer=self.form.renderer,
            )
        return super().as_widget(widget, attrs, only_initial)

    @property
    def shown(self):
        """What the page showed, as it was posted; None when the form was posted without it."""
        return self.form._widget_data_value(self.field.hidden_widget(), self.html_initial_name)

    @property
    def choice_name(self):
        return f"{self.html_name}-choice"

    def is_touched(self) -> bool:
        """Whether mine differs from the base."""
        if isinstance(self.field, forms.FileField):
            return self.field.has_changed(self.initial, self.data)
        if not self.field.show_hidden_initial or not self.form.tells_what_it_showed:
            return self.field.has_changed(self.initial, self.data)
        shown = self.shown
        # A relation compares its keys as text; reading the row would cost a statement.
        if not isinstance(self.field, forms.ModelChoiceField):
            try:
                shown = self.field.to_python(shown)
            except ValidationError:
                return True
        return self.field.has_changed(shown, self.data)

    def is_outdated(self) -> bool:
        """Whether theirs differs from the base."""
        if isinstance(self.field, forms.FileField):
            return str(self.initial or "") != (self.shown or "")
        return self.field.has_changed(self.initial, self.shown)

    def is_agreed(self) -> bool:
        """Whether mine is the same as theirs."""
        is_file = isinstance(self.field, forms.FileField)
        return not is_file and not self.field.has_changed(self.initial, self.data)


class Settled(forms.Widget):
    """A box with the question below it which of two values should stand."""

    template_name = "admin/widgets/conflict.html"

    def __init__(self, box, *, name, theirs, who, when):
        super().__init__(box.attrs)
        self.box = box
        self.question = {"name": name, "theirs": theirs, "who": who, "when": when}

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"question": self.question}

    def render(self, name, value, attrs=None, renderer=None):
        context = self.get_context(name, value, attrs)
        context["box"] = self.box.render(name, value, attrs, renderer)
        # Ours is among the templates of the site, where the renderer of widgets does not look.
        return mark_safe(TemplatesSetting().render(self.template_name, context))  # noqa: S308 - a template's own output

    def value_from_datadict(self, data, files, name):
        return self.box.value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data, files, name):
        return self.box.value_omitted_from_data(data, files, name)

    def id_for_label(self, id_):
        return self.box.id_for_label(id_)

    def use_required_attribute(self, initial):
        return self.box.use_required_attribute(initial)

    @property
    def is_hidden(self):
        return self.box.is_hidden

    @property
    def media(self):
        return self.box.media


class ThreeWayForm(forms.ModelForm):
    bound_field_class = ThreeWayBox

    # Whether the row was deleted since the page was shown.
    is_gone = False
    gone_message = (
        "Somebody deleted this in the meantime. What you typed stands below: save it to add it "
        "anew, or go to the deleted ones and recover it."
    )

    # Why this user may not change the row, and whether they may change what visitors see.
    why_it_stands = ""
    may_show = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Names of boxes that show what is stored by now, and of those that both have changed.
        self.renewed = set()
        self.conflicts = {}
        if not self.instance._state.adding:
            self.show_what_is_shown()

    def show_what_is_shown(self):
        """Put each value on the page once more, hidden."""
        for name in self._own_names & self.fields.keys():
            self.fields[name].show_hidden_initial = True

    def name_boxes(self):
        """Let a box in a column say what it is, which else only the head of the column says."""
        for field in self.fields.values():
            # A relation has its box inside a frame of buttons.
            box = getattr(field.widget, "widget", field.widget)
            box.attrs.setdefault("aria-label", capfirst(field.label or ""))

    @cached_property
    def _own_names(self):
        """The fields of the model; a form may have boxes of its own besides."""
        meta = self._meta.model._meta
        return {field.name for field in (*meta.fields, *meta.many_to_many)} - {meta.pk.name}

    @cached_property
    def tells_what_it_showed(self):
        """Whether the hidden values were posted; of several keys, none is posted as nothing."""
        hidden = (
            name
            for box in self._boxes()
            for name in (box.html_initial_name, f"{box.html_initial_name}_0")
        )
        return any(name in self.data for name in hidden)

    def _boxes(self):
        key = self._meta.model._meta.pk.name
        return [box for name, box in self._bound_items() if name != key]

    @cached_property
    def changed_data(self):
        """Compared with what the page showed; what others changed since then was not touched."""
        return [box.name for box in self._boxes() if box.is_touched()]

    def full_clean(self):
        if self.is_bound and not self.instance._state.adding and self.tells_what_it_showed:
            self._compare()
        super().full_clean()
        if self.is_gone and self.has_changed():
            self._errors.clear()
            self.add_error(None, self.gone_message)
        if self.is_bound:
            self._refuse_what_stands()

    def _refuse_what_stands(self):
        if self.why_it_stands:
            self._errors.clear()
            self.add_error(None, self.why_it_stands)
            return
        is_sound = not self._errors and self.has_changed()
        if is_sound and not self.may_show and (why := why_not_saved(self.instance)):
            self.add_error(None, why)

    def _compare(self):
        for box in self._boxes():
            if not box.field.show_hidden_initial:
                continue
            is_mine, is_theirs = box.name in self.changed_data, box.is_outdated()
            choice = self.data.get(box.choice_name)
            if is_mine and is_theirs and self._relation(box.name):
                continue  # what each has added and taken out goes together
            if is_theirs and (not is_mine or box.is_agreed()):
                self._renew(box.name)
            elif is_theirs or (is_mine and choice not in {None, MINE, THEIRS}):
                self.conflicts[box.name] = box
            elif is_mine and choice == THEIRS:
                self._renew(box.name)

    def _renew(self, name):
        self.renewed.add(name)
        self.changed_data = [other for other in self.changed_data if other != name]

    def renew(self):
        """Show all boxes as they are stored by now, and compare with that when posted again."""
        for box in self._boxes():
            if box.field.show_hidden_initial:
                self._renew(box.name)

    def outdated(self) -> list[str]:
        """The labels of what others have changed since the page was shown."""
        if not self.tells_what_it_showed:
            return []
        return [
            box.label
            for box in self._boxes()
            if box.field.show_hidden_initial and box.is_outdated()
        ]

    def _clean_fields(self):
        super()._clean_fields()
        for name in self.renewed:
            self._errors.pop(name, None)
            self.cleaned_data[name] = self._stored(name)
        for name, box in self.conflicts.items():
            if name not in self._errors:
                self._ask(name, box)
        for name in self.changed_data:
            if name in self.cleaned_data and self._relation(name) and self.tells_what_it_showed:
                self.cleaned_data[name] = self._joined(name)

    def _stored(self, name):
        field = self._meta.model._meta.get_field(name)
        return self.initial[name] if field.many_to_many else getattr(self.instance, name)

    def _relation(self, name):
        """The field of that name if it holds several rows, else None."""
        fields = {field.name: field for field in self._meta.model._meta.many_to_many}
        return fields.get(name)

    def _joined(self, name):
        """Theirs, with what I added and without what I took out."""
        if self.instance._state.adding:
            return self.cleaned_data[name]
        box = self[name]
        shown, mine = set(box.shown or []), set(box.data or [])
        stored = {str(row.pk): row for row in box.initial}
        added = {str(row.pk): row for row in self.cleaned_data[name] if str(row.pk) not in shown}
        kept = {key: row for key, row in stored.items() if key not in shown - mine}
        return list({**kept, **added}.values())

    def _ask(self, name, box):
        field = self._meta.model._meta.get_field(name)
        who, when = who_and_when(self.instance, name)
        theirs = value_in_words(self.instance, field)
        self.fields[name].widget = Settled(
            box.field.widget, name=box.choice_name, theirs=theirs, who=who, when=when
        )
        self.add_error(name, f"{who} changed this {when}, while you were editing. {CHOOSE}")

    def _post_clean(self):
        if not self.instance._state.adding:
            # What was not touched stays as it is now, which is not always as it was shown.
            for name in (self.cleaned_data.keys() & self._own_names) - set(self.changed_data):
                del self.cleaned_data[name]
        super()._post_clean()


def as_key(model, text):
    """The primary key that was posted as ``text``; None for what cannot be one."""
    try:
        return model._meta.pk.clean(text, None)
    except ValidationError:
        return None


class StandingRows:
    """For formsets of rows that others may delete or move while the page is open.

    Once posted there is one row for each posted key, in the order of the page.
    """

    def get_queryset(self):
        if self.is_bound and not hasattr(self, "_queryset"):
            self._queryset = [self._posted.get(key) or GoneRow(key) for key in self._keys()]
        return super().get_queryset()

    def _existing_object(self, pk):
        return self._posted.get(pk)

    @cached_property
    def _posted(self):
        """Those of the posted rows that are still there, by their keys."""
        return self.queryset.in_bulk(set(self._keys()) - {None})

    def _keys(self):
        """None stands for what cannot be a key."""
        name = self.model._meta.pk.name
        numbers = range(min(self.initial_form_count(), self.absolute_max))
        posted = [self.data.get(f"{self.add_prefix(number)}-{name}") for number in numbers]
        return [as_key(self.model, text) for text in posted]

    def add_fields(self, form, index):
        if index is not None and index < self.initial_form_count():
            form.is_gone = self.is_bound and form.instance._state.adding
            form.show_what_is_shown()
        super().add_fields(form, index)


class GoneRow:
    """Stands among the rows of a page where one was that somebody has deleted since."""

    def __init__(self, pk):
        self.pk = pk

    def __str__(self):
        return "Deleted in the meantime"


class RowOfList(ThreeWayForm):
    """The boxes of one line of a list."""

    gone_message = "Somebody deleted this in the meantime. Copy what you typed, and leave the page."

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Makes Django pass over lines that nobody touched, without a statement for each.
        self.empty_permitted = True
        self.name_boxes()


class RowsOfList(StandingRows, forms.BaseModelFormSet):
    """The boxes of a list of which several people change the rows."""

    # Asked of each changed row; the admin of the list knows.
    may_change = None

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if form.has_changed() and not self.may_change(form.instance):
                raise ValidationError(f"You may not change “{form.instance}”.")
