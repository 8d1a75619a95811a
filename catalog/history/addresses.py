"""What it means for old addresses when a change is taken back.

Most redirects come and go with the slug of an entry: its save adds the one and removes the other.
So they do when that is taken back. Where the entry stays what it is, its addresses stay too.
"""

from ..models import Redirect
from ..models.entry import Entry
from .versions import values_of


def settled(steps, rows, before):
    """([Step], [str]): ``steps`` without what would leave an address without its way on, and why.

    ``rows`` are what was changed by the change that is taken back, ``before`` the versions before
    theirs, by their keys.
    """
    held = set(_held(rows, before))
    moving = {
        (step.model, step.key)
        for step in steps
        if issubclass(step.model, Entry) and (step.kind == "delete" or "slug" in step.values)
    }
    kept, left = [], []
    for step in steps:
        if step.model is not Redirect or step.kind == "set":
            kept.append(step)
        elif step.kind == "delete":
            row = Redirect.objects.get(pk=step.key)
            # Of a slug that an entry gave up or took: it goes when that entry is back there.
            if (type(row.target), row.old_slug) not in held:
                kept.append(step)
        elif why := _why_it_stays_away(step, moving):
            left.append(why)
        else:
            kept.append(step)
    return kept, left


def _held(rows, before):
    """(model, slug) of all entries that were changed, before and after."""
    for row in rows:
        model = row.version.content_type.model_class()
        if issubclass(model, Entry):
            for version in filter(None, [row.version, before.get(row.predecessor_id)]):
                yield model, values_of(version)["slug"]


def _why_it_stays_away(step, moving):
    model, slug = _address(step)
    holder = model.objects.filter(slug=slug).first()
    if holder is not None and (model, holder.pk) not in moving:
        return f"{slug}: “{holder}” answers at this address now"
    other = Redirect.objects.at(model, slug).first()
    if other is not None and (model, other.target.pk) not in moving:
        return f"{slug}: leads to “{other.target}” now"
    return ""


def there_already(step):
    """What leads from the address of ``step``, which brings back a redirect; or None.

    The save of an entry that gives the address up has added it.
    """
    return Redirect.objects.at(*_address(step)).first() if step.model is Redirect else None


def _address(step):
    """(kind of entry, old slug)"""
    [model] = [
        field.related_model
        for field in Redirect._meta.fields
        if field.is_relation and step.values.get(field.name) is not None
    ]
    return model, step.values["old_slug"]
