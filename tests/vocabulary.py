"""The words of schema.org, as the classes of msgspec-schemaorg have them."""

import pkgutil
import re
import typing
from datetime import date, datetime
from functools import cache
from importlib import import_module

import msgspec_schemaorg.enums as enumerations
import msgspec_schemaorg.models as words

# Dates are as exact as what is known: a year, a month or a day.
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


# The classes have one parent each; these have another at schema.org.
_ALSO = {"TVSeason": "CreativeWorkSeason"}


@cache
def _classes():
    """{name: class} of all there are."""
    found = {}
    for package in (words, enumerations):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(import_module(module.name)).items():
                if isinstance(value, type):
                    found.setdefault(name, value)
    return found


@cache
def _properties(kind):
    """{property: the types that it takes} of the class called ``kind``."""
    of_kind = _classes()[kind]
    hints = typing.get_type_hints(of_kind, localns=_classes())
    names = zip(of_kind.__struct_fields__, of_kind.__struct_encode_fields__, strict=True)
    own = {encoded: _flat(hints[name]) for name, encoded in names}
    return _properties(_ALSO[kind]) | own if kind in _ALSO else own


def _flat(hint):
    if arguments := typing.get_args(hint):
        return {each for argument in arguments for each in _flat(argument)}
    return {hint}


def _is_a(name, kind):
    kinds = [_classes().get(each) for each in (name, _ALSO.get(name))]
    return any(each and issubclass(each, kind) for each in kinds)


def problems(thing, place=""):
    """What in ``thing``, from JSON-LD, are no words of schema.org, or of another type."""
    kind = thing["@type"]
    if kind not in _classes():
        return [f"{place}: there is no {kind}"]
    known, found = _properties(kind), []
    for name, value in thing.items():
        if name == "query-input":  # an annotation that search engines ask for, on any action
            continue
        here = f"{place}/{kind}.{name}"
        if name.startswith("@"):
            continue
        if name not in known:
            found.append(f"{here}: there is no such property")
            continue
        for each in value if isinstance(value, list) else [value]:
            meant, found_in_role = _meant(each, name, here)
            found += found_in_role
            if isinstance(meant, dict):
                found += problems(meant, here)
            if not any(_is(meant, kind) for kind in known[name]):
                found.append(f"{here}: it takes no {meant!r:.80}")
    return found


def _meant(value, name, place):
    """What ``value`` stands for, and what is wrong with it where it is a role.

    A role stands in the place of what it says more of: https://schema.org/Role
    """
    if not (isinstance(value, dict) and _is_a(value["@type"], _classes()["Role"])):
        return value, []
    role = {each: text for each, text in value.items() if each != name}
    return value.get(name), problems(role, place)


def _is(value, kind):
    if isinstance(value, dict):
        return isinstance(kind, type) and _is_a(value["@type"], kind)
    if kind in (date, datetime):
        return isinstance(value, str) and _DATE.fullmatch(value) is not None
    if kind in (int, float):
        return isinstance(value, int | float)
    if getattr(kind, "__name__", "") == "URL":
        return isinstance(value, str) and re.match(r"https?://[^/\s]+/", value) is not None
    if getattr(kind, "__name__", "") == "Duration":
        return isinstance(value, str) and re.fullmatch(r"PT\d+M", value) is not None
    if isinstance(kind, type) and issubclass(kind, str):
        return isinstance(value, str)
    # An enumeration is told by its address.
    return isinstance(value, str) and value == f"https://schema.org/{getattr(kind, '__name__', '')}"
