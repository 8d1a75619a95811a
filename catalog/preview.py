"""How an editor looks at one page of the site: with their own eyes, or as others see it."""

from dataclasses import dataclass
from functools import cached_property

from .audience import Audience
from .models import Season
from .progress import END, Place, Progress

PARAMETER = "preview"

# Values of the parameter, besides the text of a progress: a visitor who has not said how far they
# are, with what is not published yet; and any visitor, without it.
TOLD_NOTHING, PUBLIC = "told-nothing", "public"


@dataclass(frozen=True)
class Preview:
    """What the address of a page asks for, and what it gives; only editors' requests have one.

    ``asked`` is the value of the parameter, "" where there is none that can be read.
    """

    asked: str = ""
    progress: Progress | None = None

    @classmethod
    def of(cls, text: str) -> "Preview":
        if text in {TOLD_NOTHING, PUBLIC}:
            return cls(text)
        try:
            return cls(text, Progress.parse(text))
        except ValueError:
            return cls()

    def audience(self, own: Audience) -> Audience:
        """What is shown; ``own`` is what the editor sees who asks for nothing."""
        if not self.asked:
            return own
        return Audience(sees_drafts=not self.is_public, progress=self.progress, moment=own.moment)

    @property
    def is_public(self) -> bool:
        return self.asked == PUBLIC

    @cached_property
    def points(self) -> list:
        """(value, label) of the points that can be chosen: the ends of the first seasons."""
        points = [("none", "who has seen nothing")]
        seasons = list(Season.objects.for_preview())
        for season in seasons:
            place = Place(season.number, season.last_number)
            points.append((f"{season.series.slug}.{place}", f"up to {season.series} {place.label}"))
        several = dict.fromkeys(season.series for season in seasons)
        whole = [(f"{series.slug}.{END}", f"who has seen all of {series}") for series in several]
        return points + whole
