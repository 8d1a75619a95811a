"""Compares what TVmaze tells of a show with the catalogue: what would be new, updated or left."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from ...history.since import deleted
from ...models import (
    Character,
    Credit,
    Episode,
    Job,
    Network,
    Person,
    Portrayal,
    Season,
    Series,
    State,
)
from ...models.entry import Entry
from ...models.review import handed_in
from ...models.text import address, fold
from . import values
from .jobs import job_called
from .matching import Matching
from .merging import Merging
from .plan import Answers, Outcome, Plan, Planned, Rights
from .told import UNTOLD, Told

WOULD_SHOW = "Visitors would see it at once."
IN_REVIEW = "It belongs to what is in review."
_DELETED = "It was deleted here. To have it again, recover it from the recent changes."
_MERGED_OR_DELETED = (
    "It was deleted here, or merged into another. To have it again, recover it from the recent "
    "changes."
)
_INSIGNIFICANT = "TVmaze calls it an insignificant special, such as a making-of."
_NAMES_IN_A_DETAIL = 3


def plan(told: Told, answers: Answers, rights: Rights) -> Plan:
    """Costs the same number of statements however much is told; writes nothing."""
    return _Planning(told, answers, rights).planned()


class _Planning:
    def __init__(self, told, answers, rights):
        self.told, self.answers, self.rights = told, answers, rights
        self.plan = Plan(told.name, told.address)
        self.networks = {fold(network.name): network for network in Network.objects.all()}
        self.slugs = {network.slug for network in self.networks.values()}
        self.new_networks = {}

    def planned(self):
        self.series = self._plan_series()
        if self.series.row is None:
            self.plan.rows = [self.series]
            return self.plan
        seasons, episodes = self._plan_seasons(), self._plan_episodes()
        people, characters = self._plan_people(), self._plan_characters()
        parts, (jobs, credits) = self._plan_parts(), self._plan_credits()
        self._leave_out_who_has_nothing_to_do(parts, credits)
        self.plan.rows = [
            *self._plan_networks(seasons),
            self.series,
            *seasons,
            *episodes,
            *people,
            *characters,
            *jobs,
            *parts,
            *credits,
        ]
        return self.plan

    # The series ----------------------------------------------------------------------------------

    def _plan_series(self):
        show = self.told.show
        planned = Planned(Series, self.told.name)
        row = Series.objects.filter(tvmaze_id=self.told.id).first() or self._by_other_ids()
        if row is None:
            if show is None:
                return planned.skip(
                    "The catalogue has no series with this TVmaze id, and the show itself is not "
                    f"among what was given. Add the answer of /shows/{self.told.id}."
                )
            detail = f"premiered {show.premiered}" if isinstance(show.premiered, str) else ""
            matching = Matching(Series, {show.id: show}, self.answers, details={show.id: detail})
            self.plan.questions += matching.questions.values()
            if why := matching.why_not(show.id):
                return planned.skip(why)
            row = matching.row_of(show.id)
        if row is not None and show is None:
            self.plan.name = planned.label = row.name
        told = values.of_series(show, row) if show else {}
        if show and show.status is not UNTOLD and "status" not in told and row is None:
            told["status"] = Series.Status.AIRING
            self.plan.notes.append(
                "TVmaze leaves open whether the series goes on: its status is “Returning” until "
                "somebody knows."
            )
        if show and "network" in told:
            told["network"] = self._network(show.network)
            if told["network"] is UNTOLD:
                del told["network"]
        self._leave_out_taken_ids(told, row)
        return self._settled(planned, row, told, Series)

    def _by_other_ids(self):
        """One that another catalogue calls the same; not if TVmaze has another id for it."""
        show = self.told.show
        same = Q(pk__in=[])
        for name in ("imdb_id", "tvdb_id"):
            value = getattr(show, name, UNTOLD)
            if value not in (UNTOLD, None):
                same |= Q(**{name: value})
        found = list(Series.objects.filter(same, tvmaze_id=None)[:2])
        return found[0] if len(found) == 1 else None

    def _leave_out_taken_ids(self, told, row):
        for name in ("imdb_id", "tvdb_id"):
            value = told.get(name)
            others = Series.objects.exclude(pk=row and row.pk)
            if value and (other := others.filter(**{name: value}).first()):
                label = Series._meta.get_field(name).verbose_name
                self.plan.notes.append(f"The {label} {value} is left out: “{other}” has it.")
                del told[name]

    def _network(self, network):
        """The row of a network; a new one, not saved, if the catalogue has none of that name."""
        if network is UNTOLD or network is None:
            return network
        key = fold(network.name)
        if key in self.networks:
            return self.networks[key]
        if not self.rights.add_networks:
            self.plan.notes.append(
                f"The network “{network.name}” is not in the catalogue, and you may not add it: "
                "the box stays as it is."
            )
            self.networks[key] = UNTOLD
            return UNTOLD
        slug = stem = address(network.name) or "network"
        number = 2
        while slug in self.slugs:
            slug, number = f"{stem}-{number}", number + 1
        self.slugs.add(slug)
        row = Network(name=network.name, slug=slug, url=network.url)
        self.networks[key] = self.new_networks[key] = row
        return row

    def _plan_networks(self, seasons):
        """Those that are new and that some row has."""
        used = [
            {**each.suggested, **each.values}.get("network")
            for each in [self.series, *seasons]
            if each.outcome is not Outcome.SKIPPED
        ]
        return [
            Planned(Network, row.name, row, Outcome.NEW)
            for row in self.new_networks.values()
            if any(row is each for each in used)
        ]

    # Seasons and episodes ------------------------------------------------------------------------

    def _plan_seasons(self):
        told = {season.number: season for season in self.told.seasons}
        wanted = {*told, *(each.season for each in self.told.episodes if not each.is_special)}
        if any(each.is_special and each.is_significant for each in self.told.episodes):
            wanted.add(0)
        rows = self._there(Season, "network", series=self.series.row)
        there = {row.number: row for row in rows}
        gone = {each["number"] for each in self._gone(Season, [self.series.row])}
        merging = Merging(rows)
        self.seasons = {}
        for number in sorted(wanted):
            row, planned = there.get(number), Planned(Season, f"Season {number}")
            if row is None and number in gone:
                self.seasons[number] = planned.skip(_DELETED)
                continue
            season_values = {}
            if number in told:
                season_values = values.of_season(told[number])
                if "network" in season_values:
                    self._set_own_network(season_values, told[number].network)
            new = {"series": self.series.row, "number": number}
            self.seasons[number] = self._settled(planned, row, season_values, Season, new, merging)
        return list(self.seasons.values())

    def _set_own_network(self, season_values, network):
        """Only a season that is not where the series is says where it is."""
        row = self._network(network)
        of_series = self.series.values.get("network", self.series.row.network)
        if row is UNTOLD:
            del season_values["network"]
        else:
            is_same = row is not None and of_series is not None and row.name == of_series.name
            season_values["network"] = None if is_same else row

    def _plan_episodes(self):
        ids = [each.id for each in self.told.episodes]
        rows = self._there(Episode, season__series=self.series.row)
        elsewhere = Episode.objects.filter(tvmaze_id__in=ids).exclude(
            pk__in=[row.pk for row in rows]
        )
        self.by_id = {row.tvmaze_id: row for row in [*rows, *elsewhere] if row.tvmaze_id}
        self.by_place = {(row.season.number, row.number): row for row in rows}
        seasons = [season.row for season in self.seasons.values() if season.row and season.row.pk]
        self.gone_episodes = {each["tvmaze_id"] for each in self._gone(Episode, seasons)} - {None}
        self.merging = Merging(rows)
        regular = [each for each in self.told.episodes if not each.is_special]
        specials = [each for each in self.told.episodes if each.is_special]
        # In the order in which they came out, what has no date last.
        specials.sort(key=lambda each: (str(each.aired or "~"), each.id))
        planned = [self._plan_episode(each, each.season, each.number) for each in regular]
        return planned + [self._plan_special(each) for each in specials]

    def _plan_special(self, episode):
        if not episode.is_significant and episode.id not in self.by_id:
            return Planned(Episode, episode.label).skip(_INSIGNIFICANT)
        return self._plan_episode(episode, 0, self._number_of(episode))

    def _number_of(self, special):
        """That of the special of this name which has no id yet; else the next free one."""
        row = self.by_id.get(special.id)
        if row is not None:
            return row.number
        named = [
            number
            for (season, number), row in self.by_place.items()
            if season == 0
            and row.tvmaze_id is None
            and row.name
            and fold(row.name) == fold(special.name or "")
        ]
        if len(named) == 1:
            return named[0]
        return max((number for season, number in self.by_place if season == 0), default=0) + 1

    def _plan_episode(self, episode, season_number, number):
        planned = Planned(Episode, episode.label)
        row, place = self.by_id.get(episode.id), (season_number, number)
        told = values.of_episode(episode)
        if row is not None and row.season.series_id != self.series.row.pk:
            return planned.skip(f"“{row}” has its TVmaze id.")
        if row is None and episode.id in self.gone_episodes:
            return planned.skip(_DELETED)
        if row is None:
            row = self.by_place.get(place)
            if row is not None and row.tvmaze_id not in (None, episode.id):
                return planned.skip(
                    f"Its place is taken by “{row.title}”, which has another TVmaze id "
                    f"({row.tvmaze_id}): TVmaze may count anew. Mend the numbers by hand."
                )
        elif not episode.is_special and (row.season.number, row.number) != place:
            planned.note = f"It is {row.code} here and stays there; move it by hand if that is old."
        season = self.seasons.get(season_number)
        if row is None and (season is None or season.outcome is Outcome.SKIPPED):
            return planned.skip(f"Its season is left out. {season.note if season else ''}".strip())
        new = {"season": season and season.row, "number": number}
        settled = self._settled(planned, row, told, Episode, new, self.merging)
        if settled.row is not None:
            self.by_place[place] = self.by_id[episode.id] = settled.row
        return settled

    # People and characters -----------------------------------------------------------------------

    def _plan_people(self):
        details = {}
        for part in self.told.parts:
            whom = self.told.characters.get(part.character)
            details.setdefault(part.person, []).append(f"as {whom.name}" if whom else "as self")
        for work in self.told.works:
            details.setdefault(work.person, []).append(work.job)
        for key, person in self.told.people.items():
            if isinstance(person.born, str):
                details[key] = [f"born {person.born}", *details.get(key, [])]
        details = {key: ", ".join(some[:_NAMES_IN_A_DETAIL]) for key, some in details.items()}
        self.people = self._plan_entries(
            Person, self.told.people, values.of_person, details=details
        )
        return list(self.people.values())

    def _plan_characters(self):
        details = {}
        for part in self.told.parts:
            name = self.told.people[part.person].name
            details.setdefault(part.character, []).append(name)
        details = {
            key: f"played by {', '.join(some[:_NAMES_IN_A_DETAIL])}"
            for key, some in details.items()
        }
        self.characters = self._plan_entries(
            Character,
            self.told.characters,
            values.of_character,
            details=details,
            series=self.series.row,
            certain=self._characters_played(),
        )
        return list(self.characters.values())

    def _characters_played(self):
        """Whom somebody plays in the series already, by the same name: these are the same."""
        played = {
            (row.person_id, form): row.character
            for row in self._there(Portrayal, "character", series=self.series.row)
            if row.character
            for form in values.forms_of(row.character)
        }
        certain = {}
        for part in self.told.parts:
            person = self.people[part.person].row
            if part.character and person is not None and person.pk:
                name = fold(self.told.characters[part.character].name)
                if row := played.get((person.pk, name)):
                    certain[part.character] = row
        return certain

    def _plan_entries(self, model, told, values_of, **matched_by):
        matching = Matching(model, told, self.answers, **matched_by)
        self.plan.questions += matching.questions.values()
        gone = {each["tvmaze_id"] for each in deleted(model)} - {None}
        rows = {key: matching.row_of(key) for key in told}
        merging = Merging([row for row in rows.values() if row])
        planned = {}
        for key, entry in told.items():
            planned[key] = Planned(model, entry.name)
            if why := matching.why_not(key):
                planned[key].skip(why)
            elif rows[key] is None and key in gone:
                planned[key].skip(_MERGED_OR_DELETED)
            else:
                told_values = values_of(entry)
                if rows[key] is not None and rows[key].tvmaze_id is not None:
                    # A character that is in several shows has an id for each.
                    del told_values["tvmaze_id"]
                self._settled(planned[key], rows[key], told_values, model, {}, merging)
        return planned

    # What they do --------------------------------------------------------------------------------

    def _plan_parts(self):
        there = {
            (row.person_id, row.character_id, row.announced)
            for row in self._there(Portrayal, series=self.series.row)
        }
        gone = {
            (each["person"], each["character"]) for each in self._gone(Portrayal, [self.series.row])
        }
        self.parts, planned = [], set()
        is_announced = self._is_ahead()
        for part in self.told.parts:
            person = self.people[part.person]
            character = self.characters.get(part.character)
            role = character.label if character else "themselves"
            row = Planned(Portrayal, f"{person.label} as {role}")
            self.parts.append((part, row))
            if self._is_of_nobody(row, person, character):
                continue
            both = person.row.pk, character and character.row.pk
            # A new character has no key, just as somebody who plays themselves has none.
            is_known = character is None or character.row.pk
            if is_known and (*both, is_announced) in there:
                row.outcome = Outcome.UNCHANGED
                continue
            if is_known and both in gone:
                row.skip(_DELETED)
                continue
            same = id(person.row), character and id(character.row)
            if same in planned:
                row.skip("It is told twice.")
                continue
            planned.add(same)
            kind = Portrayal.Kind.VOICE if part.is_voice else Portrayal.Kind.MAIN
            row.row = Portrayal(
                person=person.row,
                character=character and character.row,
                series=self.series.row,
                kind=kind if character else Portrayal.Kind.SELF,
                announced=is_announced,
            )
            self._add(row)
        return [row for _, row in self.parts]

    def _is_ahead(self):
        """Whether nobody has seen the series yet, so that its cast is only announced."""
        show = self.told.show
        premiered = show.premiered if show and show.premiered is not UNTOLD else None
        if not premiered and self.series.row.premiered:
            premiered = self.series.row.premiered.iso
        if premiered:
            return premiered > timezone.localdate().isoformat()
        return bool(show) and show.status == "In Development"

    def _plan_credits(self):
        jobs = {}
        for job in Job.objects.all():
            jobs.setdefault(fold(job.name), job)
            jobs.setdefault(fold(job.slug), job)
        there = {
            (row.person_id, row.job_id)
            for row in self._there(Credit, series=self.series.row, season=None, episode=None)
        }
        gone = {
            (each["person"], each["job"])
            for each in self._gone(Credit, [self.series.row])
            if not (each["season"] or each["episode"])
        }
        self.works, new_jobs, planned = [], {}, set()
        for work in self.told.works:
            person = self.people[work.person]
            row = Planned(Credit, f"{person.label}, {work.job}")
            self.works.append((work, row))
            if self._is_of_nobody(row, person, None):
                continue
            job = jobs.get(fold(work.job))
            if job is None and not self.rights.add_jobs:
                row.skip(f"The job “{work.job}” is not in the catalogue, and you may not add it.")
                continue
            if job is None:
                job = job_called(work.job)
                known = jobs.get(fold(job.slug))
                job = known or job
                if known is None:
                    new_jobs[fold(work.job)] = Planned(Job, job.name, job, Outcome.NEW)
                jobs[fold(work.job)] = jobs[fold(job.slug)] = job
            key = person.row.pk, job.pk
            if key in there:
                row.outcome = Outcome.UNCHANGED
            elif None not in key and key in gone:
                row.skip(_DELETED)
            elif (id(person.row), id(job)) in planned:
                row.skip("It is told twice.")
            else:
                planned.add((id(person.row), id(job)))
                row.row = Credit(person=person.row, series=self.series.row, job=job)
                self._add(row)
        used = {id(row.row.job) for _, row in self.works if row.is_written}
        new = [each for each in new_jobs.values() if id(each.row) in used]
        return new, [row for _, row in self.works]

    @staticmethod
    def _is_of_nobody(row, person, character):
        for who, word in ((person, "person"), (character, "character")):
            if who is not None and who.row is None:
                row.skip(f"The {word} “{who.label}” is left out.")
                return True
        return False

    def _leave_out_who_has_nothing_to_do(self, parts, credits):
        busy = set()
        for part, row in self.parts:
            if row.outcome is not Outcome.SKIPPED:
                busy |= {(Person, part.person), (Character, part.character)}
        for work, row in self.works:
            if row.outcome is not Outcome.SKIPPED:
                busy.add((Person, work.person))
        for model, planned in ((Person, self.people), (Character, self.characters)):
            for key, row in planned.items():
                if row.outcome is Outcome.NEW and (model, key) not in busy:
                    row.skip("Nothing of what they do in the series is taken.")

    # What all of them share ----------------------------------------------------------------------

    def _there(self, model, *joins, **of):
        """The rows of the series that there are; of a new series none."""
        rows = model.objects.select_related(*joins) if joins else model.objects
        return list(rows.filter(**of)) if self.series.row.pk else []

    def _gone(self, model, about):
        return deleted(model, about) if self.series.row.pk and about else []

    def _settled(self, planned, row, told, model, new=None, merging=None):
        """What comes of ``told`` for ``row``, or for a new one that has ``new`` besides."""
        if row is None:
            planned.values = told
            planned.row = model(**{**(new or {}), **told})
            return self._add(planned)
        planned.row = row
        merging = merging or Merging([row])
        merging.merge(planned, told, self._why_held(row))
        return _without_contradictions(planned)

    def _add(self, planned):
        """A new row, unless it would show; new entries are drafts."""
        why_held = "" if isinstance(planned.row, Entry) else self._why_held(planned.row)
        if why_held:
            planned.row = None
            return planned.skip(why_held)
        planned.outcome = Outcome.NEW
        return planned

    def _why_held(self, row):
        """Why nothing of ``row`` is changed without an editor's decision; "" if it may be.

        What has been sent to review stands as well as what is published.
        """
        entries = [] if self.rights.show else handed_in(row)
        if any(entry.stored_state == State.IN_REVIEW for entry in entries):
            return IN_REVIEW
        return WOULD_SHOW if entries else ""


def _without_contradictions(planned):
    """What cannot stand beside what the catalogue says is suggested, for an editor to decide."""
    if not planned.values or not isinstance(planned.row, Entry):
        return planned
    before = {name: getattr(planned.row, name) for name in planned.values}
    try:
        for name, value in planned.values.items():
            setattr(planned.row, name, value)
        planned.row.clean()
    except ValidationError:
        planned.suggested |= {name: value for name, value in planned.values.items() if value}
        planned.suggestions += planned.differences
        planned.values, planned.differences = {}, []
        planned.outcome = Outcome.UNCHANGED
    finally:
        for name, value in before.items():
            setattr(planned.row, name, value)
    return planned
