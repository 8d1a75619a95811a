from ..filters import ActorFilter, CrewFilter, PersonFilter
from ..models import Announcement, Character, Credit, Person, Portrayal, Source
from .base import NEWS_ON_A_PAGE, CatalogDetail, CatalogList


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

    def get_rows(self, visible):
        return super().get_rows(visible.actors(self.request.audience))


class CrewList(PersonList):
    filterset_class = CrewFilter
    heading = "Crew"
    nouns = "member of the crew,members of the crew"
    intro = "Everyone who makes the series."

    def get_rows(self, visible):
        return super().get_rows(visible.crew(self.request.audience))


class PersonDetail(CatalogDetail):
    model = Person

    def get_context_data(self, **kwargs):
        person, audience = self.object, self.request.audience
        portrayals = Portrayal.objects.visible_to(audience).for_person(person)
        credits = Credit.objects.visible_to(audience).for_person(person)
        return super().get_context_data(
            portrayals=portrayals,
            credits=credits,
            inspired=Character.objects.visible_to(audience).inspired_by(person),
            news=Announcement.objects.visible_to(audience).about(people=person)[:NEWS_ON_A_PAGE],
            sources=Source.objects.supporting(
                person=Person.objects.filter(pk=person.pk),
                portrayal=portrayals.unspoiled(),
                credit=credits,
            ),
            **kwargs,
        )
