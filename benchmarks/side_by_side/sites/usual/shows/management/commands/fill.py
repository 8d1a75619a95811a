from django.core.management.base import BaseCommand

from benchmarks.side_by_side.content import SHOWS
from shows.models import Episode, Network, Person, Portrayal, Series


class Command(BaseCommand):
    help = "Writes what the benchmark shows into an empty database."

    def handle(self, **options):
        for show in SHOWS:
            network, _ = Network.objects.get_or_create(name=show.network)
            series = Series.objects.create(
                name=show.name,
                slug=show.slug,
                network=network,
                premiered=show.premiered,
                synopsis=show.synopsis,
            )
            for episode in show.episodes:
                Episode.objects.create(series=series, season=1, **episode._asdict())
            for billing, part in enumerate(show.cast, start=1):
                person = Person.objects.create(
                    name=part.person, slug=part.person_slug, biography=part.biography
                )
                Portrayal.objects.create(
                    series=series,
                    person=person,
                    character=part.role,
                    kind=part.kind,
                    billing=billing,
                )
