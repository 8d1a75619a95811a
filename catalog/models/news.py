from django.db import models
from django.db.models import F, Prefetch

from .addresses import path_to
from .dates import PartialDateField
from .entry import Entry, Revealable, RevealableQuerySet, index_where_set


class AnnouncementQuerySet(RevealableQuerySet):
    def for_list(self, audience):
        """With the series that a card names."""
        return self._about(audience, "series").newest_first()

    def for_timeline(self, audience, series=None):
        """As a list has them: all, or those about any of ``series``."""
        if series is not None:
            about = self.model.series.through.objects.filter(series__in=series)
            return self.for_list(audience).filter(pk__in=about.values("announcement"))
        return self.for_list(audience)

    def for_detail(self, audience):
        return self._about(audience, "series", "people", "characters").select_related(
            "revealed_in__season__series"
        )

    def about(self, **subject):
        """The news of one subject, such as ``characters=harry``, the newest first.

        That people and characters are in an item may be what it gives away: theirs are taken of
        those that are ``open_to`` the audience.
        """
        return self.filter(**subject).newest_first()

    def newest_first(self):
        return self.order_by(F("date").desc(nulls_last=True), "-pk")

    def _about(self, audience, *names):
        return self.prefetch_related(
            *(
                Prefetch(
                    name,
                    self.model._meta.get_field(name)
                    .related_model.objects.visible_to(audience)
                    .order_by("sort_name", "pk"),
                    to_attr=f"shown_{name}",
                )
                for name in names
            )
        )


class Announcement(Revealable, Entry):
    class Kind(models.TextChoices):
        PREMIERE = "premiere", "Premiere"
        SEASON_FINALE = "season-finale", "Season finale"
        SERIES_FINALE = "series-finale", "Series finale"
        SERIES_ORDER = "series-order", "Series order"
        RENEWAL = "renewal", "Renewal"
        FINAL_SEASON = "final-season", "Final season"
        CANCELLATION = "cancellation", "Not going ahead"
        DEVELOPMENT = "development", "In development"
        CASTING = "casting", "Casting"
        PRODUCTION = "production", "Production"
        TITLE = "title", "Title"
        TRAILER = "trailer", "Trailer"
        FIRST_LOOK = "first-look", "First look"
        EPISODE_TITLES = "episode-titles", "Episode titles"
        OBITUARY = "obituary", "Obituary"
        OTHER = "other", "Other news"

    name = models.CharField("headline", max_length=200, help_text="Without spoilers, as the text.")
    date = PartialDateField()
    kind = models.CharField(max_length=15, choices=Kind, default=Kind.OTHER)
    body = models.TextField(
        blank=True,
        help_text="Without spoilers, or with the episode that gives it away below: who dies, who "
        "leaves, that a series ends. **bold**, lists and [links](https://…) may be used.",
    )
    series = models.ManyToManyField("catalog.Series", blank=True, related_name="announcements")
    people = models.ManyToManyField("catalog.Person", blank=True, related_name="announcements")
    characters = models.ManyToManyField(
        "catalog.Character", blank=True, related_name="announcements"
    )

    objects = AnnouncementQuerySet.as_manager()

    gates = ("", "revealed_in__season__series")

    class Meta(Entry.Meta):
        abstract = False
        ordering = [F("date").desc(nulls_last=True), "-pk"]
        indexes = [
            models.Index(fields=["date"], name="announcement_date"),
            index_where_set("revealed_in", "announcement_revealed_in"),
        ]

    def get_absolute_url(self):
        return path_to("catalog:announcement-detail", slug=self.slug)

    def search_fields(self):
        return {
            "names": [self.name],
            "context": str(self.date or "Undated"),
            "body": self.body,
            "weight": 20,
        }
