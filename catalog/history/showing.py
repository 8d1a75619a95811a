"""Holds every change to the permission to publish, whichever page it came from.

Forms and lists refuse earlier, and tell where. This is for what they cannot see: rows that go
along with a deletion, or lose a link by it, and pages yet to be written.
"""

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import prefetch_related_objects
from reversion.models import Version

from ..models import ChangedRow, State
from ..models.entry import Entry
from ..models.gate import ends_of, is_open
from ..models.review import handed_in, why_it_waits
from ..roles import NotShownError, may_show
from .versions import values_of


@dataclass
class Act:
    """What was done to one row: ``before`` and ``after`` are its values, by their names.

    ``before`` is None for one that was added, ``after`` for one that was deleted.
    """

    model: type
    key: int
    name: str
    before: dict | None
    after: dict | None

    @property
    def state_before(self):
        return self.before["state"] if self.before else State.DRAFT

    @property
    def takes_back(self):
        """Whether an entry in review became a draft, and is otherwise as it was."""
        if not issubclass(self.model, Entry) or self.before is None or self.after is None:
            return False
        differing = {
            name
            for name in self.before.keys() & self.after.keys()
            if self.before[name] != self.after[name]
        }
        states = self.state_before, self.after["state"]
        return differing == {"state"} and states == (State.IN_REVIEW, State.DRAFT)


def refuse_what_shows(change, user):
    """Raise NotShownError if ``change`` touches what stands and ``user`` may not publish that.

    What visitors see before it or afterwards stands, and so does what was in review before it. An
    entry may be sent to review, with what comes along, and be taken back as it is.
    """
    if user.is_superuser:
        return
    acts = _acts_of(change)
    states = {
        (act.model, act.key): act.state_before for act in acts if issubclass(act.model, Entry)
    }
    by_model = {}
    for act in acts:
        if not act.takes_back:
            by_model.setdefault(act.model, []).append(act)
    for model, done in by_model.items():
        if not may_show(user, model):
            _refuse_what_stands(model, done, states)


def _acts_of(change):
    rows = list(change.rows.of_itself().with_predecessor())
    earlier = Version.objects.in_bulk([row.predecessor_id for row in rows if row.predecessor_id])
    acts = []
    for row in rows:
        before, after = earlier.get(row.predecessor_id), row.version
        if row.kind == ChangedRow.Kind.ADDED:
            before = None
        elif row.kind == ChangedRow.Kind.DELETED:
            before, after = row.version, None
        acts.append(
            Act(
                row.version.content_type.model_class(),
                int(row.version.object_id),
                row.version.object_repr,
                before and values_of(before),
                after and values_of(after),
            )
        )
    return acts


def _refuse_what_stands(model, acts, states):
    """``states`` has what each changed entry was before, by its model and key."""
    ends = [(act, values) for act in acts for values in (act.before, act.after) if values]
    rows = [(act.name, _row(model, act.key, values)) for act, values in ends]
    paths = [gate for gate in model.gates if gate]
    if paths:
        prefetch_related_objects([row for _, row in rows], *paths)
    for name, row in rows:
        # Published, but waiting for something else, is as good as shown.
        shows = row.opens_own_gate() if isinstance(row, Entry) else is_open(row)
        _put_back(row, states)
        if not shows and (why := why_it_waits(row)):
            raise NotShownError(why)
        if shows or handed_in(row):
            raise NotShownError(
                f"This would change what visitors see of “{name}”. You may not publish: ask an "
                "editor to do it."
            )


def _put_back(row, states):
    """Give the entries by which ``row`` stands the states that they had before."""
    try:
        ends = ends_of(row)
    except ObjectDoesNotExist:
        return  # it has gone in this change itself, and is asked about by itself
    for end in ends:
        end.stored_state = states.get((type(end), end.pk), end.stored_state)


def _row(model, key, values):
    """A row with as much of ``values`` as its gates ask for, not to be saved."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.name in values and (field.is_relation or field.name == "state")
    ]
    values = {field.attname: field.to_python(values[field.name]) for field in fields}
    return model(pk=key, **values)
