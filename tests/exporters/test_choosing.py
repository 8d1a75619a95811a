"""Nothing leaves that visitors do not see, unless everything is asked for."""

import datetime as dt

from catalog.models import (
    Announcement,
    Image,
    PersonLink,
    Redirect,
    State,
)
from tests.factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_membership,
    make_network,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
    make_series_link,
    make_source,
    make_watch_order,
    make_watch_step,
)

from .everything import ExportTestCase, empty, store_picture

LATER = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)


class HiddenRowsTests(ExportTestCase):
    """Whatever a hidden row is called has "secret" in it, wherever it stands."""

    def make(self, **hidden):
        """A row of each kind that hangs on something hidden, beside what is shown."""
        source = make_source("Secret source", slug="secret-source")
        network = make_network("Secret network", slug="secret-network")
        job = make_job("Secret job", slug="secret-job")
        picture = store_picture("A secret picture")
        shown = {
            "person": make_person("Open person", slug="open-person"),
            "series": make_series("Open series", slug="open-series"),
            "character": make_character("Open character", slug="open-character"),
            "organization": make_organization("Open organization", slug="open-organization"),
            "order": make_watch_order("Open order", slug="open-order"),
        }
        season = make_season(shown["series"], 1)
        episode = make_episode(season, 1, name="Open episode")
        person = make_person("Secret person", slug="secret-person", image=picture, **hidden)
        series = make_series("Secret series", slug="secret-series", network=network, **hidden)
        secret_season = make_season(series, 77, name="Secret season")
        secret_episode = make_episode(secret_season, 77, name="Secret episode")
        character = make_character("Secret character", slug="secret-character", **hidden)
        group = make_organization("Secret group", slug="secret-group", **hidden)
        order = make_watch_order("Secret order", slug="secret-order", **hidden)
        news = make_announcement("Secret news", slug="secret-news", **hidden)
        PersonLink.objects.create(person=person, label="Secret", url="https://secret.example/")
        for entry in (person, series, character, group, order, news):
            entry.sources.set([source])
        # Entries that are shown, and point to what is not.
        shown["character"].inspired_by = person
        shown["character"].first_appearance = secret_episode
        shown["character"].save()
        shown["organization"].parent = group
        shown["organization"].save()
        open_news = make_announcement(
            "Open news",
            [shown["series"], series],
            [shown["person"], person],
            [shown["character"], character],
            slug="open-news",
        )
        # Rows of entries that are shown, with what is not.
        make_fact(shown["character"], "A secret fact.", revealed_in=secret_episode)
        make_announcement("Secret news of it", slug="secret-too", revealed_in=secret_episode)
        kind = make_relationship_kind("secret friend of")
        make_relationship(shown["character"], character, kind, note="Secret")
        make_membership(shown["organization"], character, role="Secret member")
        make_membership(group, shown["character"], role="Secret member")
        make_series_link(
            shown["series"],
            make_series("Open spin-off", slug="open-spin-off"),
            episode=secret_episode,
            note="A secret note on a secret episode.",
        )
        make_series_link(shown["series"], series, note="Secret link")
        make_portrayal(shown["person"], character, shown["series"], note="Secret part")
        make_portrayal(person, shown["character"], shown["series"], note="Secret part")
        make_portrayal(shown["person"], shown["character"], series, note="Secret part")
        make_portrayal(
            shown["person"],
            shown["character"],
            shown["series"],
            note="Secret part",
            kind="voice",
            revealed_in=secret_episode,
        )
        make_credit(person, shown["series"], job, note="Secret credit", episode=episode)
        make_credit(shown["person"], series, job, note="Secret credit")
        make_watch_step(shown["order"], 1, series=series, reason="Secret step")
        make_watch_step(shown["order"], 2, season=secret_season, reason="Secret step")
        make_watch_step(shown["order"], 3, episode=secret_episode, reason="Secret step")
        make_watch_step(shown["order"], 4, episode=episode, reason="An open step")
        Redirect.objects.create(old_slug="secret-old", person=person)
        Redirect.objects.create(old_slug="open-old", person=shown["person"])
        return open_news

    def assert_nothing_is_secret(self):
        files = self.files()
        assert "people.json" in files
        for name, content in files.items():
            with self.subTest(file=name):
                assert b"secret" not in content.lower()
                assert b"S77" not in content
                assert not name.startswith("images/")

    def test_drafts_and_what_hangs_on_them_stay(self):
        self.make(state=State.DRAFT)
        self.export()
        self.assert_nothing_is_secret()

    def test_so_does_what_is_in_review(self):
        self.make(state=State.IN_REVIEW)
        self.export()
        self.assert_nothing_is_secret()

    def test_so_does_what_is_scheduled(self):
        self.make(publish_at=LATER)
        self.export()
        self.assert_nothing_is_secret()

    def test_what_is_left_can_be_loaded_and_is_the_same_again(self):
        self.make(state=State.DRAFT)
        self.export("first")
        empty()
        self.load("first")
        self.export("second")
        assert self.files("first") == self.files("second")
        assert Announcement.objects.get(slug="open-news").people.get().slug == "open-person"
        assert Redirect.objects.get().old_slug == "open-old"

    def test_everything_is_everything(self):
        self.make(state=State.DRAFT)
        self.export("first", everything=True)
        content = b"".join(self.files("first").values()).lower()
        for word in ("fact", "link", "part", "credit", "step", "member", "picture", "job", "old"):
            with self.subTest(word=word):
                assert f"secret{'-' if word in {'job', 'old'} else ' '}{word}".encode() in content
        empty()
        self.load("first")
        self.export("second", everything=True)
        assert self.files("first") == self.files("second")

    def test_a_picture_that_nothing_shows_goes_only_with_everything(self):
        store_picture("Nobody's picture")
        make_person("Maggie Q")
        self.export("published")
        self.export("all", everything=True)
        assert "images.json" not in self.files("published")
        assert "images.json" in self.files("all")
        empty()
        self.load("all")
        assert Image.objects.get().alt_text == "Nobody's picture"

    def test_spoilers_stay_marked(self):
        season = make_season(make_series("Bosch", slug="bosch"))
        make_fact(make_character("Irving"), "He dies.", revealed_in=make_episode(season, 9))
        self.export()
        assert b'"revealed_in": "bosch S1E9"' in self.files()["characters.json"]
