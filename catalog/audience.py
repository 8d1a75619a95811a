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

    @property
    def folds(self) -> bool:
        """Whether what gives an episode away is folded, for someone who may not have seen it."""
        return True

    def standing_open(self, rows) -> list:
        """Of visible rows at hand those that are not folded, as ``open_to`` of their queryset."""
        return [row for row in rows if not (self.folds and row.revealed_in_id)]

    def shown(self, entry):
        """``entry`` if this audience may see it, else None; for a single row already at hand."""
        return entry if entry is not None and entry.is_visible_to(self) else None


def visitor() -> Audience:
    """Someone who has told nothing and may see what is published."""
    return Audience()


def editor() -> Audience:
    """Someone signed in to edit, who sees drafts too."""
    return Audience(sees_drafts=True)
