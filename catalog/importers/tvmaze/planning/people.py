"""People and characters: who is meant, and what would come of each."""

from ....history.since import deleted
from ....models import Character, Person, Portrayal, Series
from ....models.text import fold
from .. import values
from ..matching import Matching
from ..merging import Merging
from ..plan import Answers, Outcome, Plan, Planned
from ..told import Told
from .settling import Settling, rows_of

_MERGED_OR_DELETED = (
    "It was deleted here, or merged into another. To have it again, recover it from the recent "
    "changes."
)
_NAMES_IN_A_DETAIL = 3


class Who:
    """``people`` and ``characters`` are what is planned of each, by TVmaze's ids.

    Characters are planned after the people, who may tell which of them are meant. Questions go to
    ``plan``.
    """

    def __init__(
        self, told: Told, series: Series, answers: Answers, plan: Plan, settling: Settling
    ):
        self._told, self._series, self._answers = told, series, answers
        self._plan, self._settling = plan, settling
        self.people, self.characters = {}, {}

    def is_left_out(self, row: Planned, person: Planned, character: Planned | None = None) -> bool:
        """Whether one of them is not taken; ``row``, which is about them, is skipped then."""
        for who, word in ((person, "person"), (character, "character")):
            if who is not None and who.row is None:
                row.skip(f"The {word} “{who.label}” is left out.")
                return True
        return False

    def plan_people(self):
        details = {}
        for part in self._told.parts:
            whom = self._told.characters.get(part.character)
            details.setdefault(part.person, []).append(f"as {whom.name}" if whom else "as self")
        for work in self._told.works:
            details.setdefault(work.person, []).append(work.job)
        for key, person in self._told.people.items():
            if isinstance(person.born, str):
                details[key] = [f"born {person.born}", *details.get(key, [])]
        details = {key: ", ".join(some[:_NAMES_IN_A_DETAIL]) for key, some in details.items()}
        self.people = self._plan_entries(
            Person, self._told.people, values.of_person, details=details
        )

    def plan_characters(self):
        details = {}
        for part in self._told.parts:
            name = self._told.people[part.person].name
            details.setdefault(part.character, []).append(name)
        details = {
            key: f"played by {', '.join(some[:_NAMES_IN_A_DETAIL])}"
            for key, some in details.items()
        }
        self.characters = self._plan_entries(
            Character,
            self._told.characters,
            values.of_character,
            details=details,
            series=self._series,
            certain=self._characters_played(),
        )

    def _characters_played(self):
        """Whom somebody plays in the series already, by the same name: these are the same."""
        played = {
            (row.person_id, form): row.character
            for row in rows_of(self._series, Portrayal, "character", series=self._series)
            if row.character
            for form in values.forms_of(row.character)
        }
        certain = {}
        for part in self._told.parts:
            person = self.people[part.person].row
            if part.character and person is not None and person.pk:
                name = fold(self._told.characters[part.character].name)
                if row := played.get((person.pk, name)):
                    certain[part.character] = row
        return certain

    def _plan_entries(self, model, told, values_of, **matched_by):
        matching = Matching(model, told, self._answers, **matched_by)
        self._plan.questions += matching.questions.values()
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
                self._settling.settled(planned[key], rows[key], told_values, model, {}, merging)
        return planned

    def leave_out_who_has_nothing_to_do(self, parts, works):
        """``parts`` and ``works`` are pairs of what is told and what is planned of it."""
        busy = set()
        for part, row in parts:
            if row.outcome is not Outcome.SKIPPED:
                busy |= {(Person, part.person), (Character, part.character)}
        for work, row in works:
            if row.outcome is not Outcome.SKIPPED:
                busy.add((Person, work.person))
        for model, planned in ((Person, self.people), (Character, self.characters)):
            for key, row in planned.items():
                if row.outcome is Outcome.NEW and (model, key) not in busy:
                    row.skip("Nothing of what they do in the series is taken.")
