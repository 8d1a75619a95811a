"""Text that does what text can do, put into every field that holds any."""

from itertools import count

from catalog.history import recording
from catalog.models.text import LinesField

from .texts import MODELS, text_fields

# An element, the ends of attributes, an entity, a template's tag; an override and an isolate of the
# direction of writing that nobody ends; letters without a width, and a tower of accents.
_NASTY = "<zq onclick='zq()'>\"'&lt;{{zq}}\u202eab\u2067\u200b\ufeffe" + "\u0301" * 9
# What Markdown makes other text of is not among it; instead, links to what would run.
_NASTY_PROSE = (
    "<zq onclick='zq()'>\"{{zq}}\u202eab\u2067\u200b\ufeffe" + "\u0301" * 9 + "\n\n"
    "[a](javascript:zq()) [b](JaVaScRiPt&#58;zq()) [c](data:text/html,<zq>) [d](vbscript:zq)\n"
    "<javascript:zq()> ![e](https://evil.example/zq.png) [f][g] [h](https://h.example/'onclick=zq)\n"
    '[i](https://i.example/ "\' zqa=1 \\" zqa=1") <https://j.example/"zqa=1>\n\n'
    "[g]: javascript:zq()\n\n<script>zq()</script>\n\n"
)

# A planted text stands between these.
START, END = "\u2772", "\u2773"

# Where a line can end nowhere.
LONG_WORD = "word" * 10_000
LONG_PROSE = 100_000  # characters
_AND_SO_ON = "and so it went on "


class Planted:
    """``texts``: {(model, name of the field): what stands there in one of the rows}.

    Each is the longest that there may be; of each field for prose one is of 100 kB.
    """

    def __init__(self, user):
        self.texts = {}
        self._numbers = count(1)
        with recording(user):
            for model in MODELS:
                for row in model.objects.defer(None):
                    self._plant(row)

    def missing_in(self, told: str) -> set:
        """The fields, as "Person.name", whose texts do not stand whole in ``told``."""
        squeezed = " ".join(told.split())
        return {
            f"{model.__name__}.{name}"
            for (model, name), text in self.texts.items()
            if any(part not in squeezed for part in _parts(text))
        }

    def _plant(self, row):
        for field in text_fields(type(row)):
            key = type(row), field.name
            text = _text_for(field, next(self._numbers), is_first=key not in self.texts)
            self.texts.setdefault(key, text)
            setattr(row, field.name, text)
        row.save()


def _text_for(field, number, *, is_first):
    start = f"{START}{number} {_NASTY}"
    if field.max_length:
        return start + "x" * (field.max_length - len(start) - 1) + END
    if isinstance(field, LinesField):
        return start + END
    start = f"{START}{number} {_NASTY_PROSE}"
    if is_first:
        start += f"{LONG_WORD}\n\n"
        start += _AND_SO_ON * ((LONG_PROSE - len(start)) // len(_AND_SO_ON))
    return start + END


def _parts(text):
    """What of ``text`` stands on a page letter by letter: all of it, unless it is Markdown."""
    if LONG_WORD not in text:
        return [" ".join(text.split())]
    start, _, rest = text.partition("\n\n")
    return [" ".join(part.split()) for part in (start, LONG_WORD, rest[rest.index(_AND_SO_ON) :])]
