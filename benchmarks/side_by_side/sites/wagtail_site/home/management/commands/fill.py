from django.core.management.base import BaseCommand
from wagtail.models import Page, Site

from benchmarks.side_by_side.content import SECTIONS, SHOWS
from home.models import (
    CastMember,
    CharacterPage,
    EpisodePage,
    HomePage,
    PersonPage,
    SeasonPage,
    SeriesPage,
)


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
        lists = {
            title: home.add_child(
                instance=HomePage(
                    title=title,
                    slug=title.lower().replace(" ", "-"),
                    show_in_menus=title in SECTIONS,
                )
            )
            for title in (*SECTIONS, "People", "Progress")
        }
        for show in SHOWS:
            self.write(show, lists["Series"], lists["People"], lists["Characters"])

    def write(self, show, series, people, characters):
        page = SeriesPage(
            title=show.name,
            slug=show.slug,
            network=show.network,
            status=SeriesPage.Status.ENDED,
            premiered=show.premiered,
            synopsis=f"<p>{show.synopsis}</p>",
            search_description=show.synopsis,
        )
        for part in show.cast:
            biography = f"<p>{part.biography}</p>"
            person = PersonPage(title=part.person, slug=part.person_slug, biography=biography)
            character = CharacterPage(title=part.role, slug=part.role_slug, biography=biography)
            people.add_child(instance=person)
            characters.add_child(instance=character)
            page.cast.add(CastMember(person=person, character=character, kind=part.kind))
        series.add_child(instance=page)
        season = SeasonPage(
            title="Season 1",
            slug="season-1",
            number=1,
            search_description=f"{show.name}, Season 1: episodes and cast",
        )
        page.add_child(instance=season)
        for episode in show.episodes:
            season.add_child(
                instance=EpisodePage(
                    title=episode.name,
                    slug=f"episode-{episode.number}",
                    number=episode.number,
                    aired=episode.aired,
                    synopsis=f"<p>{episode.synopsis}</p>",
                )
            )
