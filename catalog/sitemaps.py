"""The addresses of all public pages for search engines, with when each changed last."""

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as django_views
from django.db.models import F, Max
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.views.decorators.http import require_safe

from .models import (
    Announcement,
    Change,
    Character,
    Episode,
    Organization,
    Person,
    Season,
    Series,
    WatchOrder,
    last_change_of,
)

_PAGES = [
    "dashboard",
    "series-list",
    "episode-list",
    "character-list",
    "actor-list",
    "crew-list",
    "person-list",
    "crossover-list",
    "people-crossover-list",
    "organization-list",
    "announcement-list",
    "watch-order-list",
    "timeline",
]


class Pages(Sitemap):
    """Those that are about no single entry."""

    def __init__(self, audience, last_change):
        pass

    def items(self):
        return _PAGES

    def location(self, name):
        return reverse(f"catalog:{name}")


class Entries(Sitemap):
    """The pages of one kind of entry.

    A page changes with all that is shown on it: ``changed`` is when its entry or anything that
    hangs on it was changed last. The whole kind is as young as the last change of anything: to
    look at each entry for that would take longer than to read the list once more.
    """

    limit = 5_000
    model = None
    picture = ""
    fields = ("slug", "updated_at")
    updated_at = "updated_at"  # where that is known of the entry itself

    def __init__(self, audience, last_change):
        self.audience, self.last_change = audience, last_change

    def items(self):
        rows = self.rows().only(*self.fields)
        if self.picture:
            rows = rows.only(*self.fields, f"{self.picture}__file").select_related(self.picture)
        return rows.annotate(changed=self.changed()).order_by("pk")

    def changed(self):
        own = F(self.updated_at)
        return Greatest(own, Coalesce(last_change_of(self.model), own))

    def rows(self):
        return self.model.objects.visible_to(self.audience)

    def get_urls(self, **kwargs):
        urls = super().get_urls(**kwargs)
        for url in urls if self.picture else ():
            url["picture"] = getattr(url["item"], self.picture)
        return urls

    def lastmod(self, row):
        return row.changed

    def get_latest_lastmod(self):
        last = self.rows().aggregate(last=Max(self.updated_at))["last"]
        return max(filter(None, (last, self.last_change)), default=None)


class SeriesPages(Entries):
    model = Series
    picture = "cover"


class CharacterPages(Entries):
    model = Character
    picture = "image"


class PersonPages(Entries):
    model = Person
    picture = "image"


class OrganizationPages(Entries):
    model = Organization
    picture = "image"


class NewsPages(Entries):
    """Without what is folded on its own page: an address is made of a headline."""

    model = Announcement

    def rows(self):
        return Announcement.objects.open_to(self.audience)


class WatchOrderPages(Entries):
    model = WatchOrder


class SeasonPages(Entries):
    model = Season
    updated_at = "series__updated_at"
    fields = ("number", "series__slug")


class EpisodePages(Entries):
    model = Episode
    updated_at = "season__series__updated_at"
    fields = ("number", "season__number", "season__series__slug")


_SECTIONS = {
    "pages": Pages,
    "series": SeriesPages,
    "seasons": SeasonPages,
    "episodes": EpisodePages,
    "characters": CharacterPages,
    "people": PersonPages,
    "organizations": OrganizationPages,
    "news": NewsPages,
    "watch-orders": WatchOrderPages,
}


@require_safe
def index(request):
    """At ``/sitemap.xml``: where the sitemaps of each kind are, and of its further pages."""
    return django_views.index(
        request,
        _sections(request),
        template_name="sitemap_index.xml",
        sitemap_url_name="catalog:sitemap",
    )


@require_safe
def sitemap(request, section):
    """At ``/sitemap-people.xml``; ``?p=2`` has the next 5,000."""
    return django_views.sitemap(request, _sections(request), section, template_name="sitemap.xml")


index.parameters = frozenset()
sitemap.parameters = frozenset({"p"})


def _sections(request):
    # What a visitor sees who has told nothing, whoever asks.
    audience = request.audience.of_everybody()
    last_change = Change.objects.last_moment()
    return {name: kind(audience, last_change) for name, kind in _SECTIONS.items()}
