"""Who is in two or more series: conditions on characters and people, read from what ties them.

A character is tied to a series by its parts; a person by parts and by crew work. Only what stands
open to the audience ties: a part that gives an episode away makes no crossover that tells of it.
"""

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from .credits import Credit
from .portrayals import Portrayal


def parts(audience):
    return Portrayal.objects.open_to(audience).order_by()


def work(audience):
    return Credit.objects.visible_to(audience).order_by()


def character_crosses_over(audience, path="pk"):
    """The condition that ``path`` leads to a character in two or more series.

    Parts that are merely announced count too.
    """
    return Q(_has_several("series", parts(audience), "character", path))


def characters_crossing_over(audience):
    """The keys of all characters in two or more series, in no order; their parts know their gate.

    Reading the parts once is quicker than to ask each character, as far as none is narrowed.
    """
    of_character = parts(audience).exclude(character=None).values("character")
    ends = of_character.annotate(least=Min("series"), most=Max("series"))
    return ends.filter(least__lt=F("most")).values("character")


def person_crosses_over(audience, path="pk"):
    """The condition that ``path`` leads to a person in two or more series.

    Either in parts or in crew work alone, or in one series of each that are not the same. Each is
    read once from the rows of the person, who may have thousands.
    """
    on_screen, behind = parts(audience), work(audience)
    is_one_and_the_same = Exact(
        _least("series", on_screen, "person", path), _least("series", behind, "person", path)
    )
    return (
        Q(_has_several("series", on_screen, "person", path))
        | Q(_has_several("series", behind, "person", path))
        | ~Q(is_one_and_the_same)
    )


def is_recast(audience, path="pk"):
    """The condition that ``path`` leads to a character whom several people play."""
    return _has_several("person", parts(audience), "character", path)


def series_of_character(audience):
    """In how many series a character is, as an annotation."""
    return _number_of_series(parts(audience), "character")


def series_of_person(audience):
    """In how many series a person is, as an annotation; one with a part and a job counts once."""
    on_screen = parts(audience)
    same = on_screen.filter(person=OuterRef("person"), series=OuterRef("series"))
    only_behind = work(audience).filter(~Exists(same))
    return _number_of_series(on_screen, "person") + _number_of_series(only_behind, "person")


def _of(rows, of, path):
    return rows.filter(**{of: OuterRef(path)}).values(of)


def _has_several(what, rows, of, path):
    ends = _of(rows, of, path).annotate(least=Min(what), most=Max(what))
    return Exists(ends.filter(least__lt=F("most")))


def _least(what, rows, of, path):
    return Subquery(_of(rows, of, path).annotate(least=Min(what)).values("least"))


def _number_of_series(rows, of):
    counted = _of(rows, of, "pk").annotate(number=Count("series", distinct=True))
    return Coalesce(Subquery(counted.values("number")), 0)
