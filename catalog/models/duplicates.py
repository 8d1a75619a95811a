"""People, and characters, of whom two may be the same."""

from collections import defaultdict
from operator import ne

from django.db import models
from django.db.models import Q

from .external_ids import ids_in
from .people import Person, PersonLink
from .search import SearchEntry

# Shorter names are often one letter apart: Anna and Anne, Ron and Don.
_FEWEST_LETTERS = 5

# A name that more have than this ("Nurse", "Officer") does not tell who is meant.
_MOST_PAIRS = 20
_MOST_CANDIDATES = 2_000


class Likeness(models.TextChoices):
    """Why two may be the same, the likeliest first."""

    SAME_NAME = "same-name", "The same name"
    SAME_ELSEWHERE = "same-elsewhere", "The same page elsewhere"
    OTHER_ORDER = "other-order", "The same words in another order"
    ONE_LETTER = "one-letter", "One letter apart"


class Names:
    """The folded names of an entry, to be compared with those of many others."""

    def __init__(self, names: list[str]):
        self.names = {*names}
        self.words = {_words(name) for name in names}
        self.lengths = {*map(len, names)}

    def likeness(self, others: list[str]) -> Likeness | None:
        """What is alike of the two entries; None for nothing."""
        if not self.names.isdisjoint(others):
            return Likeness.SAME_NAME
        as_long = [name for name in others if len(name) in self.lengths]
        if not self.words.isdisjoint(map(_words, as_long)):
            return Likeness.OTHER_ORDER
        if any(_is_one_letter_apart(one, other) for one in self.names for other in others):
            return Likeness.ONE_LETTER
        return None


def _words(name):
    return tuple(sorted(name.split()))


def _is_one_letter_apart(one, other):
    """Whether a letter was added, dropped or changed, or two have changed places."""
    if min(len(one), len(other)) < _FEWEST_LETTERS or abs(len(one) - len(other)) > 1:
        return False
    differ = [*map(ne, one, other)]
    at = differ.index(True) if True in differ else min(len(one), len(other))
    rest, others = one[at:], other[at:]
    is_slip = (
        rest[1:] == others[1:]
        or rest[1:] == others
        or rest == others[1:]
        or (rest[:2] == others[1::-1] and rest[2:] == others[2:])
    )
    # "Officer 1" and "Officer 2" are told apart by what differs.
    return is_slip and _digits(one) == _digits(other)


def _digits(name):
    return [letter for letter in name if letter.isdigit()]


class LikelyDuplicateQuerySet(models.QuerySet):
    def of(self, entry):
        """The pairs in which ``entry`` is."""
        return self.among([entry])

    def among(self, entries):
        """The pairs in which one of ``entries`` is, all of one kind."""
        if not entries:
            return self.none()
        one, other = _pair_of(type(entries[0]))
        return self.filter(Q(**{f"{one}__in": entries}) | Q(**{f"{other}__in": entries}))

    def for_list(self):
        return self.select_related(*_FIELDS)

    def alike(self, entry, names: list[str]) -> dict[int, Likeness]:
        """{key: why} of those of the kind of ``entry`` that may be the same, if it had ``names``.

        Only so many as somebody may look through, the likeliest first.
        """
        kind = type(entry)._meta.model_name
        folded, rows = SearchEntry.objects.with_names_like(names, kind)
        rows = rows.exclude(**{kind: entry.pk}).order_by().values_list(f"{kind}_id", "names")
        ours, found = Names(folded), {}
        for key, padded in rows[:_MOST_CANDIDATES]:
            if why := ours.likeness(padded.strip("| ").split(" | ")):
                found[key] = why
        order = list(Likeness)
        return dict(sorted(found.items(), key=lambda item: (order.index(item[1]), item[0])))

    def look_again(self, entries):
        """Bring the pairs in which ``entries`` are, all of one kind, up to what is known now.

        What an editor has said of a pair stays.
        """
        one, other = _pair_of(type(entries[0]))
        elsewhere = _same_elsewhere(entries) if isinstance(entries[0], Person) else {}
        stored = defaultdict(dict)
        for pair in self.among(entries):
            for entry, key in (pair.keys, pair.keys[::-1]):
                stored[entry][key] = pair
        gone, changed, new = set(), {}, {}
        for entry in entries:
            found = self.alike(entry, entry.search_fields()["names"])
            for key in sorted(elsewhere.get(entry.pk, ())):
                found.setdefault(key, Likeness.SAME_ELSEWHERE)
            known = stored[entry.pk]
            gone |= {pair.pk for key, pair in known.items() if key not in found}
            for key in known.keys() & found.keys():
                if known[key].why != found[key]:
                    known[key].why = found[key]
                    changed[known[key].pk] = known[key]
            added = [key for key in found if key not in known]
            for key in added[: max(_MOST_PAIRS - len(known), 0)]:
                new[min(entry.pk, key), max(entry.pk, key)] = found[key]
        self.filter(pk__in=gone).delete()
        self.bulk_update(changed.values(), ["why"])
        self.bulk_create(
            [
                self.model(**{f"{one}_id": first, f"{other}_id": second}, why=why)
                for (first, second), why in new.items()
            ],
            # Somebody else may have found the same at this moment.
            ignore_conflicts=True,
        )


def _same_elsewhere(people):
    """{key: keys of people of whom a page elsewhere is said to be of the same person}.

    Two cannot have the same id in the box for it; but one may have it there and the other in a
    link, or both in links.
    """
    pages, ids = defaultdict(set), defaultdict(set)
    for person in people:
        for _, page in person.external_links:
            pages[page.rstrip("/")].add(person.pk)
    links = PersonLink.objects.filter(person__in=people).order_by()
    for key, url in links.values_list("person_id", "url"):
        pages[url.rstrip("/")].add(key)
        for name, value in ids_in(url, Person.external_kinds):
            ids[name, value].add(key)
    found = defaultdict(set)
    if pages:
        either = [form for page in pages for form in (page, f"{page}/")]
        links = PersonLink.objects.filter(url__in=either).order_by()
        for key, url in links.values_list("person_id", "url"):
            for ours in pages[url.rstrip("/")] - {key}:
                found[ours].add(key)
    for (name, value), keys in ids.items():
        owner = Person.objects.filter(**{name: value}).order_by().values_list("pk", flat=True)
        for ours in keys:
            found[ours].update({*owner} - {ours})
    return found


_PAIRS = {"person": ("person", "other_person"), "character": ("character", "other_character")}
_FIELDS = tuple(field for pair in _PAIRS.values() for field in pair)


def _pair_of(model):
    return _PAIRS[model._meta.model_name]


def _of_one_kind():
    """Two people and no character, or the reverse; the one that was there first comes first."""
    condition = Q()
    for one, other in _PAIRS.values():
        # What is null is not less either, but lets a row pass.
        blank = {f"{name}__isnull": name not in {one, other} for name in _FIELDS}
        condition |= Q(**{f"{one}__lt": models.F(other)}, **blank)
    return condition


class LikelyDuplicate(models.Model):
    """Two that may be the same, until an editor merges them or says that they are not."""

    person = models.ForeignKey(
        "catalog.Person", on_delete=models.CASCADE, null=True, related_name="+"
    )
    other_person = models.ForeignKey(
        "catalog.Person", on_delete=models.CASCADE, null=True, related_name="+"
    )
    character = models.ForeignKey(
        "catalog.Character", on_delete=models.CASCADE, null=True, related_name="+"
    )
    other_character = models.ForeignKey(
        "catalog.Character", on_delete=models.CASCADE, null=True, related_name="+"
    )
    why = models.CharField("what is alike", max_length=20, choices=Likeness)
    dismissed = models.BooleanField("known to be two", default=False)

    objects = LikelyDuplicateQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        ordering = ["dismissed", "-pk"]
        constraints = [
            models.CheckConstraint(condition=_of_one_kind(), name="likely_duplicate_of_one_kind"),
            models.UniqueConstraint(
                fields=["person", "other_person"], name="likely_duplicate_people_unique"
            ),
            models.UniqueConstraint(
                fields=["character", "other_character"], name="likely_duplicate_characters_unique"
            ),
        ]

    def __str__(self):
        # Their names would cost a statement wherever the pair goes with one of them.
        return f"{self.get_why_display()}, pair {self.pk}"

    @property
    def both(self):
        return tuple(getattr(self, name) for name in self._fields)

    @property
    def keys(self) -> tuple[int, int]:
        """Of both, without fetching them."""
        return tuple(getattr(self, f"{name}_id") for name in self._fields)

    @property
    def _fields(self):
        return _PAIRS["character" if self.person_id is None else "person"]
