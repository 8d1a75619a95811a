from ..filters import CharacterCrossoverFilter, PersonCrossoverFilter
from ..models import Character, Person, Series
from .base import CatalogList, cards
from .grid import Grid


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
    cards = cards(Character, "for_crossovers")
    filterset_class = CharacterCrossoverFilter
    heading = "Crossovers"
    nouns = "character,characters"
    intro = "The characters who turn up in two or more series, and who plays them in each."


class PersonCrossoverList(CrossoverList):
    model = Person
    cards = cards(Person, "for_crossovers")
    filterset_class = PersonCrossoverFilter
    heading = "Crossovers of people"
    nouns = "person,people"
    intro = "Everyone with a part or a job in two or more series."
