"""Summaries come as HTML; the catalogue keeps text with a few marks of Markdown."""

import re
from html.parser import HTMLParser

from ..problems import FormError

_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_BLOCKS = {"p", "div", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr"}
# What runs, loads or sends something: no summary has a use for it.
_REFUSED = frozenset(
    [
        "script",
        "style",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "svg",
        "math",
        "form",
        "input",
        "button",
        "meta",
        "link",
        "base",
        "template",
        "noscript",
        "video",
        "audio",
    ]
)
_SCHEME = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
# Browsers read past them, wherever they stand in an address.
_BLANKS = re.compile(r"[\x00-\x20]+")
_HARMLESS_LINK = re.compile(r"^https?://[^\s()<>\"]+$", re.IGNORECASE)
# Marks of Markdown within a line: of emphasis, code, a link or its definition, a character.
_SPECIAL = re.compile(r"[\\*_`]|\](?=[(:])|&(?=#?\w+;)")
# And those that begin a heading, a quotation, a list, a rule or a block of code.
_START_OF_A_BLOCK = re.compile(
    r"^(\d*)([#>]|=(?==*$)|~(?=~)|[-+](?=[-\s]|$)|(?<=\d)[.)](?=\s|$))", re.MULTILINE
)
_OWN_ITEM = "\ue000"
# HTMLParser looks for the end of each tag anew, up to the end of the text.
_MOST_TAGS = 500


def as_markdown(html: str) -> str:
    """The text of ``html`` with its paragraphs, emphasis, lists and links.

    Raises FormError for whatever would run in a browser: a script, the handler of an event, a
    "javascript:" link; and for more tags than any summary has.
    """
    if html.count("<") > _MOST_TAGS:
        raise FormError(f"holds more than {_MOST_TAGS} tags.")
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.told()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        # Texts of the emphases and links that are open, the innermost last: (tag, address, parts).
        self._open = [("", "", [])]

    def handle_starttag(self, tag, attrs):
        self._refuse(tag, attrs)
        if tag == "br":
            self._add("\n")
        elif tag == "li":
            self._add(f"\n{_OWN_ITEM} ")
        elif tag in _BLOCKS:
            self._begin_block()
        elif tag in _MARKS or tag == "a":
            self._open.append((tag, dict(attrs).get("href") or "", []))

    def handle_endtag(self, tag):
        if tag in _BLOCKS:
            self._begin_block()
        elif tag in {name for name, _, _ in self._open[1:]}:
            # What was opened inside and left open ends with it.
            while self._close() != tag:
                pass

    def handle_data(self, data):
        self._add(_SPECIAL.sub(r"\\\g<0>", re.sub(r"\s+", " ", data.replace(_OWN_ITEM, ""))))

    def parse_marked_section(self, at, report=1):
        """A comment to browsers; HTMLParser raises AssertionError where it does not know it."""
        return self.parse_bogus_comment(at, report)

    def told(self):
        self._begin_block()
        text = "".join(self._open[0][2])
        lines = [" ".join(line.split()) for line in text.split("\n")]
        text = _START_OF_A_BLOCK.sub(r"\1\\\2", "\n".join(lines)).replace(_OWN_ITEM, "-")
        return re.sub(r"\n{3,}", "\n\n", text).strip()

    @staticmethod
    def _refuse(tag, attrs):
        if tag in _REFUSED:
            raise FormError(f"holds a <{tag}>, which no summary has a use for.")
        for name, value in attrs:
            if name.startswith("on"):
                raise FormError(f"holds a script, in the attribute {name} of <{tag}>.")
            if _SCHEME.match(_BLANKS.sub("", value or "")):
                raise FormError(f"holds a script, in the attribute {name} of <{tag}>.")

    def _begin_block(self):
        """No emphasis reaches from one paragraph into the next."""
        while len(self._open) > 1:
            self._close()
        self._add("\n\n")

    def _add(self, text):
        self._open[-1][2].append(text)

    def _close(self):
        tag, address, parts = self._open.pop()
        text = "".join(parts)
        inner = text.strip()
        if inner:
            before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            if tag in _MARKS:
                inner = f"{_MARKS[tag]}{inner}{_MARKS[tag]}"
            elif _HARMLESS_LINK.match(address):
                inner = f"[{inner}]({address})"
            text = f"{before}{inner}{after}"
        self._add(text)
        return tag
