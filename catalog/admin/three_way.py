"""Forms that several people may have open at once, and in which nobody overwrites anybody.

A page shows each value twice: in its box, and hidden as what the page showed. So there are three
values when it is posted: the one that was shown (base), the one in the box (mine) and the one that
is stored by now (theirs). A box that was not touched keeps theirs; where only mine differs from the
base, mine is saved; where both do, the form comes back and asks which of the two should stand.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.text import capfirst

from .boxes import AskedAbout, ThreeWayBox
from .standing import why_not_saved
from .who import value_in_words, who_and_when

MINE, THEIRS = "mine", "theirs"

CHOOSE = "Choose below which of the two should stand."


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
        question = {"name": box.choice_name, "theirs": theirs, "who": who, "when": when}
        self.fields[name].widget = AskedAbout(
            box.field.widget, "admin/widgets/conflict.html", question
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
