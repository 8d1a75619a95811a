from ..filters import ActorFilter, CrewFilter, PersonFilter
from ..models import Announcement, Character, Credit, Person, Portrayal
from ..models.statements import Statement
from .base import NEWS_ON_A_PAGE, CatalogList, cards
from .sections import SectionedDetail

_PARTS = Statement(
    lambda audience, person: Portrayal.objects.visible_to(audience).for_person(person, audience),
    dressed=lambda audience, person: Portrayal.objects.for_person(person, audience),
)
_CREDITS = Statement(
    lambda audience, person: Credit.objects.visible_to(audience).for_person(person),
    dressed=lambda audience, person: Credit.objects.for_person(person),
)
_INSPIRED = Statement(
    lambda audience, person: Character.objects.visible_to(audience).inspired_by(person)
)
_NEWS = Statement(
    lambda audience, person: Announcement.objects.open_to(audience).about(people=person)[
        :NEWS_ON_A_PAGE
    ]
)


class PersonList(CatalogList):
    model = Person
    cards = cards(Person)
    filterset_class = PersonFilter
    heading = "People"
    nouns = "person,people"
    intro = "Everyone in front of the camera and behind it."


class ActorList(PersonList):
    filterset_class = ActorFilter
    heading = "Actors"
    nouns = "actor,actors"
    intro = "Everyone with a part."


class CrewList(PersonList):
    filterset_class = CrewFilter
    heading = "Crew"
    nouns = "member of the crew,members of the crew"
    intro = "Everyone who makes the series."


class PersonDetail(SectionedDetail):
    model = Person
    parameters = frozenset({"acting", "crew", "inspired", "sources"})
    entry = Statement(
        lambda audience, slug: Person.objects.reached_by(audience).for_detail().filter(slug=slug)
    )

    def get_context_data(self, **kwargs):
        person, audience = self.object, self.request.audience
        portrayals = self.in_pages("acting", "acting", _PARTS, person=person)
        credits = self.in_pages("crew", "crew work", _CREDITS, person=person)
        sources = self.sources_of(
            person=[person], portrayal=audience.standing_open(portrayals), credit=credits
        )
        return super().get_context_data(
            portrayals=portrayals,
            credits=credits,
            inspired=self.in_pages("inspired", "inspiration for", _INSPIRED, person=person),
            news=_NEWS(audience, person=person),
            sources=sources,
            **kwargs,
        )
