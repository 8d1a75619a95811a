"""A list as a spreadsheet: exported as it is shown, previewed, imported and undone."""

import csv
import io

import openpyxl

from catalog import roles
from catalog.models import Change, Person, State, UploadedSheet

from ..factories import make_person
from ..spreadsheets.sheets import typed_csv, upload
from .client import AdminTestCase, read_form

PAGE = "/admin/catalog/person/spreadsheet/"


class SpreadsheetTestCase(AdminTestCase):
    def export(self, query="", path=PAGE):
        response = self.client.get(f"{path}export.csv{query}")
        assert response.status_code == 200
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def preview(self, lines, path=PAGE, name="people.csv"):
        raw = lines if isinstance(lines, bytes) else typed_csv(lines)
        response = self.client.post(path, {"sheet": upload(raw, name)}, follow=True)
        assert response.status_code == 200
        return response

    def accept(self, response, **answers):
        form = read_form(response.content.decode())
        path = response.redirect_chain[-1][0]
        return self.client.post(path, {**form, **answers, "import": ""}, follow=True)


class ImportTests(SpreadsheetTestCase):
    def test_imports_what_was_shown_as_one_change_that_can_be_undone(self):
        titus = make_person("Titus Welliver", born="1962")
        jamie = make_person("Jamie Hector")
        lines = self.export()
        lines[0]["birth_place"] = "Brooklyn"
        lines[1]["born"] = "1962-02-12"
        lines.append({**dict.fromkeys(lines[0], ""), "name": "Amy Aquino"})
        response = self.preview(lines)
        self.assertContains(response, "2 people changed, 1 person added")
        self.assertContains(response, "<del>1962</del> → <ins>1962-02-12</ins>")
        assert Person.objects.count() == 2
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
        assert str(titus.born) == "1962"
        assert not Person.objects.filter(name="Amy Aquino").exists()
