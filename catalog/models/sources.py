from django.db import models
from django.db.models import Q

from .dates import PartialDateField
from .reach import is_seen
from .text import ByteOrderedField


class SourceQuerySet(models.QuerySet):
    def told_to(self, audience):
        """Without the sources of what is still to be seen, whose titles tell of it.

        That is of episodes, and of news that give them away.
        """
        if audience.progress is None:
            return self
        episodes = self.model.supported_episode.through.objects
        news = self.model.supported_announcement.through.objects
        ahead = episodes.filter(~is_seen(audience, "episode")).values("source")
        later = news.filter(~is_seen(audience, "announcement__revealed_in")).values("source")
        return self.exclude(pk__in=ahead).exclude(pk__in=later)

    def supporting(self, **keys):
        """The sources of any of some rows: model names (lower case) with the keys of each.

        Of a prolific person these are the rows that the page shows, not all that there are.
        """
        named = [
            getattr(self.model, f"supported_{model_name}")
            .through.objects.filter(**{f"{model_name}__in": supported})
            .values("source")
            for model_name, supported in keys.items()
        ]
        return self.filter(pk__in=named[0].union(*named[1:])).order_by("publisher", "title", "pk")


class Source(models.Model):
    slug = models.SlugField(
        max_length=110,
        unique=True,
        help_text="A short name for it in data files, such as “variety-legacy-renewed”.",
    )
    publisher = ByteOrderedField(max_length=120, help_text="Who published it: “Variety”.")
    title = ByteOrderedField(max_length=250)
    url = models.URLField(
        "address", max_length=500, blank=True, help_text="Leave blank when it is not on the web."
    )
    published = PartialDateField()
    accessed = models.DateField(
        null=True, blank=True, help_text="The day on which it was read. Leave blank when unknown."
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["publisher", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                condition=~Q(url=""),
                name="source_url_unique",
                violation_error_message="This address is already the address of another source.",
            ),
        ]

    def __str__(self):
        return f"{self.publisher}: {self.title}"
