"""What of an entry can be found, as terms that every database takes as they are.

A term is one folded word behind two letters: what it is a word of, and the kind of the entry. So
"wpbosch" is a word in the names of a person, and the engines need to know nothing of names, texts,
kinds and languages: they are asked for terms and for beginnings of terms.
"""

import re
from typing import NamedTuple

from .text import fold, split_code

# The kinds of entries, in the order in which they are shown, and the letter of each.
KINDS = {
    "series": "s",
    "character": "c",
    "person": "p",
    "organization": "o",
    "episode": "e",
    "announcement": "a",
}
# Kinds that are known by the end of their name as well; it may have two words, as in "van Damme".
KNOWN_BY_LAST_NAME = ("character", "person")
MOST_LAST_NAMES = 2

WORD, OTHER_NAME, ANY_ORDER, LAST_NAME, TEXT = "w", "o", "r", "l", "t"
# The halves of a name, with its length, and its letters: by these its near misses are found.
START, END, LETTERS = "b", "e", "m"

# More words than any name has: what follows them can only be a paste.
_MOST_WORDS = 12
_LONGEST_WORD = 60
_LONGEST_NAME = 200
# Much longer than any biography, and what PostgreSQL takes for one row.
_LONGEST_TEXT = 100_000
# Fewer letters than these must be a whole word of a text: nearly every text has words in "a".
_SHORTEST_BEGINNING_IN_TEXT = 3

_JOINTS = re.compile(r"(?<=\w)[-‐‑.](?=\w)")
# Between the initials of "j k simmons".
_INITIALS = re.compile(r"(?<=\b\w) (?=\w\b)")
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ‘`´](?=\w\w)")


_EPISODE = re.compile(r"s\d+e\d+")


class Term(NamedTuple):
    """``text`` itself, or whatever begins with it."""

    text: str
    is_beginning: bool = False


def name_forms(name: str) -> list[str]:
    """The folded forms in which people type ``name``, the usual one first.

    "O'Shea" is "oshea" and "o shea"; "Jay-Z" is "jay z" and "jayz"; "L.A.P.D." is "lapd" too, and
    "J. K. Simmons" is "jk simmons".
    """
    forms = [
        name,
        _APOSTROPHES.sub(" ", name),
        _JOINTS.sub("", name),
        name.replace("&", " and "),
        _with_code(name),
        _INITIALS.sub("", fold(name)),
    ]
    return list(dict.fromkeys(filter(None, map(fold, forms))))


def padded_names(forms) -> str:
    """Folded names in one text, a blank at both ends of each word: "| harry bosch | hb |"."""
    forms = list(dict.fromkeys(form for form in forms if form))
    return f"| {' | '.join(forms)} |" if forms else ""


def padded_text(text: str) -> str:
    """The words of ``text``, folded, a blank at both ends of each."""
    folded = fold(text)[:_LONGEST_TEXT]
    return f" {folded} " if folded else ""


def terms_of(kind: str, sort_name: str, names: str, body: str) -> list[str]:
    """The terms of a row whose ``names`` and ``body`` are padded."""
    letter = KINDS[kind]
    forms = [form.strip() for form in names.split("|") if form.strip()]
    terms = [WORD + letter + word[:_LONGEST_WORD] for form in forms for word in form.split()]
    terms += [OTHER_NAME + letter + _joined(form) for form in forms if form != sort_name]
    if " " in sort_name:
        terms.append(ANY_ORDER + letter + in_any_order(sort_name))
    if kind in KNOWN_BY_LAST_NAME:
        words = sort_name.split()
        for number in range(1, min(MOST_LAST_NAMES, len(words) - 1) + 1):
            terms.append(LAST_NAME + letter + _joined(" ".join(words[-number:])))
        terms += [term.text for form in forms for term in _parts(kind, form)]
    terms += [TEXT + letter + word[:_LONGEST_WORD] for word in body.split()]
    return list(dict.fromkeys(terms))


def in_any_order(name: str) -> str:
    """The same text for folded names of the same words: "ballard renee" and "renee ballard"."""
    return _joined(" ".join(sorted(name.split())))


def terms_like(names: list[str], kind: str) -> list[Term]:
    """The terms of which each name has one that is ``names``, or a letter away from one of them.

    A letter more, less or another is in one half of a name and leaves the other half as it is; two
    that changed places leave the same letters, as words do.
    """
    terms = []
    for name in names:
        for length in range(max(1, len(name) - 1), len(name) + 2):
            terms += _halves(kind, length, name[: length // 2], name[length // 2 - length :])
        terms.append(_letters(kind, name))
    return list(dict.fromkeys(terms))


def _parts(kind, name):
    half = len(name) // 2
    return [*_halves(kind, len(name), name[:half], name[half:]), _letters(kind, name)]


def _halves(kind, length, start, end):
    halves = ((START, start), (END, end))
    return [_term(family, kind, f"{length}_{_joined(half)}", False) for family, half in halves]


def _letters(kind, name):
    return _term(LETTERS, kind, "".join(sorted(name.replace(" ", ""))), False)


def _with_code(text):
    """``text`` with the code of an episode as their names have it: "3x10" is "s3e10"."""
    rest, season, episode = split_code(text)
    return text if episode is None else f"{rest} s{season}e{episode}"


def _joined(name):
    return name.replace(" ", "_")[:_LONGEST_NAME]


class Wanted:
    """What someone searches for: ``text`` folded, and its ``words``."""

    def __init__(self, text: str):
        self.text = fold(_with_code(text))[:_LONGEST_NAME].strip()
        self.words = [word[:_LONGEST_WORD] for word in self.text.split()[:_MOST_WORDS]]

    def __bool__(self):
        return bool(self.words)

    # Each of these is asked of the engine: all of the groups, any term of a group.

    def in_names(self, kinds=tuple(KINDS)) -> list[list[Term]]:
        """Every word begins a word of the names."""
        return [[_term(WORD, kind, word, may_begin(word)) for kind in kinds] for word in self.words]

    def as_words_of_names(self, kind) -> list[list[Term]]:
        return [[_term(WORD, kind, word, False)] for word in self.words]

    def anywhere(self, kind) -> list[list[Term]]:
        """Every word begins a word of the names or of the text."""
        return [word_anywhere(word, [kind]) for word in self.words]

    def as_other_name(self, kind, *, is_beginning) -> list[list[Term]]:
        return [[_term(OTHER_NAME, kind, _joined(self.text), is_beginning)]]

    def as_name_in_any_order(self, kind) -> list[list[Term]]:
        return [[_term(ANY_ORDER, kind, in_any_order(self.text), False)]]

    def as_last_name(self, kind, *, is_beginning=False) -> list[list[Term]]:
        return [[_term(LAST_NAME, kind, _joined(self.text), is_beginning)]]


def word_anywhere(word: str, kinds=tuple(KINDS)) -> list[Term]:
    """The terms of which one is enough for ``word`` to be somewhere."""
    terms = [_term(WORD, kind, word, may_begin(word)) for kind in kinds]
    return terms + [_term(TEXT, kind, word, may_begin_in_text(word)) for kind in kinds]


def word_of_names(word: str) -> list[Term]:
    """The terms of which one is enough for ``word`` to be a whole word of a name."""
    return [_term(WORD, kind, word, False) for kind in KINDS]


def may_begin(word: str) -> bool:
    """Whether ``word`` finds longer words of names too: "s1e1" is not meant for "s1e10"."""
    return not _EPISODE.fullmatch(word)


def may_begin_in_text(word: str) -> bool:
    """Whether ``word`` finds longer words of a text too."""
    return len(word) >= _SHORTEST_BEGINNING_IN_TEXT and may_begin(word)


def _term(family, kind, text, is_beginning):
    return Term(family + KINDS[kind] + text, is_beginning)
