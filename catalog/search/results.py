"""What the search pages show."""

from dataclasses import dataclass

from django.core.paginator import Paginator

from ..models import SearchEntry
from ..models.counting import Bounded
from ..models.search_terms import KINDS, Wanted
from .marking import excerpt, marked
from .ranking import MOST, Ranking, Tier, closest
from .spelling import correction

KIND_NAMES = {
    "series": "Series",
    "character": "Characters",
    "person": "People",
    "organization": "Organizations",
    "episode": "Episodes",
    "announcement": "News",
}

_ON_A_PAGE = 20
_OF_EACH_KIND = 5
_MOST_BEST = 4
MOST_SUGGESTIONS = 8


@dataclass
class Found:
    """A search row as a page shows it, the words that were searched for marked."""

    entry: SearchEntry
    name: list
    context: list
    excerpt: list


@dataclass
class Section:
    """The results of one kind, or the first of them."""

    kind: str
    count: Bounded
    found: list

    @property
    def label(self):
        return KIND_NAMES[self.kind]


class Results:
    """What ``text`` finds for ``audience``; with a ``kind``, a page of that kind only.

    ``page`` is text from an address; raises ``InvalidPage`` where there is no such page.
    """

    def __init__(self, text, audience, kind="", page=""):
        self.text = text
        self.kind = kind
        self.wanted = Wanted(text)
        self._audience = audience
        self._ranking = Ranking(self.wanted, audience)
        self.counts = self._ranking.counts
        self.is_known_kind = not kind or kind in KINDS
        paginator = Paginator(range(self.counts.get(kind, 0)), _ON_A_PAGE)
        self.page = paginator.page(page or 1)
        self.best, self.sections = [], []
        if self.kind:
            self._read_page()
        else:
            self._read_best()

    @property
    def total(self):
        return sum(self.counts.values(), Bounded())

    @property
    def tabs(self):
        """Each kind that has results, in the order of the site."""
        return [Section(kind, self.counts[kind], []) for kind in KINDS if kind in self.counts]

    @property
    def is_cut_short(self):
        """Whether more was found of this kind than its pages list."""
        return self.kind in self.counts and self.counts[self.kind].is_more

    @property
    def most(self):
        return MOST

    def correction(self):
        """Another spelling that finds something, when this one finds nothing at all."""
        return "" if self.counts else correction(self.wanted, self._audience)

    def _read_page(self):
        if self.kind not in self.counts:
            return
        first = self._ranking.first(self.page.end_index(), [self.kind])
        shown = self._found(first[self.kind][self.page.start_index() - 1 :])
        self.sections = [Section(self.kind, self.counts[self.kind], list(shown.values()))]

    def _read_best(self):
        first = self._ranking.first(_OF_EACH_KIND + _MOST_BEST)
        everything = [match for matches in first.values() for match in matches]
        things = [match for match in everything if match.tier <= Tier.BEGINNING]
        best = closest(things, _MOST_BEST)
        listed = {
            kind: [match for match in matches if match not in best][:_OF_EACH_KIND]
            for kind, matches in first.items()
        }
        found = self._found([*best, *(match for each in listed.values() for match in each)])
        self.best = [found[match.key] for match in best if match.key in found]
        # The kind with the closest match comes first.
        for kind in sorted(listed, key=lambda kind: (first[kind][0].tier, list(KINDS).index(kind))):
            if listed[kind]:
                shown = [found[match.key] for match in listed[kind] if match.key in found]
                self.sections.append(Section(kind, self.counts[kind], shown))

    def _found(self, matches):
        """{key: Found}, in the order of ``matches``."""
        rows = _rows_of(matches, self._audience)
        words = self.wanted.words
        return {
            match.key: Found(
                entry=rows[match.key],
                name=marked(rows[match.key].name, words),
                context=marked(rows[match.key].context, words),
                excerpt=excerpt(rows[match.key].text, words) if match.tier == Tier.TEXT else [],
            )
            for match in matches
            if match.key in rows
        }


def suggestions(text, audience, kind="", number=MOST_SUGGESTIONS) -> list[SearchEntry]:
    """The search rows that fit what is being typed, the ``number`` closest ones first."""
    kinds = [kind] if kind in KINDS else [] if kind else tuple(KINDS)
    matches = Ranking(Wanted(text), audience, kinds).suggestions(number)
    rows = _rows_of(matches, audience)
    return [rows[match.key] for match in matches if match.key in rows]


def _rows_of(matches, audience):
    """{key: row}, without those that went away since they were found."""
    rows = SearchEntry.objects.visible_to(audience).in_bulk([match.key for match in matches])
    if audience.progress is not None:
        for row in rows.values():
            # The years of a series tell when it ended.
            row.context = "" if row.kind == "series" else row.context
    return rows
