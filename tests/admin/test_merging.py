"""Merging two people or characters in the admin."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from catalog.models import Change, Character, Person

from ..factories import make_character, make_person, make_portrayal
from .client import AdminTestCase, read_form


class MergingTestCase(AdminTestCase):
    path = "/admin/catalog/person/merge/"

    def setUp(self):
        super().setUp()
        self.one = make_person("Titus Welliver", born="1962")
        self.two = make_person("Titus Weliver", birth_place="New Haven")
        make_portrayal(self.two)

    def page(self):
        return f"{self.path}?one={self.one.pk}&two={self.two.pk}"

    def preview(self, **choices):
        response = self.client.post(self.path, self.form_at(self.page()) | choices)
        assert response.status_code == 200
        return response, read_form(response.content.decode())


class MergingTests(MergingTestCase):
    def test_two_are_ticked_in_the_list(self):
        data = {"action": "merge_two", "_selected_action": [self.one.pk, self.two.pk]}
        response = self.client.post("/admin/catalog/person/", data)
        self.assertRedirects(response, self.page())

    def test_one_or_three_are_told_to_be_two(self):
        keys = [self.one.pk, self.two.pk, make_person().pk]
        for several in (keys[:1], keys):
            data = {"action": "merge_two", "_selected_action": several}
            response = self.client.post("/admin/catalog/person/", data, follow=True)
            self.assertContains(response, "Tick exactly two")

    def test_another_is_found_from_the_page_of_one(self):
        page = self.client.get(f"/admin/catalog/person/{self.one.pk}/change/")
        self.assertContains(page, f'href="{self.path}?one={self.one.pk}"')
        response = self.client.get(f"{self.path}?one={self.one.pk}&q=weliver")
        self.assertContains(response, self.page().replace("&", "&amp;"))
        response = self.client.get(f"{self.path}?one={self.one.pk}&q=xyzzy")
        self.assertContains(response, "Nobody else is called")

    def test_both_stand_side_by_side_with_their_counts(self):
        response = self.client.get(self.page())
        self.assertContains(response, "New Haven")
        self.assertContains(response, "1962")
        assert ("Portrayals", 0, 1) in response.context["counts"]
        # What says something is chosen beforehand.
        assert self.form_at(self.page())["take-birth_place"] == "two"

    def test_the_preview_shows_and_does_nothing(self):
        response, form = self.preview()
        assert "Changed portrayal <strong>" in " ".join(response.content.decode().split())
        assert Person.objects.count() == 2
        assert form["digest"]

    def test_is_done_as_it_was_shown_and_undone_with_one_click(self):
        _, form = self.preview(**{"take-name": "two"})
        response = self.client.post(
            self.path, form | {"merge": "Merge", "why": "A misspelling."}, follow=True
        )
        person = Person.objects.get()
        assert (person.pk, person.name, person.birth_place) == (
            self.one.pk,
            "Titus Weliver",
            "New Haven",
        )
        change = Change.objects.told().first()
        assert (change.kind, change.revision.comment) == ("merge", "A misspelling.")
        self.assertContains(response, f'action="/admin/catalog/change/{change.pk}/undo/"')
        self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
        assert set(Person.objects.values_list("name", flat=True)) == {
            "Titus Welliver",
            "Titus Weliver",
        }

    def test_the_other_one_may_stay(self):
        _, form = self.preview(keep="two")
        self.client.post(self.path, form | {"merge": "Merge"})
        assert Person.objects.get().pk == self.two.pk

    def test_what_has_changed_since_is_looked_at_again(self):
        _, form = self.preview()
        make_portrayal(self.two)
        response = self.client.post(self.path, form | {"merge": "Merge"}, follow=True)
        self.assertContains(response, "changed since the preview")
        assert Person.objects.count() == 2

    def test_without_a_preview_nothing_is_done(self):
        self.client.post(self.path, self.form_at(self.page()) | {"merge": "Merge"})
        assert Person.objects.count() == 2

    def test_says_what_stands_in_the_way(self):
        self.two.died = "1950"
        self.two.save()
        response = self.client.post(self.path, self.form_at(self.page()), follow=True)
        self.assertContains(response, "Nothing was changed")
        assert Person.objects.count() == 2

    def test_keys_that_are_none_are_answered(self):
        for one in ("", "abc", "0", "99999999999999999999", "-1"):
            assert self.client.get(f"{self.path}?one={one}").status_code == 404
            response = self.client.get(f"{self.path}?one={self.one.pk}&two={one}")
            self.assertContains(response, "is the same as")
        response = self.client.get(f"{self.path}?one={self.one.pk}&two={self.one.pk}")
        self.assertContains(response, "is the same as")

    def test_characters_too(self):
        one, two = make_character("Harry Bosch"), make_character("H. Bosch")
        path = "/admin/catalog/character/merge/"
        form = self.form_at(f"{path}?one={one.pk}&two={two.pk}")
        form = read_form(self.client.post(path, form).content.decode())
        self.client.post(path, form | {"merge": "Merge"})
        assert not Character.objects.filter(pk=two.pk).exists()


class PermissionTests(MergingTestCase):
    def as_one_who_may(self, *codenames):
        user = get_user_model().objects.create_user("new", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        self.client.force_login(user)

    def test_who_may_not_merge_is_refused_everywhere(self):
        form = self.preview()[1]
        self.as_one_who_may("view_person", "change_person", "publish_person", "merge_character")
        assert self.client.get(self.page()).status_code == 403
        assert self.client.post(self.path, form | {"merge": "Merge"}).status_code == 403
        page = self.client.get("/admin/catalog/person/")
        self.assertNotContains(page, "merge_two")
        page = self.client.get(f"/admin/catalog/person/{self.one.pk}/change/")
        self.assertNotContains(page, "Merge with another")
        assert Person.objects.count() == 2
