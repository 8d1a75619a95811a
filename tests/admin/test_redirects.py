"""Old addresses, as an editor makes and meets them."""

from catalog.models import Change, Person, Redirect

from ..factories import make_person
from .client import AdminTestCase


class RenamedTests(AdminTestCase):
    def setUp(self):
        super().setUp()
        self.titus = make_person("Titus Welliver")
        self.path = f"/admin/catalog/person/{self.titus.pk}/change/"

    def rename(self, slug):
        self.save(self.path, self.form_at(self.path) | {"slug": slug})

    def test_a_change_of_the_slug_leads_on(self):
        self.rename("titus")
        self.assertRedirects(
            self.client.get("/people/titus-welliver/"), "/people/titus/", status_code=301
        )

    def test_undoing_it_leads_back(self):
        self.rename("titus")
        change = Change.objects.exclude(kind="before").get()
        self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
        assert Person.objects.get().slug == "titus-welliver"
        assert self.client.get("/people/titus-welliver/").status_code == 200
        # What was linked to in the meantime answers too.
        self.assertRedirects(
            self.client.get("/people/titus/"), "/people/titus-welliver/", status_code=301
        )

    def test_a_name_without_latin_letters_needs_no_slug(self):
        form = self.form_at("/admin/catalog/person/add/")
        self.save("/admin/catalog/person/add/", form | {"name": "Тайтус Уэлливер"})
        assert Person.objects.get(name="Тайтус Уэлливер").slug == "person"


class ByHandTests(AdminTestCase):
    def test_says_when_an_entry_answers_there(self):
        titus = make_person("Titus Welliver")
        make_person("Jamie Hector")
        path = "/admin/catalog/redirect/add/"
        form = self.form_at(path) | {"old_slug": "jamie-hector", "person": titus.pk}
        errors, _ = self.refuse(path, form)
        assert "“Jamie Hector” answers at this address now" in errors
        self.save(path, form | {"old_slug": "jamie"})
        assert Redirect.objects.get().target == titus
