"""Keeps a change as one revision: rows, relations and deletions, with who and why."""

import datetime as dt
from contextlib import contextmanager
from contextvars import ContextVar

import reversion
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from reversion.models import Revision as KeptRevision
from reversion.models import Version

from ..models import Change, ChangedRow, Revision, Suggestion
from ..models.redirects import removing
from .deletion import Deletion
from .registry import SUBJECTS
from .showing import refuse_what_shows
from .versions import last_versions, stored_rows, stored_values, values_of, version_of

_current = ContextVar("record", default=None)


@contextmanager
def recording(user, why: str = "", kind: str = Change.Kind.EDIT, undoes: Change | None = None):
    """All that is saved inside is one change, made by ``user`` (None for a command) as a whole.

    Gives a ``Record``. It is a transaction, and nobody else's change comes in between. Inside
    another recording it is a part of that one. Raises NotShownError at its end, and changes
    nothing, if visitors would see something else and ``user`` may not publish it.
    """
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    with transaction.atomic():
        Revision.objects.take_turn()
        record = Record()
        token = _current.set(record)
        removing_token = removing.set(record.delete)
        try:
            with reversion.create_revision(atomic=False):
                if user is not None and user.is_authenticated:
                    reversion.set_user(user)
                reversion.set_comment(why.strip())
                # Only reversion knows the revision that it makes.
                before = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                reversion.add_meta(Change, kind=kind, undoes=undoes)
                yield record
        finally:
            _current.reset(token)
            removing.reset(removing_token)
        change = Change.objects.filter(pk__gt=before).exclude(kind=Change.Kind.BEFORE).first()
        if change is None and record.deleted:
            revision = KeptRevision.objects.create(
                date_created=timezone.now(),
                user=user if user is not None and user.is_authenticated else None,
                comment=why.strip(),
            )
            change = Change.objects.create(revision=revision, kind=kind, undoes=undoes)
        if change is not None:
            record.close(change)
        if record.change is not None:
            if user is not None:
                refuse_what_shows(record.change, user)
            Revision.objects.rise()


class Record:
    """What is being changed. ``change`` is None until the recording ends, and if nothing was."""

    def __init__(self):
        self.change = None
        self.deleted = {}  # {(model, key): its last version}
        self._remembered = set()

    def remember(self, rows):
        """See that the history has ``rows`` as they are stored, before they are changed."""
        kept = {}
        for row in rows:
            known = (type(row), row.pk)
            if type(row) in SUBJECTS and row.pk is not None and known not in self._remembered:
                self._remembered.add(known)
                kept.setdefault(type(row), set()).add(row.pk)
        missing = []
        for model, keys in kept.items():
            versions = last_versions(model, keys)
            missing += [
                row
                for key, row in sorted(stored_rows(model, keys).items())
                if key not in versions or values_of(versions[key]) != stored_values(row)
            ]
        if missing:
            moment = reversion.get_date_created() - dt.timedelta(milliseconds=1)
            revision = KeptRevision.objects.create(date_created=moment)
            change = Change.objects.create(revision=revision, kind=Change.Kind.BEFORE)
            versions = Version.objects.bulk_create([version_of(row, revision) for row in missing])
            self._index(change, [(version, ChangedRow.Kind.CHANGED, []) for version in versions])

    def delete(self, rows):
        """Delete ``rows`` and all that goes along; what loses a link to them is kept as well."""
        rows = list(rows)
        if not rows:
            return
        deletion = Deletion(rows)
        staying = deletion.losing()
        self.remember(row for found in deletion.going.values() for row in found.values())
        self.remember(staying)
        for model, found in deletion.going.items():
            for key, version in last_versions(model, found).items():
                self.deleted[model, key] = version
        for row in rows:
            row.delete()
        for row in staying:
            reversion.add_to_revision(type(row)._base_manager.get(pk=row.pk))

    def close(self, change):
        """Index what was kept; without the rows that were saved and not changed."""
        versions = list(change.revision.version_set.order_by("pk"))
        earlier = _predecessors(versions)
        last = _last_ones(earlier.values())
        rows = []
        for version in versions:
            before = earlier.get(version.pk)
            # What was deleted and is there again was added, even if it is what it was.
            if before is None or before.pk in last:
                rows.append((version, ChangedRow.Kind.ADDED, []))
            elif values_of(before) != values_of(version):
                rows.append((version, ChangedRow.Kind.CHANGED, [before]))
            else:
                version.delete()
        rows += [(version, ChangedRow.Kind.DELETED, []) for version in self.deleted.values()]
        if rows:
            self._index(change, rows)
            self._settle([version for version, kind, _ in rows if kind != ChangedRow.Kind.DELETED])
            self.change = change
        else:
            change.revision.delete()

    @staticmethod
    def _settle(versions):
        """What was suggested from elsewhere, and stands by now, is no suggestion any more."""
        values = {}
        for version in versions:
            model = ContentType.objects.get_for_id(version.content_type_id).model_class()
            values.setdefault(model, {})[int(version.object_id)] = values_of(version)
        for model, of_model in values.items():
            Suggestion.objects.settle(model, of_model)

    @staticmethod
    def _index(change, rows):
        """``rows`` are (version, kind, versions that may tell of other subjects)."""
        ChangedRow.objects.bulk_create(
            ChangedRow(
                change=change,
                version=version,
                kind=kind,
                subject_type=subject_type,
                subject_id=subject_id,
                is_itself=(subject_type.pk, str(subject_id))
                == (version.content_type_id, version.object_id),
            )
            for version, kind, others in rows
            for subject_type, subject_id in _subjects([version, *others])
        )


def _predecessors(versions) -> dict:
    """{key of a version: the version of the same row before it}, where there is one."""
    found = {}
    by_type = {}
    for version in versions:
        by_type.setdefault(version.content_type_id, {})[version.object_id] = version
    for content_type, of_type in by_type.items():
        earlier = Version.objects.filter(content_type=content_type, object_id__in=list(of_type))
        earlier = earlier.exclude(revision=versions[0].revision_id).order_by("pk")
        # The last one stays.
        found.update({of_type[version.object_id].pk: version for version in earlier})
    return found


def _last_ones(versions) -> set:
    """The keys of those of ``versions`` with which their rows were deleted."""
    deleted = ChangedRow.objects.of_itself().filter(kind=ChangedRow.Kind.DELETED)
    keys = [version.pk for version in versions]
    return {*deleted.filter(version__in=keys).values_list("version_id", flat=True)}


def _subjects(versions):
    """(content type, key) of each row on whose page these versions of a row are shown."""
    content_type = ContentType.objects.get_for_id(versions[0].content_type_id)
    model = content_type.model_class()
    subjects = {(content_type, int(versions[0].object_id)): True}
    for version in versions:
        values = values_of(version)
        for name in SUBJECTS[model]:
            if values.get(name) is not None:
                related = model._meta.get_field(name).related_model
                subjects[ContentType.objects.get_for_model(related), values[name]] = True
    return list(subjects)
