from django.db.models import Q, TextChoices

from .options import OptionFilter, choices
from .series import EpisodeFilter


class Milestone(TextChoices):
    PREMIERE = "premiere", "Premieres"
    FINALE = "finale", "Finales"
    EPISODE = "episode", "Other episodes"


_CONDITIONS = {
    Milestone.PREMIERE: Q(is_premiere=True),
    Milestone.FINALE: Q(is_finale=True),
    Milestone.EPISODE: Q(is_premiere=False, is_finale=False),
}


class CalendarFilter(EpisodeFilter):
    """Episodes of a calendar, as the list of them is narrowed, and by what their days stand for."""

    kind = OptionFilter("Kind", choices(Milestone), several=True)

    def narrow(self, rows, chosen):
        rows = super().narrow(rows, chosen)
        if "kind" in chosen:
            condition = Q()
            for kind in chosen["kind"]:
                condition |= _CONDITIONS[kind]
            rows = rows.filter(condition)
        return rows
