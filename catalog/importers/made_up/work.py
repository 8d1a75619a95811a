"""Who plays whom, and who does what behind the camera."""

from collections import Counter
from itertools import count

from ...models import Credit, Job, Portrayal
from ...models.text import address
from .chance import Chance, skewed
from .people import MOST_PROLIFIC
from .words import JOBS
from .writing import Plain, links

_KINDS = ("guest", "recurring", "main", "voice", "archive", "")
_KIND_SHARES = skewed(len(_KINDS), exponent=1.6, flat=0)
# The jobs of the most prolific person; all others have a few.
_JOBS_OF_THE_MOST_PROLIFIC = 12


class Trades:
    """Of all people, those with parts and those with crew work, some with both."""

    def __init__(self, size, seed):
        chance = Chance(seed, "trades")
        others = list(range(MOST_PROLIFIC + 1, size.people + 1))
        chance.shuffle(others)
        actors = others[: round(0.62 * len(others))]
        # The busiest of either are not the same people.
        crew = others[round(0.5 * len(others)) :][::-1]
        work = size.most_credits - size.most_parts
        self.parts = _shared_out(chance, size.portrayals - size.most_parts, actors)
        self.parts[MOST_PROLIFIC] = size.most_parts
        self.work = _shared_out(chance, size.credits - work, crew)
        self.work[MOST_PROLIFIC] = work


def _shared_out(chance, total, people):
    """How many of ``total`` rows each has: one at least, and the first many more than the last."""
    numbers = Counter(people)
    if people:
        shares = skewed(len(people), exponent=0.8, flat=50)
        numbers.update(chance.choices(people, cum_weights=shares, k=total - len(people)))
    return numbers


def jobs():
    spread = [(department, name) for department, names in JOBS for name in names.split(", ")]
    for pk, (department, name) in enumerate(spread, start=1):
        yield Job(pk=pk, name=name, slug=address(name), department=department, rank=10 * pk)


class Parts:
    """The portrayals, and what they are linked to."""

    def __init__(self, seed, shows, homes, sources):
        self.chance = Chance(seed, "parts")
        self.shows = shows
        self.sources = sources
        self.homes = homes
        self.characters = range(1, len(homes) + 1)
        # Not far from even: a part is played by a few, hardly one by a hundred.
        self.shares = skewed(len(homes), exponent=0.5, flat=50)

    def rows(self, trades):
        keys = count(1)
        for person in sorted(trades.parts):
            played = set()
            while len(played) < trades.parts[person]:
                part = self._part()
                if part not in played:
                    played.add(part)
                    yield from self._portrayal(next(keys), person, *part)

    def _part(self):
        """A character, a series and a kind: with the person, what makes a portrayal unique."""
        chance, shows = self.chance, self.shows
        if chance.comes(0.04):
            return None, shows.some_series(chance).pk, "self"
        character = chance.pick(self.characters, self.shares)
        is_at_home = chance.comes(0.85)
        series = self.homes[character - 1] if is_at_home else shows.some_series(chance).pk
        return character, series, chance.pick(_KINDS, _KIND_SHARES)

    def _portrayal(self, pk, person, character, series, kind):
        chance = self.chance
        span, seasons, episodes = self._seen_in(series, kind)
        values = {
            "id": pk,
            "person_id": person,
            "character_id": character,
            "series_id": series,
            "kind": kind,
            **span,
            "revealed_in_id": self.shows.revealed_in(chance, series, 0.02),
        }
        if kind == "main":
            values["billing"] = chance.randrange(1, 15)
        if chance.comes(0.01):
            values["credited_as"] = f"{chance.choice('ABCDEFGHJKLM')}. Credit"
        if not (span or seasons or episodes):
            values["announced"] = chance.comes(0.1)
        yield Plain(Portrayal, values)
        yield from links(Portrayal.seasons, pk, seasons)
        yield from links(Portrayal.episodes, pk, episodes)
        yield from self.sources.some_for(chance, Portrayal, pk, 0.05)

    def _seen_in(self, series, kind):
        """First and last episode by column, then the keys of seasons and of episodes: one of these.

        For a tenth of all parts nothing is known.
        """
        chance, shows = self.chance, self.shows
        if chance.comes(0.1):
            return {}, (), ()
        season = shows.some_season(chance, series)
        if kind in {"guest", "voice"} and chance.comes(0.7):
            number = chance.choice([1, 1, 1, 2, 4])
            return {}, (), [episode.pk for episode in shows.episodes[season.pk][:number]]
        if kind == "main" and chance.comes(0.2):
            first = shows.episodes[season.pk][0]
            last = shows.episodes_of[series][-1]
            return {"first_episode_id": first.pk, "last_episode_id": last.pk}, (), ()
        run = shows.seasons[series][season.number - 1 :][: chance.choice([1, 1, 1, 2, 3])]
        return {}, [season.pk for season in run], ()


class CrewWork:
    """The credits, and their sources."""

    def __init__(self, seed, shows, sources):
        self.chance = Chance(seed, "crew work")
        self.shows = shows
        self.sources = sources
        self.jobs = [job.pk for job in jobs()]

    def rows(self, trades):
        chance, keys = self.chance, count(1)
        for person in sorted(trades.work):
            is_most = person == MOST_PROLIFIC
            own_jobs = chance.sample(
                self.jobs, _JOBS_OF_THE_MOST_PROLIFIC if is_most else chance.choice([1, 1, 2, 3])
            )
            done = set()
            while len(done) < trades.work[person]:
                series = self.shows.some_series(chance).pk
                work = (chance.choice(own_jobs), series, *self._place(series))
                if work not in done:
                    done.add(work)
                    yield from self._credit(next(keys), person, *work)

    def _place(self, series):
        """The keys of a season, of an episode, or of neither."""
        fall = self.chance.random()
        if fall < 0.15:
            return None, None
        if fall < 0.35:
            return self.shows.some_season(self.chance, series).pk, None
        return None, self.shows.some_episode(self.chance, series).pk

    def _credit(self, pk, person, job, series, season, episode):
        values = {
            "id": pk,
            "person_id": person,
            "series_id": series,
            "season_id": season,
            "episode_id": episode,
            "job_id": job,
        }
        yield Plain(Credit, values)
        yield from self.sources.some_for(self.chance, Credit, pk, 0.03)
