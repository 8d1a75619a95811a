from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import LikelyDuplicate, Person, State

from ..factories import make_character, make_person
from .client import AdminTestCase, errors_of

ADD = "/admin/catalog/person/add/"
LIST = "/admin/catalog/likelyduplicate/"


class SameNameTests(AdminTestCase):
    def form(self, path=ADD, **fields):
        return {**self.form_at(path), **fields}

    def test_who_adds_a_name_that_is_there_is_asked_first(self):
        there = make_person("Titus Welliver", state=State.DRAFT)
        errors, response = self.refuse(ADD, self.form(name="titus wéllíver", born="1962"))
        assert "There is a person of this name already." in errors
        self.assertContains(response, f'<a href="/admin/catalog/person/{there.pk}/change/"')
        self.assertContains(response, 'value="1962"')
        self.assertContains(response, f'name="another" value="{there.pk}"')
        assert Person.objects.count() == 1

    def test_a_tick_saves_it_all_the_same(self):
        there = make_person("Titus Welliver")
        self.save(ADD, self.form(name="Titus Welliver", another=str(there.pk)))
        assert Person.objects.count() == 2
        assert LikelyDuplicate.objects.get().why == "same-name"

    def test_a_tick_holds_for_those_who_were_shown(self):
        shown = make_person("Titus Welliver")
        unseen = make_person("Titus Welliver")
        errors, response = self.refuse(ADD, self.form(name="Titus Welliver", another=str(shown.pk)))
        assert "of this name already" in errors
        self.assertContains(response, f'value="{shown.pk} {unseen.pk}"')
        for forged in ["x", "\x00", "-1 9999999999999999999", "1,2"]:
            with self.subTest(another=forged):
                self.refuse(ADD, self.form(name="Titus Welliver", another=forged))

    def test_who_renames_is_asked_too(self):
        there, person = make_person("Titus Welliver"), make_person("T. W.")
        path = f"/admin/catalog/person/{person.pk}/change/"
        errors, _ = self.refuse(path, self.form(path, name="Titus Welliver"))
        assert "of this name already" in errors
        errors, _ = self.refuse(path, self.form(path, other_names="Bill\nTitus Welliver"))
        assert "of this name already" in errors
        self.save(path, self.form(path, name="Titus Welliver", another=str(there.pk)))

    def test_who_changes_something_else_is_not_asked(self):
        make_person("Titus Welliver")
        person = make_person("Titus Welliver")
        path = f"/admin/catalog/person/{person.pk}/change/"
        self.save(path, self.form(path, born="1962", name="Titus WELLIVER"))
        person.refresh_from_db()
        assert (str(person.born), person.name) == ("1962", "Titus WELLIVER")

    def test_other_names_of_others_count(self):
        make_character("Harry Bosch", full_name="Hieronymus Bosch", other_names="HB")
        path = "/admin/catalog/character/add/"
        for name in ["Hieronymus Bosch", "hb"]:
            with self.subTest(name=name):
                errors, _ = self.refuse(path, self.form(path, name=name))
                assert "There is a character of this name already." in errors

    def test_an_id_that_somebody_has_leads_to_them(self):
        there = make_person("Titus Welliver", imdb_id="nm0920460", tmdb_id=39389)
        for ids in [{"imdb_id": "nm0920460"}, {"tmdb_id": "39389"}]:
            with self.subTest(ids=ids):
                errors, response = self.refuse(ADD, self.form(name="T. W.", **ids))
                assert "“Titus Welliver” has this id." in errors
                assert "Another entry" not in errors
                self.assertContains(response, f'<a href="/admin/catalog/person/{there.pk}/change/"')
        character = make_character("Harry Bosch", tvmaze_id=7)
        path = "/admin/catalog/character/add/"
        errors, _ = self.refuse(path, self.form(path, name="H. B.", tvmaze_id="7"))
        assert f"“{character}” has this id." in errors

    def test_a_near_miss_is_saved_and_told(self):
        there = make_person("Titus Welliver")
        response = self.client.post(ADD, self.form(name="Titus Weliver"), follow=True)
        person = Person.objects.get(name="Titus Weliver")
        self.assertContains(response, "One letter apart")
        address = f"/admin/catalog/person/merge/?one={person.pk}&amp;two={there.pk}"
        self.assertContains(response, address)

    def test_the_popup_of_another_page_asks_too(self):
        make_person("Titus Welliver")
        response = self.client.post(f"{ADD}?_popup=1", self.form(name="Titus Welliver", _popup="1"))
        assert "of this name already" in errors_of(response)


class ListTests(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.people = [make_person("Jane Smith"), make_person("Jane Smyth")]
        cls.characters = [make_character("Harry Bosch"), make_character("Harry Bosch")]

    def act(self, action):
        keys = list(LikelyDuplicate.objects.values_list("pk", flat=True))
        return self.client.post(LIST, {"action": action, "_selected_action": keys}, follow=True)

    def log_in(self, *groups, permissions=()):
        user = get_user_model().objects.create_user("other", is_staff=True)
        user.groups.set(Group.objects.filter(name__in=groups))
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        self.client.force_login(user)

    def test_shows_both_and_leads_to_merging_them(self):
        response = self.client.get(LIST)
        for kind, pair in [("person", self.people), ("character", self.characters)]:
            for entry in pair:
                self.assertContains(response, f'href="/admin/catalog/{kind}/{entry.pk}/change/"')
            one, two = pair
            address = f"/admin/catalog/{kind}/merge/?one={one.pk}&amp;two={two.pk}"
            self.assertContains(response, address)

    def test_can_be_narrowed(self):
        for query, number in [
            ("", 2),
            ("kind=person", 1),
            ("kind=character", 1),
            ("kind=nonsense", 2),
            ("why__exact=one-letter", 1),
            ("missing=open", 2),
            ("q=smyth", 1),
        ]:
            with self.subTest(query=query):
                response = self.client.get(f"{LIST}?{query}")
                assert response.context["cl"].result_count == number

    def test_what_is_known_to_be_two_is_asked_no_more_and_again(self):
        self.assertContains(self.act("are_two"), "2 pairs will not be asked about again.")
        assert not LikelyDuplicate.objects.filter(dismissed=False).exists()
        response = self.client.get(f"{LIST}?missing=open")
        assert response.context["cl"].result_count == 0
        self.assertContains(self.act("look_again"), "2 pairs will be asked about again.")
        assert not LikelyDuplicate.objects.filter(dismissed=True).exists()

    def test_only_who_may_merge_them_may_say_so(self):
        self.log_in("Contributor")
        self.assertNotContains(self.client.get(LIST), "/merge/")
        self.act("are_two")
        assert not LikelyDuplicate.objects.filter(dismissed=True).exists()

    def test_who_may_merge_people_says_it_of_people_alone(self):
        self.log_in("Contributor", permissions=["merge_person"])
        self.assertContains(self.act("are_two"), "1 pair will not be asked about again.")
        assert LikelyDuplicate.objects.get(dismissed=True).person_id == self.people[0].pk

    def test_who_may_see_nothing_is_refused(self):
        self.log_in(permissions=["view_person"])
        assert self.client.get(LIST).status_code == 403

    def test_nobody_edits_a_pair(self):
        pair = LikelyDuplicate.objects.first()
        path = f"{LIST}{pair.pk}/change/"
        assert self.client.get(path).status_code == 200
        assert self.client.post(path, {"dismissed": "on"}).status_code == 403
        assert self.client.get(f"{LIST}add/").status_code == 403

    def test_those_in_a_pair_can_be_deleted(self):
        person = self.people[0]
        path = f"/admin/catalog/person/{person.pk}/delete/"
        response = self.client.get(path)
        self.assertNotContains(response, "Likely duplicate:")
        self.client.post(path, {"post": "yes"})
        assert not Person.objects.filter(pk=person.pk).exists()

    def test_merging_starts_with_those_who_are_likely(self):
        one, two = self.people
        response = self.client.get(f"/admin/catalog/person/merge/?one={one.pk}")
        self.assertContains(response, f"?one={one.pk}&amp;two={two.pk}")

    def test_merged_ones_are_listed_no_more(self):
        one, two = self.people
        path = "/admin/catalog/person/merge/"
        data = self.form_at(f"{path}?one={one.pk}&two={two.pk}")
        self.client.post(path, {**data, "preview": "1"})
        shown = self.client.post(path, data)
        digest = shown.context["shown"].digest
        self.client.post(path, {**data, "digest": digest, "merge": "1"})
        assert Person.objects.count() == 1
        assert not LikelyDuplicate.objects.exclude(person=None).exists()

    def test_statements_do_not_grow_with_the_pairs(self):
        def statements():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(LIST)
            return len(queries)

        before = statements()
        for _ in range(5):
            make_person("Jane Smith")
        assert statements() == before
