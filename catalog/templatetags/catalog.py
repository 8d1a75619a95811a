"""Formatting for the templates; nothing here asks the database."""

import json
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from zlib import crc32

from django import template
from django.conf import settings
from django.template.base import token_kwargs
from django.urls import get_script_prefix
from django.utils.html import escape
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

from ..cards import card_of_page
from ..models.text import isolated

register = template.Library()

# Mark-up written as HTML is shown as text; links to scripts are refused by the parser itself.
# Pictures would come from other hosts, which the content security policy refuses.
_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")

# Texts of which the HTML is kept: those of the pages that are asked for most.
_TEXTS = 500

# The page has its own h1, and h2 for its sections.
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}


@register.filter(name="isolated")
def isolated_filter(value):
    """``value`` for where words follow it on the same line."""
    return isolated(str(value))


# Nothing in it may end the element that it stands in, whatever editors wrote.
_ESCAPED_IN_JSON = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"}


@register.inclusion_tag("catalog/share_tags.html", takes_context=True)
def share_tags(context):
    """What is shown where people share the page: words, and the address of its card."""
    request = context.get("request")
    if request is None:  # a page of an error
        return {}
    card = context.get("card") or card_of_page("/")
    return {
        "card": card,
        "franchise_name": settings.FRANCHISE_NAME,
        "address": context.get("canonical_address"),
        "picture": request.build_absolute_uri(card.address),
    }


@register.filter
def json_in_html(value):
    """``value`` as JSON that may stand in a ``<script>`` which is data."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPED_IN_JSON))  # noqa: S308 - it was escaped


@register.filter
@lru_cache(maxsize=_TEXTS)
def markdown(text):
    """Editors' Markdown as HTML, safe to show whoever wrote it."""
    tokens = _markdown.parse(str(text or ""))
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(html)  # noqa: S308 - HTML is off in the parser


@register.filter
@lru_cache(maxsize=_TEXTS)
def lead(text):
    """The first paragraph of Markdown as plain text, for descriptions."""
    words = []
    for token in _markdown.parse(str(text or "")):
        if token.type == "inline":
            words = [" " if "break" in child.type else child.content for child in token.children]
            break
    return escape(" ".join("".join(words).split()))


# The parts of the catalogue that the header leads to.
_SECTIONS = {
    "series",
    "episodes",
    "characters",
    "actors",
    "crew",
    "organizations",
    "news",
    "timeline",
    "crossovers",
    "watch-orders",
}


@register.filter
def section(path):
    """Where an address belongs: "/series/bosch/" is in "series"; "" is in none of the header's."""
    name = path.strip("/").partition("/")[0]
    return name if name in _SECTIONS else ""


class OnceNode(template.Node):
    def __init__(self, nodelist, varying):
        self.nodelist = nodelist
        self.varying = varying
        self._rendered = {}

    def render(self, context):
        values = {name: value.resolve(context) for name, value in self.varying.items()}
        # Addresses depend on where the site is mounted.
        key = (get_script_prefix(), *values.values())
        if key not in self._rendered:
            self._rendered[key] = self.nodelist.render(context.new(values))
        return self._rendered[key]


@register.tag
def once(parser, token):
    """{% once section=path|section %}…{% endonce %}: what is the same on every page.

    It is rendered once for each value, of which there must be few, and sees nothing else of the
    page: files, addresses, and what stands as it is.
    """
    _, *words = token.split_contents()
    varying = token_kwargs(words, parser)
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist, varying)


@register.filter
def initials(name):
    """Two letters that stand in for a portrait: "Renée Ballard" gives "RB"."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()


# Each is a class in static/css/pictures.css.
PATTERNS = ["rain", "blinds", "grid", "dots", "beams", "waves", "rings", "steps"]


@register.filter
def pattern(name):
    """The pattern of what is drawn for a name, the same in every process and on every day."""
    return PATTERNS[crc32(str(name).encode()) % len(PATTERNS)]


@register.inclusion_tag("catalog/_cast_row.html", takes_context=True)
def cast_rows(context, portrayals, of, *, show_kind=False, show_span=False):
    """Parts in their order, as the page ``of`` a "series", a "person" or a "character" tells them.

    That of a series names the actor and the role, a person's the series, and the role too where it
    is folded away, a character's the actor and the series.
    """
    folds = context["request"].audience.folds
    rows = []
    for portrayal in portrayals:
        person, character, series = portrayal.person, portrayal.character, portrayal.series
        is_folded = folds and portrayal.revealed_in
        row = {
            "folded_by": portrayal.revealed_in.full_code if is_folded else "",
            "accent": series.accent,
            "kind": portrayal.kind_label if show_kind else "",
            "span": portrayal.span if show_span else "",
            "credited_as": portrayal.credited_as if character else "",
            "note": portrayal.note,
        }
        if of != "person":
            row["initials"] = initials(person.name)
            row["pattern"] = pattern(person.name)
            row["name"], row["address"] = person.name, person.get_absolute_url()
        elif character and is_folded:
            row["name"], row["address"] = character.name, character.get_absolute_url()
        if of == "series":
            row["look"], row["role"] = "cast-row__role", portrayal.role
            row["role_address"] = character.get_absolute_url() if character else ""
        else:
            row["look"], row["role"] = "cast-row__role cast-row__series", series.name
            row["role_address"] = series.get_absolute_url()
            row["announced"] = "Announced" if portrayal.announced else ""
        rows.append(row)
    return {"rows": rows}


@register.inclusion_tag("catalog/_episode_row.html")
def episode_rows(episodes, *, hide_series=False, query=""):
    """Episodes in their order; ``query`` is what their links carry on."""
    rows = []
    for episode in episodes:
        series = episode.series
        row = {
            "accent": series.accent,
            "code": episode.code,
            # Where a list asks for somebody, some rows are certain and some are not.
            "uncertain": "Season only" if getattr(episode, "is_certain", None) is False else "",
            "ahead": "Ahead of you" if episode.is_ahead else "",
            "address": episode.get_absolute_url() + query,
            "title": episode.title,
            "aired": "Date not announced" if episode.aired is None else episode.aired,
        }
        if not hide_series:
            row |= {"series": series.name, "series_address": series.get_absolute_url()}
        rows.append(row)
    return {"rows": rows}


def timeline_rows(events):
    """What happened, in its order, as both the list and the table of the timeline tell it."""
    rows = []
    for event in events:
        row = {
            "shape": event.shape,
            "dates": event.dates,
            "label": event.label,
        }
        if event.series:
            # Nearly all are about one series, and there may be a thousand of them.
            first, *row["others"] = event.series
            row |= {"name": first.name, "of": first.get_absolute_url(), "accent": first.accent}
        if event.tie:
            row["tie"] = event.tie
        else:
            row["address"], row["title"] = event.address, event.title
            if event.episode_count:
                row["episodes"] = counted(event.episode_count, "episode,episodes")
            row["remark"] = event.remark
        rows.append(row)
    return {"rows": rows}


register.inclusion_tag("catalog/_timeline_row.html", name="timeline_rows")(timeline_rows)
register.inclusion_tag("catalog/_timeline_cells.html", name="timeline_cells")(timeline_rows)


@register.filter
def as_drawn(lane):
    """The bars of a lane of the timeline, and the labels with room, as its drawing tells them."""
    series = lane.series
    bars = []
    for bar in lane.bars:
        season, core = bar.season, bar.span.core
        name = f"{series.name}, {season.title}" if season else series.name
        bars.append(
            {
                "address": (season or series).get_absolute_url(),
                "title": f"{name}: {bar.span}",
                "soft": [{"x": str(soft.x), "width": str(soft.width)} for soft in bar.span.soft],
                "core": core and {"x": str(core.x), "width": str(core.width)},
                "top": str(bar.top),
                "height": str(bar.height),
            }
        )
    labels = [
        {"x": str(each.x), "room": each.room, "shift": str(each.shift), "text": each.text}
        for each in lane.labels
        if each.room != "nowhere"
    ]
    return {"bars": bars, "labels": labels}


@register.filter
def by_job(credits, of):
    """Credits in their order as [{"job", "lines"}], each line what one person did.

    On the page ``of`` a "person" each is of one series. A line is {"name", "address", "accent",
    "credits"}.
    """
    whose = attrgetter("series" if of == "person" else "person")
    return [
        {
            "job": job.name,
            "lines": [
                {
                    "name": who.name,
                    "address": who.get_absolute_url(),
                    "accent": who.accent if of == "person" else "",
                    "credits": list(work),
                }
                for who, work in groupby(rows, whose)
            ],
        }
        for job, rows in groupby(credits, attrgetter("job"))
    ]


@register.filter
def page_numbers(page):
    """The numbers of the pages around ``page``, with an ellipsis for those between."""
    return page.paginator.get_elided_page_range(page.number)


@register.filter
def counted(number, nouns):
    """The number with its noun, as in "1 episode" or "1,204 episodes" for "episode,episodes"."""
    one, many = nouns.split(",")
    # A count that stopped at its bound says so itself.
    told = str(number) if hasattr(number, "is_more") else f"{number:,}"
    return f"{told} {one if number == 1 else many}"


@register.filter
def counted_noun(nouns):
    """The noun for none or many: "episodes" of "episode,episodes"."""
    return nouns.partition(",")[2]


@register.filter
def joined(words):
    """A list as a sentence has it: "a, b and c"."""
    words = [str(word) for word in words]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


@register.filter
def accent_of(portrayals, credits=()):
    """The accent of the series of the first main part, else of the first row."""
    rows = [*portrayals, *credits]
    main = next((row for row in portrayals if row.kind == "main"), None)
    row = main or (rows[0] if rows else None)
    return row.series.accent if row else "slate"


@register.filter
def seen_from(relationship, character):
    """(phrase, other character) of a relationship as ``character``'s page says it."""
    if relationship.character_id == character.pk:
        return {"phrase": relationship.kind.phrase, "other": relationship.other}
    return {"phrase": relationship.kind.reverse_phrase, "other": relationship.character}
