from django.shortcuts import get_object_or_404

from ..filters import EpisodeFilter, SeriesFilter
from ..models import (
    Announcement,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Portrayal,
    Season,
    Series,
    SeriesLink,
    Source,
)
from .base import NEWS_ON_A_PAGE, CatalogDetail, CatalogList


class SeriesList(CatalogList):
    model = Series
    filterset_class = SeriesFilter
    heading = "Series"
    nouns = "series,series"


class SeriesDetail(CatalogDetail):
    model = Series

    def get_queryset(self):
        audience = self.request.audience
        return Series.objects.visible_to(audience).for_detail(audience)

    def get_context_data(self, **kwargs):
        series, audience = self.object, self.request.audience
        seasons = Season.objects.visible_to(audience).of(series)
        links = SeriesLink.objects.visible_to(audience).of(series)
        portrayals = Portrayal.objects.visible_to(audience).for_series(series)
        credits = Credit.objects.visible_to(audience).for_series(series)
        return super().get_context_data(
            seasons=seasons.for_series(audience),
            portrayals=portrayals,
            credits=credits,
            links=links,
            news=Announcement.objects.visible_to(audience).about(series=series)[:NEWS_ON_A_PAGE],
            sources=Source.objects.supporting(
                series=Series.objects.filter(pk=series.pk),
                serieslink=links,
                season=seasons,
                portrayal=portrayals.unspoiled(),
                credit=credits,
            ),
            **kwargs,
        )


class SeasonDetail(CatalogDetail):
    model = Season
    redirect_model = Series

    def get_object(self, queryset=None):
        seasons = Season.objects.visible_to(self.request.audience).select_related(
            "series__network", "network"
        )
        return get_object_or_404(seasons.at(self.kwargs["slug"], self.kwargs["number"]))

    def get_context_data(self, **kwargs):
        season, audience = self.object, self.request.audience
        episodes = Episode.objects.visible_to(audience).of(season)
        portrayals = Portrayal.objects.visible_to(audience).for_season(season)
        credits = Credit.objects.visible_to(audience).for_season(season)
        seasons = list(Season.objects.visible_to(audience).of(season.series))
        place = seasons.index(season)
        return super().get_context_data(
            episodes=episodes,
            portrayals=portrayals,
            credits=credits,
            previous=seasons[place - 1] if place else None,
            next=seasons[place + 1] if place + 1 < len(seasons) else None,
            sources=Source.objects.supporting(
                season=Season.objects.filter(pk=season.pk),
                episode=episodes,
                portrayal=portrayals.unspoiled(),
                credit=credits,
            ),
            **kwargs,
        )


class EpisodeDetail(CatalogDetail):
    model = Episode
    redirect_model = Series

    def get_object(self, queryset=None):
        episodes = Episode.objects.visible_to(self.request.audience).select_related(
            "season__network", "season__series__network"
        )
        return get_object_or_404(
            episodes.at(self.kwargs["slug"], self.kwargs["season"], self.kwargs["number"])
        )

    def get_context_data(self, **kwargs):
        episode, audience = self.object, self.request.audience
        visible = Episode.objects.visible_to(audience)
        portrayals = Portrayal.objects.visible_to(audience).for_episode(episode)
        credits = Credit.objects.visible_to(audience).for_episode(episode)
        return super().get_context_data(
            portrayals=portrayals,
            credits=credits,
            first_seen=Character.objects.visible_to(audience).for_episode(episode),
            facts=CharacterFact.objects.visible_to(audience).for_episode(episode),
            previous=visible.before(episode).first(),
            next=visible.after(episode).first(),
            sources=Source.objects.supporting(
                episode=Episode.objects.filter(pk=episode.pk),
                portrayal=portrayals.unspoiled().filter(in_episode=True),
                credit=credits,
            ),
            **kwargs,
        )


class EpisodeList(CatalogList):
    model = Episode
    filterset_class = EpisodeFilter
    heading = "Episodes"
    nouns = "episode,episodes"
    paginate_by = 50

    def get_rows(self, visible):
        return visible.for_list()
