from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from .addresses import path_to
from .dates import PartialDateField, in_order, require_order
from .entry import Entry, Revealable, RevealableQuerySet, Sourced, count_of, index_where_set
from .gate import VisibleQuerySet
from .reach import IsKnown
from .text import LinesField


class OrganizationQuerySet(VisibleQuerySet):
    def for_list(self, audience):
        return self.annotate(
            member_count=count_of(Membership.objects.open_to(audience), of="organization")
        ).order_by("sort_name", "pk")

    def for_detail(self):
        return self.select_related("parent", "image")

    def divisions_of(self, organization):
        return self.filter(parent=organization).order_by("sort_name", "pk")


class Organization(Entry):
    other_names = LinesField(blank=True, help_text="One to a line.")
    description = models.TextField(
        blank=True,
        help_text="Without spoilers: it is shown to all. "
        "**bold**, lists and [links](https://…) may be used.",
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="divisions",
        help_text="The organization that it is a part of.",
    )
    image = models.ForeignKey(
        "catalog.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="organizations",
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta(Entry.Meta):
        abstract = False
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="organization_not_part_of_itself",
                violation_error_message="An organization cannot be a part of itself.",
            ),
        ]

    def get_absolute_url(self):
        return path_to("catalog:organization-detail", slug=self.slug)

    def clean(self):
        super().clean()
        passed = {self.pk}
        ancestor = self.parent
        while ancestor is not None:
            if ancestor.pk in passed:
                raise ValidationError({"parent": "An organization cannot be a part of itself."})
            passed.add(ancestor.pk)
            ancestor = ancestor.parent

    def search_fields(self):
        return {
            "names": [self.name, *self.also_known_as],
            "context": "",
            "body": self.description,
            "weight": 40,
        }


class MembershipQuerySet(RevealableQuerySet):
    def within(self, audience):
        """Of those whom one has met."""
        return super().within(audience).filter(IsKnown(audience, "character"))

    def for_organization(self, organization):
        return (
            self.filter(organization=organization)
            .select_related("character", "revealed_in__season__series")
            # A folded row among the others would tell the name by its place in the alphabet.
            .order_by(
                "former",
                "standing",
                F("revealed_in").asc(nulls_first=True),
                "character__sort_name",
                "pk",
            )
        )

    def for_character(self, character):
        return (
            self.filter(character=character)
            .select_related("organization", "revealed_in__season__series")
            .order_by(
                "former",
                "standing",
                F("revealed_in").asc(nulls_first=True),
                "organization__sort_name",
                "pk",
            )
        )


class Membership(Revealable, Sourced):
    class Standing(models.TextChoices):
        """In the order in which members are listed, which is also that of the alphabet."""

        LEADER = "leader", "Leader"
        MEMBER = "member", "Member"
        VOLUNTEER = "volunteer", "Volunteer"

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    character = models.ForeignKey(
        "catalog.Character", on_delete=models.CASCADE, related_name="memberships"
    )
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.MEMBER)
    role = models.CharField(max_length=120, blank=True, help_text="“Head of the unit”.")
    former = models.BooleanField(default=False, help_text="No longer belongs to it.")
    started = PartialDateField("from")
    ended = PartialDateField("to")

    objects = MembershipQuerySet.as_manager()

    gates = ("organization", "character", "revealed_in__season__series")

    class Meta:
        ordering = ["organization", "pk"]
        indexes = [index_where_set("revealed_in", "membership_revealed_in")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "character", "role"],
                condition=Q(started=None),
                name="membership_unique",
                violation_error_message="This membership is already stated.",
            ),
            models.UniqueConstraint(
                fields=["organization", "character", "role", "started"],
                name="membership_from_date_unique",
                violation_error_message="This membership is already stated.",
            ),
            models.CheckConstraint(
                condition=in_order("started", "ended"),
                name="membership_ends_after_start",
                violation_error_message="A membership cannot end before it starts.",
            ),
        ]

    def __str__(self):
        return self.role or self.get_standing_display()

    def clean(self):
        super().clean()
        require_order(self, "started", "ended")

    @property
    def group(self) -> str:
        """The heading under which a list of members has it."""
        if self.former:
            return "Former members"
        return {"leader": "Led by", "member": "Members", "volunteer": "Volunteers"}[self.standing]
