"""Two rows that say the same become one, and nothing that either knows is lost."""

from ..history.registry import kept_fields
from ..models import Relationship
from ..models.constraints import falls_under, unique_constraints

# Of two places in a series the earlier, or the later, says more of a span.
_EARLIER, _LATER = "first_episode", "last_episode"


def twin_of(row):
    """The other row that says what ``row`` says, by the rules of what must be unique; or None."""
    for constraint in unique_constraints(type(row)):
        values = {
            name: getattr(row, row._meta.get_field(name).attname) for name in constraint.fields
        }
        if None in values.values():
            continue
        rows = type(row)._base_manager.filter(**values).exclude(pk=row.pk)
        if constraint.condition is not None:
            rows = rows.filter(constraint.condition)
        twin = rows.first()
        if twin is not None and falls_under(constraint, row):
            return twin
    return _turned_twin_of(row) if isinstance(row, Relationship) else None


def _turned_twin_of(relationship):
    """That of a bond that is the same in both directions, stated from the other side."""
    if not relationship.kind.is_symmetric:
        return None
    return (
        Relationship.objects.filter(
            character=relationship.other_id,
            other=relationship.character_id,
            kind=relationship.kind_id,
        )
        .exclude(pk=relationship.pk)
        .first()
    )


def fold(row, twin) -> bool:
    """Add to ``twin`` what only ``row`` knows, and save it; whether there was anything."""
    own = {name for constraint in unique_constraints(type(row)) for name in constraint.fields}
    notes, is_changed = [], False
    for field in kept_fields(type(row)):
        if field.name in own:
            continue
        mine, theirs = getattr(row, field.name), getattr(twin, field.name)
        if field.many_to_many:
            missing = set(mine.all()) - set(theirs.all())
            theirs.add(*missing)
            is_changed |= bool(missing)
        elif mine in (None, "") or mine == theirs:
            continue
        elif theirs in (None, ""):
            setattr(twin, field.name, mine)
            is_changed = True
        elif field.name in {_EARLIER, _LATER, "revealed_in"}:
            places = sorted([mine, theirs], key=_place)
            chosen = places[0] if field.name == _EARLIER else places[-1]
            setattr(twin, field.name, chosen)
            is_changed |= chosen != theirs
        elif field.name == "note":
            notes.insert(0, mine)
        elif field.name not in {"billing", "announced", "started", "created_at"}:
            notes.append(f"{field.verbose_name}: {mine}")
    if notes and hasattr(twin, "note"):
        length = twin._meta.get_field("note").max_length
        text = "; ".join(filter(None, [twin.note, *notes]))
        is_changed |= text[:length] != twin.note
        twin.note = text[:length]
    if is_changed:
        twin.save()
    return is_changed


def _place(episode):
    return episode.season.series_id, episode.season.number, episode.number
