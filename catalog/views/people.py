from ..filters import ActorFilter, CrewFilter, PersonFilter
from ..models import Announcement, Character, Credit, Person, Portrayal, Source
from .base import NEWS_ON_A_PAGE, CatalogList
from .sections import SectionedDetail


class PersonList(CatalogList):
    model = Person
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

    def get_context_data(self, **kwargs):
        person, audience = self.object, self.request.audience
        portrayals = self.in_pages(
            "acting",
            "acting",
            Portrayal.objects.visible_to(audience).for_person(person, audience),
            Portrayal.objects.for_person(person, audience),
        )
        credits = self.in_pages(
            "crew",
            "crew work",
            Credit.objects.visible_to(audience).for_person(person),
            Credit.objects.for_person(person),
        )
        inspired = Character.objects.visible_to(audience).inspired_by(person)
        sources = Source.objects.told_to(audience).supporting(
            person=[person], portrayal=audience.standing_open(portrayals), credit=credits
        )
        return super().get_context_data(
            portrayals=portrayals,
            credits=credits,
            inspired=self.in_pages("inspired", "inspiration for", inspired),
            news=Announcement.objects.open_to(audience).about(people=person)[:NEWS_ON_A_PAGE],
            sources=self.in_pages("sources", "sources", sources),
            **kwargs,
        )
