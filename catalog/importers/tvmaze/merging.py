"""Field by field: what the last import wrote, what stands here now, and what TVmaze says."""

from django.db import models
from django.utils.text import capfirst

from ...history.since import last_written
from ...history.versions import kept_value
from ...models import Change, Suggestion
from ...models.suggestions import in_words, words_of
from .plan import Difference, Outcome
from .values import is_called


class Merging:
    """For ``rows`` of one model; looks up at once what is known of them."""

    def __init__(self, rows):
        self._bases, self._stored = {}, {}
        if not rows:
            return
        model, keys = type(rows[0]), [row.pk for row in rows]
        self._bases = last_written(model, keys, Change.Kind.TVMAZE)
        name = f"{model._meta.model_name}_id"
        self._stored = {
            (getattr(each, name), each.field): each for each in Suggestion.objects.of(model, keys)
        }

    def merge(self, planned, told, why_held):
        """Sort ``told`` into what is set, what is suggested and what both agree on.

        A field is set if it has what the last import wrote, or nothing; where an editor has
        written something else, that stays. Of a row that is held nothing is set.
        """
        row, base = planned.row, self._bases.get(planned.row.pk, {})
        for name, value in told.items():
            field = row._meta.get_field(name)
            now, theirs = kept_value(row, field), kept(value)
            stored = self._stored.get((row.pk, name))
            if now == theirs or (name == "name" and name not in base and is_called(row, value)):
                planned.settled += [stored] if stored else []
                continue
            is_ours_to_set = now == base[name] if name in base else now in (None, "")
            if theirs in (None, "") and not (is_ours_to_set and name in base):
                continue
            difference = Difference(
                capfirst(field.verbose_name), words_of(field, row), in_words(field, value)
            )
            if is_ours_to_set and not why_held:
                planned.values[name] = value
                planned.differences.append(difference)
                planned.settled += [stored] if stored else []
            elif theirs not in (None, "") and not _is_declined(stored, theirs):
                planned.suggested[name] = value
                planned.suggestions.append(difference)
                if stored:
                    planned.stored[name] = stored
        planned.outcome = Outcome.UPDATED if planned.values else Outcome.UNCHANGED
        if planned.suggested and why_held:
            planned.note = f"{why_held} {planned.note}".strip()


def _is_declined(stored, value):
    return stored is not None and stored.declined and stored.value == value


def kept(value):
    """As the history keeps it; of a row that is not saved yet something that equals no key."""
    if isinstance(value, models.Model):
        return value.pk or ("new", value.name)
    return getattr(value, "iso", value)
