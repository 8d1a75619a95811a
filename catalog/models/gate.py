"""The one gate: from which moment on a row may be shown to everybody.

A row depends on entries, each of which is a draft, scheduled or out. Its model names them in
``gates``; the moment from which all of them are out is kept on the row, so that asking for
what may be shown is one comparison however many entries it depends on. Each save brings the
moment of its row, and of the rows that depend on it, up to date.
"""

import datetime as dt

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections, models, transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Greatest

from .afterwards import together, waiting

_AT_ONCE = 5_000
# Keys that one statement names.
_NAMED = 500

# Of what is out and was never scheduled.
ALWAYS = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class VisibleQuerySet(models.QuerySet):
    """Every public queryset goes through ``visible_to`` and through nothing else."""

    def visible_to(self, audience):
        rows = self if audience.sees_drafts else self.filter(shown_from__lte=audience.moment)
        return rows if audience.progress is None else rows.within(audience)

    def reached_by(self, audience):
        """Of what is visible that which has a page for ``audience``: it does not lie ahead."""
        return self.visible_to(audience)

    def within(self, audience):
        """What the progress that ``audience`` has told reaches; all, of what gives nothing away."""
        return self

    def refresh_gates(self):
        """Write the moment of these rows anew from what they depend on, where it has changed."""
        rows = _with_moments(self.model.objects.filter(pk=OuterRef("pk")).order_by())
        with transaction.atomic():
            # In one order, so that two who refresh the same rows wait for each other and no more.
            wanted = self.model.objects.filter(pk__in=self.order_by().values("pk")).order_by("pk")
            # Rows that point to these may be written meanwhile: their keys stay as they are.
            wanted = wanted.select_for_update(of=("self",), no_key=True)
            keys = list(wanted.values_list("pk", flat=True))
            for start in range(0, len(keys), _AT_ONCE):
                some = self.model.objects.filter(pk__in=keys[start : start + _AT_ONCE]).order_by()
                some.annotate(moment=Subquery(rows.values("moment"))).filter(_HAS_CHANGED).update(
                    shown_from=Subquery(rows.values("moment"))
                )


# Written out, since a comparison with a null is neither true nor false.
_HAS_CHANGED = (
    Q(moment__isnull=True, shown_from__isnull=False)
    | Q(moment__isnull=False, shown_from__isnull=True)
    | Q(shown_from__lt=F("moment"))
    | Q(shown_from__gt=F("moment"))
)


class Gated(models.Model):
    """A row that is shown to everybody from ``shown_from`` on; never, while that is null.

    ``gates`` are lookup paths to the rows on which it depends, each gated itself. The empty
    path is the row's own state, which the model's ``own_gate`` tells as an expression. A path
    that may be null lets its nulls pass.
    """

    shown_from = models.DateTimeField(null=True, editable=False)

    gates = ()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        is_new = self._state.adding
        with together():
            before = None if is_new else self._stored_moment()
            super().save(*args, **kwargs)
            if (later := waiting()) is not None:
                later.follow_gate(self, is_new=is_new, before=before)
                return
            self._refresh_gate()
            if not is_new and before != self.shown_from:
                _refresh_dependents(type(self), self.pk)
            if connections[self._state.db].features.has_select_for_update:
                # What others wrote meanwhile can be seen only now, and so can this. Should it fail,
                # the rows after this one still get their turn. (No partial: Django asks for its
                # name then.)
                model, key, written = type(self), self.pk, self.shown_from
                transaction.on_commit(lambda: _refresh_once_more(model, key, written), robust=True)

    def refresh_from_db(self, using=None, fields=None, from_queryset=None):
        """As Django does it, also for some of the columns of a row whose manager joins others.

        Django asks the base manager for these columns alone, which does not go together with its
        joins. So a row of a list, which has but what the list tells, would raise FieldError when it
        is asked for more.
        """
        if from_queryset is None and (fields is not None or self.get_deferred_fields()):
            manager = type(self)._base_manager.db_manager(using, hints={"instance": self})
            from_queryset = manager.select_related(None)
        super().refresh_from_db(using, fields, from_queryset)

    def is_visible_to(self, audience) -> bool:
        """The gate of ``visible_to``, asked of a row that is already at hand."""
        return audience.sees_drafts or (
            self.shown_from is not None and self.shown_from <= audience.moment
        )

    def opens_own_gate(self):
        """What ``own_gate`` tells, asked of the row at hand: whether it is or will be out."""
        return True

    def _stored_moment(self):
        # Locked, so that of two who change a row at once each sees what the other made of it.
        stored = type(self).objects.filter(pk=self.pk).order_by().select_for_update(no_key=True)
        return stored.values_list("shown_from", flat=True).first()

    def _refresh_gate(self):
        row = type(self).objects.filter(pk=self.pk).order_by()
        self.shown_from, kept = _with_moments(row).values_list("moment", "shown_from").get()
        if self.shown_from != kept:
            row.update(shown_from=self.shown_from)


def _refresh_dependents(model, key):
    """Bring up to date what depends on the row of ``model``, straight or through others."""
    for other in _gated_models():
        if paths := _paths_to(model, other):
            # All together, for their one order: see ``refresh_gates``.
            depends = Q(*((path, key) for path in paths), _connector=Q.OR)
            other.objects.filter(depends).refresh_gates()


def gatekeepers(model) -> list:
    """The kinds of entry on which rows of ``model`` depend, itself included if it is one."""
    gates = getattr(model, "gates", ())
    found = [model] if "" in gates else []
    for gate in filter(None, gates):
        *_, (_, last) = steps(model, gate)
        found.append(last.related_model)
    return list(dict.fromkeys(found))


def is_open(row) -> bool:
    """Whether ``row`` as it is at hand, saved or not, is or will be shown.

    Reads what its foreign keys lead to; one that leads nowhere keeps it closed. Rows without
    gates, such as sources, are shown nowhere by themselves.
    """
    try:
        ends = ends_of(row)
    except ObjectDoesNotExist:
        return False
    return bool(ends) and all(
        end.opens_own_gate() if end is row else end.shown_from is not None for end in ends
    )


def ends_of(row) -> list:
    """The rows to which the gates of ``row`` lead, itself included if it has a state of its own.

    Paths that are null lead nowhere. Raises ObjectDoesNotExist for a foreign key without its row.
    """
    ends = (_end_of(row, gate) for gate in getattr(row, "gates", ()))
    return [end for end in ends if end is not None]


def _end_of(row, gate):
    for name in gate.split("__") if gate else ():
        row = getattr(row, name)
        if row is None:
            break
    return row


def refresh_all_gates():
    """Bring every row up to date, after some were written without their ``save``."""
    for model in _gated_models():
        model.objects.all().refresh_gates()


def refresh_gates_of(rows: dict, moments: dict):
    """Bring up to date the rows of {model: keys}, and what depends on those that have changed.

    ``moments`` is {(model, key): the moment it had} of those on which others may depend already;
    what they have now takes its place.
    """
    for model in _gated_models():
        keys = sorted(rows.get(model, ()))
        for start in range(0, len(keys), _NAMED):
            model.objects.filter(pk__in=keys[start : start + _NAMED]).refresh_gates()
    for (model, key), before in moments.items():
        now = model.objects.filter(pk=key).order_by().values_list("shown_from", flat=True).first()
        if now != before:
            moments[model, key] = now
            _refresh_dependents(model, key)


def _refresh_once_more(model, key, written):
    rows = model.objects.filter(pk=key)
    rows.refresh_gates()
    now = rows.order_by().values_list("shown_from", flat=True).first()
    if now != written:
        _refresh_dependents(model, key)
        apps.get_model("catalog", "Revision").objects.rise()


def _gated_models():
    """Every gated model, each after those on which it depends."""
    found = [m for m in apps.get_app_config("catalog").get_models() if issubclass(m, Gated)]
    # Entries, then the entries that depend on others, then what has no state of its own.
    return sorted(found, key=lambda model: ("" not in model.gates, len(model.gates) > 1))


def steps(model, path):
    """(path so far, field) for each step of ``path``, which starts at ``model``."""
    so_far = []
    for name in path.split("__") if path else ():
        field = model._meta.get_field(name)
        so_far.append(name)
        yield "__".join(so_far), field
        model = field.related_model


def _paths_to(target, model):
    """The beginnings of the gates of ``model`` that lead to ``target``, each once."""
    found = (step for gate in model.gates for step in steps(model, gate))
    return dict.fromkeys(path for path, field in found if field.related_model is target)


def _with_moments(rows):
    """``rows`` with ``moment``: that from which all they depend on is shown, null for never."""
    model = rows.model
    gates = {f"gate_{number}": _gate(model, path) for number, path in enumerate(model.gates)}
    rows = rows.annotate(**gates)
    if len(gates) == 1:
        return rows.annotate(moment=F("gate_0"))
    # Databases differ in what the greatest of a null is.
    is_closed = Q(*(Q(**{f"{gate}__isnull": True}) for gate in gates), _connector=Q.OR)
    return rows.annotate(
        moment=Case(
            When(is_closed, then=None),
            default=Greatest(*gates),
            output_field=models.DateTimeField(),
        )
    )


def _gate(model, path):
    if not path:
        return model.own_gate()
    absent = [
        When(**{f"{beginning}__isnull": True}, then=Value(ALWAYS))
        for beginning, field in steps(model, path)
        if field.null
    ]
    return Case(*absent, default=F(f"{path}__shown_from"), output_field=models.DateTimeField())
