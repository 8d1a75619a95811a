"""What would come of a pasted cast list: who is meant by each line, and which parts there are."""

from collections import defaultdict

from django.db.models import Q

from ..models import Character, Person, Portrayal
from ..models.review import why_it_waits
from ..models.text import fold
from .naming import Called, by_key, labels_of, only_one, share_a_word
from .proposals import (
    ELSE,
    FILLED_IN,
    LEFT_OUT,
    MAY_NOT_SHOW,
    NEW,
    NEW_PART,
    NOTHING,
    SEASON_ADDED,
    Choice,
    Entered,
    Proposal,
    Rights,
)


class Casting:
    """The lines of a cast list of ``series``, or of its ``season``, matched with the catalogue.

    ``chosen`` has what the editor chose by the number that a line had when it was shown. It holds
    while ``shown``, the digest of what was shown, has the line as it is now, wherever it stands.
    Else a line has what suggests itself. Costs the same few statements however many lines there
    are.
    """

    def __init__(
        self,
        lines,
        series,
        season=None,
        *,
        kind="",
        is_billed=False,
        chosen=None,
        shown="",
        rights=None,
    ):
        self.series, self.season = series, season
        self.kind, self.is_billed = kind, is_billed
        self.rights = rights or Rights()
        read = [line for line in lines if not line.problem]
        chosen = chosen or {}
        people = self.people = Called(
            Person,
            [line.actor for line in read],
            [(each.person, each.person_name) for each in chosen.values()],
        )
        characters = self.characters = Called(
            Character,
            [line.character for line in read if line.character],
            [(each.character, each.character_name) for each in chosen.values()],
        )
        self._find_parts()
        self.proposals = [
            Proposal(line, problem=line.problem)
            if line.problem
            else self._propose(line, people, characters)
            for line in lines
        ]
        self.digest = " ".join(each.digest for each in self.proposals)
        self.is_as_shown = shown == self.digest
        self._chosen = {}
        for number, digest in enumerate(shown.split(), start=1):
            if number in chosen:
                self._chosen.setdefault(digest, chosen[number])
        self._decide()

    def _find_parts(self):
        """The parts in the series of anybody who may be meant, by person and character."""
        people, characters = list(self.people.rows), list(self.characters.rows)
        of_them = Q(person__in=people) | Q(character__in=characters)
        rows = Portrayal.objects.filter(of_them, series=self.series).order_by("pk")
        self.parts, self.played, self.in_series = defaultdict(list), defaultdict(dict), set()
        for part in rows.prefetch_related("seasons"):
            # What was announced and what was seen are two facts: see Portrayal.announced.
            if not part.announced:
                self.parts[part.person_id, part.character_id].append(part)
            if part.character_id:
                self.played[part.person_id][part.character_id] = part.character
                self.in_series.add(part.character_id)

    def _propose(self, line, people, characters):
        found = people.named(line.actor)
        person = Choice(line.actor, only_one(found), by_key(found), labels_of(found))
        character = None
        if line.character:
            character = self._character(line, characters, found)
        return Proposal(
            line,
            is_taken=True,
            person=person,
            character=character,
            kind=line.kind or self.kind,
        )

    def _character(self, line, characters, people):
        """Of several of one name the one in this series; whom the actor plays is offered too."""
        namesakes = characters.named(line.character)
        here = [row for row in namesakes if row.pk in self.in_series]
        value = only_one(here or namesakes)
        known = {row.pk: row for row in namesakes}
        for person in people:
            for key, row in self.played[person.pk].items():
                if key not in known:
                    known[key] = row
                    if not namesakes and share_a_word(row.name, line.character):
                        value = ""
        rows = known.values()
        return Choice(line.character, value, by_key(rows), labels_of(rows, self.in_series))

    # Deciding

    def _decide(self):
        seen = {}
        for proposal in self.proposals:
            if proposal.line.problem:
                continue
            self._choose(proposal)
            if not proposal.is_taken:
                continue
            self._judge(proposal)
            who = proposal.person.who, proposal.character and proposal.character.who, proposal.kind
            first = seen.setdefault(who, proposal)
            if first is not proposal and not proposal.problem:
                proposal.is_taken, proposal.outcome = False, LEFT_OUT
                proposal.problem = f"This is the same part as line {first.line.number}."

    def _choose(self, proposal):
        chosen = self._chosen.get(proposal.digest)
        if chosen is None:
            return
        proposal.is_taken = chosen.is_taken
        self._pick(proposal.person, self.people, chosen.person, chosen.person_name)
        self._pick(proposal.character, self.characters, chosen.character, chosen.character_name)

    @staticmethod
    def _pick(choice, called, value, name):
        """Of several who are found by the name that was written, one must be chosen still."""
        if choice is None:
            return
        if value == ELSE:
            choice.sought = name
            found = called.named(choice.sought)
            choice.offer(found)
            choice.value = only_one(found) if found else ELSE
        elif value == NEW or value in choice.rows:
            choice.value = value
        else:
            row = called.with_key(value)
            choice.offer([row] if row else [])
            choice.value = value if row else ""

    def _judge(self, proposal):
        """Set what will come of a line that is taken, or why nothing can."""
        choices = [choice for choice in (proposal.person, proposal.character) if choice]
        proposal.outcome = ""
        problems = [choice.problem for choice in choices if choice.problem]
        if problems:
            proposal.problem = problems[0]
        elif proposal.person.value == NEW and not self.rights.add_people:
            proposal.problem = "You may not add people: choose one, or leave this line out."
        elif (
            proposal.character
            and proposal.character.value == NEW
            and not (self.rights.add_characters)
        ):
            proposal.problem = "You may not add characters: choose one, or leave this line out."
        else:
            self._find_outcome(proposal, choices)

    def _find_outcome(self, proposal, choices):
        if all(choice.row for choice in choices):
            proposal.part = self._part(proposal)
        part = proposal.part
        if part is None:
            proposal.outcome = NEW_PART
        elif self._is_new_season(part):
            proposal.outcome = SEASON_ADDED
        elif self._missing(proposal, billing=self.is_billed):
            proposal.outcome = FILLED_IN
        else:
            proposal.outcome = NOTHING
            return
        if not self.rights.show and (why := self._why_it_stands(proposal, choices)):
            proposal.problem, proposal.outcome = why, ""

    def _why_it_stands(self, proposal, choices):
        """Why who may not publish leaves this part as it is, or away; "" if there is no reason."""
        rows = [self.series, *(choice.row for choice in choices)]
        if None in rows:
            return ""  # of a new draft
        if all(row.shown_from is not None for row in rows):
            return MAY_NOT_SHOW
        if proposal.part is not None:
            return why_it_waits(proposal.part)
        character = proposal.character and proposal.character.row
        return why_it_waits(
            Portrayal(person=proposal.person.row, character=character, series=self.series)
        )

    def _part(self, proposal):
        character = proposal.character and proposal.character.row
        parts = self.parts.get((proposal.person.row.pk, character and character.pk), [])
        if not proposal.kind:
            return parts[0] if parts else None
        # One whose kind was not known so far is this one.
        of_kind = [part for part in parts if part.kind == proposal.kind]
        return next(iter(of_kind or [part for part in parts if not part.kind]), None)

    @property
    def taken(self) -> list[Proposal]:
        return [each for each in self.proposals if each.is_taken]

    @property
    def is_found_anew(self) -> bool:
        """Whether names have just been looked up, which nobody has seen the answer of."""
        return any(
            choice and choice.sought and choice.value != ELSE
            for each in self.taken
            for choice in (each.person, each.character)
        )

    @property
    def unread(self) -> list[Proposal]:
        """The lines that were not left out by choice, but because they say nothing clear."""
        return [each for each in self.proposals if each.problem and not each.is_taken]

    @property
    def is_sound(self) -> bool:
        return bool(self.taken) and not any(each.problem for each in self.taken)

    # Writing

    def enter(self, record) -> Entered:
        """Write what was taken, in a recording that gave ``record``; new entries are drafts."""
        done = Entered()
        record.remember(each.part for each in self.taken if each.part)
        new = {}
        for place, proposal in enumerate(self.taken, start=1):
            billing = place if self.is_billed else None
            if proposal.part is None:
                done.added.append(self._add(proposal, billing, new, done))
            elif self._extend(proposal, billing):
                done.extended.append(proposal.part)
        return done

    def _add(self, proposal, billing, new, done):
        line, character = proposal.line, proposal.character
        part = Portrayal(
            person=_row_of(proposal.person, Person, new, done.people),
            character=character and _row_of(character, Character, new, done.characters),
            series=self.series,
            kind=proposal.kind,
            billing=billing,
            credited_as=line.credited_as,
            note=line.note,
        )
        part.save()
        if self.season:
            part.seasons.add(self.season)
        return part

    def _extend(self, proposal, billing):
        """Fill in what the list knows and the part does not; whether there was anything."""
        part = proposal.part
        missing = self._missing(proposal, billing)
        for name, value in missing.items():
            setattr(part, name, value)
        if missing:
            part.save(update_fields=list(missing))
        is_new_season = self._is_new_season(part)
        if is_new_season:
            part.seasons.add(self.season)
        return bool(missing) or is_new_season

    def _is_new_season(self, part):
        return self.season is not None and self.season not in part.seasons.all()

    @staticmethod
    def _missing(proposal, billing):
        """{field: value} of what the list knows and the part does not."""
        line, part = proposal.line, proposal.part
        known = {"kind": proposal.kind, "billing": billing, "credited_as": line.credited_as}
        return {name: value for name, value in known.items() if value and not getattr(part, name)}


def _row_of(choice, model, new, added):
    """The entry that was chosen; one new draft for each name, however many lines have it."""
    if choice.value != NEW:
        return choice.row
    key = model, fold(choice.name)
    if key not in new:
        new[key] = model(name=choice.name)
        new[key].save()
        added.append(new[key])
    return new[key]
