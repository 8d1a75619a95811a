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
)
from ..models.statements import Statement
from .base import NEWS_ON_A_PAGE, CatalogList, cards
from .following import PARAMETER as FOLLOWED
from .following import followed, followed_at
from .openings import CREDITS_SHOWN, opening_cast, opening_crew, with_cast_mark, with_long_marks
from .sections import SectionedDetail

_SEASONS = Statement(
    lambda audience, series: Season.objects.visible_to(audience).of(series).for_series(audience)
)
_LINKS = Statement(lambda audience, series: SeriesLink.objects.visible_to(audience).of(series))
_NEWS = Statement(
    lambda audience, series: Announcement.objects.visible_to(audience).about(series=series)[
        :NEWS_ON_A_PAGE
    ]
)
_SEASONS_BESIDE = Statement(lambda audience, series: Season.objects.visible_to(audience).of(series))
_EPISODES = Statement(
    lambda audience, season: Episode.objects.visible_to(audience).of(season).without_season()
)
_CAST_OF_SEASON = Statement(
    lambda audience, season: (
        Portrayal.objects.visible_to(audience).for_season(season).without_series()
    ),
    dressed=lambda audience, season: Portrayal.objects.without_series(),
)
_CREW_OF_SEASON = Statement(
    lambda audience, season: Credit.objects.visible_to(audience).for_season(season),
    dressed=lambda audience, season: Credit.objects.in_order(),
)
_CAST_OF_EPISODE = Statement(
    lambda audience, episode: (
        Portrayal.objects.visible_to(audience).for_episode(episode).without_series()
    ),
    dressed=lambda audience, episode: Portrayal.objects.without_series().told_apart(episode),
)
_CREW_OF_EPISODE = Statement(
    lambda audience, episode: Credit.objects.visible_to(audience).for_episode(episode),
    dressed=lambda audience, episode: Credit.objects.in_order(),
)
_FIRST_SEEN = Statement(
    lambda audience, episode: Character.objects.visible_to(audience).for_episode(episode)
)
_FACTS = Statement(
    lambda audience, episode: CharacterFact.objects.visible_to(audience).for_episode(episode)
)
_BEFORE = Statement(
    lambda audience, episode: Episode.objects.visible_to(audience).before(episode)[:1]
)
_AFTER = Statement(
    lambda audience, episode: Episode.objects.visible_to(audience).after(episode)[:1]
)


class SeriesList(CatalogList):
    model = Series
    cards = cards(Series)
    filterset_class = SeriesFilter
    heading = "Series"
    nouns = "series,series"


class SeriesDetail(SectionedDetail):
    model = Series
    parameters = frozenset({FOLLOWED, "sources"})
    entry = Statement(
        lambda audience, slug: with_long_marks(
            Series.objects.reached_by(audience).for_detail(audience)
        ).filter(slug=slug)
    )

    def get_context_data(self, **kwargs):
        series, audience = self.object, self.request.audience
        seasons = _SEASONS(audience, series=series)
        links = _LINKS(audience, series=series)
        cast, crew = opening_cast(series, audience), opening_crew(series, audience)
        following = followed_at(self.request, series)
        self.kept = following.parameters if following else {}
        sources = self.sources_of(
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
            news=_NEWS(audience, series=series),
            following=following,
            sources=sources,
            **kwargs,
        )


class SeasonDetail(SectionedDetail):
    model = Season
    entry = Statement(
        lambda audience, slug, number: (
            with_cast_mark(Season.objects.reached_by(audience))
            .select_related("series__network", "network")
            .at(slug, number)
        )
    )
    redirect_model = Series
    parameters = frozenset({FOLLOWED, "episodes", "cast", "crew", "sources"})

    def series_of(self, entry):
        return entry.series

    def get_context_data(self, **kwargs):
        season, audience = self.object, self.request.audience
        episodes = self.in_pages("episodes", "episodes", _EPISODES, season=season)
        portrayals = self.in_pages(
            "cast", "cast", _CAST_OF_SEASON, fits=season.cast_fits, season=season
        )
        for episode in episodes:
            episode.season = season
        for part in portrayals:
            part.series = season.series
        credits = self.in_pages("crew", "crew", _CREW_OF_SEASON, size=CREDITS_SHOWN, season=season)
        sources = self.sources_of(
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
            sources=sources,
            **(following.beside if following else self.beside(season)),
            **kwargs,
        )

    def beside(self, season):
        seasons = _SEASONS_BESIDE(self.request.audience, series=season.series)
        place = seasons.index(season)
        return {
            "previous": seasons[place - 1] if place else None,
            "next": seasons[place + 1] if place + 1 < len(seasons) else None,
        }


class EpisodeDetail(SectionedDetail):
    model = Episode
    entry = Statement(
        lambda audience, slug, season, number: (
            with_cast_mark(Episode.objects.reached_by(audience), "season__series")
            .select_related("season__network", "season__series__network")
            .at(slug, season, number)
        )
    )
    redirect_model = Series
    parameters = frozenset({FOLLOWED, "cast", "crew", "first-seen", "revealed", "sources"})

    def series_of(self, entry):
        return entry.series

    def get_context_data(self, **kwargs):
        episode, audience = self.object, self.request.audience
        credits = self.in_pages(
            "crew", "crew", _CREW_OF_EPISODE, size=CREDITS_SHOWN, episode=episode
        )
        portrayals = self.in_pages(
            "cast", "cast", _CAST_OF_EPISODE, fits=episode.cast_fits, episode=episode
        )
        for part in portrayals:
            part.series = episode.series
        sources = self.sources_of(
            episode=[episode],
            portrayal=[row for row in audience.standing_open(portrayals) if row.in_episode],
            credit=credits,
        )
        following = followed(self.request, episode.season, episode)
        self.kept = following.parameters if following else {}
        return super().get_context_data(
            portrayals=portrayals,
            credits=credits,
            first_seen=self.in_pages("first-seen", "first seen", _FIRST_SEEN, episode=episode),
            facts=self.in_pages("revealed", "revealed", _FACTS, episode=episode),
            following=following,
            is_here=audience.is_at(episode),
            sources=sources,
            **(following.beside if following else self.beside(episode)),
            **kwargs,
        )

    def beside(self, episode):
        audience = self.request.audience
        return {
            "previous": _BEFORE.first(audience, episode=episode),
            "next": _AFTER.first(audience, episode=episode),
        }


class EpisodeList(CatalogList):
    model = Episode
    cards = cards(Episode)
    filterset_class = EpisodeFilter
    heading = "Episodes"
    nouns = "episode,episodes"
    paginate_by = 50

    def dressed(self, keys):
        if not self.filterset.asks_for_cast:
            return super().dressed(keys)
        rows = self.cards.build(self.request.audience, keys)
        return rows.with_certainty(self.filterset.certain())
