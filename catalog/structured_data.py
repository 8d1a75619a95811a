"""What a page is about, in the words of schema.org, for programs that read pages.

Made of the rows that a page has at hand, and asks for no others. It tells what stands open to
everybody: nothing of an entry that an episode gives away, and nothing at all on the page of a
visitor who has told how far they are, or of an editor.
"""

from itertools import groupby

from django.conf import settings
from django.urls import reverse

from .models import (
    Announcement,
    Character,
    Episode,
    Organization,
    Person,
    Season,
    Series,
    WatchOrder,
)
from .models.text import shortened

_LONGEST = 300  # letters of a description
_CHARACTER = "https://www.wikidata.org/wiki/Q95074"  # schema.org has no word for one

# What credits of a department, or of a job, are called; others are contributions.
_BY_DEPARTMENT = {"directing": "director", "writing": "author", "music": "musicBy"}
_PRODUCERS = "production"


def structured_data(request, context) -> dict | None:
    """A graph in JSON-LD of the page with this ``context``, which is everybody's; None of none."""
    page = _Page(request, context)
    things = [*page.trail(), *page.subject()]
    return {"@context": "https://schema.org", "@graph": things} if things else None


class _Page:
    def __init__(self, request, context):
        self.request, self.context = request, context
        self.entry = context.get("object")
        self.origin = f"{request.scheme}://{request.get_host()}"

    # Where it is

    def trail(self):
        """The way to it from the front page, as breadcrumbs."""
        steps = [(settings.FRANCHISE_NAME, reverse("catalog:dashboard")), *self._steps()]
        if len(steps) == 1:
            return []
        return [
            {
                "@type": "BreadcrumbList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": position,
                        "name": name,
                        "item": {"@type": "WebPage", "@id": self.absolute(path)},
                    }
                    for position, (name, path) in enumerate(steps, start=1)
                ],
            }
        ]

    def _steps(self):
        entry = self.entry
        if entry is None:
            heading = self.context.get("heading")
            return [(heading, self.request.path)] if heading else []
        steps = [_LISTS[type(entry)]]
        if isinstance(entry, Season | Episode):
            steps.append((entry.series.name, entry.series.get_absolute_url()))
        if isinstance(entry, Episode):
            steps.append((entry.season.title, entry.season.get_absolute_url()))
        steps.append((_name_of(entry), entry.get_absolute_url()))
        return [(name, reverse(path) if ":" in path else path) for name, path in steps]

    # What it is about

    def subject(self):
        if self.entry is not None:
            described = _DESCRIBED[type(self.entry)](self, self.entry)
            return [_without_blanks(described)] if described else []
        if (rows := self.context.get("object_list")) is not None:
            shown = [row for row in rows if not getattr(row, "revealed_in_id", None)]
            return [self._list(shown)] if shown else []
        return [self._site()] if self.request.path == reverse("catalog:dashboard") else []

    def _site(self):
        search = self.absolute(reverse("catalog:search"))
        return {
            "@type": "WebSite",
            "name": settings.FRANCHISE_NAME,
            "url": self.absolute(reverse("catalog:dashboard")),
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{text}}"},
                "query-input": "required name=text",
            },
        }

    def _list(self, rows):
        return {
            "@type": "ItemList",
            "name": self.context.get("heading", ""),
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": position,
                    "name": _name_of(row),
                    "url": self.absolute(row.get_absolute_url()),
                }
                for position, row in enumerate(rows, start=1)
            ],
        }

    def series(self, series):
        return {
            **self._entry("TVSeries", series, series.synopsis, series.cover),
            "startDate": _iso(series.premiered),
            "endDate": _iso(series.ended),
            "numberOfSeasons": series.season_count,
            "numberOfEpisodes": series.episode_count,
            "countryOfOrigin": series.country and {"@type": "Country", "name": series.country},
            "inLanguage": series.language,
            "isBasedOn": series.based_on and {"@type": "CreativeWork", "name": series.based_on},
            "productionCompany": [
                {"@type": "Organization", "name": name} for name in series.production_company_list
            ],
            "containsSeason": [self._season(season) for season in self.context["seasons"]],
            **self._people(),
        }

    def season(self, season):
        return {
            **self._season(season),
            "description": _short(season.synopsis),
            "partOfSeries": self._named("TVSeries", season.series),
            "episode": [self._episode(episode) for episode in self.context["episodes"]],
            **self._people(),
        }

    def episode(self, episode):
        return {
            **self._episode(episode),
            "alternateName": episode.also_known_as,
            "description": _short(episode.synopsis),
            "duration": episode.runtime and f"PT{episode.runtime}M",
            "partOfSeason": self._season(episode.season),
            "partOfSeries": self._named("TVSeries", episode.series),
            "sameAs": [address for _, address in episode.external_links],
            **self._people(),
        }

    def person(self, person):
        return {
            **self._entry("Person", person, person.biography, person.image),
            "birthDate": _iso(person.born),
            "deathDate": _iso(person.died),
            "birthPlace": person.birth_place and {"@type": "Place", "name": person.birth_place},
        }

    def character(self, character):
        shown = dict.fromkeys(part.series for part in self._open(self.context["portrayals"]))
        return {
            **self._entry("CreativeWork", character, character.biography, character.image),
            "additionalType": _CHARACTER,
            "isPartOf": [self._named("TVSeries", series) for series in shown],
        }

    def organization(self, organization):
        parent = self.context["parent"]
        return {
            **self._entry(
                "Organization", organization, organization.description, organization.image
            ),
            "parentOrganization": parent and self._named("Organization", parent),
        }

    def news(self, item):
        if item.revealed_in_id:
            return None
        about = [
            *(self._named("TVSeries", series) for series in item.shown_series),
            *(self._named("Person", person) for person in item.shown_people),
            *(self._named("CreativeWork", character) for character in item.shown_characters),
        ]
        return {
            "@type": "NewsArticle",
            "headline": item.name,
            "url": self.absolute(item.get_absolute_url()),
            "description": _short(item.body),
            "datePublished": _iso(item.date),
            "dateModified": item.updated_at.isoformat(timespec="seconds"),
            "about": about,
        }

    def watch_order(self, order):
        steps = self.context["steps"]
        return {
            "@type": "ItemList",
            "name": order.name,
            "description": _short(order.description),
            "url": self.absolute(order.get_absolute_url()),
            "itemListOrder": "https://schema.org/ItemListOrderAscending",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": step.number,
                    "name": str(step.target),
                    "url": self.absolute(step.target.get_absolute_url()),
                }
                for step in steps
            ],
        }

    # Parts of it

    def _entry(self, kind, entry, text, picture):
        return {
            **self._named(kind, entry),
            "alternateName": entry.also_known_as,
            "description": _short(text),
            "image": picture and self.absolute(picture.file.url),
            "sameAs": [address for _, address in getattr(entry, "external_links", ())],
        }

    def _named(self, kind, entry):
        return {
            "@type": kind,
            "name": _name_of(entry),
            "url": self.absolute(entry.get_absolute_url()),
        }

    def _season(self, season):
        return {
            **self._named("TVSeason", season),
            "seasonNumber": season.number,
            "startDate": _iso(season.premiered),
        }

    def _episode(self, episode):
        return {
            **self._named("TVEpisode", episode),
            "episodeNumber": episode.number,
            "datePublished": _iso(episode.aired),
        }

    def _people(self):
        """Cast and crew of the page, as far as they stand open."""
        told = {"actor": self._cast()}
        credits = [(_property_of(credit.job), credit.person) for credit in self.context["credits"]]
        for name, found in groupby(sorted(credits, key=lambda it: it[0]), key=lambda it: it[0]):
            people = dict.fromkeys(person for _, person in found)
            told[name] = [self._named("Person", person) for person in people]
        return told

    def _cast(self):
        cast = []
        for part in self._open(self.context["portrayals"]):
            actor = self._named("Person", part.person)
            if part.character is None:
                cast.append(actor)
            else:
                played = {"actor": actor, "characterName": part.character.name}
                cast.append({"@type": "PerformanceRole", **played})
        return cast

    def _open(self, rows):
        return self.request.audience.standing_open(rows)

    def absolute(self, path):
        return f"{self.origin}{path}" if path.startswith("/") else path


_LISTS = {
    Series: ("Series", "catalog:series-list"),
    Season: ("Series", "catalog:series-list"),
    Episode: ("Series", "catalog:series-list"),
    Character: ("Characters", "catalog:character-list"),
    Person: ("People", "catalog:person-list"),
    Organization: ("Organizations", "catalog:organization-list"),
    Announcement: ("News", "catalog:announcement-list"),
    WatchOrder: ("Watch orders", "catalog:watch-order-list"),
}
_DESCRIBED = {
    Series: _Page.series,
    Season: _Page.season,
    Episode: _Page.episode,
    Character: _Page.character,
    Person: _Page.person,
    Organization: _Page.organization,
    Announcement: _Page.news,
    WatchOrder: _Page.watch_order,
}


def _name_of(entry):
    return entry.title if isinstance(entry, Season | Episode) else str(entry)


def _property_of(job):
    if job.slug == "creator":
        return "creator"
    if job.department == _PRODUCERS:
        return "producer"
    return _BY_DEPARTMENT.get(job.department, "contributor")


def _iso(date):
    return date and date.iso


def _short(text):
    return shortened(text, _LONGEST)


def _without_blanks(thing):
    """``thing`` without what is not known."""
    if isinstance(thing, dict):
        told = {name: _without_blanks(value) for name, value in thing.items()}
        return {name: value for name, value in told.items() if value not in (None, "", [], {})}
    if isinstance(thing, list):
        return [_without_blanks(each) for each in thing]
    return thing
