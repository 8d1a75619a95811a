from django.urls import path
from django.views.generic import TemplateView

from . import views

# Sections that the navigation leads to and that have nothing in them yet.
EMPTY = TemplateView.as_view(template_name="shows/nothing_yet.html")

urlpatterns = [
    path("", views.SeriesList.as_view(), name="home"),
    path("series/", views.SeriesList.as_view(), name="series-list"),
    path("series/<slug:slug>/", views.SeriesDetail.as_view(), name="series-detail"),
    path(
        "series/<slug:slug>/season-<int:number>/",
        views.SeasonDetail.as_view(),
        name="season-detail",
    ),
    path(
        "series/<slug:slug>/season-<int:season>/episode-<int:number>/",
        views.EpisodeDetail.as_view(),
        name="episode-detail",
    ),
    path("episodes/", views.EpisodeList.as_view(), name="episode-list"),
    path("characters/", views.CharacterList.as_view(), name="character-list"),
    path("characters/<slug:slug>/", views.CharacterDetail.as_view(), name="character-detail"),
    path("people/", views.PersonList.as_view(), name="person-list"),
    path("people/<slug:slug>/", views.PersonDetail.as_view(), name="person-detail"),
    path("actors/", views.ActorList.as_view(), name="actor-list"),
    path("crew/", views.CrewList.as_view(), name="crew-list"),
    path("search/", views.Search.as_view(), name="search"),
    path("organizations/", EMPTY, name="organization-list"),
    path("news/", EMPTY, name="news-list"),
    path("timeline/", EMPTY, name="timeline"),
    path("crossovers/", EMPTY, name="crossovers"),
    path("watch-orders/", EMPTY, name="watch-order-list"),
    path("progress/", EMPTY, name="progress"),
]
