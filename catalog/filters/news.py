from django.db.models.functions import Substr

from ..models import Announcement, Character, Person
from ..models.dates import in_year
from .base import CatalogFilter
from .options import EntryFilter, OptionFilter, SeriesChoice, TextFilter, among, choices
from .series import years
from .sorting import Order, by_name


class AnnouncementFilter(CatalogFilter):
    orders = {
        "date": Order("Date", "date", "oldest first", "newest first", ties=("-pk",)),
        "name": by_name("Headline"),
    }
    default_sort = "-date"
    columns = {"series": "series", "kind": "kind", "year": Substr("date", 1, 4)}

    q = TextFilter("Headline")
    series = SeriesChoice()
    person = EntryFilter("Person", Person, "person,people")
    character = EntryFilter("Character", Character, "character,characters")
    kind = OptionFilter("Kind", choices(Announcement.Kind))
    year = OptionFilter(
        "Year", lambda audience: years(Announcement.objects.visible_to(audience), "date")
    )

    def narrow(self, rows, chosen):
        if "series" in chosen:
            about = Announcement.series.through.objects.filter(among("series", chosen["series"]))
            rows = rows.filter(pk__in=about.values("announcement"))
        # That someone is in a news item may be what it gives away.
        is_open = {"revealed_in": None} if self.request.audience.folds else {}
        if "person" in chosen:
            about = Announcement.people.through.objects.filter(among("person", chosen["person"]))
            rows = rows.filter(pk__in=about.values("announcement"), **is_open)
        if "character" in chosen:
            about = Announcement.characters.through.objects
            about = about.filter(among("character", chosen["character"]))
            rows = rows.filter(pk__in=about.values("announcement"), **is_open)
        if "kind" in chosen:
            rows = rows.filter(kind=chosen["kind"])
        if "year" in chosen:
            rows = rows.filter(in_year("date", chosen["year"]))
        return rows
