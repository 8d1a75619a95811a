"""What editors did, read and taken back in the admin."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.history import recording
from catalog.models import Change, Character, CharacterFact, Person, Portrayal, Season

from ..factories import (
    make_character,
    make_episode,
    make_fact,
    make_network,
    make_person,
    make_portrayal,
    make_season,
    make_series,
    make_source,
)
from .client import AdminTestCase, add_row

MOMENT = dt.timedelta(milliseconds=1)


def words_of(response):
    return " ".join(response.content.decode().split())


class KeptTests(AdminTestCase):
    """Every way to change something in the admin leaves exactly one change."""

    def changes(self):
        return list(Change.objects.told().order_by("pk"))

    def one_change(self):
        [change] = self.changes()
        assert change.revision.user == self.editor
        return change

    def told(self):
        rows = self.one_change().rows.of_itself().select_related("version").order_by("pk")
        return [(row.kind, row.version.object_repr) for row in rows]

    def test_a_saved_page_with_its_rows_and_relations(self):
        character, source = make_character("Harry Bosch"), make_source()
        fact, gone = make_fact(character, "Old."), make_fact(character, "Gone.")
        path = f"/admin/catalog/character/{character.pk}/change/"
        data = self.form_at(path) | {
            "occupation": "Detective",
            "sources": [str(source.pk)],
            "facts-0-text": "New.",
            "facts-1-DELETE": "on",
            "why": "After season 1.",
        }
        add_row(data, "facts", text="Added.")
        self.save(path, data)
        assert self.one_change().revision.comment == "After season 1."
        assert sorted(self.told()) == [
            ("added", "Added."),
            ("changed", "Harry Bosch"),
            ("changed", "New."),
            ("deleted", "Gone."),
        ]
        fact.refresh_from_db()
        assert not CharacterFact.objects.filter(pk=gone.pk).exists()

    def test_a_new_entry_with_its_rows(self):
        path = "/admin/catalog/person/add/"
        data = self.form_at(path) | {"name": "Maggie Q"}
        add_row(data, "links", label="Site", url="https://example.com/")
        self.save(path, data)
        assert sorted(self.told()) == [("added", "Maggie Q"), ("added", "Site")]

    def test_an_action(self):
        people = [make_person(state="draft") for _ in range(3)]
        self.client.post(
            "/admin/catalog/person/",
            {"action": "publish", "_selected_action": [person.pk for person in people]},
        )
        assert len(self.told()) == 3

    def test_boxes_of_a_list(self):
        make_portrayal(billing=1)
        data = self.form_at("/admin/catalog/portrayal/") | {"_save": "Save", "form-0-billing": "2"}
        self.client.post("/admin/catalog/portrayal/", data)
        assert len(self.told()) == 1

    def test_a_deletion(self):
        portrayal = make_portrayal()
        path = f"/admin/catalog/person/{portrayal.person_id}/delete/"
        self.client.post(path, {"post": "yes", "why": "Twice."})
        assert [kind for kind, _ in self.told()] == ["deleted", "deleted"]
        assert self.one_change().revision.comment == "Twice."

    def test_a_deletion_of_several(self):
        networks = [make_network(), make_network()]
        self.client.post(
            "/admin/catalog/network/",
            {
                "action": "delete_selected",
                "_selected_action": [network.pk for network in networks],
                "post": "yes",
            },
        )
        assert len(self.told()) == 2

    def test_a_page_that_is_refused_leaves_none(self):
        person = make_person()
        path = f"/admin/catalog/person/{person.pk}/change/"
        self.refuse(path, self.form_at(path) | {"name": ""})
        assert self.changes() == []

    def test_a_page_that_changes_nothing_leaves_none(self):
        person = make_person()
        path = f"/admin/catalog/person/{person.pk}/change/"
        self.save(path, self.form_at(path))
        assert self.changes() == []

    def test_seasons_that_change_places(self):
        series = make_series("Bosch")
        seasons = [make_season(series, number=number) for number in (1, 2)]
        path = f"/admin/catalog/series/{series.pk}/change/"
        self.save(path, self.form_at(path) | {"seasons-0-number": "2", "seasons-1-number": "1"})
        assert len(self.told()) == 2
        self.client.post(f"/admin/catalog/change/{self.one_change().pk}/undo/")
        numbers = Season.objects.in_bulk()
        assert [numbers[season.pk].number for season in seasons] == [1, 2]


class HistoryTestCase(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.character = make_character("Harry Bosch", occupation="Detective")
        self.fact = make_fact(self.character, "Lives in the hills.")
        self.path = f"/admin/catalog/character/{self.character.pk}/"

    def change(self, **fields):
        data = self.form_at(f"{self.path}change/")
        self.save(f"{self.path}change/", data | fields)
        return Change.objects.told().first()

    def stored(self):
        return type(self.character).objects.get(pk=self.character.pk)


class HistoryPageTests(HistoryTestCase):
    def test_tells_who_when_why_and_what_field_by_field(self):
        self.change(occupation="Private investigator", why="Since Legacy.")
        response = self.client.get(f"{self.path}history/")
        text = words_of(response)
        assert "<del>Detective</del> → <ins>Private investigator</ins>" in text
        assert "editor: “Since Legacy.”" in text

    def test_tells_of_rows_with_names_dates_and_choices(self):
        series, episode = make_series("Bosch"), make_episode(name="’Tis the Season")
        portrayal = make_portrayal(character=self.character, series=series, kind="main")
        self.change(**{"portrayals-0-kind": "guest", "portrayals-0-revealed_in": str(episode.pk)})
        text = words_of(self.client.get(f"{self.path}history/"))
        assert "<del>Main cast</del> → <ins>Guest</ins>" in text
        assert f"<ins>{episode}</ins>" in text
        person = words_of(self.client.get(f"/admin/catalog/person/{portrayal.person_id}/history/"))
        assert "<del>Main cast</del> → <ins>Guest</ins>" in person

    def test_marks_what_differs_in_a_long_text(self):
        long = "He was a detective of the LAPD in Hollywood for many years, and then no more."
        self.change(biography=long)
        self.change(biography=long.replace("Hollywood", "Los Angeles"))
        text = words_of(self.client.get(f"{self.path}history/"))
        assert "LAPD in <del>Hollywood</del><ins>Los Angeles</ins> for many years" in text

    def test_shows_markup_as_text(self):
        self.change(occupation="<script>alert(1)</script>")
        response = self.client.get(f"{self.path}history/")
        self.assertNotContains(response, "<script>alert")

    def test_of_nothing_says_so(self):
        response = self.client.get(f"{self.path}history/")
        self.assertContains(response, "Nobody has changed this")

    def test_names_what_is_gone(self):
        source = make_source("A review")
        self.change(sources=[str(source.pk)])
        name = str(source)
        self.client.post(f"/admin/catalog/source/{source.pk}/delete/", {"post": "yes"})
        text = words_of(self.client.get(f"{self.path}history/"))
        assert f"{name} (deleted since)" in text

    def test_has_pages(self):
        for number in range(30):
            self.change(occupation=f"Detective {number}")
        self.assertContains(self.client.get(f"{self.path}history/"), "Page 1 of 2")
        self.assertContains(self.client.get(f"{self.path}history/?p=2"), "Page 2 of 2")
        self.assertContains(self.client.get(f"{self.path}history/?p=abc"), "Page 1 of 2")

    def test_costs_the_same_however_long_it_is(self):
        self.change(occupation="One", **{"facts-0-text": "Fact one."})
        self.change(occupation="Two", **{"facts-0-text": "Fact two."})
        self.client.get(f"{self.path}history/")
        with CaptureQueriesContext(connection) as queries:
            self.client.get(f"{self.path}history/")
        statements = len(queries)
        for number in range(15):
            self.change(occupation=f"Detective {number}", **{"facts-0-text": f"Fact {number}."})
        with self.assertNumQueries(statements):
            self.client.get(f"{self.path}history/")


class CompareTests(HistoryTestCase):
    def test_any_two_field_by_field_rows_included(self):
        first = self.change(occupation="One", **{"facts-0-text": "Fact one."})
        self.change(occupation="Two")
        last = self.change(occupation="Three", **{"facts-0-DELETE": "on"})
        for one, two in ((first, last), (last, first)):
            text = words_of(
                self.client.get(f"{self.path}history/compare/?one={one.pk}&two={two.pk}")
            )
            assert "<del>One</del> → <ins>Three</ins>" in text
            assert "Two" not in text.partition("<main")[2]
            assert "Deleted character fact <strong>Fact one.</strong>" in text

    def test_one_with_itself_does_not_differ(self):
        change = self.change(occupation="One")
        response = self.client.get(f"{self.path}history/compare/?one={change.pk}&two={change.pk}")
        self.assertContains(response, "There is no difference")

    def test_what_cannot_be_compared_is_not_found(self):
        change = self.change(occupation="One")
        other = make_person()
        self.save(
            f"/admin/catalog/person/{other.pk}/change/",
            self.form_at(f"/admin/catalog/person/{other.pk}/change/") | {"born": "1962"},
        )
        foreign = Change.objects.told().first()
        for two in ("", "abc", "-1", "9" * 30, str(foreign.pk)):
            response = self.client.get(
                f"{self.path}history/compare/", {"one": change.pk, "two": two}
            )
            assert response.status_code == 404, two


class RestoreTests(HistoryTestCase):
    def restore(self, change, *chosen):
        path = f"{self.path}history/{change.pk}/"
        if not chosen:
            data = self.form_at(path)["chosen"]
            chosen = data if isinstance(data, list) else [data]
        return self.client.post(path, {"chosen": chosen, "why": "As it was."}, follow=True)

    def test_the_whole_of_it(self):
        first = self.change(occupation="One", **{"facts-0-text": "Fact one."})
        data = {"facts-0-DELETE": "on", **add_row({"facts-TOTAL_FORMS": "1"}, "facts", text="New.")}
        self.change(occupation="Two", full_name="Hieronymus Bosch", **data)
        self.restore(first)
        character = self.stored()
        assert (character.occupation, character.full_name) == ("One", "")
        fact = character.facts.get()
        assert (fact.pk, fact.text) == (self.fact.pk, "Fact one.")
        change = Change.objects.told().first()
        assert (change.kind, change.revision.comment) == ("restore", "As it was.")

    def test_one_field(self):
        first = self.change(occupation="One", full_name="H. Bosch")
        self.change(occupation="Two", full_name="Hieronymus Bosch")
        self.restore(first, f"character.{self.character.pk}.occupation")
        character = self.stored()
        assert (character.occupation, character.full_name) == ("One", "Hieronymus Bosch")

    def test_nothing_that_was_not_ticked(self):
        first = self.change(occupation="One")
        self.change(occupation="Two")
        response = self.restore(first, "character.99.occupation")
        self.assertContains(response, "Nothing was ticked")
        assert self.stored().occupation == "Two"

    def test_says_when_it_is_so_already(self):
        change = self.change(occupation="One")
        self.assertContains(
            self.client.get(f"{self.path}history/{change.pk}/"), "It is now as it was then."
        )

    def test_says_what_stands_in_the_way(self):
        first = self.change(slug="harry")
        self.change(slug="bosch")
        other = make_character(slug="harry")
        assert other
        response = self.restore(first, f"character.{self.character.pk}.slug")
        self.assertContains(response, "Nothing was changed")
        assert self.stored().slug == "bosch"


class UndoTests(HistoryTestCase):
    def test_shows_what_it_does_and_does_it(self):
        change = self.change(occupation="One")
        page = self.client.get(f"/admin/catalog/change/{change.pk}/undo/")
        assert "<del>One</del> → <ins>Detective</ins>" in words_of(page)
        assert self.stored().occupation == "One"  # it was only looked at
        response = self.client.post(f"/admin/catalog/change/{change.pk}/undo/", follow=True)
        self.assertContains(response, "It is as it was before.")
        assert self.stored().occupation == "Detective"

    def test_tells_what_it_leaves(self):
        change = self.change(occupation="One", full_name="Hieronymus Bosch")
        self.change(occupation="Two")
        page = self.client.get(f"/admin/catalog/change/{change.pk}/undo/")
        self.assertContains(page, "changed again since")
        self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
        assert (self.stored().occupation, self.stored().full_name) == ("Two", "")

    def test_recovers_what_was_deleted_with_its_children(self):
        portrayal = make_portrayal(character=self.character)
        self.client.post(f"{self.path}delete/", {"post": "yes"})
        deleted = self.client.get("/admin/catalog/change/?deed=deleted&thing=character")
        self.assertContains(deleted, "Harry Bosch")
        change = Change.objects.told().first()
        page = self.client.get(f"/admin/catalog/change/{change.pk}/undo/")
        self.assertContains(page, "Recover what was deleted")
        self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
        assert self.stored().facts.get() == self.fact
        assert Portrayal.objects.get() == portrayal
        assert Change.objects.told().first().kind == "recover"

    def test_a_recovery_is_kept_as_a_whole_and_can_be_undone(self):
        make_portrayal(character=self.character)
        self.client.post(f"{self.path}delete/", {"post": "yes"})
        deleting = Change.objects.told().first()
        for _ in range(2):
            made = Character.objects.values_list("created_at", flat=True)
            self.client.post(f"/admin/catalog/change/{deleting.pk}/undo/")
            change = Change.objects.told().first()
            assert {row.kind for row in change.rows.of_itself()} == {"added"}
            assert change.rows.of_itself().count() == deleting.rows.of_itself().count() >= 3
            # A version keeps milliseconds.
            assert abs(made.get(pk=self.character.pk) - self.character.created_at) < MOMENT
            self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
            assert not Character.objects.filter(pk=self.character.pk).exists()
            assert not Portrayal.objects.exists()
            deleting = Change.objects.told().first()

    def test_a_second_time_there_is_nothing_left(self):
        change = self.change(occupation="One")
        for _ in range(2):
            response = self.client.post(f"/admin/catalog/change/{change.pk}/undo/", follow=True)
        self.assertContains(response, "nothing left of this change")


class RecentChangesTests(HistoryTestCase):
    def setUp(self):
        super().setUp()
        self.change(occupation="One", why="A reason.")
        bert = get_user_model().objects.create_superuser("bert")
        self.client.force_login(bert)
        self.client.post(
            f"/admin/catalog/person/{make_person('Titus Welliver').pk}/delete/", {"post": "yes"}
        )

    def listed(self, query=""):
        response = self.client.get(f"/admin/catalog/change/{query}")
        return [
            change.shown_rows[0].version.object_repr
            for change in response.context["cl"].result_list
        ]

    def test_are_listed_newest_first(self):
        assert self.listed() == ["Titus Welliver", "Harry Bosch"]

    def test_narrow_by_person_kind_and_date(self):
        assert self.listed(f"?revision__user__id__exact={self.editor.pk}") == ["Harry Bosch"]
        assert self.listed("?thing=person") == ["Titus Welliver"]
        assert self.listed("?deed=changed") == ["Harry Bosch"]
        assert self.listed("?kind=merge") == []
        year = Change.objects.told().first().revision.date_created.year
        assert len(self.listed(f"?revision__date_created__year={year}")) == 2
        assert self.listed(f"?revision__date_created__year={year - 1}") == []

    def test_are_found_by_name_and_reason(self):
        assert self.listed("?q=welliver") == ["Titus Welliver"]
        assert self.listed("?q=reason") == ["Harry Bosch"]

    def test_tell_all_of_one_change(self):
        change = Change.objects.told().last()
        text = words_of(self.client.get(f"/admin/catalog/change/{change.pk}/change/"))
        assert "<del>Detective</del> → <ins>One</ins>" in text


class PermissionTests(HistoryTestCase):
    def setUp(self):
        super().setUp()
        self.first = self.change(occupation="One")
        self.last = self.change(occupation="Two")

    def as_one_who_may(self, *codenames):
        user = get_user_model().objects.create_user("new", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        self.client.force_login(user)

    def test_who_may_only_look_takes_nothing_back(self):
        self.as_one_who_may("view_character", "change_character", "view_change")
        response = self.client.get(f"{self.path}history/")
        self.assertContains(response, "<ins>Two</ins>")
        self.assertNotContains(response, "Undo this change")
        self.assertNotContains(response, "Restore")
        for path in (
            f"{self.path}history/{self.first.pk}/",
            f"/admin/catalog/change/{self.last.pk}/undo/",
        ):
            assert self.client.get(path).status_code == 403
            assert self.client.post(path, {"chosen": "x"}).status_code == 403
        assert self.stored().occupation == "Two"

    def test_who_may_revert_may_do_both(self):
        self.as_one_who_may(
            "view_character",
            "change_character",
            "publish_character",
            "view_change",
            "revert_changes",
        )
        self.assertContains(self.client.get(f"{self.path}history/"), "Undo this change")
        self.client.post(f"/admin/catalog/change/{self.last.pk}/undo/")
        assert self.stored().occupation == "One"

    def test_undoing_takes_the_permission_to_do_it_to_each_row(self):
        with recording(self.editor) as record:
            draft = make_character("Mistake", state="draft")
        path = f"/admin/catalog/change/{record.change.pk}/"
        self.as_one_who_may("change_character", "view_change", "revert_changes")
        self.assertNotContains(self.client.get(f"{path}change/"), "Undo this change")
        assert self.client.get(f"{path}undo/").status_code == 403
        assert self.client.post(f"{path}undo/").status_code == 403
        assert Character.objects.filter(pk=draft.pk).exists()
        get_user_model().objects.get(username="new").user_permissions.add(
            Permission.objects.get(codename="delete_character")
        )
        self.assertContains(self.client.get(f"{path}change/"), "Undo this change")
        self.client.post(f"{path}undo/")
        assert not Character.objects.filter(pk=draft.pk).exists()

    def test_restoring_takes_the_permission_to_do_it_to_each_row(self):
        added = add_row({"facts-TOTAL_FORMS": "1"}, "facts", text="New.")
        self.change(**added)
        new = CharacterFact.objects.get(text="New.")
        Character.objects.update(state="draft")
        self.character.refresh_from_db()
        self.character.save()
        may = ["change_character", "publish_character", "view_change", "revert_changes"]
        self.as_one_who_may(*may)
        chosen = {"chosen": [f"characterfact.{new.pk}."]}
        path = f"{self.path}history/{self.first.pk}/"
        response = self.client.post(path, chosen, follow=True)
        self.assertContains(response, "You may not delete character facts.")
        assert CharacterFact.objects.filter(pk=new.pk).exists()
        get_user_model().objects.get(username="new").user_permissions.add(
            Permission.objects.get(codename="delete_characterfact")
        )
        self.client.post(path, chosen, follow=True)
        assert not CharacterFact.objects.filter(pk=new.pk).exists()

    def test_who_may_not_see_the_entry_sees_no_history(self):
        self.as_one_who_may("view_person", "revert_changes")
        for page in ("", f"compare/?one={self.first.pk}&two={self.last.pk}", f"{self.first.pk}/"):
            assert self.client.get(f"{self.path}history/{page}").status_code == 403

    def test_changes_are_not_edited(self):
        for page in ("add/", f"{self.last.pk}/delete/"):
            assert (
                self.client.post(f"/admin/catalog/change/{page}", {"post": "yes"}).status_code
                == 403
            )
        assert Person.objects.count() == 0
