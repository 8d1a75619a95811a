"""What a request may see."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone


@dataclass(frozen=True)
class Audience:
    """A visitor, or an editor who previews; handed to every ``visible_to``.

    ``moment`` is when the request came: what is scheduled for later is not there yet.
    Its text form is canonical: two audiences that see the same have the same text.
    """

    sees_drafts: bool = False
    moment: dt.datetime = field(default_factory=timezone.now, compare=False)

    def __str__(self):
        return "editor" if self.sees_drafts else "visitor"

    def shown(self, entry):
        """``entry`` if this audience may see it, else None; for a single row already at hand."""
        return entry if entry is not None and entry.is_visible_to(self) else None


def visitor() -> Audience:
    """Someone who has told nothing and may see what is published."""
    return Audience()


def editor() -> Audience:
    """Someone signed in to edit, who sees drafts too."""
    return Audience(sees_drafts=True)
