"""Finds whom TVmaze means: by its ids, then by names, and then it asks."""

from collections import Counter

from ...models import Character, Portrayal, Suggestion
from ...models.dates import PartialDate
from ...models.named import entries_named
from ...models.text import fold
from .plan import LEFT_OUT, NEW, Answers, Question
from .told import UNTOLD

# Of a name that more have, nobody looks through all of them.
_MOST_CANDIDATES = 20


class Matching:
    """The entries of ``model`` that ``wanted`` (told values by TVmaze's ids) may be.

    ``found`` are those that are known to be meant, ``certain`` among them; ``questions`` are about
    those of whom one may be. Two of a name are never guessed between. Of characters those in
    ``series`` come first. Costs the same statements however many there are.
    """

    def __init__(self, model, wanted, answers: Answers, details=None, series=None, certain=None):
        self.model = model
        self.wanted = wanted
        self.found = {}
        self.questions = {}
        self._find_by_id()
        self._find_by_suggestion()
        self.found = {**(certain or {}), **self.found}
        rest = {key: told for key, told in wanted.items() if key not in self.found}
        called = entries_named(model, [told.name for told in rest.values()])
        times = Counter(fold(told.name) for told in rest.values())
        here = _characters_of(series) if series is not None and series.pk else set()
        for key, told in rest.items():
            name = fold(told.name)
            rows = [row for row in called.get(name, []) if self._may_be(row)]
            rows = [row for row in rows if row.pk in here] or rows
            if rows:
                question = self._question(key, told, rows[:_MOST_CANDIDATES], details or {})
                self._answer(question, told, answers, is_only_one=times[name] == 1)
                self.questions[key] = question
        self._refuse_taken_twice()

    def row_of(self, key):
        """The entry that is meant; None for a new one."""
        if key in self.found:
            return self.found[key]
        question = self.questions.get(key)
        return question.rows.get(question.value) if question else None

    def why_not(self, key) -> str:
        """Why nobody can be taken for whom TVmaze calls ``key``; "" if somebody can."""
        question = self.questions.get(key)
        if question is None or question.value == NEW or question.value in question.rows:
            return ""
        if question.value == LEFT_OUT:
            return "Left out, as was chosen."
        kind = question.model._meta.verbose_name
        there = "; ".join(question.labels.values())
        if question.is_single:
            return f"There is a {kind} of this name already, who may be the same: {there}."
        return f"Of this name there are {len(question.rows)}: {there}."

    def _find_by_id(self):
        rows = self.model.objects.filter(tvmaze_id__in=list(self.wanted))
        self.found |= {row.tvmaze_id: row for row in rows}

    def _find_by_suggestion(self):
        """Who was said to be the same, while the id could only be suggested."""
        name = self.model._meta.model_name
        waiting = Suggestion.objects.open().filter(field="tvmaze_id", **{f"{name}__isnull": False})
        for suggestion in waiting.select_related(name):
            row = getattr(suggestion, name)
            if suggestion.value in self.wanted and row.tvmaze_id is None:
                self.found.setdefault(suggestion.value, row)

    def _may_be(self, row):
        """Who has another id of TVmaze is somebody else; but a character has one for each show."""
        return row.tvmaze_id is None or self.model is Character

    def _question(self, key, told, rows, details):
        return Question(
            key=f"{self.model._meta.model_name}-{key}",
            model=self.model,
            name=told.name,
            detail=details.get(key, ""),
            rows={str(row.pk): row for row in rows},
            labels={str(row.pk): _label(row) for row in rows},
        )

    @staticmethod
    def _answer(question, told, answers, is_only_one):
        value = answers.chosen.get(question.key)
        if value in {NEW, LEFT_OUT, *question.rows}:
            question.value = value
        elif value is None and answers.takes_single and is_only_one and question.is_single:
            (row,) = question.rows.values()
            if row.tvmaze_id is None and not _contradict(told, row):
                question.value = str(row.pk)

    def _refuse_taken_twice(self):
        """One entry is one of them, not two."""
        taken = {row.pk for row in self.found.values()}
        for question in self.questions.values():
            row = question.rows.get(question.value)
            if row is not None and row.pk in taken:
                question.value = ""
            elif row is not None:
                taken.add(row.pk)


def _characters_of(series):
    parts = Portrayal.objects.filter(series=series).exclude(character=None).order_by()
    return set(parts.values_list("character", flat=True))


def _contradict(told, row):
    """Whether what both know says that they are two: birthdays, ids elsewhere, or a remake."""
    for name in ("born", "died"):
        theirs, ours = getattr(told, name, None), getattr(row, name, None)
        if isinstance(theirs, str) and ours and not PartialDate(theirs).iso.startswith(ours.iso):
            return True
    for name in ("imdb_id", "tvdb_id"):
        theirs, ours = getattr(told, name, None), getattr(row, name, None)
        if theirs not in (UNTOLD, None) and ours and theirs != ours:
            return True
    theirs, ours = getattr(told, "premiered", None), getattr(row, "premiered", None)
    if isinstance(theirs, str) and ours:
        # A pilot may count for one of them, in the year before.
        return abs(int(theirs[:4]) - int(ours.iso[:4])) > 1
    return False


def _label(row):
    """What tells entries of one name apart."""
    details = [
        getattr(row, "occupation", ""),
        f"born {row.born}" if getattr(row, "born", None) else "",
        f"premiered {row.premiered}" if getattr(row, "premiered", None) else "",
        f"TVmaze id {row.tvmaze_id}" if row.tvmaze_id else "",
        row.slug,
        row.state_mark.lower(),
    ]
    return f"{row.name} ({', '.join(filter(None, details))})"
