"""Made-up sources and announcements."""

from ...models import Announcement, Character, PartialDate, Person, Source
from .chance import Chance, Names
from .people import MOST_PROLIFIC
from .words import PLACES, PUBLISHERS
from .writing import links

# Headlines by kind of announcement.
_HEADLINES = {
    Announcement.Kind.RENEWAL: "{series} renewed for another season",
    Announcement.Kind.CASTING: "{series} adds to its cast",
    Announcement.Kind.PREMIERE: "{series} returns to the screen",
    Announcement.Kind.PRODUCTION: "{series} starts to shoot in {place}",
    Announcement.Kind.TRAILER: "First trailer of {series}",
}


class Sources:
    def __init__(self, size):
        self.keys = range(1, size.sources + 1)

    def rows(self):
        for pk in self.keys:
            yield Source(
                pk=pk,
                slug=f"article-{pk}",
                publisher=PUBLISHERS[pk % len(PUBLISHERS)],
                title=f"Article {pk}",
                url=f"https://news.example/{pk}/",
                published=PartialDate(str(1990 + pk % 36)),
            )

    def some_for(self, chance, model, pk, share):
        """The link from a row to its source, in ``share`` of all cases."""
        if chance.comes(share):
            yield from links(model.sources, pk, [chance.choice(self.keys)])


def announcements(size, seed, shows, sources):
    chance, names = Chance(seed, "announcements"), Names()
    for pk in range(1, size.announcements + 1):
        series = shows.some_series(chance)
        kind = chance.choice([*_HEADLINES])
        headline = _HEADLINES[kind].format(series=series.name, place=chance.choice(PLACES))
        day = f"{chance.randrange(1995, 2026)}-{chance.randrange(1, 13):02}"
        yield Announcement(
            pk=pk,
            **names.fields(headline),
            **chance.state(),
            date=PartialDate(day),
            kind=kind,
            body=f"The news from {chance.choice(PLACES)} came in the middle of the week.",
            revealed_in_id=shows.revealed_in(chance, series.pk, 0.03),
        )
        yield from links(Announcement.series, pk, [series.pk])
        yield from links(Announcement.people, pk, _about(chance, size.people, MOST_PROLIFIC))
        yield from links(Announcement.characters, pk, _about(chance, size.characters, 1))
        yield from sources.some_for(chance, Announcement, pk, 1)


def _about(chance, count, favourite):
    """A few keys up to ``count``, and in every tenth case that of the favourite."""
    chosen = chance.sample(range(1, count + 1), chance.choice([0, 1, 1, 2]))
    if chance.comes(0.1):
        chosen.append(favourite)
    return dict.fromkeys(chosen)


def sources_of_entries(size, seed, sources):
    chance = Chance(seed, "sources")
    for model, count in ((Person, size.people), (Character, size.characters)):
        for pk in range(1, count + 1):
            yield from sources.some_for(chance, model, pk, 0.1)
