import datetime as dt

from django.apps import apps
from django.db import connections, models
from django.db.models import F, Min, Subquery
from django.utils import timezone

from .entry import Entry, State

_A_DAY = dt.timedelta(days=1)


class RevisionManager(models.Manager):
    def current(self) -> int:
        """The number of the catalogue's present state."""
        return self.values_list("number", flat=True).filter(pk=1).first() or 0

    def state_at(self, moment: dt.datetime) -> tuple[int, dt.datetime]:
        """(the number of the state, since when visitors have seen nothing else)

        They see something else after a change, when a scheduled entry comes out, and at midnight.
        """
        out = {
            f"out_{kind._meta.model_name}": Subquery(
                kind.objects.filter(state=State.PUBLISHED, publish_at__lte=moment)
                .order_by("-publish_at")
                .values("publish_at")[:1]
            )
            for kind in _kinds()
        }
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        row = self.filter(pk=1).annotate(**out).values_list("number", "risen_at", *out).first()
        number, *moments = row or (0,)
        return number, max(filter(None, [midnight, *moments]))

    def next_moment(self, after: dt.datetime) -> dt.datetime:
        """When visitors see something else though nobody changes anything.

        That is when a scheduled entry comes out, and at midnight: pages tell what is still to come.
        """
        moments = [(after + _A_DAY).replace(hour=0, minute=0, second=0, microsecond=0)]
        for kind in _kinds():
            scheduled = kind.objects.using(self.db).filter(
                state=State.PUBLISHED, publish_at__gt=after
            )
            moments.append(scheduled.order_by().aggregate(first=Min("publish_at"))["first"])
        return min(filter(None, moments))

    def rise(self):
        """Count a change that visitors can see; at the end of its transaction, and as a part of it.

        So nobody can see one without the other, even if this process ends right here.
        """
        now = timezone.now()
        if self.filter(pk=1).update(number=F("number") + 1, risen_at=now):
            return
        _, created = self.get_or_create(pk=1, defaults={"number": 1, "risen_at": now})
        if not created:  # another process made the row in the meantime
            self.rise()

    def take_turn(self):
        """Wait until no other editor is saving; it is ours until the transaction ends.

        What is read afterwards is what was last saved, and two who save the same rows in another
        order cannot wait for each other. SQLite, where a transaction begins with the only write
        lock, has one writer at a time anyway.
        """
        if connections[self.db].features.has_select_for_update:
            self.get_or_create(pk=1)
            self.select_for_update().get(pk=1)


def _kinds():
    return [kind for kind in apps.get_app_config("catalog").get_models() if issubclass(kind, Entry)]


class Revision(models.Model):
    """One row, one integer: it rises whenever what visitors can see may have changed."""

    number = models.PositiveBigIntegerField(default=0)
    risen_at = models.DateTimeField(null=True)

    objects = RevisionManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="revision_is_one_row"),
        ]

    def __str__(self):
        return str(self.number)
