"""The news as an Atom feed, narrowed as the list of the news is."""

import datetime as dt

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from .filters import AnnouncementFilter
from .models import Announcement
from .models.text import without_controls

_MOST = 50


class AtomFeed(Atom1Feed):
    def latest_post_date(self):
        """Of an empty feed long ago: now, as Django says, would be another feed each time."""
        return super().latest_post_date() if self.items else dt.datetime.fromtimestamp(0, dt.UTC)


class NewsFeed(Feed):
    """At ``/feeds/news.atom``, with the parameters of ``/news/`` but for its order: newest first.

    A feed is read by programs that pass it on, so it is the same for everybody: what would give an
    episode away is left out, whatever the visitor has told.
    """

    feed_type = AtomFeed
    parameters = frozenset(AnnouncementFilter.base_filters) - {"sort"}

    def __call__(self, request, *args, **kwargs):
        request.audience = request.audience.of_everybody()
        return super().__call__(request, *args, **kwargs)

    def get_object(self, request):
        asked = request.GET.copy()
        asked.pop("sort", None)
        news = Announcement.objects.open_to(request.audience).for_detail(request.audience)
        narrowed = AnnouncementFilter(asked, queryset=news, request=request)
        if not narrowed.is_valid():
            raise Http404("There is no such news to narrow the feed to.")
        return narrowed

    # The feed

    def title(self, narrowed):
        told = ", ".join(label for _, _, label in narrowed.told)
        return without_controls(f"{settings.FRANCHISE_NAME}: news{f' of {told}' if told else ''}")

    def link(self, narrowed):
        return _with(reverse("catalog:announcement-list"), narrowed)

    def feed_url(self, narrowed):
        return _with(reverse("catalog:news-feed"), narrowed)

    def author_name(self, narrowed):
        return settings.FRANCHISE_NAME

    # What is in it

    def items(self, narrowed):
        host = narrowed.request.get_host()
        rows = list(narrowed.qs[:_MOST])
        for row in rows:
            # By its key: the slug in its address may change, and readers would show it twice.
            row.guid = f"tag:{host},{row.created_at:%Y-%m-%d}:news/{row.pk}"
        return rows

    def item_title(self, item):
        return without_controls(item.name)

    def item_description(self, item):
        return without_controls(render_to_string("catalog/feed_item.html", {"news": item}))

    def item_guid(self, item):
        return item.guid

    def item_pubdate(self, item):
        """The day of the news where one is known, else when it was entered."""
        if item.date is None or item.date.precision != "day":
            return item.created_at
        return dt.datetime.combine(item.date.earliest, dt.time(), dt.UTC)

    def item_updateddate(self, item):
        return item.updated_at

    def item_categories(self, item):
        named = [item.get_kind_display(), *(series.name for series in item.shown_series)]
        return [without_controls(name) for name in named]


def _with(address, narrowed):
    return f"{address}?{narrowed.query}" if narrowed.query else address
