"""What someone may have meant whose words are nowhere."""

from itertools import islice, product

from django.db.models import Q

from ..models import SearchWord
from ..models.search_terms import Wanted, word_anywhere, word_of_names
from .ranking import Ranking

# A longer text has not one misspelt word in it, but is a sentence.
_MOST_WORDS = 5
_MOST_CANDIDATES = 12
_MOST_TRIES = 6
_LAST_CHARACTER = "\U0010ffff"


def correction(wanted, audience) -> str:
    """``wanted`` with words that names have in the place of those that nothing has, or "".

    Whatever is suggested finds something that ``audience`` may see.
    """
    words = wanted.words
    if not 0 < len(words) <= _MOST_WORDS:
        return ""
    ranking = Ranking(wanted, audience)
    known = ranking.numbers([word_anywhere(word)] for word in words)
    if all(known):
        return ""
    choices = [
        [word] if number else _alike(word, ranking)
        for word, number in zip(words, known, strict=True)
    ]
    for chosen in islice(product(*choices), _MOST_TRIES):
        text = " ".join(chosen)
        if Ranking(Wanted(text), audience, most=1).counts:
            return text
    return ""


def _alike(word, ranking):
    """Visible words of names that ``word`` may be a slip of, the likeliest first."""
    most = 1 if len(word) < 5 else 2
    near = []
    for other in _candidates(word):
        distance = _distance(word, other, most)
        if distance <= most:
            near.append((distance, other[0] != word[0], other))
    near = sorted(near)[:_MOST_CANDIDATES]
    numbers = ranking.numbers([word_of_names(other)] for _, _, other in near)
    likely = sorted(
        (distance, elsewhere, -number, other)
        for (distance, elsewhere, other), number in zip(near, numbers, strict=True)
        if number
    )
    return [other for *_, other in likely]


def _candidates(word):
    """Words of names that begin or end as ``word`` does: hardly a slip changes both ends."""
    if len(word) < 3:
        return
    start, end = word[:2], word[:-3:-1]
    rows = SearchWord.objects.filter(
        Q(word__gte=start, word__lt=start + _LAST_CHARACTER)
        | Q(backwards__gte=end, backwards__lt=end + _LAST_CHARACTER)
    )
    for other in rows.values_list("word", flat=True).iterator():
        if abs(len(other) - len(word)) <= 2:
            yield other


def _distance(one, other, most):
    """Letters to add, drop, change or swap with their neighbour; ``most`` + 1 for any more."""
    before, above = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, mark in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != mark))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == mark:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, above = above, row
    return above[-1]
