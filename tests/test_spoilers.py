"""No page gives away what comes later than a visitor told: the Bosch catalogue, walked whole."""

import html
import re

from django.core.management import call_command
from django.test import TestCase

from catalog.models import (
    Announcement,
    Character,
    CharacterFact,
    Episode,
    Membership,
    Organization,
    Person,
    Portrayal,
    Relationship,
    Season,
    Series,
    SeriesLink,
    Source,
    WatchOrder,
)

# What the rows that give something away say of it.
TELLING = {
    CharacterFact: ["text"],
    Relationship: ["note"],
    Membership: ["role"],
    Portrayal: ["note", "credited_as"],
    Announcement: ["name", "body"],
}

PAGES = [
    Series,
    Season,
    Episode,
    Character,
    Person,
    Organization,
    Announcement,
    WatchOrder,
]
SEARCHED = [
    "a",
    "e",
    "s1",
    "s2e10",
    "s7e8",
    "bosch",
    "ballard",
    "harry",
    "episode",
    "the",
    "killed",
]
LISTS = [
    "/series/",
    "/episodes/",
    "/characters/",
    "/actors/",
    "/crew/",
    "/people/",
    "/organizations/",
    "/news/",
    "/crossovers/",
    "/crossovers/people/",
    "/watch-orders/",
]
NARROWED = [
    "/timeline/",
    "/timeline/?view=table&series=bosch&series=ballard",
    "/crossovers/?person=titus-welliver&sort=first",
    "/series/bosch/season-3/episode-4/?order=story-order",
    "/series/bosch/season-3/?order=release-order",
    "/characters/?series=bosch&sort=-first",
    "/characters/?organization=lapd-cold-case-unit",
    "/actors/?series=ballard&sort=billing",
    "/episodes/?character=harry-bosch",
    "/episodes/?sort=title",
    "/episodes/?q=the",
    "/news/?character=harry-bosch",
    "/series/?status=ended",
    "/search/suggest/?q=m&kind=character&within=/episodes/",
]


def plain(text):
    return " ".join(html.unescape(text).split())


def shown(page):
    """The text of a page without its mark-up."""
    return plain(re.sub(r"<[^>]+>", " ", page))


class WalkedTests(TestCase):
    """Each public address, for a visitor with the progress of the cookie."""

    @classmethod
    def setUpTestData(cls):
        call_command("load_catalog", verbosity=0)

    def every_address(self):
        yield from ["/", "/progress/", "/search/", "/robots.txt", *NARROWED]
        for path in LISTS:
            yield path
            last = self.client.get(path).context["paginator"].num_pages
            yield from (f"{path}?page={number}" for number in range(2, last + 1))
        for model in PAGES:
            for row in model.objects.all():
                yield row.get_absolute_url()
        for text in SEARCHED:
            yield f"/search/?q={text}"
            yield f"/search/suggest/?q={text}"

    def seen(self, progress):
        """The keys of the episodes up to ``progress``, by their numbers alone."""
        seen = set()
        for item in progress.split("~"):
            slug, *place = item.split(".")
            for episode in Episode.objects.filter(season__series__slug=slug, season__number__gt=0):
                if (episode.season.number, episode.number) <= tuple(map(int, place)):
                    seen.add(episode.pk)
        return seen

    def secrets(self, progress):
        """What rows revealed later say, later titles and ends, less what is told earlier too."""
        seen = self.seen(progress)
        later, known = set(), set()
        for model, names in TELLING.items():
            revealed = model.objects.exclude(revealed_in=None).exclude(revealed_in__in=seen)
            for row in model.objects.all():
                told = later if row in revealed else known
                told.update(getattr(row, name) for name in names)
        for episode in Episode.objects.all():
            (known if episode.pk in seen else later).add(episode.name)
        for season in Season.objects.all():
            has_begun = season.episodes.filter(pk__in=seen).exists()
            (known if has_begun else later).update([season.name, season.synopsis])
        for link in SeriesLink.objects.all():
            is_ahead = link.episode_id and link.episode_id not in seen
            (later if is_ahead else known).add(link.note)
        ahead = Episode.objects.exclude(pk__in=seen)
        for source in Source.objects.all():
            of_news = source.supported_announcement.filter(revealed_in__in=ahead)
            is_ahead = source.supported_episode.filter(pk__in=ahead) or of_news
            (later if is_ahead else known).add(source.title)
        for series in Series.objects.exclude(ended=None):
            keys = set(Episode.objects.filter(season__series=series).values_list("pk", flat=True))
            (known if keys <= seen else later).add(series.year_range)
        known.update(series.name for series in Series.objects.all())
        # Some episodes are called as the novel is that the whole season draws on.
        known.update(name for season in Season.objects.all() for name in season.source_novel_list)
        return {plain(text) for text in later - known if text}

    def assert_keeps(self, progress, at_least):
        self.client.cookies["progress"] = progress
        secrets = self.secrets(progress)
        assert len(secrets) >= at_least
        # Looked for with each secret, the edges of words take twenty times as long.
        pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, secrets))})(?!\w)")
        walked = dict.fromkeys(self.every_address())
        assert len(walked) > 500
        for path in walked:
            with self.subTest(path=path):
                response = self.client.get(path)
                assert response.status_code == 200
                told = [response.text, re.sub(r"<[^>]+>", "", response.text)]
                assert not pattern.findall(plain(" ".join(told)))

    def test_for_one_who_has_seen_nothing(self):
        self.assert_keeps("bosch.0.0", at_least=150)

    def test_for_one_in_the_middle(self):
        self.assert_keeps("bosch.3.4~bosch-legacy.1.2", at_least=100)

    def test_that_a_series_is_over_is_told_at_its_end(self):
        told = re.compile(r"\b(ended|cancelled|series finale|(last|final) season)\b", re.IGNORECASE)
        self.client.cookies["progress"] = "bosch.6.10~bosch-legacy.2.10"
        for path in ["/series/bosch/", "/series/bosch-legacy/", "/timeline/", "/crossovers/", "/"]:
            with self.subTest(path=path):
                page = shown(self.client.get(path).text).replace("TV Series Finale", "")
                assert told.findall(page) == []
        self.client.cookies["progress"] = "bosch.7.8~bosch-legacy.3.10"
        for path in ["/series/bosch/", "/series/bosch-legacy/"]:
            with self.subTest(path=path):
                assert told.findall(shown(self.client.get(path).text)) != []
