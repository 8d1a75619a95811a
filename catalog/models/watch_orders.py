from django.core.validators import MaxValueValidator
from django.db import models

from .entry import Entry, exactly_one_of
from .gate import Gated, VisibleQuerySet


class WatchOrder(Entry):
    description = models.TextField(
        blank=True,
        help_text="For whom this order is. **bold**, lists and [links](https://…) may be used.",
    )

    class Meta:
        ordering = ["sort_name", "pk"]

    def search_targets(self):
        """Not among the kinds that search offers."""
        return []


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
    reason = models.CharField(max_length=250, blank=True, help_text="Why it stands here.")

    objects = VisibleQuerySet.as_manager()

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
                condition=exactly_one_of("series", "season", "episode"),
                name="watch_step_names_one_thing",
                violation_error_message="Choose a series, a season or an episode: exactly one.",
            ),
        ]

    def __str__(self):
        return f"Step {self.position}"
