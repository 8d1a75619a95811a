"""What contributors, editors and the others may do in the admin; above all, what they may not."""

import datetime as dt

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db import DEFAULT_DB_ALIAS, connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog import roles
from catalog.history import recording
from catalog.models import (
    Announcement,
    Change,
    Character,
    CharacterFact,
    Credit,
    Episode,
    Image,
    Organization,
    PendingImport,
    Person,
    PersonLink,
    Portrayal,
    Season,
    Series,
    Source,
    State,
    UploadedSheet,
    WatchOrder,
)
from catalog.models.entry import Entry

from ..factories import (
    make_announcement,
    make_character,
    make_credit,
    make_episode,
    make_fact,
    make_job,
    make_membership,
    make_network,
    make_organization,
    make_person,
    make_portrayal,
    make_relationship,
    make_relationship_kind,
    make_season,
    make_series,
    make_series_link,
    make_source,
    make_watch_order,
    make_watch_step,
)
from .client import AdminTestCase, add_row, make_groups

MAY_NOT_PUBLISH = "You may not publish. Send it to review; an editor will publish it."
DRAFT, IN_REVIEW, PUBLISHED = State.DRAFT, State.IN_REVIEW, State.PUBLISHED


def member_of(group):
    user = User.objects.create_user(f"one-of-the-{group}s", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def texts_of(response):
    return [str(message) for message in response.context["messages"]]


class ContributorTestCase(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.contributor = member_of("Contributor")

    def setUp(self):
        self.client.force_login(self.contributor)

    def post(self, path, data):
        return self.client.post(path, data, follow=True)


class GroupTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_groups()

    def codenames(self, name):
        return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))

    def test_every_kind_of_entry_can_be_published_by_permission(self):
        entries = [model for model in apps.get_models() if issubclass(model, Entry)]
        assert {model._meta.model_name for model in entries} == set(roles.ENTRIES)
        for model in entries:
            with self.subTest(model=model.__name__):
                assert f"publish_{model._meta.model_name}" in self.codenames("Editor")

    def test_an_editor_may_do_all_of_the_catalogue_and_nothing_else(self):
        all_of_it = Permission.objects.filter(content_type__app_label="catalog")
        assert self.codenames("Editor") == {*all_of_it.values_list("codename", flat=True)}

    def test_a_contributor_may_look_at_everything(self):
        # Of what was given to be imported everybody sees their own.
        own = {PendingImport, UploadedSheet}
        for model in {*apps.get_app_config("catalog").get_models()} - own:
            assert f"view_{model._meta.model_name}" in self.codenames("Contributor")

    def test_a_contributor_neither_publishes_nor_merges_nor_reverts_nor_deletes_entries(self):
        for codename in self.codenames("Contributor"):
            assert not codename.startswith(("publish", "merge", "revert")), codename
        for entry in roles.ENTRIES:
            assert f"delete_{entry}" not in self.codenames("Contributor")

    def test_a_contributor_adds_sources_and_images_and_leaves_those_there_are(self):
        for kind in ("source", "image"):
            assert f"add_{kind}" in self.codenames("Contributor")
        for kind in ("source", "image", "network", "job", "relationshipkind", "redirect"):
            for deed in ("change", "delete"):
                assert f"{deed}_{kind}" not in self.codenames("Contributor")

    def test_granting_once_more_brings_back_what_is_missing_and_keeps_what_is_more(self):
        Permission.objects.filter(codename="publish_person").delete()
        more = Permission.objects.get(codename="change_source")
        Group.objects.get(name="Contributor").permissions.add(more)
        roles.grant(apps, DEFAULT_DB_ALIAS)
        assert "publish_person" in self.codenames("Editor")
        assert "change_source" in self.codenames("Contributor")

    def test_revoking_leaves_the_accounts(self):
        user = member_of("Editor")
        roles.revoke(apps, DEFAULT_DB_ALIAS)
        assert not Group.objects.exists()
        assert not User.objects.get(pk=user.pk).has_perm("catalog.publish_person")


class EditorTests(AdminTestCase):
    def setUp(self):
        self.user = member_of("Editor")
        self.client.force_login(self.user)

    def test_publishes_from_the_form(self):
        person = make_person(state=DRAFT)
        path = f"/admin/catalog/person/{person.pk}/change/"
        self.save(path, self.form_at(path) | {"state": "published"})
        person.refresh_from_db()
        assert person.state == PUBLISHED

    def test_publishes_adds_and_deletes_what_visitors_see(self):
        portrayal = make_portrayal()
        path = f"/admin/catalog/person/{portrayal.person_id}/change/"
        self.save(path, self.form_at(path) | {"name": "Lance", "portrayals-0-billing": "3"})
        self.client.post(f"/admin/catalog/person/{portrayal.person_id}/delete/", {"post": "yes"})
        assert not Person.objects.exists()

    def test_gives_nobody_accounts(self):
        assert "Who may edit" not in self.client.get("/admin/").content.decode()
        for path in ("/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/group/"):
            assert self.client.get(path).status_code == 403

    def test_a_superuser_does(self):
        self.client.force_login(self.editor)
        self.assertContains(self.client.get("/admin/"), "Who may edit")
        for path in ("/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/group/"):
            assert self.client.get(path).status_code == 200


class PermissionsNotNamesTests(AdminTestCase):
    """Who has the permissions is an editor, whatever their groups are called."""

    def test_one_who_may_publish_people_publishes_people_only(self):
        user = User.objects.create_user("lee", is_staff=True)
        codenames = ["view_person", "change_person", "publish_person", "change_character"]
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        self.client.force_login(user)
        for kind, maker, ends_as in [
            ("person", make_person, PUBLISHED),
            ("character", make_character, DRAFT),
        ]:
            entry = maker(state=DRAFT)
            self.client.post(
                f"/admin/catalog/{kind}/", {"action": "publish", "_selected_action": [entry.pk]}
            )
            entry.refresh_from_db()
            assert entry.state == ends_as

    def test_a_group_of_the_name_without_permissions_gives_nothing(self):
        Group.objects.get(name="Editor").permissions.clear()
        self.client.force_login(member_of("Editor"))
        assert self.client.get("/admin/catalog/person/").status_code == 403

    def test_rows_ask_for_the_permission_on_all_that_they_hang_on(self):
        portrayal = make_portrayal()
        user = User.objects.create_user("lee", is_staff=True)
        codenames = ["change_person", "publish_person", "change_portrayal", "view_portrayal"]
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        self.client.force_login(user)
        path = f"/admin/catalog/person/{portrayal.person_id}/change/"
        data = self.form_at(path) | {"portrayals-0-billing": "7"}
        errors, _ = self.refuse(path, data)
        assert "Visitors see this, and you may not publish" in errors
        user.user_permissions.add(
            *Permission.objects.filter(codename__in=["publish_character", "publish_series"])
        )
        self.save(path, data)
        portrayal.refresh_from_db()
        assert portrayal.billing == 7


class DraftTests(ContributorTestCase):
    """What a contributor is there for."""

    def test_adds_a_draft_with_rows_and_sends_it_to_review(self):
        series, character = make_series(), make_character()
        path = "/admin/catalog/person/add/"
        data = self.form_at(path) | {"name": "Maggie Q", "_review": "1", "why": "Announced."}
        add_row(data, "portrayals", character=character.pk, series=series.pk, kind="main")
        add_row(data, "links", label="Site", url="https://example.com/")
        self.save(path, data)
        person = Person.objects.get()
        assert (person.state, person.shown_from) == (IN_REVIEW, None)
        assert person.portrayals.get().shown_from is None
        assert Change.objects.told().get().revision.comment == "Announced."

    def test_changes_a_draft_its_rows_and_its_sources(self):
        character, source = make_character(state=DRAFT), make_source()
        fact, gone = make_fact(character, "Old."), make_fact(character, "Gone.")
        path = f"/admin/catalog/character/{character.pk}/change/"
        data = self.form_at(path)
        self.save(
            path,
            data
            | {
                "slug": "another",
                "facts-0-text": "New.",
                "facts-1-DELETE": "on",
                "sources": [str(source.pk)],
            },
        )
        character.refresh_from_db()
        fact.refresh_from_db()
        assert (character.slug, fact.text) == ("another", "New.")
        assert not CharacterFact.objects.filter(pk=gone.pk).exists()
        assert list(character.sources.all()) == [source]

    def test_adds_a_source(self):
        path = "/admin/catalog/source/add/"
        data = {"publisher": "Variety", "title": "Renewed", "slug": "renewed"}
        self.save(path, self.form_at(path) | data)
        assert Source.objects.filter(slug="renewed").exists()

    def test_deletes_rows_that_nobody_sees(self):
        draft = make_series(state=DRAFT)
        season = make_season(draft)
        make_episode(season)
        response = self.post(f"/admin/catalog/season/{season.pk}/delete/", {"post": "yes"})
        assert response.status_code == 200
        assert not Season.objects.exists()

    def test_is_offered_the_states_that_are_theirs(self):
        page = self.client.get("/admin/catalog/person/add/").content.decode()
        assert '<option value="in-review">' in page
        assert 'value="published"' not in page
        assert 'name="publish_at' not in page
        assert "Save and send to review" in page
        assert "Save and publish" not in page


class RefusalTests(ContributorTestCase):
    """No path leads a contributor to what visitors see."""

    def assert_not_published(self):
        for model in (Announcement, Character, Organization, Person, Series, WatchOrder):
            assert not model.objects.filter(shown_from__isnull=False).exists(), model

    def test_posting_the_state(self):
        draft = make_person(state=DRAFT)
        for path in ("/admin/catalog/person/add/", f"/admin/catalog/person/{draft.pk}/change/"):
            with self.subTest(path=path):
                data = self.form_at(path) | {"name": "Maggie Q", "state": "published"}
                errors, _ = self.refuse(path, data)
                assert "You may not publish. Send it to review" in errors
        self.assert_not_published()

    def test_posting_the_button(self):
        draft = make_person(state=DRAFT)
        path = f"/admin/catalog/person/{draft.pk}/change/"
        errors, _ = self.refuse(path, self.form_at(path) | {"_publish": "1"})
        assert "You may not publish" in errors
        self.assert_not_published()

    def test_posting_a_date(self):
        draft = make_person(state=DRAFT)
        path = f"/admin/catalog/person/{draft.pk}/change/"
        data = self.form_at(path)
        data |= {"publish_at_0": "2020-01-01", "publish_at_1": "00:00", "publish_at": "2020-01-01"}
        self.save(path, data)
        draft.refresh_from_db()
        assert draft.publish_at is None

    def test_in_a_window_of_its_own(self):
        path = "/admin/catalog/person/add/?_popup=1"
        data = self.form_at(path) | {"name": "Maggie Q", "state": "published", "_popup": "1"}
        self.refuse(path, data)
        data = self.form_at(path) | {"name": "Maggie Q", "_saveasnew": "1", "_popup": "1"}
        self.client.post(path, data)
        self.assert_not_published()

    def test_saving_as_new(self):
        make_person("Titus", state=DRAFT)
        published = make_person("Jamie")
        path = f"/admin/catalog/person/{published.pk}/change/"
        self.client.post(path, {"name": "Copy", "state": "published", "_saveasnew": "1"})
        assert not Person.objects.filter(name="Copy").exists()

    def test_an_action_that_is_not_offered(self):
        draft = make_person(state=DRAFT)
        page = self.client.get("/admin/catalog/person/").content.decode()
        assert "send_to_review" in page
        assert 'value="publish"' not in page
        response = self.post(
            "/admin/catalog/person/", {"action": "publish", "_selected_action": [draft.pk]}
        )
        [text] = texts_of(response)
        assert text == f"Nothing was changed. {MAY_NOT_PUBLISH}"
        self.assert_not_published()
        response = self.post(
            "/admin/catalog/person/",
            {"action": "delete_selected", "_selected_action": [draft.pk], "post": "yes"},
        )
        assert texts_of(response) == ["Nothing was changed: you may not delete people."]
        data = {"action": "merge_two", "_selected_action": [draft.pk, make_person().pk]}
        response = self.post("/admin/catalog/person/", data)
        assert texts_of(response) == ["Nothing was changed: you may not merge people."]
        assert Person.objects.filter(pk=draft.pk).exists()

    def test_taking_back_what_is_published(self):
        waiting = make_person("Jamie Hector", state=IN_REVIEW)
        out = make_person("Titus Welliver")
        later = make_person("Amy", publish_at=timezone.now() + dt.timedelta(days=3))
        for action in ("take_back_to_draft", "send_to_review"):
            with self.subTest(action=action):
                data = {"action": action, "_selected_action": [waiting.pk, out.pk, later.pk]}
                [text] = texts_of(self.post("/admin/catalog/person/", data))
                assert text == (
                    "Nothing was changed: “Amy” and “Titus Welliver” are published. You may not "
                    "publish: ask an editor."
                )
        states = Person.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == [IN_REVIEW, PUBLISHED, PUBLISHED]
        path = f"/admin/catalog/person/{out.pk}/change/"
        [text] = texts_of(self.post(path, {"_take_back": "1"}))
        assert "“Titus Welliver” is published." in text

    def test_the_page_of_what_is_published_can_be_read(self):
        person = make_person("Titus Welliver")
        make_portrayal(person)
        page = self.client.get(f"/admin/catalog/person/{person.pk}/change/").content.decode()
        assert "This is published, and you may not publish: ask an editor" in page
        assert 'name="_save"' not in page
        assert 'name="name"' not in page
        assert 'name="portrayals-0-billing"' not in page

    def test_what_was_published_meanwhile_stays_and_the_typed_text_too(self):
        person = make_person("Titus", state=DRAFT)
        path = f"/admin/catalog/person/{person.pk}/change/"
        data = add_row(self.form_at(path), "links", label="Site", url="https://example.com/")
        person.state = PUBLISHED
        person.save()
        errors, response = self.refuse(path, data | {"birth_place": "New Haven"})
        assert "This is published, and you may not publish" in errors
        self.assertContains(response, "New Haven")
        self.assertContains(response, "https://example.com/")
        person.refresh_from_db()
        assert (person.birth_place, PersonLink.objects.count()) == ("", 0)

    def test_what_is_in_review_is_taken_back_first(self):
        person = make_person("Titus", state=IN_REVIEW)
        path = f"/admin/catalog/person/{person.pk}/change/"
        page = self.client.get(path).content.decode()
        assert "This is in review. Take it back to draft to change it" in page
        assert 'name="_save"' not in page
        assert 'name="_take_back"' in page
        errors, _ = self.refuse(path, {"name": "Other", "state": "draft", **_no_rows(page)})
        assert "This is in review." in errors
        response = self.post(path, {"_take_back": "1"})
        assert texts_of(response) == ["1 person: now “draft”."]
        self.save(path, self.form_at(path) | {"name": "Titus Welliver"})
        person.refresh_from_db()
        assert (person.state, person.name) == (DRAFT, "Titus Welliver")

    def test_deleting_an_entry(self):
        for state in (DRAFT, PUBLISHED):
            person = make_person(state=state)
            path = f"/admin/catalog/person/{person.pk}/delete/"
            assert self.client.post(path, {"post": "yes"}).status_code == 403
        assert Person.objects.count() == 2

    def test_changing_what_many_share(self):
        named = make_source()
        make_person().sources.add(named)
        for kind, row in [
            ("network", make_network()),
            ("job", make_job()),
            ("relationshipkind", make_relationship_kind("partner of")),
        ]:
            with self.subTest(kind=kind):
                path = f"/admin/catalog/{kind}/{row.pk}/"
                assert self.client.post(f"{path}change/", {"name": "x"}).status_code == 403
                assert self.client.post(f"{path}delete/", {"post": "yes"}).status_code == 403
        path = f"/admin/catalog/source/{named.pk}/"
        assert self.client.post(f"{path}delete/", {"post": "yes"}).status_code == 403
        errors, _ = self.refuse(f"{path}change/", {"title": "x"})
        assert "ask an editor to correct it" in errors
        assert self.client.get("/admin/catalog/redirect/add/").status_code == 403
        assert not Image.objects.exists()


def _no_rows(page, *prefixes):
    """The management forms of a page that shows none."""
    prefixes = prefixes or ["portrayals", "credits", "links"]
    return {f"{prefix}-{name}_FORMS": "0" for prefix in prefixes for name in ("TOTAL", "INITIAL")}


class SourceTests(ContributorTestCase):
    """A slip in a source is mended by who made it, as long as it stands nowhere else."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.source = make_source("Renewd")
        cls.path = f"/admin/catalog/source/{cls.source.pk}/change/"

    def title(self):
        return Source.objects.get().title

    def test_is_corrected_while_only_drafts_name_it(self):
        draft = make_person(state=DRAFT)
        draft.sources.add(self.source)
        make_portrayal(draft, make_character(), make_series()).sources.add(self.source)
        self.save(self.path, self.form_at(self.path) | {"title": "Renewed"})
        assert self.title() == "Renewed"

    def test_stands_once_something_handed_in_names_it(self):
        data = self.form_at(self.path) | {"title": "Renewed"}
        series = make_series()
        for row in [
            make_person(),
            make_person(state=IN_REVIEW),
            make_person(publish_at=timezone.now() + dt.timedelta(days=3)),
            make_season(series),
            make_fact(make_character(state=IN_REVIEW)),
            make_fact(make_character(), revealed_in=make_episode(make_season(series, number=2))),
        ]:
            with self.subTest(row=row):
                row.sources.set([self.source])
                self.assertContains(self.client.get(self.path), "ask an editor to correct it")
                self.assertNotContains(self.client.get(self.path), 'name="title"')
                errors, response = self.refuse(self.path, data)
                assert "ask an editor to correct it" in errors
                self.assertContains(response, "Renewed")
                assert self.title() == "Renewd"
                row.sources.clear()
        self.save(self.path, data)

    def test_is_not_deleted(self):
        path = f"/admin/catalog/source/{self.source.pk}/delete/"
        assert self.client.post(path, {"post": "yes"}).status_code == 403

    def test_is_left_alone_by_who_may_only_look(self):
        user = User.objects.create_user("lee", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename="view_source"))
        self.client.force_login(user)
        assert self.client.post(self.path, {"title": "Renewed"}).status_code == 403

    def test_is_free_to_editors_whatever_names_it(self):
        make_person().sources.add(self.source)
        self.client.force_login(member_of("Editor"))
        self.save(self.path, self.form_at(self.path) | {"title": "Renewed"})
        assert self.title() == "Renewed"

    def test_is_asked_about_in_as_many_statements_however_much_names_it(self):
        def statements():
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.path)
            return len(queries)

        draft = make_person(state=DRAFT)
        draft.sources.add(self.source)
        statements()  # whichever test comes first looks up what kinds there are
        few = statements()
        for _ in range(20):
            make_person(state=DRAFT).sources.add(self.source)
            make_fact(make_character(state=DRAFT)).sources.add(self.source)
        assert statements() == few


class ShownRowTests(ContributorTestCase):
    """Rows of what is published, on their own pages and on those of drafts."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.series = make_series("Bosch")
        cls.season = make_season(cls.series)
        cls.episode = make_episode(cls.season)
        cls.person, cls.character = make_person("Titus"), make_character("Harry")
        cls.draft = make_person("Draft", state=DRAFT)
        cls.draft_series = make_series("Draft series", state=DRAFT)
        organization = make_organization()
        kind = make_relationship_kind("partner of")
        cls.rows = [
            cls.season,
            cls.episode,
            make_portrayal(cls.person, cls.character, cls.series),
            make_credit(cls.person, cls.series),
            make_fact(cls.character),
            make_relationship(cls.character, make_character(), kind),
            make_membership(organization, cls.character),
            make_series_link(cls.series, make_series("Ballard")),
            cls.person.links.create(label="Site", url="https://example.com/"),
            make_watch_step(make_watch_order(), series=cls.series),
        ]

    def test_can_be_read_and_not_changed(self):
        assert {row._meta.model_name for row in self.rows} == set(roles.ROWS)
        for row in self.rows:
            kind = row._meta.model_name
            path = f"/admin/catalog/{kind}/{row.pk}/change/"
            with self.subTest(kind=kind):
                page = self.client.get(path).content.decode()
                assert "Visitors see this, and you may not publish" in page
                assert 'name="_save"' not in page

    def test_are_not_deleted(self):
        for row in self.rows:
            path = f"/admin/catalog/{row._meta.model_name}/{row.pk}/delete/"
            with self.subTest(path=path):
                assert self.client.post(path, {"post": "yes"}).status_code == 403
            self.client.post(
                f"/admin/catalog/{row._meta.model_name}/",
                {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
            )
            assert type(row).objects.filter(pk=row.pk).exists()

    def test_are_not_added(self):
        other = make_person("Jamie")
        path = "/admin/catalog/portrayal/add/"
        data = self.form_at(path) | {"person": other.pk, "series": self.series.pk, "kind": "self"}
        errors, _ = self.refuse(path, data)
        assert "Visitors would see this at once, since all that it is about is published" in errors
        self.save(path, data | {"person": self.draft.pk})
        assert Portrayal.objects.last().shown_from is None
        for kind, fields in [
            ("season", {"series": self.series.pk, "number": "2"}),
            ("episode", {"season": self.season.pk, "number": "2"}),
            ("characterfact", {"character": self.character.pk, "text": "False."}),
            ("personlink", {"person": other.pk, "label": "x", "url": "https://example.com/"}),
        ]:
            with self.subTest(kind=kind):
                path = f"/admin/catalog/{kind}/add/"
                errors, _ = self.refuse(path, self.form_at(path) | fields)
                assert "Visitors would see this at once" in errors

    def test_are_not_changed_in_the_boxes_of_a_list(self):
        for kind, box, value in [("portrayal", "billing", "9"), ("episode", "runtime", "45")]:
            path = f"/admin/catalog/{kind}/"
            data = self.form_at(path) | {f"form-0-{box}": value, "_save": "Save"}
            with self.subTest(kind=kind):
                response = self.client.post(path, data)
                assert response.status_code == 200
                self.assertContains(response, "You may not change")
        assert Episode.objects.get(pk=self.episode.pk).runtime is None

    def test_are_not_reached_from_the_page_of_a_draft(self):
        """A posted key of another entry's row is not one of the page's."""
        make_portrayal(self.draft, self.character, self.series)
        shown = Portrayal.objects.get(person=self.person)
        path = f"/admin/catalog/person/{self.draft.pk}/change/"
        data = self.form_at(path)
        for fields in ({"portrayals-0-billing": "9"}, {"portrayals-0-DELETE": "on"}):
            self.client.post(path, data | {"portrayals-0-id": str(shown.pk)} | fields)
            kept = Portrayal.objects.get(pk=shown.pk)
            assert (kept.person, kept.billing) == (self.person, None)

    def test_are_not_made_of_those_of_a_draft(self):
        hidden = make_portrayal(self.draft, make_character(), self.series)
        path = f"/admin/catalog/portrayal/{hidden.pk}/change/"
        errors, _ = self.refuse(path, self.form_at(path) | {"person": self.person.pk})
        assert "Visitors would see this at once" in errors
        season = make_season(self.draft_series, number=5)
        path = f"/admin/catalog/season/{season.pk}/change/"
        errors, _ = self.refuse(path, self.form_at(path) | {"series": self.series.pk})
        assert "Visitors would see this at once" in errors
        season.refresh_from_db()
        assert season.series == self.draft_series

    def test_do_not_lose_what_they_name_by_a_deletion(self):
        """Who may delete drafts, and not publish, takes none away from what is shown."""
        group = Group.objects.get(name="Contributor")
        group.permissions.add(Permission.objects.get(codename="delete_organization"))
        parents = [make_organization(state=DRAFT) for _ in range(2)]
        child = make_organization("Cold Case Unit", parent=parents[0])
        make_organization(parent=parents[1], state=DRAFT)
        paths = [f"/admin/catalog/organization/{parent.pk}/delete/" for parent in parents]
        [text] = texts_of(self.post(paths[0], {"post": "yes"}))
        assert "Nothing was changed: This would change what visitors see of “Cold Case" in text
        self.post(paths[1], {"post": "yes"})
        assert Organization.objects.filter(pk__in=[parent.pk for parent in parents]).count() == 1
        child.refresh_from_db()
        assert child.parent == parents[0]

    def test_that_lead_from_an_old_address_are_not_taken_away(self):
        self.person.slug = "titus-welliver"
        self.person.save()
        old = self.person.redirects.get().old_slug
        path = f"/admin/catalog/person/{self.draft.pk}/change/"
        errors, _ = self.refuse(path, self.form_at(path) | {"slug": old})
        assert f"“{old}” leads visitors to “Titus”" in errors
        assert self.person.redirects.get().old_slug == old

    def test_are_told_of_by_the_page_that_forgot_to_ask(self):
        """Whatever raises it, the answer says why, and nothing was changed."""
        hidden = make_portrayal(self.draft, make_character(), self.series)
        Group.objects.get(name="Contributor").permissions.add(
            Permission.objects.get(codename="revert_changes")
        )
        with recording(self.editor) as record:
            _moved(record, hidden, person=self.person)
        response = self.post(f"/admin/catalog/change/{record.change.pk}/undo/", {})
        [text] = texts_of(response)
        assert text.startswith("Nothing was changed: This would change what visitors see")
        hidden.refresh_from_db()
        assert hidden.person == self.person

    def test_are_held_whatever_the_page(self):
        """A page that forgets to ask is stopped by the record of what it did."""
        for change in (
            lambda record: record.delete([Portrayal.objects.get(person=self.person)]),
            lambda record: make_fact(self.character, "New."),
            lambda record: make_announcement("News", series=[self.series]),
            lambda record: _moved(record, Credit.objects.get(), person=self.draft),
            lambda record: _moved(record, self.draft, state=PUBLISHED),
        ):
            with self.assertRaises(roles.NotShownError), recording(self.contributor) as record:
                change(record)
        assert Portrayal.objects.filter(person=self.person).exists()
        assert not CharacterFact.objects.filter(text="New.").exists()
        assert not Announcement.objects.exists()
        assert Credit.objects.get().person == self.person
        assert Person.objects.get(pk=self.draft.pk).state == DRAFT

    def test_may_be_changed_by_editors_and_by_commands(self):
        for user in (self.editor, member_of("Editor"), None):
            with recording(user) as record:
                _moved(record, self.person, birth_place="New Haven")


class RowInReviewTests(ContributorTestCase):
    """What was handed in stays what it is, on whatever page one tries."""

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.published = make_series("Bosch")
        cls.series = make_series("Ballard", state=IN_REVIEW)
        cls.season = make_season(cls.series)
        cls.person, cls.character = make_person("Maggie", state=IN_REVIEW), make_character("Renée")
        cls.draft = make_person("Draft", state=DRAFT)
        organization = make_organization(state=IN_REVIEW)
        other, kind = make_character(state=IN_REVIEW), make_relationship_kind("partner of")
        cls.rows = [
            cls.season,
            make_episode(cls.season),
            make_portrayal(cls.person, cls.character, cls.published),
            make_credit(cls.person, cls.published),
            make_fact(other),
            make_relationship(cls.character, other, kind),
            make_membership(organization, cls.character),
            make_series_link(cls.series, cls.published),
            cls.person.links.create(label="Site", url="https://example.com/"),
            make_watch_step(make_watch_order(state=IN_REVIEW), series=cls.published),
        ]

    def test_is_read_and_neither_changed_nor_deleted(self):
        assert {row._meta.model_name for row in self.rows} == set(roles.ROWS)
        for row in self.rows:
            path = f"/admin/catalog/{row._meta.model_name}/{row.pk}/"
            with self.subTest(path=path):
                page = self.client.get(f"{path}change/").content.decode()
                assert "in review. Take it back to draft" in page
                assert 'name="_save"' not in page
                errors, _ = self.refuse(f"{path}change/", _no_rows(page, "episodes"))
                assert "in review. Take it back to draft" in errors
                assert self.client.post(f"{path}delete/", {"post": "yes"}).status_code == 403
            data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            self.client.post(f"/admin/catalog/{row._meta.model_name}/", data)
            assert type(row).objects.filter(pk=row.pk).exists()

    def test_is_not_added(self):
        for kind, fields in [
            ("season", {"series": self.series.pk, "number": "2"}),
            ("episode", {"season": self.season.pk, "number": "2"}),
            ("personlink", {"person": self.person.pk, "label": "x", "url": "https://e.com/"}),
            ("portrayal", {"person": self.person.pk, "series": self.published.pk, "kind": "self"}),
        ]:
            with self.subTest(kind=kind):
                path = f"/admin/catalog/{kind}/add/"
                errors, _ = self.refuse(path, self.form_at(path) | fields)
                assert "in review. Take it back to draft to change what belongs to it" in errors

    def test_several_that_hold_it_are_all_named(self):
        path = "/admin/catalog/portrayal/add/"
        fields = {"person": self.person.pk, "series": self.series.pk, "kind": "self"}
        errors, _ = self.refuse(path, self.form_at(path) | fields)
        assert "“Maggie” and “Ballard” are in review. Take one of them back to draft" in errors

    def test_is_not_changed_in_the_boxes_of_a_list(self):
        path = "/admin/catalog/portrayal/"
        data = self.form_at(path) | {"form-0-billing": "9", "_save": "Save"}
        self.assertContains(self.client.post(path, data), "You may not change")
        assert Portrayal.objects.get().billing is None

    def test_is_not_moved_to_a_draft_nor_from_one(self):
        moved = self.rows[2]
        path = f"/admin/catalog/portrayal/{moved.pk}/change/"
        mine = make_portrayal(self.draft, self.character, self.published, kind="guest")
        own = f"/admin/catalog/portrayal/{mine.pk}/change/"
        data = self.form_at(own)
        self.refuse(path, data)
        self.refuse(own, data | {"person": self.person.pk})
        assert {*Portrayal.objects.values_list("person", flat=True)} == {
            self.person.pk,
            self.draft.pk,
        }

    def test_of_a_draft_too_is_still_to_be_looked_at(self):
        """So a draft may name what is in review, as it may name what is published."""
        path = f"/admin/catalog/person/{self.draft.pk}/change/"
        data = self.form_at(path)
        add_row(data, "portrayals", series=self.series.pk, character=self.character.pk)
        self.save(path, data | {"_review": "1"})
        assert Portrayal.objects.filter(person=self.draft, series=self.series).exists()
        self.draft.refresh_from_db()
        assert self.draft.state == IN_REVIEW

    def test_is_not_reached_by_a_pasted_cast_list(self):
        path = f"/admin/catalog/series/{self.series.pk}/paste-cast/"
        text = "Maggie as Renée"
        self.assertContains(self.client.post(path, {"text": text}), "are in review. Take one")
        data = self.form_at(path) | {"text": text, "save": "1"}
        shown = self.client.post(path, {"text": text}).context["casting"].digest
        chosen = {"take-1": "on", "person-1": self.person.pk, "character-1": self.character.pk}
        self.client.post(path, data | chosen | {"shown": shown})
        assert not Portrayal.objects.filter(series=self.series).exists()

    def test_does_not_pass_to_the_next_season(self):
        part = make_portrayal(self.person, self.character, self.series, seasons=[self.season])
        later = make_season(self.series, number=2)
        path = f"/admin/catalog/season/{later.pk}/copy-cast/"
        self.assertContains(self.client.get(path), "are in review. Take one")
        self.client.post(path, {"part": [part.pk]})
        assert list(part.seasons.all()) == [self.season]

    def test_is_free_once_it_is_taken_back(self):
        link = PersonLink.objects.get()
        self.post(f"/admin/catalog/person/{self.person.pk}/change/", {"_take_back": "1"})
        path = f"/admin/catalog/personlink/{link.pk}/change/"
        self.save(path, self.form_at(path) | {"label": "Home"})
        assert PersonLink.objects.get().label == "Home"

    def test_is_free_to_editors(self):
        self.client.force_login(member_of("Editor"))
        path = f"/admin/catalog/personlink/{PersonLink.objects.get().pk}/change/"
        self.save(path, self.form_at(path) | {"label": "Home"})

    def test_is_held_whatever_the_page(self):
        """A page that forgets to ask is stopped by the record of what it did."""
        for change in (
            lambda record: record.delete([PersonLink.objects.get()]),
            lambda record: make_season(self.series, number=7),
            lambda record: _moved(record, self.rows[2], person=self.draft),
            lambda record: _moved(record, self.person, name="Another"),
            lambda record: _moved(record, self.person, name="Another", state=DRAFT),
            lambda record: _moved(record, self.person, state=PUBLISHED),
            lambda record: (
                _moved(record, self.person, state=DRAFT),
                record.delete([PersonLink.objects.get()]),
            ),
        ):
            with self.assertRaises(roles.NotShownError), recording(self.contributor) as record:
                change(record)
        assert PersonLink.objects.exists()
        assert Person.objects.get(pk=self.person.pk).name == "Maggie"

    def test_news_published_before_the_series_it_gives_away_is_held_too(self):
        episode = make_episode(make_season(make_series(state=DRAFT)))
        news = make_announcement("News", revealed_in=episode)
        with self.assertRaises(roles.NotShownError), recording(self.contributor) as record:
            _moved(record, news, name="Other news")


def _moved(record, row, **fields):
    row = type(row).objects.get(pk=row.pk)
    record.remember([row])
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
