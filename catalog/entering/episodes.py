"""The dates of several episodes at once."""

import datetime as dt

from ..models import PartialDate

WEEKLY, AT_ONCE = "weekly", "at-once"


def air_dates(first: PartialDate | None, count: int, rhythm: str) -> list[PartialDate | None]:
    """The dates of ``count`` episodes from ``first`` on: one a week, or all of them on one day.

    Raises ValueError where weeks cannot be counted from ``first``.
    """
    if first is None or rhythm == AT_ONCE:
        return [first] * count
    if first.precision != "day":
        raise ValueError(
            f"Weeks can be counted from a day only, and {first} is none: write the day, or choose "
            "that all come out at once."
        )
    try:
        return [PartialDate.of(first.earliest + dt.timedelta(weeks=week)) for week in range(count)]
    except OverflowError:
        raise ValueError(f"No calendar goes that far beyond {first}.") from None
