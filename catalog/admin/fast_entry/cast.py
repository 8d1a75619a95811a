"""A pasted cast list, previewed before it is saved; and the cast of the season before."""

from django import forms
from django.contrib import messages
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.widgets import AdminTextareaWidget
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from ...entering.cast import Casting
from ...entering.cast_lines import MOST_LINES, read_cast
from ...entering.copying import MOST_PARTS, offers, season_before, take_over
from ...entering.proposals import Chosen, Rights
from ...history import recording
from ...models import LikelyDuplicate, Portrayal, Season
from ...roles import may_show as may_show_rows
from ..kept import say, why_of
from ..pages import page_of
from .pages import LONGEST_PASTE, count, require, row_of

# Lines that were left out and are told once more.
_MOST_TOLD = 10


def may_cast(user):
    return user.has_perms(["catalog.add_portrayal", "catalog.change_portrayal"])


class CastForm(forms.Form):
    text = forms.CharField(
        label="Cast list",
        max_length=LONGEST_PASTE,
        widget=AdminTextareaWidget(attrs={"rows": 12, "autofocus": True}),
        help_text="One part on each line: “Titus Welliver as Harry Bosch”. Dots, tabs, dashes or "
        "slashes will do for the “as”, and so will brackets: “Titus Welliver (Harry Bosch)”. "
        f"Up to {MOST_LINES} lines. Nothing is saved before you have seen what will come of it.",
    )
    kind = forms.ChoiceField(
        label="Kind of part",
        required=False,
        choices=[
            ("", "Not known, or as a line says"),
            *(choice for choice in Portrayal.Kind.choices if choice[0] != Portrayal.Kind.SELF),
        ],
        help_text="“(voice)” and “as Himself” on a line hold for that line.",
    )
    is_billed = forms.BooleanField(
        label="They stand in the order of the opening titles",
        required=False,
        help_text="Numbers those that have no billing yet, from 1.",
    )
    character_first = forms.BooleanField(
        label="The character comes first",
        required=False,
        help_text="“Harry Bosch – Titus Welliver”.",
    )

    def clean(self):
        super().clean()
        if "text" in self.cleaned_data:
            try:
                self.lines = read_cast(
                    self.cleaned_data["text"], character_first=self.cleaned_data["character_first"]
                )
            except ValueError as error:
                self.add_error("text", str(error))


def paste_cast(model_admin, request, pk):
    """Shows what would come of a pasted list, and saves what was shown once that is asked for."""
    row = row_of(model_admin, request, pk)
    require(may_cast(request.user))
    form = CastForm(request.POST if request.method == "POST" else None)
    casting = None
    if form.is_bound and form.is_valid():
        if "save" not in request.POST:
            casting = _casting(request, row, form)
        else:
            with recording(request.user, why_of(request)) as record:
                # Within its turn, so that nothing changes any more between looking and saving.
                row = row_of(model_admin, request, pk)
                casting = _casting(request, row, form)
                is_saved = casting.is_as_shown and casting.is_sound and not casting.is_found_anew
                done = casting.enter(record) if is_saved else None
            if done is not None:
                _tell_what_was_entered(request, casting, done, record)
                return redirect(admin_urlname(model_admin.opts, "change"), row.pk)
            _tell_why_nothing_was_saved(request, casting)
    context = {
        "title": "Paste a cast list",
        "subtitle": str(row),
        "form": form,
        "casting": casting,
    }
    return page_of(model_admin, request, "admin/fast_entry/paste_cast.html", context, row)


def _casting(request, row, form):
    season = row if isinstance(row, Season) else None
    post, told = request.POST, form.cleaned_data
    shown = post.get("shown", "")
    chosen = {
        number: Chosen(
            is_taken=f"take-{number}" in post,
            person=post.get(f"person-{number}", ""),
            character=post.get(f"character-{number}", ""),
            person_name=post.get(f"person-name-{number}", ""),
            character_name=post.get(f"character-name-{number}", ""),
        )
        for number in range(1, min(len(shown.split()), MOST_LINES) + 1)
    }
    return Casting(
        form.lines,
        row.series if season else row,
        season,
        kind=told["kind"],
        is_billed=told["is_billed"],
        chosen=chosen,
        shown=shown,
        rights=Rights(
            add_people=request.user.has_perm("catalog.add_person"),
            add_characters=request.user.has_perm("catalog.add_character"),
            show=may_show_rows(request.user, Portrayal),
        ),
    )


def _tell_why_nothing_was_saved(request, casting):
    if not casting.is_as_shown:
        why = "The list or the catalogue has changed since the preview: look at it again."
    elif not casting.taken:
        why = "No line is ticked."
    elif casting.is_sound:
        why = "You wrote names: look at whom they mean, and save again."
    else:
        why = "Some lines need you: see below."
    messages.error(request, f"Nothing was saved. {why}")


def _tell_what_was_entered(request, casting, done, record):
    told = [f"{count(done.added, 'part')} added"]
    if done.extended:
        told.append(f"{count(done.extended, 'part')} of before filled in")
    new = [
        count(rows, *nouns)
        for rows, nouns in (
            (done.people, ("person", "people")),
            (done.characters, ("character", "characters")),
        )
        if rows
    ]
    if new:
        told.append(f"as new drafts: {' and '.join(new)}")
    say(request, f"{capfirst('; '.join(told))}.", record)
    _tell_who_may_be_there_already(request, done)
    if casting.unread:
        lines = "; ".join(f"“{each.line.text:.60}”" for each in casting.unread[:_MOST_TOLD])
        more = len(casting.unread) - _MOST_TOLD
        end = f"; and {more} more" if more > 0 else ""
        messages.warning(request, f"Left out, since they say nothing clear or new: {lines}{end}.")


def _tell_who_may_be_there_already(request, done):
    """New drafts whose names are a letter away from others are often misspelt."""
    alike = [
        pair
        for rows in (done.people, done.characters)
        for pair in LikelyDuplicate.objects.among(rows).filter(dismissed=False)
    ]
    if alike:
        address = reverse("admin:catalog_likelyduplicate_changelist")
        text = "Among the new drafts {} may be there already under nearly the same name: {}."
        link = format_html('<a href="{}">look at the likely duplicates</a>', address)
        messages.warning(request, format_html(text, len(alike), link))


def copy_cast(model_admin, request, pk):
    """Offers who was in the season before, and adds the season to the parts that stay ticked."""
    season = row_of(model_admin, request, pk)
    require(request.user.has_perm("catalog.change_portrayal"))
    may_show = may_show_rows(request.user, Portrayal)
    if request.method == "POST":
        ticked = set(request.POST.getlist("part"))
        with recording(request.user, why_of(request)) as record:
            season = row_of(model_admin, request, pk)
            before = season_before(season)
            offered = offers(before, season, may_show=may_show)
            for offer in offered:
                offer.is_ticked = str(offer.part.pk) in ticked
            chosen = [offer for offer in offered if offer.is_ticked]
            is_saved = bool(chosen) and not any(offer.problem for offer in chosen)
            if is_saved:
                take_over([offer.part for offer in chosen], season, record)
        if is_saved:
            say(request, f"{count(chosen, 'part')} taken over from {before}.", record)
            return redirect(admin_urlname(model_admin.opts, "change"), season.pk)
        why = "Some parts cannot be taken over: see below." if chosen else "No part is ticked."
        messages.error(request, f"Nothing was saved. {why}")
    else:
        before = season_before(season)
        offered = offers(before, season, may_show=may_show)
    context = {
        "title": "Copy the previous cast",
        "subtitle": str(season),
        "before": before,
        "offers": offered,
        "most": MOST_PARTS,
        "is_cut": len(offered) == MOST_PARTS,
    }
    return page_of(model_admin, request, "admin/fast_entry/copy_cast.html", context, season)
