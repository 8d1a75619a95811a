"""Entries: what has a page of its own and is a draft before it is published."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import model_ngettext, unquote
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list

from ..models import State
from ..models.review import handed_in
from ..roles import may_publish
from .base import CatalogAdmin, thumbnail
from .gaps import GapFilter, PublicationFilter

PUBLISHING = ("Publishing", {"fields": ["state", "publish_at", "slug", "created_at", "updated_at"]})

MAY_NOT_PUBLISH = "You may not publish. Send it to review; an editor will publish it."
IN_REVIEW = "This is in review. Take it back to draft to change it, then send it to review again."
PUBLISHED = (
    "This is published, and you may not publish: ask an editor to change it, or to take it back to "
    "draft."
)

# The buttons beside Save: {name: (label, state)}.
BUTTONS = {
    "_review": ("Save and send to review", State.IN_REVIEW),
    "_publish": ("Save and publish", State.PUBLISHED),
    "_draft": ("Save and take back to draft", State.DRAFT),
}
# Of a page that can only be read.
TAKE_BACK = "_take_back"

# What an action does that takes more than the permission to change.
_DEEDS = {"delete_selected": "delete", "merge_two": "merge"}

_NAMES_IN_A_MESSAGE = 5


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
        if _is_scheduled(entry):
            return f"Scheduled for {_moment(entry)}"
        return entry.get_state_display()

    @admin.display(empty_value="-")
    def preview(self, entry):
        return thumbnail(getattr(entry, self.picture))

    # Who may do what -----------------------------------------------------------------------------

    def has_publish_permission(self, request):
        may_change = super().has_change_permission(request)
        return may_change and may_publish(request.user, self.model)

    def why_it_stands(self, request, row):
        if not handed_in(row) or self.has_publish_permission(request):
            return ""
        return IN_REVIEW if row.stored_state == State.IN_REVIEW else PUBLISHED

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return fields if self.has_publish_permission(request) else [*fields, "publish_at"]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """Offers the states to which this user may move an entry."""
        if db_field.name == "state" and not self.has_publish_permission(request):
            states = [State.DRAFT, State.IN_REVIEW]
            kwargs["choices"] = [(state.value, state.label) for state in states]
            field = super().formfield_for_choice_field(db_field, request, **kwargs)
            field.error_messages["invalid_choice"] = MAY_NOT_PUBLISH
            return field
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    # The page of one -----------------------------------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and object_id is not None and TAKE_BACK in request.POST:
            return self._recorded(self._take_back_view, request, object_id)
        for name, (_, state) in BUTTONS.items():
            if request.method == "POST" and name in request.POST:
                request.POST = request.POST.copy()
                request.POST["state"] = state.value
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _take_back_view(self, request, object_id):
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            raise Http404(f"There is no such {self.opts.verbose_name}; perhaps it was deleted.")
        if self.has_change_permission(request):
            self._move(request, self.get_queryset(request).filter(pk=entry.pk), State.DRAFT)
        else:
            self._say_may_not(request, "change")
        return redirect(admin_urlname(self.opts, "change"), entry.pk)

    def render_change_form(self, request, context, obj=None, **kwargs):
        if IS_POPUP_VAR not in request.GET and IS_POPUP_VAR not in request.POST:
            context["moves"] = list(self._moves(request, obj))
        context["scheduled_for"] = obj is not None and _is_scheduled(obj) and _moment(obj)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def _moves(self, request, entry):
        """(name, label) of the buttons that move the entry, None while it is new."""
        if not super().has_change_permission(request):
            return
        may_publish = self.has_publish_permission(request)
        stored = self.model.objects.filter(pk=entry and entry.pk).values_list("state", flat=True)
        now = (stored.first() if entry else None) or State.DRAFT
        if may_publish or now == State.DRAFT:
            for name, (label, state) in BUTTONS.items():
                is_step = state != now and (state, now) != (State.IN_REVIEW, State.PUBLISHED)
                if is_step and (may_publish or state != State.PUBLISHED):
                    yield name, label
        elif now == State.IN_REVIEW:
            yield TAKE_BACK, "Take back to draft"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        is_told = obj.state != State.DRAFT or change
        if is_told and {"state", "publish_at"} & {*form.changed_data}:
            self.message_user(request, _standing_of(obj))

    # The list ------------------------------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        """Says why an action cannot be used; Django would say that none was chosen."""
        if request.method == "POST" and "_save" not in request.POST:
            known = {*self.actions, "delete_selected"}
            refused = known & {*request.POST.getlist("action")} - self.get_actions(request).keys()
            deeds = [_DEEDS[name] for name in sorted(refused & _DEEDS.keys())] or ["change"]
            if refused == {"publish"} and self.has_change_permission(request):
                text = f"Nothing was changed. {MAY_NOT_PUBLISH}"
                self.message_user(request, text, messages.ERROR)
            elif refused:
                self._say_may_not(request, deeds[0])
            if refused:
                return redirect(request.get_full_path())
        return super().changelist_view(request, extra_context)

    @admin.action(description="Publish selected %(verbose_name_plural)s", permissions=["publish"])
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
        """Save each entry by itself, so that its search row follows; or none, if one may not."""
        entries = list(queryset.exclude(state=state))
        out = [entry for entry in entries if entry.state == State.PUBLISHED]
        if out and not self.has_publish_permission(request):
            names = [f"“{entry}”" for entry in out[:_NAMES_IN_A_MESSAGE]]
            if more := out[_NAMES_IN_A_MESSAGE:]:
                names.append(f"{len(more)} more")
            text = (
                f"Nothing was changed: {get_text_list(names, 'and')} "
                f"{'is' if len(out) == 1 else 'are'} published. You may not publish: ask an editor."
            )
            self.message_user(request, text, messages.ERROR)
            return
        with transaction.atomic():
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
        for entry in [entry for entry in entries if _is_scheduled(entry)][:_NAMES_IN_A_MESSAGE]:
            self.message_user(request, _standing_of(entry))

    def _say_may_not(self, request, deed):
        text = f"Nothing was changed: you may not {deed} {self.opts.verbose_name_plural}."
        self.message_user(request, text, messages.ERROR)


def _is_scheduled(entry):
    is_later = entry.publish_at is not None and entry.publish_at > timezone.now()
    return entry.state == State.PUBLISHED and is_later


def _moment(entry):
    return date_format(timezone.localtime(entry.publish_at), "j F Y, H:i T")


def _standing_of(entry):
    """What its state means for visitors, as one sentence."""
    if entry.state == State.DRAFT:
        return f"“{entry}” is a draft: visitors do not see it."
    if entry.state == State.IN_REVIEW:
        return f"“{entry}” is in review: visitors do not see it until an editor publishes it."
    if _is_scheduled(entry):
        return f"“{entry}” is scheduled: visitors will see it from {_moment(entry)}."
    if entry.shown_from is None:
        return (
            f"“{entry}” is published, but visitors will not see it before what it depends on "
            "is published too."
        )
    return f"“{entry}” is published: visitors see it now."
