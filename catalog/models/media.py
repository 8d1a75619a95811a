from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q


class Image(models.Model):
    file = models.ImageField(
        upload_to="images/%Y/%m", width_field="width", height_field="height", max_length=250
    )
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt_text = models.CharField(
        max_length=250,
        help_text="What the picture shows, for those who cannot see it.",
    )
    credit = models.CharField(max_length=200, blank=True, help_text="Who made it.")
    licence = models.CharField(
        max_length=120, blank=True, help_text="On which terms it may be shown: “CC BY-SA 4.0”."
    )
    source_url = models.URLField("source address", max_length=500, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        "focal point from the left, %",
        default=50,
        validators=[MaxValueValidator(100)],
        help_text="Where the picture must not be cut, in per cent of its width.",
    )
    focal_y = models.PositiveSmallIntegerField(
        "focal point from the top, %", default=50, validators=[MaxValueValidator(100)]
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(alt_text=""), name="image_alt_text_given"),
            models.CheckConstraint(
                condition=Q(focal_x__lte=100, focal_y__lte=100), name="image_focal_point_inside"
            ),
        ]

    def __str__(self):
        return self.alt_text

    @property
    def focus(self) -> str:
        """The classes of static/css/focus.css that keep the focal point in sight, by tenths."""
        return f"focus-x-{(self.focal_x + 5) // 10} focus-y-{(self.focal_y + 5) // 10}"
