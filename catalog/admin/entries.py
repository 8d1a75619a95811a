"""Entries: what has a page of its own and is a draft before it is published."""

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import model_ngettext
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from ..models import State
from .base import CatalogAdmin, thumbnail
from .gaps import GapFilter, PublicationFilter

PUBLISHING = ("Publishing", {"fields": ["state", "publish_at", "slug", "created_at", "updated_at"]})


class EntryAdmin(CatalogAdmin):
    """What every kind of entry shares.

    ``picture`` names the field of the image that stands for it, if it has one.
    """

    picture = "image"

    list_filter = [PublicationFilter, GapFilter]
    search_fields = ["name", "sort_name", "slug"]
    autocomplete_fields = ["sources"]
    readonly_fields = ["preview", "created_at", "updated_at"]
    actions = ["publish", "send_to_review", "take_back_to_draft"]

    @admin.display(description="state", ordering="state")
    def publication(self, entry):
        """The state as visitors have it: what is published later is not published yet."""
        is_later = entry.publish_at is not None and entry.publish_at > timezone.now()
        if entry.state == State.PUBLISHED and is_later:
            moment = date_format(timezone.localtime(entry.publish_at), "j F Y, H:i T")
            return f"Scheduled for {moment}"
        return entry.get_state_display()

    @admin.display(empty_value="-")
    def preview(self, entry):
        return thumbnail(getattr(entry, self.picture))

    @admin.action(description="Publish selected %(verbose_name_plural)s", permissions=["change"])
    def publish(self, request, queryset):
        self._move(request, queryset, State.PUBLISHED)

    @admin.action(
        description="Send selected %(verbose_name_plural)s to review", permissions=["change"]
    )
    def send_to_review(self, request, queryset):
        self._move(request, queryset, State.IN_REVIEW)

    @admin.action(
        description="Take selected %(verbose_name_plural)s back to draft", permissions=["change"]
    )
    def take_back_to_draft(self, request, queryset):
        self._move(request, queryset, State.DRAFT)

    def _move(self, request, queryset, state):
        """Save each entry by itself, so that its search row follows."""
        with transaction.atomic():
            entries = list(queryset.exclude(state=state))
            request.record.remember(entries)
            for entry in entries:
                entry.state = state
                entry.save(update_fields=["state"])
            if entries:
                LogEntry.objects.log_actions(
                    request.user.pk, entries, CHANGE, [{"changed": {"fields": ["State"]}}]
                )
        count = len(entries)
        self.message_user(
            request, f"{count} {model_ngettext(self.opts, count)}: now “{state.label.lower()}”."
        )
