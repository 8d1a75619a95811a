"""Which rows are written, and in which order."""

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Collate

from ..audience import Audience
from ..importers.catalog_form import (
    ANNOUNCEMENTS,
    CREDITS,
    EPISODES,
    KIND_OF,
    PORTRAYALS,
    REDIRECTS,
    SEASONS,
    STEPS,
    Kind,
)


def rows_of(kind: Kind, audience: Audience):
    """The rows of ``kind`` that ``audience`` may see, in the order in which they are written.

    That order follows from what the rows say. Where the site itself lists rows as they were
    entered (the facts of a character, news of one day), so do the files.
    """
    rows = _shown(kind, audience).select_related(None)
    if not audience.sees_drafts and not (kind.owner or hasattr(rows, "visible_to")):
        rows = rows.filter(_is_used(kind, audience))
    return rows.order_by(*_order(kind))


def _shown(kind, audience):
    rows = kind.model.objects.all()
    return rows.visible_to(audience) if hasattr(rows, "visible_to") else rows


def _is_used(kind, audience):
    """What has no state of its own is shown with the rows that name it."""
    if kind is REDIRECTS:
        targets = kind.references.items()
        return Q(
            *((f"{name}__in", _shown(target, audience).values("pk")) for name, target in targets),
            _connector=Q.OR,
        )
    used = Q(pk__in=[])
    for other in KIND_OF.values():
        rows = _shown(other, audience).order_by()
        for field in other.fields.values():
            if field.related_model is not kind.model:
                continue
            if field.many_to_many:
                ties = field.remote_field.through.objects
                ties = ties.filter(**{f"{field.m2m_field_name()}__in": rows.values("pk")})
                used |= Q(pk__in=ties.values(f"{field.m2m_reverse_field_name()}_id"))
            else:
                used |= Q(pk__in=rows.values(field.attname))
    return used


def _order(kind):
    if kind is PORTRAYALS:
        return [
            _bytewise("series__slug"),
            F("billing").asc(nulls_last=True),
            _bytewise("character__slug").asc(nulls_last=True),
            _bytewise("person__slug"),
            _bytewise("kind"),
            "announced",
        ]
    if kind is CREDITS:
        # Those of one person for one job together: they are written as one.
        return [
            _bytewise("series__slug"),
            "job__rank",
            _bytewise("job__slug"),
            _bytewise("person__slug"),
            F("season__number").asc(nulls_first=True),
            F("episode__season__number").asc(nulls_first=True),
            F("episode__number").asc(nulls_first=True),
        ]
    if kind is ANNOUNCEMENTS:
        return [F("date").asc(nulls_last=True), "pk"]
    if kind is REDIRECTS:
        return [_bytewise("old_slug"), *(F(name).asc(nulls_last=True) for name in kind.references)]
    if kind in {SEASONS, EPISODES}:
        return ["number"]
    if kind is STEPS:
        return ["position"]
    return ["pk"] if kind.owner else [_bytewise(kind.key[0])]


def _bytewise(path):
    """In the order of the letters' codes on every database, whatever its language."""
    return Collate(path, "C" if connection.vendor == "postgresql" else "BINARY")
