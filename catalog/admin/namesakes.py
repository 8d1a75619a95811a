"""The question whether somebody new is not there already."""

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.urls import reverse

from ..models import LikelyDuplicate, Likeness
from ..models.text import as_lines, fold
from .three_way import AskedAbout, ThreeWayForm

# The tick that says so of the keys in its value.
ANOTHER = "another"

_MOST_SHOWN = 10


class NamedForm(ThreeWayForm):
    """Asks once, before a name is given that another entry of the kind has."""

    def clean(self):
        super().clean()
        namesakes = self._namesakes()
        known = self.data.get(ANOTHER, "").split()
        if namesakes and not {str(row.pk) for row in namesakes} <= set(known):
            self._ask_who_it_is(namesakes)

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
        address = admin_urlname(meta, "change")
        question = {
            "name": ANOTHER,
            "kind": meta.verbose_name,
            "keys": " ".join(str(row.pk) for row in namesakes),
            "namesakes": [(row, reverse(address, args=[row.pk])) for row in namesakes],
        }
        box = self.fields["name"]
        box.widget = AskedAbout(box.widget, "admin/widgets/namesakes.html", question)
        self.add_error(
            "name",
            f"There is a {meta.verbose_name} of this name already. Edit that one, or tick below "
            "that this is another.",
        )
