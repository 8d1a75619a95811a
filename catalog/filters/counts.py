"""How many entries a list would have with each option of its filters.

What a list is narrowed to is looked up once, and the options of all filters are counted among it,
in one statement; where it is long, among the first of it, which gives "20+". A long list of all
that is visible has so many of each option that they are counted one by one, up to a bound that is
soon reached.
"""

from ..models.counting import (
    THE_OPTION,
    Bounded,
    bound_for,
    count_each,
    count_tied,
)
from .options import EntryFilter

# The entries of a narrowed list among which its options are counted.
_LOOKED_AT = 1_000


class OptionCounts:
    """Counts for a valid ``filter_set``, by the name of the filter and the key of the option."""

    def __init__(self, filter_set):
        self.filter_set = filter_set
        self.chosen = filter_set.chosen

    def of_each(self, options) -> dict[str, dict]:
        """The counts of ``options``, keys by the name of their filter; None where not known."""
        together, counts = [], {}
        for name, keys in options.items():
            ties = self._ties(name)
            left = self._left_by_others(name)
            if not ties or (not left and not self.filter_set.is_some and self._is_long):
                counts[name] = self._one_by_one(name, keys)
                continue
            for others, of_others in together:
                if others == left:
                    of_others[name] = ties
                    break
            else:
                together.append((left, {name: ties}))
        for left, ties in together:
            found, is_part = self._among(left, ties)
            for name in ties:
                counts[name] = {
                    key: _told(found[name].get(str(key), 0), is_part) for key in options[name]
                }
        return counts

    def of_match(self, of, options) -> dict:
        """What "any" and "all" would leave; empty while they are the same."""
        if len(self.chosen.get(of, ())) < 2:
            return {}
        most = bound_for(len(options))
        return {
            key: self.filter_set.count_of({**self.chosen, "match": key}, most) for key in options
        }

    # What the other filters leave

    def _rest(self, name):
        return {other: keys for other, keys in self.chosen.items() if other != name}

    def _kept(self, name):
        """What stays chosen of ``name`` beside an option, since an entry needs all of it."""
        is_kept = self.filter_set.is_matched(name, self.chosen)
        return self.chosen.get(name, []) if is_kept else []

    def _left_by_others(self, name):
        kept = self._kept(name)
        return {**self._rest(name), name: kept} if kept else self._rest(name)

    @property
    def _is_long(self):
        """Whether there are more entries in all than are counted."""
        if self.chosen:
            return self.filter_set.count_of({}, self.filter_set.most_counted).is_more
        return self.filter_set.count.is_more

    # Together

    def _ties(self, name):
        """The filter set's ``ties`` in groups, each of which must tie an option; none if it can't.

        Where all of several series are needed, each needs a tie of its own that has the option.
        """
        filter_set, rest = self.filter_set, self._rest(name)
        if filter_set.asks_for_all(rest) and not filter_set.is_of_entry(name):
            each = ({**rest, "series": [series]} for series in rest["series"])
            groups = [filter_set.ties(name, chosen) for chosen in each]
        else:
            groups = [filter_set.ties(name, rest)]
        return groups if all(groups) else []

    def _among(self, left, ties):
        """The counts of ``count_tied`` for what is left, and whether only a part was looked at."""
        is_narrowed = left or self.filter_set.is_some
        most = min(_LOOKED_AT, self.filter_set.most_counted)
        entries = self.filter_set.entries(left, most + 1) if is_narrowed else None
        number, counts = count_tied(entries, ties)
        return counts, number > most

    # One by one

    def _one_by_one(self, name, keys):
        filter_set, declared = self.filter_set, self.filter_set.filters[name]
        most = bound_for(len(keys))
        rest, kept = self._rest(name), self._kept(name)

        def with_option(key):
            # What is chosen by its name may be several entries of that name.
            key = [key] if isinstance(declared, EntryFilter) else key
            return {**rest, name: [*kept, key] if declared.several else key}

        if declared.is_structural:
            return {key: filter_set.count_of(with_option(key), most) for key in keys}
        arms = filter_set.number_of_arms(with_option(THE_OPTION))
        if declared.of_entry or not arms:
            return count_each(
                lambda key: filter_set.rows(with_option(key)).values("pk"), keys, most
            )
        counts = dict.fromkeys(keys, Bounded())
        for arm in range(arms):
            open_keys = [key for key in keys if not counts[key].is_more]
            of_arm = count_each(
                lambda key, arm=arm: filter_set.tied(with_option(key), arm), open_keys, most
            )
            for key in open_keys:
                counts[key] = (counts[key] + of_arm[key]).up_to(most)
        return counts


def _told(number, is_part):
    """``number`` as a count; None where a part of the list has none, since the rest may."""
    return Bounded.at_least(number, is_more=is_part) if number or not is_part else None
