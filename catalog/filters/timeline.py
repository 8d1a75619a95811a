from django_filters import FilterSet

from .options import Option, OptionFilter, SeriesChoice

LIST, TABLE = "list", "table"


class TimelineFilter(FilterSet):
    """Which series the timeline shows, and how it is told; it sorts and counts nothing."""

    series = SeriesChoice()
    view = OptionFilter(
        "View", lambda audience: [Option(LIST, LIST, "List"), Option(TABLE, TABLE, "Table")]
    )

    @property
    def chosen_series(self) -> list:
        return self.form.cleaned_data.get("series", [])

    @property
    def shows_table(self) -> bool:
        return [option.key for option in self.form.cleaned_data.get("view", [])] == [TABLE]
