"""Formatting for the templates; nothing here asks the database."""

from zlib import crc32

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

register = template.Library()

# Mark-up written as HTML is shown as text; links to scripts are refused by the parser itself.
# Pictures would come from other hosts, which the content security policy refuses.
_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")

# The page has its own h1, and h2 for its sections.
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}


@register.filter
def markdown(text):
    """Editors' Markdown as HTML, safe to show whoever wrote it."""
    tokens = _markdown.parse(str(text or ""))
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(html)  # noqa: S308 - HTML is off in the parser


@register.filter
def lead(text):
    """The first paragraph of Markdown as plain text, for descriptions."""
    words = []
    for token in _markdown.parse(str(text or "")):
        if token.type == "inline":
            words = [" " if "break" in child.type else child.content for child in token.children]
            break
    return escape(" ".join("".join(words).split()))


@register.filter
def section(path):
    """The first part of an address: "/series/bosch/" is in "series"."""
    return path.strip("/").partition("/")[0]


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
