"""Modules that hardly any request needs, and that are large."""

from importlib import import_module


class Later:
    """The module ``name``, by its full name, which is loaded when something of it is asked for.

    For what an editor needs now and then, such as a workbook or another site's answer: nobody who
    only reads, in whatever process, has it in memory. To load it takes the first who asks some
    tenths of a second; if two ask at once, one waits for the other.
    """

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, name):
        return getattr(import_module(self._name), name)
