"""What has become of rows since a kind of change wrote them: the base of a three-way merge."""

from collections import defaultdict

from django.contrib.contenttypes.models import ContentType
from reversion.models import Version

from ..models import Change, ChangedRow
from .versions import values_of

# Of the rows that were deleted the last ones; who deletes more than these does not look at each.
_MOST_DELETED = 5_000


def last_written(model, keys, kind: str) -> dict[int, dict]:
    """{key: {field: value}} of what changes of ``kind`` last wrote into the rows with ``keys``.

    Only what such a change set: a field that it left alone is not among them. Costs one statement.
    """
    versions = Version.objects.filter(
        content_type=ContentType.objects.get_for_model(model),
        object_id__in=[str(key) for key in keys],
    )
    written, before = defaultdict(dict), {}
    for version in versions.select_related("revision__change").order_by("pk"):
        key, values = int(version.object_id), values_of(version)
        if version.revision.change.kind == kind:
            earlier = before.get(key)
            written[key] |= {
                name: value
                for name, value in values.items()
                if earlier is None or earlier.get(name) != value
            }
        before[key] = values
    return dict(written)


def deleted(model, about=None) -> list[dict]:
    """The values of rows of ``model`` that somebody deleted, or merged into another, for good.

    Without those that went because a change was undone. ``about`` are rows, of one model, of which
    the deleted ones were a part.
    """
    rows = ChangedRow.objects.filter(
        kind=ChangedRow.Kind.DELETED,
        version__content_type=ContentType.objects.get_for_model(model),
    ).exclude(change__kind=Change.Kind.UNDO)
    if about is None:
        rows = rows.of_itself()
    else:
        rows = (
            rows.filter(
                subject_type=ContentType.objects.get_for_model(about[0]),
                subject_id__in=[row.pk for row in about],
            )
            if about
            else rows.none()
        )
    versions = [
        row.version for row in rows.select_related("version").order_by("-pk")[:_MOST_DELETED]
    ]
    keys = {int(version.object_id) for version in versions}
    back = set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
    return [values_of(version) for version in versions if int(version.object_id) not in back]
