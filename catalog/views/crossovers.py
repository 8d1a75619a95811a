from ..filters import CharacterCrossoverFilter, PersonCrossoverFilter
from ..models import Character, Person, Series
from ..models.statements import Statement
from .base import CatalogList
from .grid import Grid


def _cards(model):
    def by_keys(audience, keys):
        return model.objects.visible_to(audience).for_crossovers(audience).filter(pk__in=keys)

    return Statement(by_keys)


class CrossoverList(CatalogList):
    """A row for each entry of the page, a column for each series that they are in."""

    template_name = "catalog/crossover_list.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        series = Series.objects.visible_to(self.request.audience).in_release_order()
        asked = self.filterset.chosen.get("series", ()) if self.filterset.is_valid() else ()
        return context | {"grid": Grid.of(context["object_list"], series, asked)}


class CharacterCrossoverList(CrossoverList):
    model = Character
    cards = _cards(Character)
    filterset_class = CharacterCrossoverFilter
    heading = "Crossovers"
    nouns = "character,characters"
    intro = "The characters who turn up in two or more series, and who plays them in each."


class PersonCrossoverList(CrossoverList):
    model = Person
    cards = _cards(Person)
    filterset_class = PersonCrossoverFilter
    heading = "Crossovers of people"
    nouns = "person,people"
    intro = "Everyone with a part or a job in two or more series."
