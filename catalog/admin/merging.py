"""Two people, or two characters, that are the same: side by side, previewed, and made one."""

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import TextField
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import capfirst

from ..merging import merge, preview
from ..merging.merging import fields_to_choose
from ..merging.relations import counts_of
from ..models import LikelyDuplicate, Likeness
from .entries import EntryAdmin
from .kept import say_why_not, why_of
from .namesakes import NamedForm
from .pages import page_of
from .three_way import as_key
from .who import value_in_words

_MOST_OFFERED = 20
_MOST_TOLD = 3
_SIDES = ("one", "two")


class MergingAdmin(EntryAdmin):
    """Entries of which two may be the same."""

    form = NamedForm
    actions = [*EntryAdmin.actions, "merge_two"]

    def has_merge_permission(self, request):
        return request.user.has_perm(f"catalog.merge_{self.opts.model_name}")

    def get_urls(self):
        view = self.admin_site.admin_view(self.merge_view)
        name = f"catalog_{self.opts.model_name}_merge"
        return [path("merge/", view, name=name), *super().get_urls()]

    @admin.action(description="Merge two %(verbose_name_plural)s", permissions=["merge"])
    def merge_two(self, request, queryset):
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            messages.error(request, "Tick exactly two that are the same, then merge them.")
            return None
        return redirect(self._address(one=keys[0], two=keys[1]))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if set(obj.alike_by) & {*form.changed_data}:
            self._tell_of_near_misses(request, obj)

    def _tell_of_near_misses(self, request, entry):
        """Whoever has the same name has been asked about before it was saved."""
        pairs = LikelyDuplicate.objects.of(entry).filter(dismissed=False)
        for pair in pairs.exclude(why=Likeness.SAME_NAME).for_list()[:_MOST_TOLD]:
            other = next(each for each in pair.both if each != entry)
            address = self._address(one=entry.pk, two=other.pk)
            if not self.has_merge_permission(request):
                address = reverse(admin_urlname(self.opts, "change"), args=[other.pk])
            text = format_html(
                'Is it the same as <a href="{}">“{}”</a>? {}.',
                address,
                other,
                pair.get_why_display(),
            )
            self.message_user(request, text, messages.WARNING)

    def render_change_form(self, request, context, obj=None, **kwargs):
        if obj is not None and self.has_merge_permission(request):
            link = self._address(one=obj.pk), "Merge with another"
            context["shortcuts"] = [*context.get("shortcuts", ()), link]
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def merge_view(self, request):
        if not self.has_merge_permission(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        one, two = (self._entry(asked.get(side)) for side in _SIDES)
        if one is None:
            raise Http404("There is no such entry to merge; perhaps it was deleted.")
        if two is None or one == two:
            return self._choose(request, one)
        if request.method != "POST":
            return self._merging_page(request, "compare", one, two, self._sides(one, two))
        return self._preview_or_merge(request, one, two)

    def _entry(self, text):
        key = as_key(self.model, text)
        return None if key is None else self.model.objects.filter(pk=key).first()

    def _choose(self, request, one):
        """Offers those who are likely to be the same, or whose name is like what was typed."""
        text = request.GET.get("q", one.name)
        found, _ = self.get_search_results(request, self.model.objects.exclude(pk=one.pk), text)
        offered = list(found[:_MOST_OFFERED])
        if "q" not in request.GET:
            likely = LikelyDuplicate.objects.of(one).filter(dismissed=False).for_list()
            others = [row for pair in likely for row in pair.both if row != one]
            offered = list(dict.fromkeys([*others, *offered]))
        context = {
            "text": text,
            "offers": [(row, self._address(one=one.pk, two=row.pk)) for row in offered],
        }
        return self._merging_page(request, "choose", one, None, context)

    def _sides(self, one, two):
        return {
            "counts": [
                (capfirst(label), mine, theirs)
                for (label, mine), (_, theirs) in zip(counts_of(one), counts_of(two), strict=True)
            ],
            "fields": [
                {
                    "name": field.name,
                    "label": capfirst(field.verbose_name),
                    "values": [
                        (side, value_in_words(row, field))
                        for side, row in zip(_SIDES, (one, two), strict=True)
                    ],
                    # What says something, and of two the first.
                    "default": "one" if getattr(one, field.attname) not in (None, "") else "two",
                    "is_long": isinstance(field, TextField),
                }
                for field in fields_to_choose(one, two)
            ],
        }

    def _preview_or_merge(self, request, one, two):
        kept, other = (two, one) if request.POST.get("keep") == "two" else (one, two)
        side_of_other = "one" if other is one else "two"
        choices = {
            field.name: taken == side_of_other
            for field in fields_to_choose(one, two)
            if (taken := request.POST.get(f"take-{field.name}")) in _SIDES
        }
        try:
            if "merge" in request.POST:
                digest = request.POST.get("digest", "")
                change = merge(kept, other, choices, request.user, why_of(request), digest)
                messages.success(request, f"“{other}” is now one with “{kept}”.")
                return redirect(reverse("admin:catalog_change_change", args=[change.pk]))
            shown = preview(kept, other, choices, request.user)
        except ValidationError as error:
            say_why_not(request, error)
            return redirect(self._address(one=one.pk, two=two.pk))
        context = {
            "kept": kept,
            "other": other,
            "shown": shown,
            "posted": [
                (name, value)
                for name, value in request.POST.items()
                if name in {*_SIDES, "keep"} or name.startswith("take-")
            ],
        }
        return self._merging_page(request, "preview", one, two, context)

    def _address(self, **keys):
        return f"{reverse(f'admin:catalog_{self.opts.model_name}_merge')}?{urlencode(keys)}"

    def _merging_page(self, request, name, one, two, context):
        title = f"Merge {self.opts.verbose_name_plural}"
        context = {"title": title, "crumb": "Merge", "one": one, "two": two, **context}
        return page_of(self, request, f"admin/merging/{name}.html", context, one)
