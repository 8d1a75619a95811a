from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery

from .addresses import path_to
from .entry import Entry, count_of, exactly_one_of
from .gate import Gated, VisibleQuerySet
from .seasons import Season

_TARGETS = ("series", "season", "episode")


class WatchOrderQuerySet(VisibleQuerySet):
    def for_list(self, audience):
        return self.with_tally(audience).in_rank()

    def in_rank(self):
        return self.order_by("rank", "sort_name", "pk")

    def with_tally(self, audience):
        """With how many steps of each importance there are, as ``tally`` tells them."""
        steps = WatchStep.objects.visible_to(audience).that_count()
        return self.annotate(
            **{
                f"{importance}_steps": count_of(steps.filter(importance=importance), of="order")
                for importance in WatchStep.Importance.values
            },
            all_seasons=Subquery(Season.objects.visible_to(audience).number_of_all()),
        )

    def at(self, slug):
        return self.filter(slug=slug)


class WatchOrder(Entry):
    class Arrangement(models.TextChoices):
        BY_HAND = "by-hand", "By hand"
        BY_RELEASE = "by-release", "By release"

    description = models.TextField(
        blank=True,
        help_text="For whom this order is, without spoilers. "
        "**bold**, lists and [links](https://…) may be used.",
    )
    arrangement = models.CharField(
        max_length=10,
        choices=Arrangement,
        default=Arrangement.BY_HAND,
        help_text="By hand: the steps below, by their positions. By release: every season by the "
        "date of its premiere, and new ones by themselves; a step below then only gives its "
        "season a reason and an importance, and its position decides between seasons of one date.",
    )
    rank = models.PositiveSmallIntegerField(
        default=500,
        validators=[MaxValueValidator(9_999)],
        help_text="The place among the watch orders; small numbers come first.",
    )

    objects = WatchOrderQuerySet.as_manager()

    class Meta(Entry.Meta):
        abstract = False
        ordering = ["rank", "sort_name", "pk"]

    def get_absolute_url(self):
        return path_to("catalog:watch-order-detail", slug=self.slug)

    def search_targets(self):
        """Not among the kinds that search offers."""
        return []

    @property
    def is_by_release(self) -> bool:
        return self.arrangement == self.Arrangement.BY_RELEASE

    @property
    def tally(self) -> list:
        """(importance, how many steps have it) for each that a step has; needs ``with_tally``."""
        importances = WatchStep.Importance
        numbers = {each: getattr(self, f"{each}_steps") for each in importances}
        if self.is_by_release:
            # A season without a step of its own is as essential as any other.
            others = sum(numbers.values()) - numbers[importances.ESSENTIAL]
            numbers[importances.ESSENTIAL] = self.all_seasons - others
        return [(each, number) for each, number in numbers.items() if number]

    @property
    def step_count(self) -> int:
        return sum(number for importance, number in self.tally)


class WatchStepQuerySet(VisibleQuerySet):
    def of(self, order):
        return self.filter(order=order).order_by("position", "pk")

    def for_order(self, audience):
        """With what each step leads to, as far as ``audience`` may see it."""
        return self.prefetch_related(
            *(
                Prefetch(name, rows.for_steps(audience))
                for name, rows in self._targets(audience).items()
            )
        )

    def to_see(self, audience):
        """Those with something to see for someone who told how far they are."""
        is_to_see = Q(pk__in=[])
        for name, rows in self._targets(audience).items():
            is_to_see |= Q(Exists(rows.to_see(audience).filter(pk=OuterRef(name))))
        return self.filter(is_to_see)

    def _targets(self, audience):
        """{name of the relation: what a step may lead to by it, as ``audience`` may see it}."""
        return {
            name: self.model._meta.get_field(name).related_model.objects.visible_to(audience)
            for name in _TARGETS
        }

    def that_count(self):
        """All steps of an order by hand; of one by release the first for each season."""
        earlier = self.model.objects.filter(
            order=OuterRef("order"),
            season=OuterRef("season"),
            position__lt=OuterRef("position"),
        )
        by_hand = Q(order__arrangement=WatchOrder.Arrangement.BY_HAND)
        return self.filter(by_hand | Q(season__isnull=False) & ~Exists(earlier))

    def for_seasons(self, order, seasons):
        """A step of ``order``, which is by release, for each of ``seasons``: its own or a new one.

        The new ones are not saved, and say nothing but their season.
        """
        own = {}
        for step in self.of(order).filter(season__in=[season.pk for season in seasons]):
            own.setdefault(step.season_id, step)
        steps = [own.get(season.pk) or self.model(order=order) for season in seasons]
        for step, season in zip(steps, seasons, strict=True):
            step.season = season
        return steps

    def places(self, order):
        """(step, season, episode, season of the episode, series, season of the series), all keys.

        A step of a series is a row for each of its seasons, which are shown when it is.
        """
        return (
            self.filter(order=order)
            .order_by("position", "pk", "series__seasons__number")
            .values_list("pk", "season", "episode", "episode__season", "series", "series__seasons")
        )


class WatchStep(Gated):
    class Importance(models.TextChoices):
        ESSENTIAL = "essential", "Essential"
        OPTIONAL = "optional", "Optional"
        SKIPPABLE = "skippable", "Can be skipped"

    order = models.ForeignKey(WatchOrder, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(validators=[MaxValueValidator(9_999)])
    series = models.ForeignKey(
        "catalog.Series",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="watch_steps",
        help_text="Stands for all its seasons.",
    )
    season = models.ForeignKey(
        "catalog.Season",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="watch_steps",
    )
    episode = models.ForeignKey(
        "catalog.Episode",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="watch_steps",
    )
    importance = models.CharField(max_length=10, choices=Importance, default=Importance.ESSENTIAL)
    reason = models.CharField(
        max_length=250,
        blank=True,
        help_text="Why it stands here, without spoilers of what comes before or after. "
        "Leave blank when its date says enough.",
    )

    objects = WatchStepQuerySet.as_manager()

    gates = ("order", "series", "season__series", "episode__season__series")

    class Meta:
        ordering = ["order", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"],
                name="watch_step_position_unique",
                violation_error_message="This order already has a step at this position.",
            ),
            models.CheckConstraint(
                condition=exactly_one_of(*_TARGETS),
                name="watch_step_names_one_thing",
                violation_error_message="Choose a series, a season or an episode: exactly one.",
            ),
        ]

    def __str__(self):
        return f"Step {self.position}"

    def clean(self):
        super().clean()
        order = getattr(self, "order", None)
        if order is not None and order.is_by_release and (self.series_id or self.episode_id):
            raise ValidationError(
                "An order by release is made of seasons: choose a season, or arrange it by hand."
            )

    def validate_constraints(self, exclude=None):
        """Also what no constraint of the database can state, because it asks the order."""
        super().validate_constraints(exclude)
        order = getattr(self, "order", None)
        if order is None or not order.is_by_release or not self.season_id:
            return
        if order.steps.filter(season=self.season_id).exclude(pk=self.pk).exists():
            raise ValidationError(
                {"season": "This order is by release and already has a step for this season."}
            )

    @property
    def target(self):
        """The episode, season or series that it leads to."""
        return self.episode or self.season or self.series

    @property
    def target_series(self):
        return self.series or self.target.series

    @property
    def date(self):
        """When its target was first shown; None when that is not known."""
        if self.episode:
            return self.episode.aired
        return self.season.released if self.season else self.series.premiered

    @property
    def has_been_seen(self) -> bool:
        """By someone who told how far they are: all there is of it."""
        if self.episode:
            return not self.episode.is_ahead
        return bool(self.target.episode_count) and not self.target.is_unfinished

    @property
    def episode_count(self):
        """Of a season or a series, the number of its episodes; of an episode None."""
        return None if self.episode else self.target.episode_count
