from django.core.management.base import BaseCommand
from wagtail.models import Page, Site

from benchmarks.side_by_side.content import SHOWS
from home.models import CastMember, Episode, HomePage, PersonPage, SeriesPage


class Command(BaseCommand):
    help = "Writes what the benchmark shows into an empty database."

    def handle(self, **options):
        Page.objects.filter(depth=2).delete()  # the page that greets after an installation
        root = Page.objects.get(depth=1)
        home = root.add_child(instance=HomePage(title="A catalogue", slug="home"))
        Site.objects.all().delete()
        Site.objects.create(
            hostname="127.0.0.1", root_page=home, is_default_site=True, site_name="A catalogue"
        )
        lists = [
            home.add_child(instance=HomePage(title=title, slug=title.lower(), show_in_menus=True))
            for title in ("Series", "People")
        ]
        for show in SHOWS:
            self.write(show, *lists)

    def write(self, show, series, people):
        page = SeriesPage(
            title=show.name,
            slug=show.slug,
            network=show.network,
            premiered=show.premiered,
            synopsis=f"<p>{show.synopsis}</p>",
            search_description=show.synopsis,
        )
        for part in show.cast:
            person = people.add_child(
                instance=PersonPage(
                    title=part.person,
                    slug=part.person_slug,
                    biography=f"<p>{part.biography}</p>",
                )
            )
            page.cast.add(CastMember(person=person, character=part.role, kind=part.kind))
        for episode in show.episodes:
            page.episodes.add(
                Episode(number=episode.number, name=episode.name, aired=episode.aired)
            )
        series.add_child(instance=page)
