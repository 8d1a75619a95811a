from django.urls import include, path, register_converter
from django.views.generic import RedirectView

from . import sitemaps, views
from .calendar import calendar
from .feeds import NewsFeed
from .oembed import oembed


class NumberConverter:
    """A number as it is written: no leading zeros, so that a page has one address."""

    regex = "0|[1-9][0-9]{0,5}"
    to_python = staticmethod(int)
    to_url = staticmethod(str)


register_converter(NumberConverter, "number")

app_name = "catalog"

urlpatterns = [
    path("", views.Dashboard.as_view(), name="dashboard"),
    path("series/", views.SeriesList.as_view(), name="series-list"),
    path("series/<slug:slug>/", views.SeriesDetail.as_view(), name="series-detail"),
    path(
        "series/<slug:slug>/season-<number:number>/",
        views.SeasonDetail.as_view(),
        name="season-detail",
    ),
    path(
        "series/<slug:slug>/season-<number:season>/episode-<number:number>/",
        views.EpisodeDetail.as_view(),
        name="episode-detail",
    ),
    path("episodes/", views.EpisodeList.as_view(), name="episode-list"),
    path("characters/", views.CharacterList.as_view(), name="character-list"),
    path("characters/<slug:slug>/", views.CharacterDetail.as_view(), name="character-detail"),
    path("actors/", views.ActorList.as_view(), name="actor-list"),
    path("crew/", views.CrewList.as_view(), name="crew-list"),
    path("people/", views.PersonList.as_view(), name="person-list"),
    path("people/<slug:slug>/", views.PersonDetail.as_view(), name="person-detail"),
    path("crossovers/", views.CharacterCrossoverList.as_view(), name="crossover-list"),
    path("crossovers/people/", views.PersonCrossoverList.as_view(), name="people-crossover-list"),
    path("organizations/", views.OrganizationList.as_view(), name="organization-list"),
    path(
        "organizations/<slug:slug>/",
        views.OrganizationDetail.as_view(),
        name="organization-detail",
    ),
    path("news/", views.AnnouncementList.as_view(), name="announcement-list"),
    path("news/<slug:slug>/", views.AnnouncementDetail.as_view(), name="announcement-detail"),
    path("calendar.ics", calendar, name="calendar"),
    path("feeds/news.atom", NewsFeed(), name="news-feed"),
    path("progress/", views.ProgressPage.as_view(), name="progress"),
    path("watch-orders/", views.WatchOrderList.as_view(), name="watch-order-list"),
    path(
        "watch-orders/<slug:slug>/",
        views.WatchOrderDetail.as_view(),
        name="watch-order-detail",
    ),
    path("timeline/", views.TimelinePage.as_view(), name="timeline"),
    path("cards/<path:page>card-<slug:digest>.jpg", views.card, name="card"),
    path("cards/card-<slug:digest>.jpg", views.card, {"page": ""}, name="card"),
    path("oembed/", oembed, name="oembed"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("opensearch.xml", views.OpenSearch.as_view(), name="open-search"),
    path("sitemap.xml", sitemaps.index, name="sitemap-index"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", views.Robots.as_view(), name="robots"),
    path("api/", RedirectView.as_view(pattern_name="catalog:api:root"), name="api"),
    path("api/v1/", include("catalog.api.urls")),
    path("search/", views.Search.as_view(), name="search"),
    path("search/suggest/", views.search_suggest, name="search-suggest"),
]
