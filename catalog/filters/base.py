"""What every list's filter shares: narrowing, counting its options, sorting, and its address."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django_filters import FilterSet

from ..models import SearchEntry
from ..models.counting import (
    MOST_ROWS,
    THE_OPTION,
    Bounded,
    bound_for,
    bounded_count,
    count_each,
)
from .options import ALL, EntryFilter, Option, TextFilter
from .sorting import SortChoice

# Up to this many entries of a list are looked up from the rows that tie them.
_FEW = 2_000


@dataclass
class Facet:
    """A filter as the page shows it; ``form`` is "boxes", "list" or "entry"."""

    name: str
    label: str
    form: str
    options: list
    errors: list
    suggest: str = ""
    typed: str = ""
    match: list = field(default_factory=list)

    @property
    def partial(self) -> str:
        return f"catalog/_facet_{self.form}.html"

    @property
    def chosen(self) -> list:
        return [option for option in self.options if option.chosen]


@dataclass(frozen=True)
class Chip:
    """An active filter, and the address of the list without it."""

    label: str
    text: str
    address: str


class CatalogFilter(FilterSet):
    """Narrows what is already visible.

    A list states its filters and ``orders``, and says in two methods what they mean:
    ``links`` gives the rows that tie its entries to what was chosen, so that a series, a job
    and a department are those of one and the same credit; ``conditions`` gives what else must
    hold of an entry. Both get ``chosen``: the keys of what was chosen by the
    name of the filter. The counts of the options ask the same two methods.
    """

    orders: dict = {}
    default_sort = "name"
    # The field of ``links`` that names the entry.
    target = ""

    q = TextFilter()
    sort = SortChoice()

    def links(self, chosen):
        """Querysets of rows that tie entries to ``chosen``; None when nothing asks for any."""
        return

    def conditions(self, chosen, to_entry):
        """Further conditions on an entry, on a row from which ``to_entry`` leads to it."""
        return []

    # Narrowing

    def filter_queryset(self, queryset):
        return self._sorted(self.rows(self.chosen, are_many=self.count > _FEW))

    @cached_property
    def count(self):
        """How many entries the list has, up to a bound."""
        return self._count(self.chosen, MOST_ROWS)

    @property
    def chosen(self):
        """{name: keys of what is chosen}, without what is not."""
        chosen = {}
        for name, value in self.form.cleaned_data.items():
            if name == "sort" or not value:
                continue
            declared = self.filters[name]
            if name == "q":
                chosen[name] = value
            elif not declared.several:
                if value[0].key:
                    chosen[name] = value[0].key
            else:
                chosen[name] = [choice.key for choice in value]
        return chosen

    def narrow(self, rows, chosen):
        """``rows`` narrowed by columns of their own."""
        return rows

    def rows(self, chosen, *, are_many=True):
        """The visible entries that ``chosen`` leaves.

        ``are_many`` decides how they are found: a page of many is soon full when each entry
        is asked for its links; a few are better looked up from the links.
        """
        rows = self.narrow(self.queryset, chosen).filter(*self._conditions(chosen, ""))
        links = self._links(chosen)
        if links is None:
            return rows
        if are_many:
            return rows.filter(self._tied_by(links, OuterRef("pk")))
        tied = Q()
        for link in links:
            tied |= Q(pk__in=link.values(self.target))
        return rows.filter(tied)

    def _conditions(self, chosen, to_entry):
        conditions = [*self.conditions(chosen, to_entry)]
        if text := chosen.get("q"):
            kind = self.queryset.model._meta.model_name
            found = SearchEntry.objects.with_words_in_names(text).exclude(**{kind: None})
            conditions.append(Q(**{f"{to_entry}pk__in": found.values(kind)}))
        if self._asks_for_all(chosen):
            # Each series must tie the entry by rows of its own; the last does so in ``links``.
            for series in chosen["series"][:-1]:
                links = self.links({**chosen, "series": [series]})
                conditions.append(self._tied_by(links, OuterRef(f"{to_entry}pk")))
        return conditions

    def _tied_by(self, links, entry):
        tied = Q()
        for link in links:
            tied |= Q(Exists(link.filter(**{self.target: entry})))
        return tied

    def _links(self, chosen):
        if self._asks_for_all(chosen):
            chosen = {**chosen, "series": chosen["series"][-1:]}
        return self.links(chosen)

    @staticmethod
    def _asks_for_all(chosen):
        return chosen.get("match") == ALL and len(chosen.get("series", ())) > 1

    # Counting

    def count_entries(self, kind, keys) -> dict:
        """{key: how many entries the list would have with it} for entries of ``kind`` to choose.

        Empty when the list does not ask for that kind, or is asked for something that is not there.
        """
        if not self.form.is_valid():
            return {}
        for name, declared in self.filters.items():
            if isinstance(declared, EntryFilter) and declared.kind == kind:
                return self._count_with(name, keys)
        return {}

    def _count_options(self, name, options):
        """Tell each of ``options`` how many entries the list would have with it."""
        counts = self._count_with(name, [option.key for option in options])
        for option in options:
            option.count = counts[option.key]

    def _count_match(self, of, options):
        """Tell "any" and "all" how many entries they would leave, once they differ."""
        chosen = self.chosen
        if len(chosen.get(of, ())) > 1:
            most = bound_for(len(options))
            for option in options:
                option.count = self._count({**chosen, "match": option.key}, most)

    def _count_with(self, name, keys):
        declared, chosen = self.filters[name], self.chosen
        rest = {other: others for other, others in chosen.items() if other != name}
        kept = chosen.get(name, []) if declared.several and chosen.get("match") == ALL else []

        def with_option(key):
            # What is chosen by its name may be several entries of that name.
            key = [key] if isinstance(declared, EntryFilter) else key
            return {**rest, name: [*kept, key] if declared.several else key}

        most = bound_for(len(keys))
        if declared.is_structural:
            return {key: self._count(with_option(key), most) for key in keys}
        if declared.of_entry or self._links(with_option(THE_OPTION)) is None:
            return count_each(lambda key: self.rows(with_option(key)).values("pk"), keys, most)
        return self._count_ties(with_option, keys, most)

    def _count_ties(self, with_option, keys, most):
        """{key: count}, counted in the rows that tie the entries, which stops early."""
        counts = [
            count_each(lambda key, arm=arm: self._tied(with_option(key), arm), keys, most)
            for arm in range(len(self._links(with_option(THE_OPTION))))
        ]
        return {key: sum((of_arm[key] for of_arm in counts), Bounded()) for key in keys}

    def _count(self, chosen, most):
        arms = self._links(chosen)
        if arms is None:
            return bounded_count(self.rows(chosen).values("pk"), most)
        counts = (bounded_count(self._tied(chosen, arm), most) for arm in range(len(arms)))
        total = sum(counts, Bounded())
        return Bounded.of(total + total.is_more, most)

    def _tied(self, chosen, arm):
        """The entries that the rows of one arm tie and no earlier one does, each once."""
        links = self._links(chosen)
        rows = links[arm]
        is_entry = rows.model is self.queryset.model
        rows = rows.filter(*self._conditions(chosen, "" if is_entry else f"{self.target}__"))
        for earlier in links[:arm]:
            rows = rows.filter(~Exists(earlier.filter(**{self.target: OuterRef(self.target)})))
        return rows.values(self.target).distinct()

    # Sorting

    def sort_choices(self):
        names = []
        for name, order in self.orders.items():
            names += [
                (name, f"{order.label}, {order.up}"),
                (f"-{name}", f"{order.label}, {order.down}"),
            ]
        return names

    @property
    def sorted_by(self) -> str:
        return getattr(self.form, "cleaned_data", {}).get("sort") or self.default_sort

    def _sorted(self, rows):
        name = self.sorted_by
        order = self.orders[name.lstrip("-")]
        return rows.order_by(*order.terms(self, descending=name.startswith("-")))

    # What the page shows

    @property
    def facets(self):
        """The filters with their options counted, in the order in which they are declared."""
        return [
            self._facet(name, declared)
            for name, declared in self.filters.items()
            if name not in {"q", "sort", "match"}
        ]

    def _facet(self, name, declared):
        errors = self.form.errors.get(name, [])
        if isinstance(declared, EntryFilter):
            value = self.form.cleaned_data.get(name, [])
            options = [Option(named.value, named.key, named.label, chosen=True) for named in value]
            facet = Facet(name, declared.label, "entry", options, errors, suggest=declared.kind)
            if errors:
                # Back to where they were written, to be mended.
                *ticked, facet.typed = self.form[name].value()
                facet.options = [Option(text, None, text, chosen=True) for text in ticked]
        else:
            options = self.form.fields[name].options
            if self.form.is_valid():
                self._count_options(name, options)
            form = "boxes" if declared.several else "list"
            facet = Facet(name, declared.label, form, options, errors)
        match = self.filters.get("match")
        if match and match.of == name:
            facet.match = self.form.fields["match"].options
            if self.form.is_valid():
                self._count_match(name, facet.match)
        return facet

    @property
    def type_aheads(self):
        return [name for name, each in self.filters.items() if isinstance(each, EntryFilter)]

    @property
    def chips(self):
        return [
            Chip(self.filters[name].label, label, self.address(without=(name, value)))
            for name, value, label in self.told
            if name not in {"sort", "match"}
        ]

    @property
    def text(self) -> str:
        """What the names are searched for; "" when they are not."""
        return self.chosen.get("q", "") if self.form.is_valid() else ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chips)

    @property
    def query(self) -> str:
        """The state of the list as the one address that says it, without the page."""
        return urlencode([(name, value) for name, value, label in self.told])

    def address(self, without):
        """The query of this list without one (name, value); "" when nothing is left."""
        kept = [(name, value) for name, value, label in self.told if (name, value) != without]
        names = [name for name, _ in kept]
        match = self.filters.get("match")
        if match and names.count(match.of) < 2:
            kept = [pair for pair in kept if pair[0] != "match"]
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def told(self):
        """(name, value, label) of all that is chosen, in the order of the address."""
        cleaned = self.form.cleaned_data if self.form.is_valid() else {}
        told = []
        for name in [*(n for n in self.filters if n not in {"q", "sort"}), "q", "sort"]:
            value = cleaned.get(name)
            if not value or (name == "sort" and value == self.default_sort):
                continue
            if name in {"q", "sort"}:
                told.append((name, value, f"“{value}”"))
            else:
                told += [(name, each.value, each.label) for each in value if each.key]
        match = self.filters.get("match")
        if match and sum(name == match.of for name, value, label in told) < 2:
            told = [row for row in told if row[0] != "match"]
        return told
