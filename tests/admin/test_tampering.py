"""Addresses and forms as no page of ours would send them: refused in words, never an error."""

from django.contrib import admin
from django.db import transaction

from catalog.models import Person, Portrayal, Series

from ..factories import make_person
from .client import AdminTestCase, Franchise, read_form
from .test_pages import MODELS, make_image, path_of

GARBAGE = {
    "letters": "abc",
    "a number beyond any key": "99999999999999999999",
    "a null byte": "a\x00b",
    "very long": "x" * 10_000,
}

# As they are written in an address.
IN_ADDRESSES = {
    "letters": "abc",
    "a number beyond any key": "99999999999999999999",
    "a null byte": "%00",
    "half a character": "%ED%B2%80",
}


class TamperingTestCase(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        Franchise().grow(1)
        make_image()

    def forms(self, page):
        """(path, what its form holds) of the page "add" or "change" of each model that has it."""
        for model in MODELS:
            row = model.objects.order_by("pk").first()
            path = path_of(model, "add/" if page == "add" else f"{row and row.pk}/change/")
            response = self.client.get(path)
            if response.status_code == 200 and response.context["has_change_permission"]:
                yield path, read_form(response.content.decode())

    def post(self, path, data):
        """The status of the answer; what it may have saved is taken back."""
        with transaction.atomic():
            status = self.client.post(path, data).status_code
            transaction.set_rollback(True)
        return status


class PostedTests(TamperingTestCase):
    def test_no_box_takes_garbage_for_more_than_it_is(self):
        for path, form in self.forms("change"):
            names = {name for name in form if not name.endswith("_FORMS")}
            for what, value in GARBAGE.items():
                with self.subTest(path=path, what=what):
                    data = {name: as_posted(form, name, value) for name in names}
                    assert self.post(path, {**form, **data}) in {200, 302}

    def test_each_relation_of_its_own_refuses_what_is_no_key(self):
        """All else is as it should be, so that everything is checked that can be."""
        for path, form in self.forms("change"):
            model = path.split("/")[3]
            fields = {f.name for m in MODELS if m._meta.model_name == model for f in related(m)}
            for name in fields & form.keys():
                for what in ("letters", "a number beyond any key"):
                    with self.subTest(path=path, name=name, what=what):
                        data = {name: as_posted(form, name, GARBAGE[what])}
                        assert self.post(path, {**form, **data}) == 200

    def test_each_relation_of_a_row_refuses_what_is_no_key(self):
        for path, form in self.forms("change"):
            of_first_rows = [name for name in form if "-0-" in name and "initial" not in name]
            models = {field.name for model in MODELS for field in related(model)}
            for name in of_first_rows:
                if name.rpartition("-")[2] in models and form[name]:
                    with self.subTest(path=path, name=name):
                        # What a row belongs to stands beside it on its page, and is not read.
                        assert self.post(path, {**form, name: "abc"}) in {200, 302}

    def test_counts_of_rows_are_not_believed(self):
        for path, form in self.forms("change"):
            counts = [name for name in form if name.endswith("_FORMS")]
            if counts:
                with self.subTest(path=path):
                    assert self.post(path, {**form, **dict.fromkeys(counts, "abc")}) == 200

    def test_rows_that_were_announced_and_not_sent_are_not_made_up(self):
        """They used to be: two thousand of them, on a page of 40 MB."""
        for path, form in self.forms("change"):
            counts = [name for name in form if name.endswith("-TOTAL_FORMS")]
            for count in ("1000", "1999", "9" * 12) if counts else ():
                with self.subTest(path=path, count=count):
                    with transaction.atomic():
                        response = self.client.post(path, {**form, **dict.fromkeys(counts, count)})
                        transaction.set_rollback(True)
                    assert response.status_code == 200
                    self.assertContains(response, "nothing was saved")
                    assert len(response.content) < 1_000_000

    def test_rows_that_did_not_arrive_or_were_not_announced_are_missed(self):
        portrayal = Portrayal.objects.first()
        path = path_of(Person, f"{portrayal.person_id}/change/")
        form = self.form_at(path)
        for fields in [
            {"portrayals-TOTAL_FORMS": "2"},
            {"portrayals-TOTAL_FORMS": "0"},
            {"portrayals-TOTAL_FORMS": "-5"},
            {"portrayals-7-id": "", "portrayals-TOTAL_FORMS": "2"},
        ]:
            with self.subTest(fields=fields):
                said, _ = self.refuse(path, form | fields | {"name": "Changed"})
                assert "rows and sent" in said
                assert "so nothing was saved. Open it anew" in said

    def test_more_rows_than_a_page_takes_are_refused(self):
        path = path_of(Series, f"{Series.objects.first().pk}/change/")
        form = self.form_at(path)
        for number in range(400):
            form |= {f"seasons-{number}-id": "", f"seasons-{number}-number": str(number)}
        said, _ = self.refuse(path, form | {"seasons-TOTAL_FORMS": "400"})
        assert "too many rows for one page" in said

    def test_an_action_passes_over_what_is_no_key(self):
        person = make_person(state="draft")
        for value in ["", *GARBAGE.values()]:
            for index in ({}, {"index": "0"}):
                with self.subTest(value=value, index=index):
                    data = {"action": "publish", "_selected_action": [value], **index}
                    path = path_of(Person)
                    said = self.client.post(path, data, follow=True).context["messages"]
                    assert [each for each in said if "Items must be selected" in str(each)]
        data = {"action": "publish", "_selected_action": ["abc", person.pk, person.pk]}
        self.client.post(path_of(Person), data)
        person.refresh_from_db()
        assert person.state == "published"

    def test_a_field_without_a_name_is_none(self):
        for page in ("change", "delete"):
            path = path_of(Person, f"{Person.objects.first().pk}/{page}/")
            assert self.client.get(path, {"_popup": "", "_to_field": ""}).status_code == 200

    def test_what_is_wrong_is_told(self):
        path = path_of(Portrayal, f"{Portrayal.objects.first().pk}/change/")
        form = self.form_at(path)
        said, response = self.refuse(path, {**form, "series": "abc", "seasons": ["9" * 20]})
        assert "Select a valid choice. That choice is not one of the available choices." in said
        assert f"“{'9' * 20}” is not a valid value." in said
        self.assertNotContains(response, 'value="abc"')


class AddressTests(TamperingTestCase):
    def ask(self, path, names, kinds=IN_ADDRESSES):
        for name in names:
            for what in kinds:
                with self.subTest(path=path, name=name, what=what):
                    response = self.client.get(f"{path}?{name}={IN_ADDRESSES[what]}")
                    assert response.status_code in {200, 302, 400, 403, 404}

    def test_lists_refuse_what_their_filters_do_not_know(self):
        for model in MODELS:
            shown = self.client.get(path_of(model)).context["cl"]
            filters = {name for spec in shown.filter_specs for name in spec.expected_parameters()}
            self.ask(path_of(model), filters, ["letters", "a number beyond any key"])
        self.ask("/admin/catalog/portrayal/", filters | {"q", "p", "o", "pk", "id__in"})

    def test_a_new_page_opens_whatever_its_address_fills_in(self):
        for path, form in self.forms("add"):
            boxes = [name for name in form if "-" not in name and name != "csrfmiddlewaretoken"]
            for what, value in IN_ADDRESSES.items():
                with self.subTest(path=path, what=what):
                    query = "&".join(f"{name}={value}" for name in boxes)
                    assert self.client.get(f"{path}?{query}").status_code == 200

    def test_there_is_no_page_of_what_is_no_key(self):
        for model in MODELS:
            for value in IN_ADDRESSES.values():
                with self.subTest(model=model.__name__, value=value):
                    response = self.client.get(path_of(model, f"{value}/change/"))
                    assert response.status_code in {302, 404}

    def test_suggestions_refuse_what_they_do_not_know(self):
        for model in MODELS:
            for field in admin.site.get_model_admin(model).autocomplete_fields[:1]:
                known = f"app_label=catalog&model_name={model._meta.model_name}&field_name={field}"
                self.ask("/admin/autocomplete/", [f"{known}&{name}" for name in ("term", "page")])
        for name in ("app_label", "model_name", "field_name"):
            known = "app_label=catalog&model_name=credit&field_name=person&term=a"
            self.ask("/admin/autocomplete/", [f"{known}&{name}"])


def related(model):
    """The fields of ``model`` that choose other rows."""
    meta = model._meta
    return [field for field in (*meta.fields, *meta.many_to_many) if field.is_relation]


def as_posted(form, name, value):
    return [value] if isinstance(form[name], list) else value
