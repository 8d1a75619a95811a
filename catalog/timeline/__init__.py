"""The franchise on one axis of time: where each thing stands, in per cent, and what is told of it.

Made of rows that are at hand and may be shown; asks the database for nothing.
"""

from .axis import Axis, Extent, Span
from .events import EventKind
from .timeline import Timeline

__all__ = ["Axis", "EventKind", "Extent", "Span", "Timeline"]
