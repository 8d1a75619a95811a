"""A small franchise that every filter has something to find in."""

from django.test import TestCase

from catalog.models import Portrayal, State
from tests.factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_job,
    make_membership,
    make_organization,
    make_person,
    make_portrayal,
    make_season,
    make_series,
)


class World(TestCase):
    """Two series, three actors, a director and a writer; and a draft of each kind beside them."""

    @classmethod
    def setUpTestData(cls):
        cls.bosch = make_series("Bosch", premiered="2014", status="ended")
        cls.ballard = make_series("Ballard", premiered="2025", status="airing")
        cls.one, cls.two = make_season(cls.bosch, 1), make_season(cls.bosch, 2)
        cls.first = make_season(cls.ballard, 1)
        cls.pilot = make_episode(cls.one, 1, name="Pilot", aired="2014-02-06")
        cls.second = make_episode(cls.one, 2, name="Second", aired="2015")
        cls.later = make_episode(cls.two, 1, name="Later", aired="2016-03")
        cls.cold = make_episode(cls.first, 1, name="Cold", aired="2025-07-09")
        cls.titus = make_person("Titus Welliver")
        cls.maggie = make_person("Maggie Q")
        cls.jamie = make_person("Jamie Hector")
        cls.harry = make_character("Harry Bosch", first_appearance=cls.pilot)
        cls.renee = make_character("Renée Ballard", first_appearance=cls.later)
        cls.jerry = make_character("Jerry Edgar")
        make_portrayal(cls.titus, cls.harry, cls.bosch, [cls.one, cls.two], billing=1)
        make_portrayal(
            cls.titus, cls.harry, cls.ballard, episodes=[cls.cold], kind=Portrayal.Kind.GUEST
        )
        make_portrayal(cls.maggie, cls.renee, cls.ballard, episodes=[cls.cold], billing=1)
        make_portrayal(cls.maggie, cls.renee, cls.bosch, [cls.two], kind=Portrayal.Kind.GUEST)
        make_portrayal(cls.jamie, cls.jerry, cls.bosch, [cls.one], billing=2)
        cls.director = make_job("Director", slug="director", department="directing")
        cls.writer = make_job("Writer", slug="writer", department="writing")
        cls.ernest = make_person("Ernest Dickerson")
        make_credit(cls.ernest, cls.bosch, cls.director, episode=cls.pilot)
        make_credit(cls.ernest, cls.ballard, cls.writer)
        make_credit(make_person("Eric Overmyer"), cls.bosch, cls.writer)
        cls.unit = make_organization("Cold Case Unit")
        make_membership(cls.unit, cls.renee)
        make_announcement(
            "Renewed", series=[cls.bosch], people=[cls.titus], date="2015-03", kind="renewal"
        )
        make_announcement("Cast", series=[cls.ballard], characters=[cls.renee], kind="casting")
        make_portrayal(
            make_person("Draft Person", state=State.DRAFT), cls.harry, cls.bosch, kind="voice"
        )
        make_portrayal(cls.jamie, make_character("Draft Character", state=State.DRAFT), cls.ballard)
        make_credit(cls.jamie, make_series("Draft Series", state=State.DRAFT), cls.director)

    def names(self, address):
        response = self.client.get(address)
        assert response.status_code == 200, response
        return [getattr(row, "name", None) for row in response.context["object_list"]]

    def facet(self, address, name):
        facets = self.client.get(address).context["filter"].facets
        facet = next(facet for facet in facets if facet.name == name)
        return {option.value: option.count for option in facet.options}
