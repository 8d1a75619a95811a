"""Seasons and episodes: which are there, and what would come of each."""

from ....models import Episode, Season
from ....models.text import fold
from .. import values
from ..merging import Merging
from ..plan import Outcome, Planned
from ..told import UNTOLD, Told
from .networks import Networks
from .settling import DELETED, Settling, deleted_of, rows_of

_INSIGNIFICANT = "TVmaze calls it an insignificant special, such as a making-of."


class Episodes:
    """Seasons are planned before the episodes that stand in them."""

    def __init__(self, told: Told, series: Planned, networks: Networks, settling: Settling):
        self._told, self._series = told, series
        self._networks, self._settling = networks, settling
        self._seasons = {}
        self._meant = {}  # the ids of TVmaze for rows that have none yet, by their keys

    def plan_seasons(self):
        told = {season.number: season for season in self._told.seasons}
        wanted = {*told, *(each.season for each in self._told.episodes if not each.is_special)}
        if any(each.is_special and each.is_significant for each in self._told.episodes):
            wanted.add(0)
        rows = rows_of(self._series.row, Season, "network", series=self._series.row)
        there = {row.number: row for row in rows}
        gone = {each["number"] for each in deleted_of(self._series.row, Season, [self._series.row])}
        merging = Merging(rows)
        for number in sorted(wanted):
            row, planned = there.get(number), Planned(Season, f"Season {number}")
            if row is None and number in gone:
                self._seasons[number] = planned.skip(DELETED)
                continue
            season_values = {}
            if number in told:
                season_values = values.of_season(told[number])
                if "network" in season_values:
                    self._set_own_network(season_values, told[number].network)
            new = {"series": self._series.row, "number": number}
            self._seasons[number] = self._settling.settled(
                planned, row, season_values, Season, new, merging
            )
        return list(self._seasons.values())

    def _set_own_network(self, season_values, network):
        """Only a season that is not where the series is says where it is."""
        row = self._networks.row_of(network)
        of_series = self._series.values.get("network", self._series.row.network)
        if row is UNTOLD:
            del season_values["network"]
        else:
            is_same = row is not None and of_series is not None and row.name == of_series.name
            season_values["network"] = None if is_same else row

    def plan_episodes(self):
        ids = [each.id for each in self._told.episodes]
        rows = rows_of(self._series.row, Episode, season__series=self._series.row)
        elsewhere = Episode.objects.filter(tvmaze_id__in=ids).exclude(
            pk__in=[row.pk for row in rows]
        )
        self._by_id = {row.tvmaze_id: row for row in [*rows, *elsewhere] if row.tvmaze_id}
        self._by_place = {(row.season.number, row.number): row for row in rows}
        seasons = [season.row for season in self._seasons.values() if season.row and season.row.pk]
        self._gone = {
            each["tvmaze_id"] for each in deleted_of(self._series.row, Episode, seasons)
        } - {None}
        self._merging = Merging(rows)
        regular = [each for each in self._told.episodes if not each.is_special]
        specials = [each for each in self._told.episodes if each.is_special]
        # In the order in which they came out, what has no date last.
        specials.sort(key=lambda each: (str(each.aired or "~"), each.id))
        planned = [self._plan_episode(each, each.season, each.number) for each in regular]
        return planned + [self._plan_special(each) for each in specials]

    def _plan_special(self, episode):
        if not episode.is_significant and episode.id not in self._by_id:
            return Planned(Episode, episode.label).skip(_INSIGNIFICANT)
        return self._plan_episode(episode, 0, self._number_of(episode))

    def _number_of(self, special):
        """That of the special of this name which has no id yet; else the next free one."""
        row = self._by_id.get(special.id)
        if row is not None:
            return row.number
        named = [
            number
            for (season, number), row in self._by_place.items()
            if season == 0
            and self._id_of(row) is None
            and row.name
            and fold(row.name) == fold(special.name or "")
        ]
        if len(named) == 1:
            return named[0]
        return max((number for season, number in self._by_place if season == 0), default=0) + 1

    def _plan_episode(self, episode, season_number, number):
        planned = Planned(Episode, episode.label)
        row, place = self._by_id.get(episode.id), (season_number, number)
        told = values.of_episode(episode)
        if row is not None and row.season.series_id != self._series.row.pk:
            return planned.skip(f"“{row}” has its TVmaze id.")
        if row is None and episode.id in self._gone:
            return planned.skip(DELETED)
        if row is None:
            row = self._by_place.get(place)
            if row is not None and self._id_of(row) not in (None, episode.id):
                return planned.skip(
                    f"Its place is taken by “{row.title}”, which has another TVmaze id "
                    f"({self._id_of(row)}): TVmaze may count anew. Mend the numbers by hand."
                )
        elif (row.season.number, row.number) != place:
            planned.note = f"It is {row.code} here and stays there; move it by hand if that is old."
        season = self._seasons.get(season_number)
        if row is None and (season is None or season.outcome is Outcome.SKIPPED):
            return planned.skip(f"Its season is left out. {season.note if season else ''}".strip())
        new = {"season": season and season.row, "number": number}
        settled = self._settling.settled(planned, row, told, Episode, new, self._merging)
        if row is not None:
            self._meant[row.pk] = episode.id
        elif settled.row is not None:
            self._by_place[place] = settled.row
        return settled

    def _id_of(self, row):
        return row.tvmaze_id or self._meant.get(row.pk)
