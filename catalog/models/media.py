from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

# The narrower versions of a picture, best first: browsers take the first that they know.
RENDITION_TYPES = {"avif": "image/avif", "webp": "image/webp"}


def rendition_name(name: str, width: int, ending: str) -> str:
    """The name in the storage of the version of ``name`` that is ``width`` pixels wide."""
    return f"{name.rpartition('.')[0]}-{width}.{ending}"


CREDIT_MISSING = "Say who made the picture, or who owns it."
LICENCE_MISSING = "Say on which terms the picture may be shown: “CC BY-SA 4.0”, “Press kit”."


class Image(models.Model):
    """A picture. Its files are made and stored by catalog/pictures, never as they were sent."""

    # Not an ImageField: that opens the file whenever a row gets another one, as in the history.
    file = models.FileField(upload_to="images", max_length=250)
    content_hash = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of the file, which is named by it; blank for what came another way.",
    )
    widths = models.CharField(
        max_length=100,
        blank=True,
        editable=False,
        help_text="Of the narrower versions that are stored, in pixels: “160 320 640”.",
    )
    has_avif = models.BooleanField(
        "also as AVIF", default=False, editable=False, help_text="Not only as WebP."
    )
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt_text = models.CharField(
        max_length=250,
        help_text="What the picture shows, for those who cannot see it.",
    )
    credit = models.CharField(max_length=200, blank=True, help_text="Who made it, or who owns it.")
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
            models.UniqueConstraint(
                fields=["content_hash"],
                condition=~Q(content_hash=""),
                name="image_unique_content",
                violation_error_message="This picture is in the library already.",
            ),
            models.CheckConstraint(condition=~Q(alt_text=""), name="image_alt_text_given"),
            models.CheckConstraint(
                condition=Q(focal_x__lte=100, focal_y__lte=100), name="image_focal_point_inside"
            ),
        ]

    def __str__(self):
        return self.alt_text

    def clean(self):
        """Who made it, and on which terms it may be shown, is known of all that was uploaded."""
        missing = {}
        if self.content_hash and not self.credit.strip():
            missing["credit"] = CREDIT_MISSING
        if self.content_hash and not self.licence.strip():
            missing["licence"] = LICENCE_MISSING
        if missing:
            raise ValidationError(missing)

    @property
    def focus(self) -> str:
        """The classes of static/css/focus.css that keep the focal point in sight, by tenths."""
        return f"focus-x-{(self.focal_x + 5) // 10} focus-y-{(self.focal_y + 5) // 10}"

    @property
    def sources(self) -> list[dict]:
        """What a <picture> offers: {"type", "srcset"} of each format, best first."""
        widths = self.widths.split()
        endings = [ending for ending in RENDITION_TYPES if ending != "avif" or self.has_avif]
        return [
            {
                "type": RENDITION_TYPES[ending],
                "srcset": ", ".join(
                    f"{self._rendition_url(width, ending)} {width}w" for width in widths
                ),
            }
            for ending in endings
            if widths
        ]

    def url_for(self, width: int) -> str:
        """The address of the narrowest version that is at least ``width`` pixels wide."""
        wide_enough = (each for each in self.widths.split() if int(each) >= width)
        narrowest = next(wide_enough, None)
        return self._rendition_url(narrowest, "webp") if narrowest else self.file.url

    def _rendition_url(self, width, ending):
        return self.file.storage.url(rendition_name(self.file.name, width, ending))
