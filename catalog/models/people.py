from django.db import models
from django.db.models import Exists, OuterRef, Prefetch

from .addresses import path_to
from .afterwards import together
from .credits import Credit
from .dates import PartialDateField, in_order, require_order
from .entry import Entry, look_for_duplicates
from .external_ids import ExternalIds
from .gate import VisibleQuerySet
from .portrayals import Portrayal
from .text import LinesField

_LINES_ON_A_CARD = 3


class PersonQuerySet(VisibleQuerySet):
    def actors(self, audience):
        """Those with a part that ``audience`` may see."""
        parts = Portrayal.objects.open_to(audience)
        return self.filter(Exists(parts.filter(person=OuterRef("pk"))))

    def crew(self, audience):
        """Those with crew work that ``audience`` may see."""
        work = Credit.objects.visible_to(audience)
        return self.filter(Exists(work.filter(person=OuterRef("pk"))))

    def for_list(self, audience):
        """With the first few parts and jobs that a card names."""
        portrayals = Portrayal.objects.open_to(audience).for_cards()
        credits = Credit.objects.visible_to(audience).for_cards()
        return (
            self.select_related("image")
            .prefetch_related(
                Prefetch("portrayals", portrayals[:_LINES_ON_A_CARD], to_attr="shown_portrayals"),
                Prefetch("credits", credits[:_LINES_ON_A_CARD], to_attr="shown_credits"),
            )
            .order_by("sort_name", "pk")
        )

    def for_crossovers(self, audience):
        """With the parts and jobs that a grid of crossovers tells."""
        portrayals = Portrayal.objects.open_to(audience).for_crossovers("person", audience)
        credits = Credit.objects.visible_to(audience).for_crossovers()
        return self.select_related("image").prefetch_related(
            Prefetch("portrayals", portrayals, to_attr="shown_portrayals"),
            Prefetch("credits", credits, to_attr="shown_credits"),
        )

    def for_detail(self):
        links = Prefetch("links", PersonLink.objects.all(), to_attr="shown_links")
        return self.select_related("image").prefetch_related(links)


class Person(ExternalIds, Entry):
    """An actor, a member of the crew, a model for a character, or all of these: one page each."""

    other_names = LinesField(
        blank=True, help_text="Birth names, spellings and misspellings, one to a line."
    )
    born = PartialDateField()
    died = PartialDateField()
    birth_place = models.CharField(max_length=150, blank=True)
    biography = models.TextField(
        blank=True,
        help_text="Without spoilers: it is shown to all, so name no part but one of the main cast "
        "of a first season. **bold**, lists and [links](https://…) may be used.",
    )
    image = models.ForeignKey(
        "catalog.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="people"
    )

    external_kinds = {"imdb_id": "name", "tvmaze_id": "people", "tmdb_id": "person"}
    alike_by = ("name", "other_names", *external_kinds, "wikidata_id")

    objects = PersonQuerySet.as_manager()

    class Meta(ExternalIds.Meta, Entry.Meta):
        abstract = False
        verbose_name_plural = "people"
        permissions = [("merge_person", "Can merge people")]
        ordering = ["sort_name", "pk"]
        # A page far down the list is found without looking at the rows before it.
        indexes = [
            models.Index(fields=["sort_name", "id", "shown_from"], name="person_by_name"),
            # Of thousands the few that wait; the other entries are few.
            models.Index(fields=["state", "publish_at"], name="person_by_state"),
        ]
        constraints = [
            *ExternalIds.Meta.constraints,
            models.CheckConstraint(
                condition=in_order("born", "died"),
                name="person_dies_after_birth",
                violation_error_message="A person cannot die before being born.",
            ),
        ]

    def get_absolute_url(self):
        return path_to("catalog:person-detail", slug=self.slug)

    def clean(self):
        super().clean()
        require_order(self, "born", "died")

    def search_fields(self):
        return {
            "names": [self.name, *self.also_known_as],
            "context": "",
            "body": self.biography,
            "weight": 50,
        }


class PersonLink(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(max_length=100, help_text="What the link leads to: “Web site”.")
    url = models.URLField("address", max_length=500)

    # Shown with its person; no gate of its own.
    gates = ("person",)

    class Meta:
        ordering = ["person", "pk"]
        # Who else has the same one is asked at each save.
        indexes = [models.Index(fields=["url"], name="person_link_url")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "url"],
                name="person_link_unique",
                violation_error_message="This person already has this link.",
            ),
        ]

    def __str__(self):
        return self.label

    def save(self, *args, **kwargs):
        with together():
            super().save(*args, **kwargs)
            look_for_duplicates(self.person)
