"""A made-up catalogue of any size, to try the site and its speed with."""

from collections import Counter
from collections.abc import Callable, Iterator

from django.db import models, transaction

from ...models import Character, Credit, Person, Portrayal, Revision
from ...models.gate import refresh_all_gates
from ..statistics import gather_statistics
from .bonds import Bonds
from .news import Sources, announcements, sources_of_entries
from .people import characters, people
from .shows import Shows
from .size import LEAST_PEOPLE, Size
from .work import CrewWork, Parts, Trades, jobs
from .writing import Plain, Writer

__all__ = ["LEAST_PEOPLE", "Size", "made_up_rows", "make"]

# The kinds that progress is told by: ``Size.most_rows`` of them are written.
_MANY = (Person, Character, Portrayal, Credit)


def make(size: Size, seed: int, progress: Callable[[int], object] = lambda number: None) -> Counter:
    """Write a catalogue of ``size`` into a database that has none, in one transaction.

    ``progress`` is told the number of rows whenever some of the kinds with very many were
    written, up to ``size.most_rows``. Gives the number of rows by model.
    """

    def told(model, number):
        if model in _MANY:
            progress(number)

    with transaction.atomic():
        writer = Writer(told, size.people)
        for row in made_up_rows(size, seed):
            writer.add(row)
        writer.finish()
        refresh_all_gates()
        Revision.objects.rise()
    gather_statistics()
    return writer.written


def made_up_rows(size: Size, seed: int) -> Iterator[models.Model | Plain]:
    """All rows, with their keys set: the same for the same size and seed. Asks no database."""
    sources = Sources(size)
    shows = Shows(size, seed)
    homes = shows.homes(seed, size.characters)
    trades = Trades(size, seed)
    yield from sources.rows()
    yield from shows.rows()
    yield from people(size, seed)
    yield from characters(seed, shows, homes)
    yield from sources_of_entries(size, seed, sources)
    yield from jobs()
    yield from Parts(seed, shows, homes, sources).rows(trades)
    yield from CrewWork(seed, shows, sources).rows(trades)
    yield from Bonds(size, seed, shows, homes).rows()
    yield from announcements(size, seed, shows, sources)
