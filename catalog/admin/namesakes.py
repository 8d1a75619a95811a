"""The question whether somebody new is not there already."""

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import reverse
from django.utils.html import format_html

from ..models import LikelyDuplicate, Likeness
from ..models.constraints import unique_constraints
from ..models.text import as_lines, fold
from .boxes import AskedAbout
from .three_way import ThreeWayForm

# The tick that says so of the keys in its value.
ANOTHER = "another"

_MOST_SHOWN = 10


class NamedForm(ThreeWayForm):
    """Asks once, before a name is given that another entry of the kind has.

    Of an id elsewhere, which nobody else may have, it says who has it.
    """

    def clean(self):
        super().clean()
        for name in [each.fields[0] for each in unique_constraints(self._meta.model)]:
            self._say_whose_it_is(name)
        namesakes = self._namesakes()
        known = self.data.get(ANOTHER, "").split()
        if namesakes and not {str(row.pk) for row in namesakes} <= set(known):
            self._ask_who_it_is(namesakes)

    def _say_whose_it_is(self, name):
        value = self.cleaned_data.get(name)
        if name not in self.changed_data or value in (None, ""):
            return
        others = type(self.instance).objects.exclude(pk=self.instance.pk)
        owner = others.filter(**{name: value}).order_by().first()
        if owner is not None:
            message = format_html(
                "“{}” has this id. If it is the same, edit "
                '<a href="{}" target="_blank" rel="noopener">that one</a> (in a new tab), or save '
                "this without the id and merge the two.",
                owner,
                self._address_of(owner),
            )
            self.add_error(name, message)

    def _address_of(self, entry):
        return reverse(admin_urlname(entry._meta, "change"), args=[entry.pk])

    def _namesakes(self):
        before = {fold(name) for name in self._names(self.initial)}
        names = [name for name in self._names(self.cleaned_data) if fold(name) not in before]
        if not names or not self.changed_data:
            return []
        alike = LikelyDuplicate.objects.alike(self.instance, names)
        keys = [key for key, why in alike.items() if why == Likeness.SAME_NAME][:_MOST_SHOWN]
        found = type(self.instance).objects.in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def _names(self, values):
        texts = [values.get(name) or "" for name in self.instance.alike_by if name in self.fields]
        return [line for text in texts for line in as_lines(str(text))]

    def _ask_who_it_is(self, namesakes):
        meta = self.instance._meta
        question = {
            "name": ANOTHER,
            "kind": meta.verbose_name,
            "keys": " ".join(str(row.pk) for row in namesakes),
            "namesakes": [(row, self._address_of(row)) for row in namesakes],
        }
        box = self.fields["name"]
        box.widget = AskedAbout(box.widget, "admin/widgets/namesakes.html", question)
        self.add_error(
            "name",
            f"There is a {meta.verbose_name} of this name already. Edit that one, or tick below "
            "that this is another.",
        )
