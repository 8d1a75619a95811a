from ..filters import PersonFilter
from ..models import Announcement, Character, Credit, Person, Portrayal, Source
from .base import CatalogDetail, CatalogList

_NEWS_ON_A_PAGE = 5


class PersonList(CatalogList):
    model = Person
    filterset_class = PersonFilter
    heading = "People"
    nouns = "person,people"
    intro = "Everyone in front of the camera and behind it."


class ActorList(PersonList):
    heading = "Actors"
    nouns = "actor,actors"
    intro = "Everyone with a part."

    def get_rows(self, visible):
        return super().get_rows(visible.actors(self.request.audience))


class CrewList(PersonList):
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
            inspired=Character.objects.visible_to(audience)
            .filter(inspired_by=person)
            .order_by("sort_name", "pk"),
            news=Announcement.objects.visible_to(audience)
            .filter(people=person)
            .newest_first()[:_NEWS_ON_A_PAGE],
            sources=Source.objects.supporting(
                person=Person.objects.filter(pk=person.pk),
                portrayal=portrayals,
                credit=credits,
            ),
            **kwargs,
        )
