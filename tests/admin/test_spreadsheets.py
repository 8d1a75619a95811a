"""A list as a spreadsheet: exported as it is shown, previewed, imported and undone."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import openpyxl
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from catalog import roles
from catalog.models import Change, Episode, Person, Portrayal, State, UploadedSheet

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_person,
    make_portrayal,
    make_season,
    make_series,
)
from ..spreadsheets.sheets import typed_csv, upload
from .client import AdminTestCase, read_form

PEOPLE = "/admin/catalog/person/"
PAGE = f"{PEOPLE}spreadsheet/"
KINDS = ["person", "character", "portrayal", "credit", "episode", "announcement"]


class SpreadsheetTestCase(AdminTestCase):
    def export(self, query="", path=PAGE):
        response = self.client.get(f"{path}export.csv{query}")
        assert response.status_code == 200
        return self.rows_of(response)

    @staticmethod
    def rows_of(response):
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def preview(self, lines, path=PAGE, name="people.csv"):
        raw = lines if isinstance(lines, bytes) else typed_csv(lines)
        response = self.client.post(path, {"sheet": upload(raw, name)}, follow=True)
        assert response.status_code == 200
        return response

    def accept(self, response, **answers):
        """Press Import on a preview; ``answers`` are by the names of columns."""
        form = read_form(response.content.decode())
        for column, choice in answers.items():
            names = [cell.name for cell in response.context["plan"].questions]
            form |= {name: choice for name in names if f"-{column}-" in name}
        return self.client.post(response.wsgi_request.path, {**form, "import": ""}, follow=True)

    def wrong(self, response):
        return [(each.row, each.column, each.why) for each in response.context["problems"]]

    def sign_in(self, group=None, *permissions):
        user = get_user_model().objects.create_user("new", is_staff=True)
        if group:
            user.groups.add(Group.objects.get(name=group))
        for name in permissions:
            user.user_permissions.add(Permission.objects.get(codename=name))
        self.client.force_login(user)
        return user


class ExportTests(SpreadsheetTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        for number, name in enumerate(["Titus Welliver", "Amy Aquino", "Jamie Hector"]):
            make_person(name, born=str(1960 + number))
        make_person("Titus Draft", state=State.DRAFT)

    def names(self, query=""):
        return [line["name"] for line in self.export(query)]

    def test_every_list_leads_to_its_spreadsheet(self):
        episode = make_episode(make_season(make_series("Bosch"), 1), 1)
        make_portrayal(first_episode=episode, series=episode.series)
        make_credit()
        make_announcement()
        for kind in KINDS:
            with self.subTest(kind=kind):
                response = self.client.get(f"/admin/catalog/{kind}/?q=o")
                page = f"/admin/catalog/{kind}/spreadsheet/"
                self.assertContains(response, f'href="{page}?q=o"')
                response = self.client.get(page)
                self.assertContains(response, f'href="{page}export.xlsx"')
                response = self.client.get(f"{page}export.xlsx")
                book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
                assert book.active.max_row > 1
                assert "-20" in response["Content-Disposition"]
                assert response["Content-Type"].endswith("spreadsheetml.sheet")

    def test_exports_what_the_list_shows_in_its_order(self):
        assert self.names() == ["Amy Aquino", "Jamie Hector", "Titus Draft", "Titus Welliver"]
        assert self.names("?q=titus") == ["Titus Draft", "Titus Welliver"]
        assert self.names("?q=titus&state=draft") == ["Titus Draft"]
        assert self.names("?o=-1&p=3") == [
            "Titus Welliver",
            "Titus Draft",
            "Jamie Hector",
            "Amy Aquino",
        ]

    def test_exports_the_rows_that_are_ticked(self):
        chosen = Person.objects.filter(name__in=["Titus Welliver", "Amy Aquino"])
        for action in ("export_csv", "export_xlsx"):
            data = {"action": action, "_selected_action": [row.pk for row in chosen]}
            response = self.client.post(f"{PEOPLE}?o=-1", data)
            assert response.status_code == 302
            assert f"export.{action[7:]}?o=-1&id__in=" in response["Location"]
        data["action"] = "export_csv"
        response = self.client.post(f"{PEOPLE}?o=-1", data, follow=True)
        names = [line["name"] for line in self.rows_of(response)]
        assert names == ["Titus Welliver", "Amy Aquino"]
        response = self.client.post(
            f"{PEOPLE}?q=titus", {**data, "select_across": "1"}, follow=True
        )
        assert len(self.rows_of(response)) == 2

    def test_an_address_that_no_list_has_leads_back(self):
        for page in ("", "export.csv", "export.xlsx"):
            response = self.client.get(f"{PAGE}{page}?nothing=1")
            assert response.status_code == 302
            assert response["Location"] == f"{PEOPLE}?e=1"

    def test_formulas_are_no_formulas(self):
        Person.objects.filter(name="Amy Aquino").update(birth_place="=1+1")
        assert self.export("?q=amy")[0]["birth_place"] == "'=1+1"

    def test_statements_do_not_grow_with_the_rows(self):
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as statements:
                self.export()
            counts.append(len(statements))
            for _ in range(10):
                make_person()
        assert counts[0] == counts[1] <= 12

    def test_takes_the_permission_to_look(self):
        self.sign_in()
        for page in ("", "export.csv", "export.xlsx"):
            assert self.client.get(PAGE + page).status_code == 403
        self.client.logout()
        assert self.client.get(f"{PAGE}export.csv").status_code == 302

    def test_who_may_only_look_exports_and_does_not_import(self):
        self.sign_in(None, "view_person")
        assert len(self.export()) == 4
        self.assertNotContains(self.client.get(PAGE), "id_sheet")
        response = self.client.post(PAGE, {"sheet": upload(b"id,name\n,x\n")})
        assert response.status_code == 403


class ImportTests(SpreadsheetTestCase):
    def test_imports_what_was_shown_as_one_change_that_can_be_undone(self):
        titus = make_person("Titus Welliver", born="1962")
        jamie = make_person("Jamie Hector")
        lines = self.export()
        lines[0]["birth_place"] = "Brooklyn"
        lines[1]["born"] = "1962-02-12"
        lines.append({**dict.fromkeys(lines[0], ""), "name": "Amy Aquino"})
        response = self.preview(lines)
        self.assertContains(response, "2 people to change, 1 person to add")
        self.assertContains(response, "<del>1962</del> → <ins>1962-02-12</ins>")
        self.assertContains(response, "nothing is deleted")
        assert Person.objects.count() == 2
        assert not Change.objects.told().exists()
        response = self.accept(response)
        self.assertContains(response, "was imported: 2 people changed, 1 person added")
        titus.refresh_from_db()
        jamie.refresh_from_db()
        assert str(titus.born) == "12 February 1962"
        assert jamie.birth_place == "Brooklyn"
        assert Person.objects.get(name="Amy Aquino").state == State.DRAFT
        change = Change.objects.told().get()
        assert change.kind == Change.Kind.IMPORT
        assert change.revision.comment == "people.csv"
        assert change.revision.user == self.editor
        assert not UploadedSheet.objects.exists()
        self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
        titus.refresh_from_db()
        jamie.refresh_from_db()
        assert str(titus.born) == "1962"
        assert jamie.birth_place == ""
        assert not Person.objects.filter(name="Amy Aquino").exists()

    def test_an_untouched_export_has_nothing_to_import(self):
        make_person("Titus Welliver", biography="-2+3\n=1+1")
        response = self.preview(self.export())
        self.assertContains(response, "1 as they are")
        self.assertNotContains(response, 'name="import"')
        response = self.accept(response)
        self.assertContains(response, "There is nothing to save.")
        assert not Change.objects.told().exists()

    def test_one_wrong_cell_keeps_all_of_it_out(self):
        make_person("Titus Welliver")
        make_person("Jamie Hector")
        lines = self.export()
        lines[0]["born"] = "1975"
        lines[1]["born"] = "soon"
        response = self.preview(lines)
        ((row, column, why),) = self.wrong(response)
        assert (row, column) == (3, "born")
        assert why.startswith("“soon” is not a date that can be read.")
        self.assertNotContains(response, 'name="import"')
        self.assertContains(self.accept(response), "Some cells need mending: see below.")
        assert not Person.objects.exclude(born=None).exists()

    def test_what_has_changed_since_the_preview_is_looked_at_again(self):
        titus = make_person("Titus Welliver")
        lines = self.export()
        lines[0]["born"] = "1962"
        response = self.preview(lines)
        titus.born = "1961"
        titus.save()
        again = self.accept(response)
        self.assertContains(again, "The catalogue has changed since the preview")
        titus.refresh_from_db()
        assert titus.born.iso == "1961"
        self.assertContains(again, "Which of the two should stand?")

    def test_a_question_is_answered_for_each_cell(self):
        titus = make_person("Titus Welliver")
        lines = self.export()
        form = self.form_at(f"{PEOPLE}{titus.pk}/change/")
        self.save(f"{PEOPLE}{titus.pk}/change/", {**form, "born": "1961", "birth_place": "A"})
        lines[0] |= {"born": "1962", "birth_place": "B", "imdb_id": "nm0920038"}
        response = self.preview(lines)
        self.assertContains(response, "editor changed this on")
        undecided = self.accept(response)
        self.assertContains(undecided, "Choose for each cell that was changed here too")
        titus.refresh_from_db()
        assert titus.imdb_id == ""
        answered = self.accept(undecided, born="mine", birth_place="theirs")
        self.assertContains(answered, "1 person changed")
        titus.refresh_from_db()
        assert (titus.born.iso, titus.birth_place, titus.imdb_id) == ("1962", "A", "nm0920038")

    def test_a_long_preview_has_pages_and_is_saved_as_a_whole(self):
        for number in range(120):
            make_person(f"Person {number:03}")
        lines = [{**line, "born": "1970"} for line in self.export()]
        response = self.preview(lines)
        self.assertContains(response, "Page 1 of 2")
        path = response.wsgi_request.path
        self.assertContains(self.client.get(f"{path}?p=2"), "Person 119")
        self.accept(response)
        assert Person.objects.filter(born="1970").count() == 120

    def test_a_sheet_is_seen_by_nobody_else_and_only_the_last_is_kept(self):
        make_person("Titus Welliver")
        first = self.preview(self.export()).wsgi_request.path
        second = self.preview(self.export()).wsgi_request.path
        assert UploadedSheet.objects.count() == 1
        response = self.client.get(first, follow=True)
        self.assertContains(response, "This sheet is no longer kept: it was imported")
        key = second.split("/")[-2]
        response = self.client.get(f"/admin/catalog/character/spreadsheet/{key}/", follow=True)
        self.assertContains(response, "no longer kept")
        self.client.force_login(get_user_model().objects.create_superuser("other"))
        self.assertContains(self.client.get(second, follow=True), "no longer kept")

    def test_what_cannot_be_read_is_said_beside_the_box(self):
        for raw, told in [
            (b"%PDF-1.7", "“x.pdf” was not read. It is a PDF"),
            ("Renée".encode("cp1252"), "is not in UTF-8"),
            (b"x" * (5 * 1024 * 1024 + 1), "more than 5 MB"),
            (b"x" * (16 * 1024 * 1024), "more than 5 MB"),
            (b"", "empty"),
        ]:
            with self.subTest(told=told):
                response = self.client.post(PAGE, {"sheet": upload(raw, "x.pdf")})
                self.assertContains(response, told)
        self.assertContains(self.client.post(PAGE, {}), "This field is required.")
        response = self.preview(b"id,borm\n,1\n")
        assert self.wrong(response)[0][1] == "borm"
        assert not Person.objects.exists()

    def test_the_name_of_a_file_is_only_text(self):
        make_person("Titus Welliver")
        lines = [{**line, "born": "1962"} for line in self.export()]
        response = self.preview(lines, name="<b>../x" + "y" * 300 + ".csv")
        self.assertNotContains(response, "<b>..")
        self.accept(response)
        assert len(Change.objects.told().get().revision.comment) <= 200

    def test_a_new_row_and_its_relations_are_told_and_undone(self):
        series = make_series("Bosch")
        make_season(series, 1)
        make_person("Titus Welliver")
        make_character("Harry Bosch")
        page = "/admin/catalog/portrayal/spreadsheet/"
        lines = [
            {
                "id": "",
                "person": "titus-welliver",
                "character": "harry-bosch",
                "series": "bosch",
                "kind": "main",
                "seasons": "1",
            }
        ]
        response = self.accept(self.preview(lines, page, "cast.csv"))
        self.assertContains(response, "1 portrayal added")
        assert Portrayal.objects.get().seasons.count() == 1
        change = Change.objects.told().get()
        self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
        assert not Portrayal.objects.exists()

    def test_episodes_are_imported(self):
        season = make_season(make_series("Bosch"), 1)
        make_episode(season, 1)
        page = "/admin/catalog/episode/spreadsheet/"
        lines = self.export(path=page)
        lines[0] |= {"name": "’Tis the Season", "aired": "2014-02-06"}
        lines.append({**dict.fromkeys(lines[0], ""), "season": "bosch S1", "number": "2"})
        self.accept(self.preview(lines, page))
        assert [e.title for e in Episode.objects.order_by("number")] == [
            "’Tis the Season",
            "Episode 2",
        ]


class ContributorTests(SpreadsheetTestCase):
    """Who may not publish imports drafts, and nothing that visitors see."""

    def setUp(self):
        self.out = make_person("Titus Welliver")
        self.reviewed = make_person("Amy Aquino", state=State.IN_REVIEW)
        self.draft = make_person("Jamie Hector", state=State.DRAFT)
        self.user = self.sign_in(roles.CONTRIBUTOR)

    def test_drafts_are_changed_and_added(self):
        lines = [line for line in self.export() if line["name"] == "Jamie Hector"]
        lines[0] |= {"born": "1975", "state": "in-review"}
        lines.append({**dict.fromkeys(lines[0], ""), "name": "Lance Reddick"})
        self.assertContains(self.accept(self.preview(lines)), "1 person changed, 1 person added")
        self.draft.refresh_from_db()
        assert (self.draft.born.iso, self.draft.state) == ("1975", State.IN_REVIEW)
        assert Change.objects.told().get().revision.user == self.user

    def test_what_visitors_see_is_refused_by_its_row(self):
        lines = [{**line, "born": "1975"} for line in self.export()]
        response = self.preview(lines)
        problems = self.wrong(response)
        assert [(row, column) for row, column, _ in problems] == [(2, ""), (4, "")]
        assert problems[0][2].startswith("This is in review.")
        assert problems[1][2].startswith("This is published, and you may not publish")
        self.accept(response)
        assert not Person.objects.exclude(born=None).exists()

    def test_untouched_rows_of_others_are_no_matter(self):
        lines = self.export()
        lines[1]["born"] = "1975"
        self.accept(self.preview(lines))
        self.draft.refresh_from_db()
        assert self.draft.born.iso == "1975"

    def test_publishing_is_refused_by_its_cell(self):
        lines = [line for line in self.export() if line["name"] == "Jamie Hector"]
        for cells, column in [
            ({"state": "published"}, "state"),
            ({"publish_at": "2030-01-01T00:00:00Z"}, "publish_at"),
        ]:
            ((row, where, why),) = self.wrong(self.preview([{**lines[0], **cells}]))
            assert (row, where) == (2, column)
            assert why.startswith("You may not publish")
        new = {"id": "", "name": "Lance Reddick", "state": "published"}
        ((_, where, _),) = self.wrong(self.preview([new]))
        assert where == "state"

    def test_a_row_that_would_show_at_once_is_refused(self):
        make_series("Bosch")
        make_character("Harry Bosch")
        page = "/admin/catalog/portrayal/spreadsheet/"
        line = {"id": "", "person": "titus-welliver", "character": "harry-bosch"}
        lines = [
            {**line, "series": "bosch"},
            {**line, "person": "jamie-hector", "series": "bosch"},
        ]
        ((row, _, why),) = self.wrong(self.preview(lines, page))
        assert row == 2
        assert why.startswith("Visitors would see this at once")
        self.accept(self.preview(lines[1:], page))
        assert Portrayal.objects.get().person == self.draft

    def test_adding_and_changing_take_their_permissions(self):
        lines = [line for line in self.export() if line["name"] == "Jamie Hector"]
        lines[0]["born"] = "1975"
        lines.append({**dict.fromkeys(lines[0], ""), "name": "Lance Reddick"})
        for permission, why in [
            ("add_person", (2, "", "You may not change people.")),
            ("change_person", (3, "", "You may not add people.")),
        ]:
            get_user_model().objects.filter(username="new").delete()
            self.sign_in(None, "view_person", permission)
            assert self.wrong(self.preview(lines)) == [why]


class TwiceTests(TransactionTestCase):
    def test_a_sheet_whose_button_is_pressed_twice_is_imported_once(self):
        client = Client()
        client.force_login(get_user_model().objects.create_superuser("editor"))
        raw = typed_csv([{"id": "", "name": f"Person {number}"} for number in range(20)])
        page = client.post(PAGE, {"sheet": upload(raw)}, follow=True)
        form = read_form(page.content.decode())

        def accept(_):
            try:
                another = Client()
                another.cookies = client.cookies
                return another.post(page.wsgi_request.path, {**form, "import": ""})["Location"]
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            places = sorted(pool.map(accept, range(2)))
        assert places == [PEOPLE, PAGE]
        assert Person.objects.count() == 20
