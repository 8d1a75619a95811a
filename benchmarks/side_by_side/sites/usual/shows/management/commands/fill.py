from django.core.management.base import BaseCommand

from benchmarks.side_by_side.content import SHOWS
from shows.models import Character, Episode, Network, Person, Portrayal, Season, Series


class Command(BaseCommand):
    help = "Writes what the benchmark shows into an empty database."

    def handle(self, **options):
        for show in SHOWS:
            network, _ = Network.objects.get_or_create(name=show.network)
            series = Series.objects.create(
                name=show.name,
                slug=show.slug,
                network=network,
                status=Series.Status.ENDED,
                premiered=show.premiered,
                synopsis=show.synopsis,
            )
            season = Season.objects.create(series=series, number=1)
            for episode in show.episodes:
                Episode.objects.create(season=season, **episode._asdict())
            for billing, part in enumerate(show.cast, start=1):
                person = Person.objects.create(
                    name=part.person, slug=part.person_slug, biography=part.biography
                )
                character = Character.objects.create(
                    name=part.role, slug=part.role_slug, biography=part.biography
                )
                portrayal = Portrayal.objects.create(
                    series=series,
                    person=person,
                    character=character,
                    kind=part.kind,
                    billing=billing,
                )
                portrayal.seasons.set([season])
