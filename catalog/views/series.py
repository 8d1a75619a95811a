from django.shortcuts import get_object_or_404

from ..filters import EpisodeFilter, SeriesFilter
from ..lineage import lineage_of
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
from .base import NEWS_ON_A_PAGE, CatalogList
from .following import PARAMETER as FOLLOWED
from .following import followed, followed_at
from .openings import CREDITS_SHOWN, opening_cast, opening_crew, with_long_marks
from .sections import SectionedDetail


class SeriesList(CatalogList):
    model = Series
    filterset_class = SeriesFilter
    heading = "Series"
    nouns = "series,series"


class SeriesDetail(SectionedDetail):
    model = Series
    parameters = frozenset({FOLLOWED, "sources"})

    def rows(self, audience):
        return with_long_marks(Series.objects.reached_by(audience).for_detail(audience))

    def get_context_data(self, **kwargs):
        series, audience = self.object, self.request.audience
        seasons = Season.objects.visible_to(audience).of(series).for_series(audience)
        links = SeriesLink.objects.visible_to(audience).of(series)
        cast, crew = opening_cast(series, audience), opening_crew(series, audience)
        following = followed_at(self.request, series)
        self.kept = following.parameters if following else {}
        sources = Source.objects.told_to(audience).supporting(
            series=[series],
            serieslink=[
                link for link in links if link.episode is None or audience.shown(link.episode)
            ],
            season=[season for season in seasons if not season.is_ahead],
            portrayal=audience.standing_open(cast.rows),
            credit=crew.rows,
        )
        return super().get_context_data(
            seasons=seasons,
            portrayals=cast.rows,
            credits=crew.rows,
            all_cast=cast.total,
            has_more_crew=crew.is_cut,
            lineage=lineage_of(series, links, audience),
            news=Announcement.objects.visible_to(audience).about(series=series)[:NEWS_ON_A_PAGE],
            following=following,
            sources=self.in_pages("sources", "sources", sources),
            **kwargs,
        )


class SeasonDetail(SectionedDetail):
    model = Season
    redirect_model = Series
    parameters = frozenset({FOLLOWED, "episodes", "cast", "crew", "sources"})

    def series_of(self, entry):
        return entry.series

    def rows(self, audience):
        seasons = Season.objects.reached_by(audience)
        return seasons.select_related("series__network", "network")

    def get_object(self, queryset=None):
        seasons = self.get_queryset() if queryset is None else queryset
        return get_object_or_404(seasons.at(self.kwargs["slug"], self.kwargs["number"]))

    def get_context_data(self, **kwargs):
        season, audience = self.object, self.request.audience
        episodes = Episode.objects.visible_to(audience).of(season)
        episodes = self.in_pages("episodes", "episodes", episodes)
        portrayals = self.in_pages(
            "cast",
            "cast",
            Portrayal.objects.visible_to(audience).for_season(season),
            Portrayal.objects.with_names(),
        )
        credits = self.in_pages(
            "crew",
            "crew",
            Credit.objects.visible_to(audience).for_season(season),
            Credit.objects.in_order(),
            CREDITS_SHOWN,
        )
        sources = Source.objects.told_to(audience).supporting(
            season=[season],
            episode=[episode for episode in episodes if not episode.is_ahead],
            portrayal=audience.standing_open(portrayals),
            credit=credits,
        )
        following = followed(self.request, season)
        self.kept = following.parameters if following else {}
        return super().get_context_data(
            episodes=episodes,
            portrayals=portrayals,
            credits=credits,
            following=following,
            sources=self.in_pages("sources", "sources", sources),
            **(following.beside if following else self.beside(season)),
            **kwargs,
        )

    def beside(self, season):
        seasons = list(Season.objects.visible_to(self.request.audience).of(season.series))
        place = seasons.index(season)
        return {
            "previous": seasons[place - 1] if place else None,
            "next": seasons[place + 1] if place + 1 < len(seasons) else None,
        }


class EpisodeDetail(SectionedDetail):
    model = Episode
    redirect_model = Series
    parameters = frozenset({FOLLOWED, "cast", "crew", "first-seen", "revealed", "sources"})

    def series_of(self, entry):
        return entry.series

    def rows(self, audience):
        episodes = Episode.objects.reached_by(audience)
        return episodes.select_related("season__network", "season__series__network")

    def get_object(self, queryset=None):
        episodes = self.get_queryset() if queryset is None else queryset
        return get_object_or_404(
            episodes.at(self.kwargs["slug"], self.kwargs["season"], self.kwargs["number"])
        )

    def get_context_data(self, **kwargs):
        episode, audience = self.object, self.request.audience
        credits = self.in_pages(
            "crew",
            "crew",
            Credit.objects.visible_to(audience).for_episode(episode),
            Credit.objects.in_order(),
            CREDITS_SHOWN,
        )
        portrayals = self.in_pages(
            "cast",
            "cast",
            Portrayal.objects.visible_to(audience).for_episode(episode),
            Portrayal.objects.with_names().told_apart(episode),
        )
        first_seen = Character.objects.visible_to(audience).for_episode(episode)
        facts = CharacterFact.objects.visible_to(audience).for_episode(episode)
        sources = Source.objects.told_to(audience).supporting(
            episode=[episode],
            portrayal=[row for row in audience.standing_open(portrayals) if row.in_episode],
            credit=credits,
        )
        following = followed(self.request, episode.season, episode)
        self.kept = following.parameters if following else {}
        return super().get_context_data(
            portrayals=portrayals,
            credits=credits,
            first_seen=self.in_pages("first-seen", "first seen", first_seen),
            facts=self.in_pages("revealed", "revealed", facts),
            following=following,
            is_here=audience.is_at(episode),
            sources=self.in_pages("sources", "sources", sources),
            **(following.beside if following else self.beside(episode)),
            **kwargs,
        )

    def beside(self, episode):
        visible = Episode.objects.visible_to(self.request.audience)
        return {
            "previous": visible.before(episode).first(),
            "next": visible.after(episode).first(),
        }


class EpisodeList(CatalogList):
    model = Episode
    filterset_class = EpisodeFilter
    heading = "Episodes"
    nouns = "episode,episodes"
    paginate_by = 50

    def dressed(self, rows):
        rows = rows.for_list()
        if self.filterset.asks_for_cast:
            rows = rows.with_certainty(self.filterset.certain())
        return rows
