"""What a request may see."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from .models import Episode, PartialDate, Series
from .models.reach import Seen
from .progress import Progress


@dataclass(frozen=True)
class Audience:
    """A visitor, or an editor who previews; handed to every ``visible_to``.

    ``progress`` is how far they told they are: what is revealed later is withheld, what was
    revealed before stands open. Without it, all that gives an episode away is folded.
    ``set_aside`` is a progress that was told but does not hold for this page.
    ``moment`` is when the request came: what is scheduled for later is not there yet.
    Its text form is canonical: two audiences that see the same have the same text.
    """

    sees_drafts: bool = False
    progress: Progress | None = None
    set_aside: Progress | None = None
    moment: dt.datetime = field(default_factory=timezone.now, compare=False)

    def __str__(self):
        who = "editor" if self.sees_drafts else "visitor"
        if self.set_aside is not None:
            return f"{who}, without {self.set_aside}"
        return who if self.progress is None else f"{who} at {self.progress}"

    @property
    def today(self) -> PartialDate:
        return PartialDate.of(self.moment.date())

    @property
    def is_everybody(self) -> bool:
        """Whether it sees what everybody does who has told nothing."""
        return not self.sees_drafts and self.told is None

    @property
    def folds(self) -> bool:
        """Whether what gives an episode away is folded, for someone who may not have seen it."""
        return self.progress is None

    def standing_open(self, rows) -> list:
        """Of visible rows at hand those that are not folded, as ``open_to`` of their queryset."""
        return [row for row in rows if not (self.folds and row.revealed_in_id)]

    def shown(self, row):
        """``row`` if this audience may be told of it, else None; for a single row at hand."""
        if row is None or not row.is_visible_to(self):
            return None
        is_ahead = isinstance(row, Episode) and self.progress and not self.has_seen(row)
        return None if is_ahead else row

    def has_seen(self, episode) -> bool:
        """Whether ``episode`` is one of those that the progress tells to have been seen."""
        return episode.pk in self.seen.episodes

    @cached_property
    def seen(self) -> Seen:
        """What the progress tells to have been seen; looked up once, by whoever asks first."""
        return Seen() if self.progress is None else Episode.objects.seen_by(self.progress)

    @property
    def told(self) -> Progress | None:
        """The progress that the visitor has told, whether or not it holds for this page."""
        return self.set_aside or self.progress

    def is_at(self, episode) -> bool:
        """Whether ``episode`` is the last one seen of its series, as it was told."""
        if self.told is None or not episode.progress_item:
            return False
        slug = episode.series.slug
        return episode.progress_item == f"{slug}.{self.told.at(slug)}"

    @cached_property
    def told_places(self) -> list:
        """(series, place) of each visible series that was started; asked once, like a user."""
        places = dict(self.told.places)
        series = Series.objects.visible_to(self).filter(slug__in=places).in_release_order()
        return [(each, places[each.slug]) for each in series]

    def of_everybody(self) -> "Audience":
        """What everybody sees who has told nothing: for what is passed on, whoever asks for it."""
        return Audience(moment=self.moment)

    def told_nothing(self) -> "Audience":
        """The same, as if no progress had been told."""
        return Audience(self.sees_drafts, moment=self.moment)


def visitor(progress: Progress | None = None) -> Audience:
    """Someone who may see what is published, as far as they have told to be."""
    return Audience(progress=progress)


def editor() -> Audience:
    """Someone signed in to edit, who sees drafts too."""
    return Audience(sees_drafts=True)
