"""Writes the boxes of forms as Django's templates do, but without templates.

A page of the admin has hundreds, and the attributes of a box and each option of a list would be
templates of their own.
"""

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape

_FOLDER = "django/forms/widgets/"
_OPTION = f"{_FOLDER}select_option.html"
_SELECT = f"{_FOLDER}select.html"
# Their templates include input.html and are nothing else.
_INPUTS = {
    f"{_FOLDER}{name}.html"
    for name in ("checkbox", "date", "email", "file", "hidden", "number", "text", "time", "url")
}


class BoxRenderer(DjangoTemplates):
    def render(self, template_name, context, request=None):
        if template_name in _INPUTS:
            return _input(context["widget"])
        if template_name == _SELECT and _is_plain(context["widget"]):
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _is_plain(widget):
    return all(
        not group and option["template_name"] == _OPTION
        for group, options, _ in widget["optgroups"]
        for option in options
    )


def _input(widget):
    value = widget["value"]
    shown = "" if value is None else f' value="{_raw(value)}"'
    name = _text(widget["name"])
    return f'<input type="{_text(widget["type"])}" name="{name}"{shown}{_attributes(widget)}>'


def _select(widget):
    options = "".join(
        f'\n  <option value="{_raw(option["value"])}"{_attributes(option)}>'
        f"{_text(option['label'])}</option>\n"
        for _, options, _ in widget["optgroups"]
        for option in options
    )
    return f'<select name="{_text(widget["name"])}"{_attributes(widget)}>{options}\n</select>'


def _attributes(widget):
    return "".join(
        f" {_text(name)}" if value is True else f' {_text(name)}="{_raw(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _raw(value):
    """As ``stringformat:"s"``: numbers and dates in no language's form."""
    return conditional_escape(str(value))


def _text(value):
    return conditional_escape(localize(value))
