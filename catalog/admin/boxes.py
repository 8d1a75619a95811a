"""A box whose value several people may change, and the question which value should stand."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe


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


class AskedAbout(forms.Widget):
    """A box with a question below it: ``question`` is what its template shows."""

    def __init__(self, box, template_name, question: dict):
        super().__init__(box.attrs)
        self.box = box
        self.template_name = template_name
        self.question = question

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
