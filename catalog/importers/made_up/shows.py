"""Made-up series with their seasons and episodes."""

import datetime as dt

from ...models import Episode, Network, PartialDate, Season, Series, SeriesLink
from ...models.text import address
from .chance import HIDDEN, PUBLISHED, Chance, Names, skewed
from .words import ADJECTIVES, NETWORKS, NOUNS, PLACES

# The year in which the last seasons are shown.
_NOW = 2025


class Shows:
    """All series, and where in them something can happen."""

    def __init__(self, size, seed):
        self.size = size
        self.chance = Chance(seed, "shows")
        self.networks = [
            Network(pk=number, name=name, slug=address(name))
            for number, name in enumerate(NETWORKS, start=1)
        ]
        self.series: list[Series] = []
        self.links: list[SeriesLink] = []
        self.seasons: dict[int, list[Season]] = {}  # by the key of the series, in order
        self.episodes: dict[int, list[Episode]] = {}  # by the key of the season, in order
        self._make()
        # A few series hold most of what there is.
        self.shares = skewed(len(self.series), exponent=1, flat=0)
        self.episodes_of = {
            series.pk: [
                episode
                for season in self.seasons[series.pk]
                for episode in self.episodes[season.pk]
            ]
            for series in self.series
        }

    def rows(self):
        yield from self.networks
        yield from self.series
        for seasons in self.seasons.values():
            yield from seasons
        for episodes in self.episodes.values():
            yield from episodes
        yield from self.links

    def some_series(self, chance) -> Series:
        return chance.pick(self.series, self.shares)

    def homes(self, seed, count) -> list[int]:
        """The key of the series that each of ``count`` characters comes from."""
        keys = [series.pk for series in self.series]
        return Chance(seed, "homes").choices(keys, cum_weights=self.shares, k=count)

    def some_season(self, chance, series_pk) -> Season:
        return chance.choice(self.seasons[series_pk])

    def some_episode(self, chance, series_pk) -> Episode:
        return chance.choice(self.episodes_of[series_pk])

    def revealed_in(self, chance, series_pk, share) -> int | None:
        """The key of the episode that gives something away, in ``share`` of all cases."""
        return self.some_episode(chance, series_pk).pk if chance.comes(share) else None

    def _make(self):
        names, chance = Names(), self.chance
        titles = [f"{adjective} {noun}" for adjective in ADJECTIVES for noun in NOUNS]
        titles = chance.sample(titles, len(self.size.episodes))
        for number, (title, episodes) in enumerate(zip(titles, self.size.episodes, strict=True), 1):
            beyond = number - self.size.published_series
            per_season = chance.choice([8, 10, 13, 22])
            count = -(-episodes // per_season)
            first_year = _NOW - count + 1 - chance.choice([0, 0, 1, 3, 6, 10])
            is_running = first_year + count > _NOW
            series = Series(
                pk=number,
                **names.fields(title),
                **(HIDDEN[(beyond - 1) % len(HIDDEN)] if beyond > 0 else PUBLISHED),
                tagline=f"Nothing stays {title.split()[0].lower()} for ever.",
                synopsis=f"A case in {chance.choice(PLACES)} opens an old wound.",
                status=Series.Status.AIRING if is_running else Series.Status.ENDED,
                network=chance.choice(self.networks),
                premiered=PartialDate(str(first_year)),
                ended=None if is_running else PartialDate(str(first_year + count - 1)),
                accent=chance.choice(Series.Accent.values),
                language="English",
            )
            self.series.append(series)
            self._make_seasons(series, first_year, episodes, per_season)
            if number > 1:
                self._link(series)

    def _make_seasons(self, series, first_year, episodes, per_season):
        at_once = self.chance.comes(0.3)
        seasons = self.seasons[series.pk] = []
        for number, before in enumerate(range(0, episodes, per_season), start=1):
            start = dt.date(first_year + number - 1, 1, 1)
            start += dt.timedelta(days=self.chance.randrange(270))
            season = Season(
                pk=sum(map(len, self.seasons.values())) + 1,
                series=series,
                number=number,
                premiered=PartialDate(start.isoformat()),
            )
            seasons.append(season)
            self._make_episodes(season, start, min(per_season, episodes - before), at_once)

    def _make_episodes(self, season, start, count, at_once):
        chance = self.chance
        episodes = self.episodes[season.pk] = []
        written = self._written
        self._written += count
        for number in range(1, count + 1):
            aired = start if at_once else start + dt.timedelta(weeks=number - 1)
            # In a few cases only the year is known, or nothing.
            known = chance.choices([10, 4, 0], [94, 3, 3])[0]
            episodes.append(
                Episode(
                    pk=written + number,
                    season=season,
                    number=number,
                    name=_title(chance),
                    aired=PartialDate(aired.isoformat()[:known]) if known else None,
                    runtime=chance.randrange(41, 62),
                    synopsis=f"A {chance.choice(NOUNS).lower()} leads to {chance.choice(PLACES)}.",
                )
            )

    _written = 0

    def _link(self, series):
        older = self.chance.choice(self.series[:-1])
        self.links.append(
            SeriesLink(
                pk=len(self.links) + 1,
                from_series=series,
                kind=self.chance.choice(SeriesLink.Kind.values),
                to_series=older,
            )
        )


def _title(chance):
    first, second = chance.sample(NOUNS, 2)
    return chance.choice(
        [
            f"The {chance.choice(ADJECTIVES)} {first}",
            f"{first} of {chance.choice(PLACES)}",
            f"The {first} and the {second}",
            f"{chance.choice(ADJECTIVES)} {first}",
        ]
    )
