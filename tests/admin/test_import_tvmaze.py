import datetime as dt
import json

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import roles
from catalog.models import (
    Change,
    Episode,
    Job,
    Network,
    PendingImport,
    Person,
    Portrayal,
    Series,
    State,
    Suggestion,
)

from ..factories import make_person, make_season, make_series
from ..importers import tvmaze as made
from ..importers.test_tvmaze_fetching import Server, say, say_show
from .client import AdminTestCase

CHOOSE = "/admin/catalog/series/import-tvmaze/"


def upload(answer, name="show.json"):
    text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return SimpleUploadedFile(name, text, "application/json")


class ImportTestCase(AdminTestCase):
    def give(self, *answers, show=""):
        """Upload the answers and give the address of the preview."""
        files = [upload(answer, f"{number}.json") for number, answer in enumerate(answers, 1)]
        response = self.client.post(CHOOSE, {"show": show, "files": files})
        if response.status_code == 200:
            self.fail(response.context["form"].errors.as_text())
        return response["Location"]

    def refuse(self, *answers, show=""):
        files = [upload(answer, f"{number}.json") for number, answer in enumerate(answers, 1)]
        response = self.client.post(CHOOSE, {"show": show, "files": files})
        assert response.status_code == 200
        assert not PendingImport.objects.exists()
        return response.context["form"].errors.as_text()

    def take(self, preview, **fields):
        return self.client.post(preview, {**self.form_at(preview), **fields, "save": "Import"})

    def messages_of(self, response):
        return " ".join(str(message) for message in response.context["messages"])

    def become(self, role):
        user = get_user_model().objects.create_user(f"one-{role.lower()}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        self.client.force_login(user)
        return user


class ChoosingTests(ImportTestCase):
    def test_the_page_is_linked_from_the_series_and_the_front_page(self):
        for path in ("/admin/", "/admin/catalog/series/"):
            self.assertContains(self.client.get(path), f'<a href="{CHOOSE}">')
        self.assertContains(self.client.get(CHOOSE), "Import from TVmaze")

    def test_files_that_cannot_be_read_are_refused_by_name(self):
        assert "1.json, line 1, column 1: this is not JSON" in self.refuse(b"<html>")
        assert "an error of TVmaze" in self.refuse(
            {"name": "Not Found", "message": "", "code": 0, "status": 404}
        )
        assert "2.json: show 13, episode 5: airdate must be a day" in self.refuse(
            made.show(), [made.episode(5, airdate="soon")]
        )
        assert "1.json: show 13: summary holds a &lt;script&gt;" in self.refuse(
            made.show(summary="<script>x</script>")
        )
        assert "2 shows: give those of one at a time" in self.refuse(made.show(1), made.show(2))
        assert "no show" in self.refuse([])
        assert "Write the id of a show, or choose files." in self.refuse()
        assert "is no id of TVmaze" in self.refuse(show="https://example.com/1")

    def test_files_that_are_too_large_are_refused(self):
        large = b" " * 16_000_000
        text = self.refuse(large)
        assert "A file was not read" in text
        with self.settings(DATA_UPLOAD_MAX_MEMORY_SIZE=None):
            assert "Together it is larger than 20 MB" in self.refuse(
                large[:11_000_000], large[:11_000_000]
            )

    def test_an_id_is_fetched(self):
        server = Server(say_show)
        self.addCleanup(server.close)
        with override_settings(TVMAZE_API=server.address):
            response = self.client.post(CHOOSE, {"show": "https://www.tvmaze.com/shows/13/x"})
        preview = response["Location"]
        self.assertContains(self.client.get(preview), "Import from TVmaze: The Case")
        # What was fetched is kept until it is imported.
        assert len(server.calls) == 2

    def test_what_cannot_be_fetched_is_told(self):
        server = Server(lambda handler, number: say(handler, status=404))
        self.addCleanup(server.close)
        with override_settings(TVMAZE_API=server.address):
            assert "TVmaze has no show with the id 13." in self.refuse(show="13")
        with override_settings(TVMAZE_API="http://127.0.0.1:9"):
            assert "TVmaze cannot be reached" in self.refuse(show="13")

    def test_an_id_says_of_which_show_files_are(self):
        make_series("The Case", tvmaze_id=13, state=State.DRAFT)
        preview = self.give([made.cast()], show="13")
        self.assertContains(self.client.get(preview), "<h1>Import from TVmaze: The Case</h1>")
        self.take(preview)
        assert Portrayal.objects.get().series.tvmaze_id == 13

    def test_an_id_that_is_not_that_of_the_files_is_refused(self):
        text = self.refuse(made.show(1058, "The A-Team"), show="13")
        assert "The files are of The A-Team, whose TVmaze id is 1058, not 13." in text

    def test_what_is_fetched_may_have_a_newer_id(self):
        """TVmaze sends on from an id that was joined with another."""
        answer = [json.dumps(each).encode() for each in (made.show(14), [made.episode(1, of=14)])]
        server = Server(lambda handler, number: say(handler, answer[number - 1]))
        self.addCleanup(server.close)
        with override_settings(TVMAZE_API=server.address):
            response = self.client.post(CHOOSE, {"show": "13"})
        self.take(response["Location"])
        assert Series.objects.get().tvmaze_id == 14

    def test_little_is_kept_and_not_for_long(self):
        previews = [self.give(made.show()) for _ in range(4)]
        assert PendingImport.objects.count() == 3
        assert self.client.get(previews[0]).status_code == 404
        old = timezone.now() - dt.timedelta(days=3)
        PendingImport.objects.update(created_at=old)
        self.give(made.show())
        assert PendingImport.objects.count() == 1


class PreviewTests(ImportTestCase):
    def test_it_shows_what_would_come_and_writes_nothing(self):
        preview = self.give(
            made.show(embed={"cast": [made.cast()]}),
            [made.episode(1), made.special(2, is_significant=False, name="The making of")],
        )
        before = Change.objects.count()
        for response in (self.client.get(preview), self.client.post(preview, {"preview": "x"})):
            self.assertContains(response, "Portrayal: Ada Lind as Inspector Berg")
            self.assertContains(response, "S1 special The making of. TVmaze calls it")
            self.assertContains(response, "<summary>New: 7</summary>")
        assert (Series.objects.count(), Change.objects.count()) == (0, before)

    def test_importing_writes_drafts_as_one_change(self):
        preview = self.give(made.show(embed={"cast": [made.cast()]}), [made.episode(1)])
        response = self.take(preview, why="For the new season")
        series = Series.objects.get()
        assert response["Location"] == f"/admin/catalog/series/{series.pk}/change/"
        change = Change.objects.get()
        assert (change.kind, change.revision.user) == ("tvmaze", self.editor)
        assert change.revision.comment == "For the new season"
        page = self.client.get(response["Location"])
        assert "The Case: 7 new." in self.messages_of(page)
        self.assertContains(page, f'<a href="/admin/catalog/change/{change.pk}/change/">')
        assert (series.state, Person.objects.get().state) == (State.DRAFT, State.DRAFT)
        # It is over: the same page again does nothing twice.
        assert self.client.post(preview, {"save": "x"}).status_code == 404

    def test_a_second_import_shows_differences_and_suggestions(self):
        self.take(self.give(made.show(), [made.episode(1), made.episode(2)]))
        episode = Episode.objects.get(number=2)
        path = f"/admin/catalog/episode/{episode.pk}/change/"
        self.save(path, {**self.form_at(path), "name": "Ours"})
        preview = self.give(
            made.show(), [made.episode(1, name="Pilot"), made.episode(2, name="Theirs")]
        )
        page = self.client.get(preview)
        self.assertContains(page, "<del>Chapter 1</del> → <ins>Pilot</ins>", html=False)
        self.assertContains(page, "<del>Ours</del> → <ins>Theirs</ins>", html=False)
        self.take(preview)
        assert list(Episode.objects.values_list("name", flat=True)) == ["Pilot", "Ours"]
        assert Suggestion.objects.get().value == "Theirs"

    def test_an_episode_that_has_moved_is_told(self):
        self.take(self.give(made.show(), [made.episode(1)]))
        page = self.client.get(self.give([made.episode(1, number=2, of=13)]))
        self.assertContains(page, "Unchanged, to be looked at: 1")
        self.assertContains(page, "It is S1E1 here and stays there")

    def test_another_editors_import_is_not_there(self):
        preview = self.give(made.show())
        self.become(roles.EDITOR)
        assert self.client.get(preview).status_code == 404
        assert self.client.get(f"{CHOOSE}99999/").status_code == 404

    def test_statements_do_not_grow_with_the_rows(self):
        def statements(size):
            cast = [
                made.cast(made.person(key, f"Person {key}"), made.character(key, f"Role {key}"))
                for key in range(1, size + 1)
            ]
            preview = self.give(
                made.show(embed={"cast": cast}), [made.episode(key) for key in range(1, size + 1)]
            )
            with CaptureQueriesContext(connection) as queries:
                self.client.get(preview)
            return len(queries)

        for key in range(1, 31):
            make_person(f"Person {key}")
        assert statements(3) == statements(30)


class QuestionTests(ImportTestCase):
    def setUp(self):
        super().setUp()
        self.answer = made.show(embed={"cast": [made.cast()]})

    def test_the_only_one_of_a_name_is_chosen_already(self):
        ada = make_person("Ada Lind", state=State.DRAFT)
        preview = self.give(self.answer)
        assert self.form_at(preview)["person-1"] == str(ada.pk)
        self.assertContains(self.client.get(preview), "Person: Ada Lind, as Inspector Berg")
        self.take(preview)
        ada.refresh_from_db()
        assert (ada.tvmaze_id, Person.objects.count()) == (1, 1)

    def test_of_two_nobody_is_chosen_and_somebody_must_be(self):
        _, other = (make_person("Ada Lind", state=State.DRAFT) for _ in range(2))
        preview = self.give(self.answer)
        assert self.form_at(preview)["person-1"] == ""
        response = self.take(preview)
        assert "Nothing was imported. Say of each below who is meant." in self.messages_of(response)
        assert not Series.objects.exists()
        self.take(preview, **{"person-1": str(other.pk)})
        assert Portrayal.objects.get().person == other

    def test_an_answer_stays_while_others_are_given(self):
        for _ in range(2):
            make_person("Ada Lind")
        preview = self.give(self.answer)
        response = self.client.post(preview, {"person-1": "new", "preview": "x"})
        self.assertContains(response, '<option value="new" selected>')
        self.take(preview, **{"person-1": "new"})
        assert Person.objects.count() == 3

    def test_whoever_is_not_among_those_offered_is_no_answer(self):
        make_person("Ada Lind")
        for forged in ["", "x", "\x00", "999999999999999999999", str(make_person("Bo").pk)]:
            with self.subTest(forged=forged):
                preview = self.give(self.answer)
                response = self.take(preview, **{"person-1": forged})
                assert response.status_code == 200
        assert not Series.objects.exists()

    def test_who_has_come_meanwhile_is_asked_about_first(self):
        preview = self.give(self.answer)
        data = self.form_at(preview)
        make_person("Ada Lind")
        response = self.client.post(preview, {**data, "save": "x"})
        assert "lead to other questions" in self.messages_of(response)
        self.assertContains(response, "person-1")
        assert not Series.objects.exists()

    def test_the_series_is_asked_about_before_all_others(self):
        make_person("Ada Lind")
        series = [make_series("The Case", state=State.DRAFT) for _ in range(2)]
        preview = self.give(self.answer)
        data = self.form_at(preview)
        assert "series-13" in data
        assert "person-1" not in data
        response = self.client.post(preview, {**data, "series-13": str(series[1].pk)})
        self.assertContains(response, "person-1")


class PermissionTests(ImportTestCase):
    def test_contributors_import_drafts(self):
        self.become(roles.CONTRIBUTOR)
        answer = made.show(embed={"cast": [made.cast()], "crew": [made.crew()]})
        preview = self.give(answer, [made.episode(1)])
        page = self.client.get(preview)
        self.assertContains(page, "“Station One” is not in the catalogue, and you may not add it")
        self.assertNotContains(page, 'name="visible"')
        self.take(preview)
        assert Series.objects.get().network is None
        assert Portrayal.objects.count() == Episode.objects.count() == 1
        assert not any(model.objects.exists() for model in (Network, Job))

    def test_contributors_change_nothing_that_visitors_see(self):
        self.become(roles.CONTRIBUTOR)
        series = make_series("The Case", tvmaze_id=13)
        make_season(series, 1)
        preview = self.give(made.show(), [made.episode(1)])
        self.take(preview, visible="on")
        series.refresh_from_db()
        assert (series.premiered, Episode.objects.count()) == (None, 0)
        assert Suggestion.objects.filter(series=series, field="premiered").exists()

    def test_editors_may_change_what_visitors_see_when_they_say_so(self):
        self.become(roles.EDITOR)
        series = make_series("The Case", tvmaze_id=13)
        answers = made.show(), [made.episode(1)]
        self.assertContains(self.client.get(self.give(*answers)), "Visitors would see it at once.")
        self.take(self.give(*answers), visible="on")
        series.refresh_from_db()
        assert (str(series.premiered), Episode.objects.count()) == ("7 October 2014", 1)

    def test_whoever_may_not_add_or_change_series_does_not_get_there(self):
        user = self.become(roles.EDITOR)
        preview = self.give(made.show())
        user.groups.clear()
        names = ["view_series", "add_series", "change_person"]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        for path in (CHOOSE, preview):
            assert self.client.get(path).status_code == 403
            assert self.client.post(path, {"save": "x"}).status_code == 403
        for path in ("/admin/", "/admin/catalog/series/"):
            self.assertNotContains(self.client.get(path), CHOOSE)
        self.client.logout()
        assert self.client.get(CHOOSE).status_code == 302
