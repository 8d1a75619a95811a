"""What of the catalogue stands as it is, for those who may not publish.

They change drafts, and rows of drafts; neither what visitors see nor what is in review. Whatever
else they try is answered on the page where they tried it, with what they typed.
"""

from ..models import Redirect
from ..models.entry import Entry
from ..models.gate import Gated, is_open
from ..models.review import why_it_waits
from ..roles import may_show
from .kept import KeptAdmin

STANDS = "Visitors see this, and you may not publish: ask an editor to change it."
WOULD_SHOW = (
    "Visitors would see this at once, since all that it is about is published. You may not "
    "publish: ask an editor to do it."
)


def is_out(row):
    """Whether ``row`` is shown as it is stored, whatever has been typed into it since."""
    if isinstance(row, Gated):
        return row.shown_from is not None
    return not row._state.adding and is_open(row)


def why_it_stands(row):
    """Why ``row`` as it is stored stands as it is; "" if it may be changed."""
    return STANDS if is_out(row) else why_it_waits(row)


def why_not_saved(row):
    """How saving ``row`` as it is at hand would change what stands; "" if it would not."""
    if why := why_it_stands(row):
        return why
    if is_open(row):
        return WOULD_SHOW
    return _why_not_at_its_slug(row) if isinstance(row, Entry) and row.slug else ""


def _why_not_at_its_slug(entry):
    """An old address of something published would lead there no more."""
    for old in Redirect.objects.lead_elsewhere(entry, entry.slug):
        if is_open(old):
            return (
                f"“{entry.slug}” leads visitors to “{old.target}”, and you may not publish: "
                "choose another slug."
            )
    return ""


class StandingAdmin(KeptAdmin):
    def why_it_stands(self, request, row):
        """Why this user may not change ``row``, which others may; "" if there is no reason."""
        return "" if may_show(request.user, self.model) else why_it_stands(row)

    def may_change(self, request):
        """Whether this user may change what does not stand."""
        return super().has_change_permission(request)

    def has_change_permission(self, request, obj=None):
        if not self.may_change(request):
            return False
        # What comes with a form is refused by the form: it keeps what was typed.
        is_answered = getattr(request, "is_answered_by_form", False)
        return obj is None or is_answered or not self.why_it_stands(request, obj)

    def has_delete_permission(self, request, obj=None):
        may_delete = super().has_delete_permission(request, obj)
        return may_delete and (obj is None or not self.why_it_stands(request, obj))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.why_it_stands = self.why_it_stands(request, obj) if obj is not None else ""
        form.may_show = may_show(request.user, self.model)
        return form

    def get_changelist_form(self, request, **kwargs):
        form = super().get_changelist_form(request, **kwargs)
        form.may_show = may_show(request.user, self.model)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.is_answered_by_form = request.method == "POST"
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, obj=None, **kwargs):
        """Says on top of a page that can only be read why that is so."""
        if obj is not None and self.may_change(request) and request.method != "POST":
            context["why_it_stands"] = self.why_it_stands(request, obj)
        return super().render_change_form(request, context, obj=obj, **kwargs)
