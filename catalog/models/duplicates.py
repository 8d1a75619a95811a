"""People, and characters, of whom two may be the same."""

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst

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


def likeness(ours: list[str], theirs: list[str]) -> Likeness | None:
    """What is alike of two entries that have these folded names; None for nothing."""
    if not set(ours).isdisjoint(theirs):
        return Likeness.SAME_NAME
    if not {_words(name) for name in ours}.isdisjoint(_words(name) for name in theirs):
        return Likeness.OTHER_ORDER
    if any(_is_one_letter_apart(one, other) for one in ours for other in theirs):
        return Likeness.ONE_LETTER
    return None


def _words(name):
    return tuple(sorted(name.split()))


def _is_one_letter_apart(one, other):
    """Whether a letter was added, dropped or changed, or two have changed places."""
    if min(len(one), len(other)) < _FEWEST_LETTERS or abs(len(one) - len(other)) > 1:
        return False
    alike = zip(one, other, strict=False)
    same = next((at for at, (mine, theirs) in enumerate(alike) if mine != theirs), None)
    rest, others = (one[same:], other[same:]) if same is not None else ("", "")
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
        one, other = _pair_of(type(entry))
        return self.filter(Q(**{one: entry}) | Q(**{other: entry}))

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
        found = {}
        for key, padded in rows[:_MOST_CANDIDATES]:
            theirs = [name.strip() for name in padded.split("|") if name.strip()]
            if why := likeness(folded, theirs):
                found[key] = why
        order = list(Likeness)
        return dict(sorted(found.items(), key=lambda item: (order.index(item[1]), item[0])))

    def look_again(self, entry):
        """Bring the pairs in which ``entry`` is up to what is known of it now.

        What an editor has said of a pair stays.
        """
        found = self.alike(entry, entry.search_fields()["names"])
        if isinstance(entry, Person):
            found |= dict.fromkeys(_same_elsewhere(entry) - found.keys(), Likeness.SAME_ELSEWHERE)
        found = dict(list(found.items())[:_MOST_PAIRS])
        stored = {pair.key_beside(entry): pair for pair in self.of(entry)}
        gone = [pair.pk for key, pair in stored.items() if key not in found]
        if gone:
            self.filter(pk__in=gone).delete()
        for key in found.keys() & stored.keys():
            pair = stored[key]
            if pair.why != found[key]:
                pair.why = found[key]
                pair.save(update_fields=["why"])
        one, other = _pair_of(type(entry))
        self.bulk_create(
            [
                self.model(
                    why=why,
                    **{f"{one}_id": min(entry.pk, key), f"{other}_id": max(entry.pk, key)},
                )
                for key, why in found.items()
                if key not in stored
            ],
            # Somebody else may have found the same at this moment.
            ignore_conflicts=True,
        )


def _same_elsewhere(person):
    """Keys of people of whom a page elsewhere is said to be of ``person`` as well.

    Two cannot have the same id in the box for it; but one may have it there and the other in a
    link, or both in links.
    """
    links = set(person.links.values_list("url", flat=True))
    pages = links | {page for _, page in person.external_links}
    named = Q()
    for name, value in (found for link in links for found in ids_in(link, Person.external_kinds)):
        named |= Q(**{name: value})
    others = set()
    if pages:
        either = {form for page in pages for form in (page.rstrip("/"), f"{page.rstrip('/')}/")}
        others |= set(PersonLink.objects.filter(url__in=either).values_list("person_id", flat=True))
    if named:
        others |= set(Person.objects.filter(named).order_by().values_list("pk", flat=True))
    return others - {person.pk}


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
        names = _PAIRS["character" if self.person_id is None else "person"]
        return tuple(getattr(self, name) for name in names)

    @property
    def kind(self) -> str:
        """What they are: "People"."""
        return capfirst(self.both[0]._meta.verbose_name_plural)

    def key_beside(self, entry) -> int:
        """The key of the one that is not ``entry``."""
        keys = {getattr(self, f"{name}_id") for name in _pair_of(type(entry))}
        (key,) = keys - {entry.pk}
        return key
