from django.urls import path, re_path
from django.views.generic import TemplateView
from drf_spectacular.views import SpectacularJSONAPIView

from . import views

app_name = "api"

# One for all, and kept: nobody asks too often for it.
schema = SpectacularJSONAPIView.as_view(throttle_classes=[])
schema.parameters = frozenset()


class Docs(TemplateView):
    """The schema for people, to read and to try."""

    template_name = "catalog/api_docs.html"
    parameters = frozenset()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            canonical_address=self.request.build_absolute_uri(self.request.path),
            lists=[(name, (view.__doc__ or "").strip()) for name, view in views.LISTS.items()],
            **kwargs,
        )


_EPISODE = "series/<slug:slug>/season-<number:season>/episode-<number:number>/"

urlpatterns = [
    path("", views.Root.as_view(), name="root"),
    path("schema/", schema, name="schema"),
    path("docs/", Docs.as_view(), name="docs"),
    *(path(f"{name}/", view.as_view(), name=name) for name, view in views.LISTS.items()),
    path("series/<slug:slug>/", views.SeriesDetail.as_view(), name="series-detail"),
    path(
        "series/<slug:slug>/season-<number:number>/",
        views.SeasonDetail.as_view(),
        name="season-detail",
    ),
    path(_EPISODE, views.EpisodeDetail.as_view(), name="episode-detail"),
    path("characters/<slug:slug>/", views.CharacterDetail.as_view(), name="character-detail"),
    path("people/<slug:slug>/", views.PersonDetail.as_view(), name="person-detail"),
    path(
        "organizations/<slug:slug>/",
        views.OrganizationDetail.as_view(),
        name="organization-detail",
    ),
    path("news/<slug:slug>/", views.NewsDetail.as_view(), name="news-detail"),
    path("watch-orders/<slug:slug>/", views.WatchOrderDetail.as_view(), name="watch-order-detail"),
    # An address without its last stroke is led to the one with it, as those of pages are.
    re_path(r"^[\s\S]+/\Z", views.Nowhere.as_view()),
]
