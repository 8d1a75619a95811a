"""The addresses of entries.

``reverse`` looks at all that is known of an address each time; a page has a hundred of them, of a
few kinds. Each kind is reversed once, with stand-ins for its parts.
"""

from functools import cache

from django.urls import get_script_prefix, reverse

# Of these neither is a part of an address that stands still.
_WORD, _FIRST_NUMBER = "stand-in", 99_001


def path_to(view: str, **parts: str | int) -> str:
    """``reverse(view, kwargs=parts)`` for slugs and numbers as their rows have them.

    Raises NoReverseMatch as that does where a slug is still missing.
    """
    if "" in parts.values():
        return reverse(view, kwargs=parts)
    kinds = tuple((name, type(part)) for name, part in parts.items())
    return _kind_of_address(view, kinds, get_script_prefix()) % parts


@cache
def _kind_of_address(view, kinds, prefix):
    """The path below ``prefix`` with "%(slug)s" in the place of its slug, and so on."""
    stand_ins = {
        name: _FIRST_NUMBER + place if kind is int else f"{_WORD}-{place}"
        for place, (name, kind) in enumerate(kinds)
    }
    path = reverse(view, kwargs=stand_ins).replace("%", "%%")
    for name, stand_in in stand_ins.items():
        path = path.replace(str(stand_in), f"%({name})s")
    return path
