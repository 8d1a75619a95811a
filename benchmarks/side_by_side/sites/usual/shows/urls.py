from django.urls import path

from . import views

urlpatterns = [
    path("series/", views.SeriesList.as_view(), name="series-list"),
    path("series/<slug:slug>/", views.SeriesDetail.as_view(), name="series-detail"),
    path(
        "series/<slug:slug>/season-<int:season>/episode-<int:number>/",
        views.EpisodeDetail.as_view(),
        name="episode-detail",
    ),
    path("people/", views.PersonList.as_view(), name="person-list"),
    path("people/<slug:slug>/", views.PersonDetail.as_view(), name="person-detail"),
]
