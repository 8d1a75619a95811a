import re

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.history import recording
from catalog.models import ChangedRow, PendingImport, Revision, UploadedSheet

from ..factories import (
    make_character,
    make_image,
    make_organization,
    make_person,
    make_series,
    make_watch_step,
)
from .client import AdminTestCase, Franchise

# What indexes the history is read through its changes; what was given to be imported is seen in its
# preview.
MODELS = sorted(
    {*apps.get_app_config("catalog").get_models()} - {ChangedRow, PendingImport, UploadedSheet},
    key=lambda model: model.__name__,
)
DERIVED = {"likelyduplicate", "revision", "searchentry", "searchword", "suggestion"}
READ_ONLY = {*DERIVED, "change"}


def path_of(model, page=""):
    return f"/admin/catalog/{model._meta.model_name}/{page}"


class PagesTests(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        with recording(cls.editor, "A new franchise."):
            Franchise().grow(2)
        make_image()
        Revision.objects.get_or_create(pk=1)

    def test_every_model_is_in_the_admin(self):
        for model in MODELS:
            with self.subTest(model=model.__name__):
                assert admin.site.is_registered(model)

    def test_every_list_answers(self):
        for model in MODELS:
            with self.subTest(model=model.__name__):
                response = self.client.get(path_of(model))
                assert response.status_code == 200
                assert response.context["cl"].result_count > 0

    def test_every_list_can_be_searched(self):
        for model in MODELS:
            with self.subTest(model=model.__name__):
                assert admin.site.get_model_admin(model).search_fields
                response = self.client.get(path_of(model), {"q": "xyzzy é 1"})
                assert response.status_code == 200

    def test_every_filter_answers(self):
        for model in MODELS:
            changelist = self.client.get(path_of(model)).context["cl"]
            links = [
                choice["query_string"]
                for spec in changelist.filter_specs
                for choice in spec.choices(changelist)
            ]
            for link in links:
                with self.subTest(model=model.__name__, link=link):
                    assert self.client.get(path_of(model) + link).status_code == 200

    def test_every_add_page_answers(self):
        for model in MODELS:
            with self.subTest(model=model.__name__):
                expected = 403 if model._meta.model_name in READ_ONLY else 200
                assert self.client.get(path_of(model, "add/")).status_code == expected

    def test_every_change_delete_and_history_page_answers(self):
        for model in MODELS:
            row = model.objects.order_by("pk").first()
            for page in ("change", "delete", "history"):
                with self.subTest(model=model.__name__, page=page):
                    expected = (
                        403 if (model._meta.model_name in READ_ONLY and page == "delete") else 200
                    )
                    response = self.client.get(path_of(model, f"{row.pk}/{page}/"))
                    assert response.status_code == expected

    def test_every_relation_is_chosen_by_autocomplete(self):
        for model in MODELS:
            if model._meta.model_name in READ_ONLY:
                continue
            model_admin = admin.site.get_model_admin(model)
            names = {
                field.name
                for field in [*model._meta.fields, *model._meta.many_to_many]
                if field.is_relation
            }
            with self.subTest(model=model.__name__):
                assert names - set(model_admin.autocomplete_fields) == set()

    def test_every_autocomplete_answers(self):
        for model in MODELS:
            for name in admin.site.get_model_admin(model).autocomplete_fields:
                with self.subTest(model=model.__name__, field=name):
                    response = self.client.get(
                        "/admin/autocomplete/",
                        {
                            "app_label": "catalog",
                            "model_name": model._meta.model_name,
                            "field_name": name,
                            "term": "bosch",
                        },
                    )
                    assert response.status_code == 200

    def test_anonymous_visitors_are_sent_to_sign_in(self):
        self.client.logout()
        for model in MODELS:
            for page in ("", "add/", "1/change/"):
                with self.subTest(model=model.__name__, page=page):
                    path = path_of(model, page)
                    self.assertRedirects(self.client.get(path), f"/admin/login/?next={path}")

    def test_staff_without_permissions_are_refused(self):
        self.client.force_login(get_user_model().objects.create_user("new", is_staff=True))
        for model in MODELS:
            for page in ("", "add/", f"{model.objects.first().pk}/change/"):
                with self.subTest(model=model.__name__, page=page):
                    assert self.client.get(path_of(model, page)).status_code == 403

    def test_pages_keep_to_the_content_security_policy(self):
        for model in MODELS:
            for page in ("", f"{model.objects.first().pk}/change/"):
                html = self.client.get(path_of(model, page)).content.decode()
                with self.subTest(model=model.__name__, page=page):
                    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", html)
                    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)


class DerivedDataTests(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.franchise = Franchise()
        Revision.objects.get_or_create(pk=1)

    def test_pages_say_so(self):
        for name in DERIVED:
            response = self.client.get(f"/admin/catalog/{name}/")
            self.assertContains(response, "Derived data.")
            self.assertNotContains(response, f"/admin/catalog/{name}/add/")

    def test_cannot_be_posted(self):
        entry = self.franchise.series.search_entry
        path = f"/admin/catalog/searchentry/{entry.pk}/change/"
        assert self.client.post(path, {"name": "Other"}).status_code == 403
        assert self.client.get(path.replace("change", "delete")).status_code == 403

    def test_is_not_told_of_before_deleting(self):
        self.franchise.grow(1)
        path = f"/admin/catalog/person/{self.franchise.person.pk}/delete/"
        response = self.client.get(path)
        self.assertContains(response, "What goes with it is listed here")
        self.assertContains(response, "Portrayal: <a")
        for noise in (
            "Search entry:",
            "Search entries:",
            "-source relationship",
            "-season relationship",
            " object (",
        ):
            self.assertNotContains(response, noise)

    def test_does_not_stand_in_the_way_of_deleting(self):
        path = f"/admin/catalog/series/{self.franchise.series.pk}/delete/"
        self.assertContains(self.client.get(path), "What goes with it is listed here")
        self.client.post(path, {"post": "yes"})
        assert not type(self.franchise.series).objects.exists()

    def test_does_not_stand_in_the_way_of_deleting_several(self):
        path = "/admin/catalog/series/"
        data = {"action": "delete_selected", "_selected_action": [self.franchise.series.pk]}
        self.assertContains(self.client.post(path, data), "Are you sure")
        self.client.post(path, {**data, "post": "yes"})
        assert not type(self.franchise.series).objects.exists()


class ViewOnSiteTests(AdminTestCase):
    def test_leads_to_the_public_page(self):
        franchise = Franchise()
        for row, path in [
            (franchise.series, "/series/bosch/"),
            (franchise.season, "/series/bosch/season-1/"),
            (franchise.episode, "/series/bosch/season-1/episode-1/"),
            (franchise.character, "/characters/harry-bosch/"),
            (franchise.person, "/people/titus-welliver/"),
            (franchise.organization, "/organizations/los-angeles-police-department/"),
            (franchise.announcement, "/news/bosch-is-renewed/"),
            (franchise.order, "/watch-orders/by-release/"),
        ]:
            with self.subTest(path=path):
                response = self.client.get(path_of(row, f"{row.pk}/change/"))
                link = response.context["absolute_url"]
                self.assertContains(response, f'href="{link}"')
                assert self.client.get(link)["Location"] == f"http://testserver{path}"

    def test_is_not_offered_where_there_is_no_page(self):
        franchise = Franchise()
        step = make_watch_step(franchise.order, series=franchise.series)
        response = self.client.get(path_of(step, f"{step.pk}/change/"))
        self.assertNotContains(response, "View on site")


class IndexTests(AdminTestCase):
    def test_has_the_models_of_every_day_first(self):
        sections = self.client.get("/admin/").context["app_list"]
        names = [(section["name"], section["models"][0]["name"]) for section in sections]
        assert names == [
            ("Every day", "Series"),
            ("Rows, one by one", "Portrayals"),
            ("Behind the scenes", "Sources"),
            ("Who may edit", "Users"),
        ]
        assert [row["name"] for row in sections[0]["models"]] == [
            "Series",
            "Seasons",
            "Episodes",
            "Characters",
            "People",
            "Organizations",
            "Announcements",
            "Watch orders",
            "Recent changes",
            "Likely duplicates",
            "Suggestions",
        ]

    def test_has_every_model_once(self):
        sections = self.client.get("/admin/").context["app_list"]
        models = [row["model"] for section in sections[:3] for row in section["models"]]
        assert sorted(models, key=lambda model: model.__name__) == MODELS

    def test_of_the_catalogue_alone_has_every_model(self):
        [app] = self.client.get("/admin/catalog/").context["app_list"]
        assert {row["model"] for row in app["models"]} == set(MODELS)

    def test_has_only_what_an_editor_may_see(self):
        user = get_user_model().objects.create_user("new", is_staff=True)
        user.user_permissions.add(Permission.objects.get(codename="view_person"))
        self.client.force_login(user)
        [section] = self.client.get("/admin/").context["app_list"]
        assert [row["name"] for row in section["models"]] == ["People"]


class RefusedTests(AdminTestCase):
    def test_looks_like_the_site_and_leads_back(self):
        self.client.force_login(get_user_model().objects.create_user("new", is_staff=True))
        response = self.client.get("/admin/catalog/person/")
        self.assertContains(response, 'class="notice hero"', status_code=403)
        self.assertContains(response, '<a href="/">front page</a>', status_code=403)
        self.assertContains(response, '<a href="/admin/">', status_code=403)


class ImageTests(AdminTestCase):
    def test_pages_show_the_picture_beside_its_box(self):
        image = make_image()
        for row in (
            make_series(cover=image),
            make_character(image=image),
            make_person(image=image),
            make_organization(image=image),
        ):
            with self.subTest(model=row._meta.model_name):
                response = self.client.get(path_of(row, f"{row.pk}/change/"))
                self.assertContains(response, f'<img src="{image.url_for(160)}"')

    def test_list_shows_a_preview(self):
        image = make_image()
        response = self.client.get("/admin/catalog/image/")
        self.assertContains(
            response, f'<img src="{image.url_for(160)}" alt="" width="107" height="60"'
        )


class QueryBudgetTests(AdminTestCase):
    """No page costs more statements as the catalogue grows."""

    def setUp(self):
        super().setUp()
        self.franchise = Franchise()
        with recording(self.editor):
            self.franchise.grow(5)
        make_image()
        Revision.objects.get_or_create(pk=1)

    def pages(self):
        for model in MODELS:
            yield path_of(model)
            yield path_of(model, f"?q={'bosch' if model._meta.model_name != 'revision' else 1}")
            yield path_of(model, f"{model.objects.order_by('pk').first().pk}/change/")
            if model._meta.model_name not in READ_ONLY:
                yield path_of(model, "add/")
        # Asking before deleting lists all that goes with it.
        for row in (self.franchise.series, self.franchise.person, self.franchise.character):
            yield path_of(row, f"{row.pk}/delete/")
        yield (
            "/admin/autocomplete/?app_label=catalog&model_name=characterfact"
            "&field_name=revealed_in&term=bosch"
        )

    def count(self, path):
        with CaptureQueriesContext(connection) as queries:
            assert self.client.get(path).status_code == 200
        return len(queries)

    def test_pages_cost_the_same_with_ten_times_the_rows(self):
        paths = list(self.pages())
        for path in paths:
            self.client.get(path)  # what is looked up once and kept
        before = {path: self.count(path) for path in paths}
        with recording(self.editor):
            self.franchise.grow(45)
        after = {path: self.count(path) for path in paths}
        assert {p: (before[p], n) for p, n in after.items() if n != before[p]} == {}
