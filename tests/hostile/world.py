"""One of everything that is out, and beside it what visitors must not see."""

import datetime as dt

from django.test import TestCase

from catalog.models import (
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Membership,
    Organization,
    Person,
    PersonLink,
    Portrayal,
    Relationship,
    Season,
    Series,
    SeriesLink,
    Source,
    State,
    WatchOrder,
    WatchStep,
)

from ..exporters.everything import make_everything
from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_membership,
    make_network,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
    make_series_link,
    make_source,
    make_watch_order,
    make_watch_step,
)
from .texts import texts_of

# Nobody asks for these words, so that what tells them has not got them from the question. What
# holds them is found by others, and by what is a letter away from them.
HIDDEN, AHEAD = "zqhiddenword", "zqaheadword"
FOUND_BY = ["quillfeather", "quill", "qilfeather", "zqhidenword", "zqahedword"]

# The addresses of what is not out begin with it.
UNSEEN = "unseen-"

# Who has told this has everything with AHEAD in it before them.
BEHIND = "ballard.1.2"

_NOT_OUT = {
    "draft": {"state": State.DRAFT},
    "in-review": {"state": State.IN_REVIEW},
    "scheduled": {"publish_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)},
}


class HostileWorld(TestCase):
    """Series of which "ballard" has an episode 10 that gives much away; drafts of everything."""

    @classmethod
    def setUpTestData(cls):
        make_everything(with_pictures=False)
        for what, fields in _NOT_OUT.items():
            _plant_unseen(what, fields)
        _plant_ahead()


def _plant_unseen(what, fields):
    """An entry of each kind that is not out, tied in each way to what is."""
    words = f"Quillfeather {HIDDEN} {what}"

    def of(model):
        return texts_of(model, words)

    def entry(make, model, **more):
        slug = f"{UNSEEN}{model._meta.model_name}-{what}"
        return make(**{**of(model), "slug": slug, **fields, **more})

    ballard = Series.objects.get(slug="ballard")
    pilot = Episode.objects.get(season__series__slug="bosch", season__number=1)
    maggie = Person.objects.get(slug="maggie-q")
    renee = Character.objects.get(slug="renee-ballard")
    unit = Organization.objects.get(slug="cold-case-unit")
    order = WatchOrder.objects.get(slug="story")
    source = make_source(**of(Source), slug=f"{UNSEEN}source-{what}")
    network = make_network(words, slug=f"{UNSEEN}network-{what}")
    job = make_job(words, slug=f"{UNSEEN}job-{what}", department="directing")
    kind = make_relationship_kind(f"{words} of", f"{words} to")

    series = entry(make_series, Series, network=network, premiered="2025-01-02")
    season = make_season(series, 1, **of(Season), premiered="2025-01-02")
    episode = make_episode(season, 1, **of(Episode), aired="2025-01-02")
    person = entry(make_person, Person)
    PersonLink.objects.create(person=person, label=words, url="https://unseen.example/")
    character = entry(make_character, Character, first_appearance=pilot, inspired_by=maggie)
    organization = entry(make_organization, Organization, parent=unit)
    news = entry(
        make_announcement, Announcement, series=[ballard], people=[maggie], characters=[renee]
    )
    own_order = entry(make_watch_order, WatchOrder)
    for row in (series, season, episode, person, character, organization, news, own_order):
        row.sources.add(source)

    make_series_link(series, ballard, SeriesLink.Kind.SPIN_OFF, **of(SeriesLink))
    make_fact(character, **of(CharacterFact))
    make_fact(renee, **of(CharacterFact), revealed_in=episode)
    for one, other in [(renee, character), (character, renee)]:
        make_relationship(one, other, kind, **of(Relationship))
    make_membership(unit, character, **of(Membership))
    make_membership(organization, renee, **of(Membership))
    for cast in [(person, renee, ballard), (maggie, character, ballard), (maggie, renee, series)]:
        make_portrayal(*cast, **of(Portrayal))
    make_credit(person, ballard, job, **of(Credit))
    make_credit(maggie, series, job, **of(Credit))
    position = 100 + 10 * [*_NOT_OUT].index(what)
    for place, target in enumerate(
        [{"series": series}, {"season": season}, {"episode": episode}], start=position
    ):
        make_watch_step(order, place, **target, **of(WatchStep))
    make_watch_step(own_order, 1, series=ballard, **of(WatchStep))


def _plant_ahead():
    """What episode 10 gives away, of which who has seen two is told nothing."""
    words = f"Quillfeather {AHEAD}"

    def of(model):
        return texts_of(model, words)

    ballard = Series.objects.get(slug="ballard")
    episode = Episode.objects.get(season__series=ballard, number=10)
    for name, text in of(Episode).items():
        setattr(episode, name, text)
    episode.save()
    renee = Character.objects.get(slug="renee-ballard")
    tutu = Character.objects.get(slug="tutu")
    maggie = Person.objects.get(slug="maggie-q")
    kind = make_relationship_kind(f"{words} of", f"{words} to")
    revealed = {"revealed_in": episode}
    make_fact(renee, **of(CharacterFact), **revealed)
    make_relationship(renee, tutu, kind, **of(Relationship), **revealed)
    make_membership(make_organization("LAPD Cold Cases"), renee, **of(Membership), **revealed)
    make_portrayal(maggie, tutu, ballard, [episode.season], **of(Portrayal), **revealed)
    make_announcement(
        **of(Announcement), series=[ballard], characters=[renee], slug="what-happens", **revealed
    )
