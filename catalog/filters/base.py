"""What every list's filter shares: narrowing, counting its options, sorting, and its address."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import OuterRef, Q
from django.utils.functional import cached_property
from django_filters import FilterSet

from ..models import SearchEntry
from ..models.counting import MOST_ROWS, Bounded, bounded_count, has_any, most_counted_for
from .counts import OptionCounts
from .options import ALL, EntryFilter, Option, OptionFilter, TextFilter
from .sorting import SortChoice

# How far entries are counted that need a tie of its own to each of several series.
_MOST_OF_ALL = 2_000

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
    accent: str = ""


class CatalogFilter(FilterSet):
    """Narrows what is already visible.

    A list states its filters and ``orders``, and says in two methods what they mean:
    ``links`` gives the rows that tie its entries to what was chosen, so that a series, a job
    and a department are those of one and the same credit; ``conditions`` gives what else must
    hold of an entry. Both get ``chosen``: the keys of what was chosen by the
    name of the filter. The counts of the options ask the same two methods; of a list that is
    not long, ``ties`` and ``columns`` tell where to read all of them at once.
    """

    orders: dict = {}
    default_sort = "name"
    # The field of ``links`` that names the entry.
    target = ""
    # Where an entry itself names the options of a filter: a path or an expression by its name.
    columns: dict = {}
    # Whether the list is a part of what is visible even where nothing is chosen.
    is_part = False
    # How far its entries are counted for someone who has told no progress.
    most_rows = MOST_ROWS

    q = TextFilter()
    sort = SortChoice()

    def links(self, chosen):
        """Querysets of rows that tie entries to ``chosen``; None when nothing asks for any."""
        return

    def conditions(self, chosen, to_entry):
        """Further conditions on an entry, on a row from which ``to_entry`` leads to it."""
        return []

    def ties(self, name, chosen):
        """(rows, where they name an option of ``name``, where they name the entry), for each way.

        ``chosen`` is what else the rows must have. Empty where the options can be counted only
        one by one.
        """
        return [(self.queryset, self.columns[name], "pk")] if name in self.columns else []

    def is_of_entry(self, name) -> bool:
        """Whether the filter asks for something of the entry itself, not of what ties it."""
        return name in self.columns or self.filters[name].of_entry

    # Narrowing

    def filter_queryset(self, queryset):
        if self._first_keys is not None and not self.count.is_more:
            return self._sorted(self.queryset.filter(pk__in=self._first_keys))
        are_many = self.count.is_more or self.count > _FEW
        return self._sorted(self.rows(self.chosen, are_many=are_many))

    @property
    def is_some(self) -> bool:
        """Whether the list leaves much out even where nothing is chosen, and asks each row."""
        return self.is_part or self.request.audience.progress is not None

    @property
    def most_counted(self):
        """How far its entries are counted; less far where each takes longer to ask."""
        most = _MOST_OF_ALL if self.asks_for_all(self.chosen) else self.most_rows
        return most_counted_for(self.request.audience, most)

    @cached_property
    def count(self):
        """How many entries the list has, up to a bound."""
        if self._first_keys is not None:
            return Bounded.of(len(self._first_keys), self.most_counted)
        return self.count_of(self.chosen, self.most_counted)

    def entries(self, chosen, most):
        """Querysets of the keys of ``most`` entries that ``chosen`` leaves, or of all, in no order.

        One for each kind of rows that tie them: there may be ``most`` of each.
        """
        if chosen == self.chosen and self._first_keys is not None:
            return [self.queryset.filter(pk__in=self._first_keys[:most]).values("pk")]
        return [rows[:most] for rows in self._found_by(chosen)]

    @cached_property
    def _first_keys(self):
        """The keys of a list that is costly to ask for, so that it is asked once: those counted."""
        if not self.is_costly:
            return None
        enough = self.most_counted + 1
        keys = {}
        for rows in self._found_by(self.chosen):
            if len(keys) < enough:
                keys |= {key: None for row in rows[:enough] for key in row.values()}
        return [*keys][:enough]

    def _found_by(self, chosen):
        """Querysets that give the keys of what ``chosen`` leaves, each from other rows."""
        if arms := self.number_of_arms(chosen):
            return [self.tied(chosen, arm, each_once=False) for arm in range(arms)]
        return [self.untied(chosen)]

    def untied(self, chosen):
        """The keys of the entries that ``chosen`` leaves, where no rows tie them; in no order."""
        if chosen.keys() == {"q"} and not self.is_part:
            # Each entry has one search row, which knows the gate too.
            found = self._found(chosen["q"])
            return found.order_by().values(self.queryset.model._meta.model_name)
        return self.rows(chosen).order_by().values("pk")

    @property
    def is_costly(self) -> bool:
        """Whether what was chosen takes longer to look up than to read a few rows by their keys."""
        return False

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
        rows = self.narrow(self.queryset, chosen)
        rows = rows.filter(*self._conditions(chosen, "", are_many=are_many))
        links = self._links(chosen)
        return rows if links is None else rows.filter(self._tied_by(links, "", are_many=are_many))

    def _conditions(self, chosen, to_entry, *, are_many):
        conditions = [*self.conditions(chosen, to_entry)]
        if text := chosen.get("q"):
            found = self._found(text).values(self.queryset.model._meta.model_name)
            conditions.append(Q(**{f"{to_entry}pk__in": found}))
        if self.asks_for_all(chosen):
            # Each series must tie the entry by rows of its own; the last does so in ``links``.
            for series in chosen["series"][:-1]:
                links = self.links({**chosen, "series": [series]})
                conditions.append(self._tied_by(links, to_entry, are_many=are_many))
        return conditions

    def _found(self, text):
        """The visible search rows of entries that have ``text`` in their names."""
        rows = SearchEntry.objects.visible_to(self.request.audience)
        return rows.with_words_in_names(text, self.queryset.model._meta.model_name)

    def _tied_by(self, links, to_entry, *, are_many):
        tied = Q()
        for link in links:
            if are_many:
                of_entry = link.filter(**{self.target: OuterRef(f"{to_entry}pk")})
                tied |= has_any(of_entry, self.target)
            else:
                tied |= Q(**{f"{to_entry}pk__in": link.values(self.target)})
        return tied

    def _links(self, chosen):
        if self.asks_for_all(chosen):
            chosen = {**chosen, "series": chosen["series"][-1:]}
        return self.links(chosen)

    def asks_for_all(self, chosen) -> bool:
        """Whether an entry needs a tie of its own to each of several series."""
        return self.is_matched("series", chosen) and len(chosen.get("series", ())) > 1

    def is_matched(self, name, chosen) -> bool:
        """Whether an entry needs all that was chosen of ``name``, not any of it."""
        match = self.filters.get("match")
        return match is not None and match.of == name and chosen.get("match") == ALL

    # Counting

    def count_entries(self, kind, keys) -> dict:
        """{key: how many entries the list would have with it} for entries of ``kind`` to choose.

        Empty when the list does not ask for that kind, or is asked for something that is not there.
        """
        if not self.form.is_valid():
            return {}
        for name, declared in self.filters.items():
            if isinstance(declared, EntryFilter) and declared.kind == kind:
                return OptionCounts(self).of_each({name: keys})[name]
        return {}

    @cached_property
    def option_counts(self) -> dict:
        """{name: {key: how many entries the list would have with it}} of all that is offered."""
        offered = {
            name: [option.key for option in self.form.fields[name].options]
            for name, declared in self.filters.items()
            if isinstance(declared, OptionFilter) and name != "match"
        }
        return OptionCounts(self).of_each(offered) if self.form.is_valid() else {}

    def count_of(self, chosen, most) -> Bounded:
        """How many entries ``chosen`` leaves."""
        arms = self.number_of_arms(chosen)
        if not arms:
            return bounded_count(self.untied(chosen), most)
        total = Bounded()
        for arm in range(arms):
            if not total.is_more:
                total = (total + bounded_count(self.tied(chosen, arm), most)).up_to(most)
        return total

    def number_of_arms(self, chosen) -> int:
        """How many kinds of rows tie entries to ``chosen``; 0 when nothing asks for any."""
        return len(self._links(chosen) or ())

    def tied(self, chosen, arm, *, each_once=True):
        """The entries that the rows of one arm tie, and with ``each_once`` no earlier one does."""
        links = self._links(chosen)
        rows = links[arm]
        to_entry = "" if rows.model is self.queryset.model else f"{self.target}__"
        rows = rows.filter(*self._conditions(chosen, to_entry, are_many=True))
        for earlier in links[:arm] if each_once else ():
            of_same = earlier.filter(**{self.target: OuterRef(self.target)})
            rows = rows.filter(~has_any(of_same, self.target))
        # A part may be without a character.
        return rows.exclude(**{self.target: None}).values(self.target).distinct()

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
        return self.default_sort if self.unsorted else self._sort_asked or self.default_sort

    @property
    def unsorted(self) -> str:
        """The order that was asked for, in words, where the list is too long to be put into it."""
        order = self.orders.get(self._sort_asked.lstrip("-"))
        if order is None or not order.is_worked_out or not self.count.is_more:
            return ""
        return order.label.lower()

    @property
    def _sort_asked(self):
        return getattr(self.form, "cleaned_data", {}).get("sort", "")

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
                for option in options:
                    option.count = self.option_counts[name][option.key]
            form = "boxes" if declared.several else "list"
            facet = Facet(name, declared.label, form, options, errors)
        match = self.filters.get("match")
        if match and match.of == name:
            facet.match = self.form.fields["match"].options
            if self.form.is_valid():
                counts = OptionCounts(self).of_match(name, [option.key for option in facet.match])
                for option in facet.match:
                    option.count = counts.get(option.key)
        return facet

    @property
    def named(self):
        """The filters of entries, which may be told by another name than their slug, or an old one.

        Each has the model of its entries as ``entries``.
        """
        return [name for name, each in self.filters.items() if getattr(each, "entries", None)]

    @property
    def chips(self):
        return [
            Chip(
                self._chip_label(name),
                label,
                self.address(without=(name, value)),
                self._accent_of(name, value),
            )
            for name, value, label in self.told
            if name not in {"sort", "match"}
        ]

    def _accent_of(self, name, value):
        options = [] if name == "q" else self.form.cleaned_data[name]
        return next((option.accent for option in options if option.value == value), "")

    def _chip_label(self, name):
        label = self.filters[name].label
        several = len(self.form.cleaned_data.get(name, ())) > 1
        return f"{label}, all of" if several and self.is_matched(name, self.chosen) else label

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
        self.form.is_valid()
        cleaned = self.form.cleaned_data  # without what is not valid
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
