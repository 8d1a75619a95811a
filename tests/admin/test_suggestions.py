from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import roles
from catalog.models import Change, Episode, State, Suggestion

from ..factories import (
    make_character,
    make_episode,
    make_network,
    make_person,
    make_season,
    make_series,
    make_source,
    make_suggestion,
)
from .client import AdminTestCase

LIST = "/admin/catalog/suggestion/"


class SuggestionListTests(AdminTestCase):
    def act(self, action, *suggestions):
        data = {"action": action, "_selected_action": [each.pk for each in suggestions]}
        response = self.client.post(LIST, data, follow=True)
        return " ".join(str(message) for message in response.context["messages"])

    def as_contributor(self):
        user = get_user_model().objects.create_user("contributor", is_staff=True)
        user.groups.add(Group.objects.get(name=roles.CONTRIBUTOR))
        self.client.force_login(user)

    def test_shows_both_values_and_where_they_are_from(self):
        person = make_person("Ada Lind", born="1970")
        make_suggestion(person, "born", "1971-02-03", source=make_source(publisher="TVmaze"))
        make_suggestion(make_person("Bo Ek"), declined=True)
        page = self.client.get(LIST)
        self.assertContains(page, f'<a href="/admin/catalog/person/{person.pk}/change/">Ada Lind')
        for text in ("Born", "1970", "1971-02-03", "TVmaze"):
            self.assertContains(page, text)
        self.assertNotContains(page, "Bo Ek")
        self.assertContains(self.client.get(f"{LIST}?state=declined"), "Bo Ek")
        self.assertContains(self.client.get("/admin/"), "Suggestions to be decided</a>: 1")

    def test_taking_one_saves_the_row_with_its_source(self):
        episode = make_episode(name="Ours", aired="2014")
        suggestions = [
            make_suggestion(episode),
            make_suggestion(episode, "aired", "2014-02-06"),
            make_suggestion(episode, "runtime", 45),
        ]
        assert "3 suggestions taken." in self.act("take", *suggestions)
        episode.refresh_from_db()
        assert (episode.name, str(episode.aired)) == ("Theirs", "6 February 2014")
        assert episode.runtime == 45
        assert episode.sources.count() == 3
        assert not Suggestion.objects.exists()
        change = Change.objects.get(kind=Change.Kind.EDIT)
        assert change.revision.user == self.editor

    def test_a_network_is_taken_by_its_key(self):
        network = make_network()
        series = make_series()
        suggestion = make_suggestion(series, "network", network.pk)
        network.delete()
        assert "Nothing was changed, because of" in self.act("take", suggestion)
        network = make_network()
        Suggestion.objects.update(value=network.pk)
        self.act("take", suggestion)
        series.refresh_from_db()
        assert series.network == network

    def test_all_or_none_are_taken(self):
        there = make_episode(tvmaze_id=7)
        episode = make_episode(name="Ours")
        text = self.act("take", make_suggestion(episode), make_suggestion(episode, "tvmaze_id", 7))
        assert f"Nothing was changed, because of “{episode}”: " in text
        episode.refresh_from_db()
        assert (episode.name, episode.tvmaze_id) == ("Ours", None)
        assert (there.tvmaze_id, Suggestion.objects.count()) == (7, 2)

    def test_declining_one_keeps_the_row_and_the_value_away(self):
        suggestion = make_suggestion(make_character("Ours"))
        assert "1 suggestion declined." in self.act("decline", suggestion)
        suggestion.refresh_from_db()
        assert (suggestion.declined, suggestion.row.name) == (True, "Ours")
        self.act("decide_again", suggestion)
        # The list shows what is to be decided; actions reach what it shows.
        assert Suggestion.objects.get().declined

    def test_a_declined_one_can_be_put_back(self):
        suggestion = make_suggestion(make_character("Ours"), declined=True)
        data = {"action": "decide_again", "_selected_action": [suggestion.pk]}
        self.client.post(f"{LIST}?state=declined", data)
        assert not Suggestion.objects.get().declined

    def test_who_may_not_publish_decides_about_drafts(self):
        self.as_contributor()
        out, draft = make_person("Out"), make_person("Draft", state=State.DRAFT)
        ours, theirs = make_suggestion(draft), make_suggestion(out)
        for action in ("take", "decline"):
            assert "you may not change “Out”" in self.act(action, ours, theirs)
        assert Suggestion.objects.open().count() == 2
        self.act("take", ours)
        draft.refresh_from_db()
        assert (draft.name, Suggestion.objects.count()) == ("Theirs", 1)
        assert "you may not" in self.act("take", make_suggestion(make_episode()))
        assert not Episode.objects.filter(name="Theirs").exists()

    def test_statements_do_not_grow_with_the_rows(self):
        def statements():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(LIST)
            return len(queries)

        def grow():
            make_suggestion(make_person())
            make_suggestion(make_character())
            make_suggestion(make_episode())
            make_suggestion(make_season(), "network", make_network().pk)
            make_suggestion(make_series(network=make_network()), "network", make_network().pk)

        grow()
        few = statements()
        for _ in range(5):
            grow()
        assert statements() == few

    def test_it_goes_with_its_row(self):
        person = make_person()
        make_suggestion(person)
        page = self.client.get(f"/admin/catalog/person/{person.pk}/delete/")
        self.assertNotContains(page, "uggestion: ")
        self.client.post(f"/admin/catalog/person/{person.pk}/delete/", {"post": "yes"})
        assert not Suggestion.objects.exists()
