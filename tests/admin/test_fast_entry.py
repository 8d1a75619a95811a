"""Much at once: a pasted cast list, the cast of the season before, a grid of episodes."""

from concurrent.futures import ThreadPoolExecutor

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from catalog.models import Change, Character, Episode, PartialDate, Person, Portrayal, State

from ..factories import (
    make_character,
    make_episode,
    make_person,
    make_portrayal,
    make_season,
    make_series,
)
from .client import AdminTestCase, read_form

CAST = """\
Cast
Titus Welliver as Harry Bosch
• Jamie Hector ... Jerry Edgar (68 episodes)

Amy Aquino\tGrace Billets
Madison Lintz – Maddie Bosch (uncredited)
Jimmy Kimmel as Himself
Titus Welliver as Harry Bosch
"""


class FastEntryTestCase(AdminTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.series = make_series("Bosch")
        cls.season = make_season(cls.series, 2)
        cls.cast_of_series = f"/admin/catalog/series/{cls.series.pk}/paste-cast/"
        cls.cast = f"/admin/catalog/season/{cls.season.pk}/paste-cast/"
        cls.copy = f"/admin/catalog/season/{cls.season.pk}/copy-cast/"
        cls.add = f"/admin/catalog/season/{cls.season.pk}/add-episodes/"

    def sign_in(self, *permissions):
        """As an editor who may do no more than that."""
        user = get_user_model().objects.create_user("new", is_staff=True)
        for name in permissions:
            user.user_permissions.add(Permission.objects.get(codename=name))
        self.client.force_login(user)
        return user

    def preview(self, text, path=None, **fields):
        """What the page shows of ``text``, and the boxes of its form."""
        response = self.client.post(path or self.cast, {"text": text, "preview": "", **fields})
        assert response.status_code == 200
        return response, read_form(response.content.decode())

    def enter(self, text, path=None, **fields):
        """Preview and save; ``fields`` are boxes that are filled in otherwise than suggested."""
        options = {name: fields.pop(name) for name in ("kind", "is_billed") if name in fields}
        _, form = self.preview(text, path, **options)
        for name in [name for name, value in fields.items() if value is None]:
            del form[name], fields[name]
        return self.client.post(path or self.cast, {**form, **fields, "save": ""}, follow=True)

    @staticmethod
    def outcomes(response):
        return [each.problem or each.outcome for each in response.context["casting"].proposals]

    @staticmethod
    def parts():
        rows = Portrayal.objects.order_by("pk").prefetch_related("seasons")
        return [
            (part.person.name, part.role, part.kind, [s.number for s in part.seasons.all()])
            for part in rows
        ]


class PastedCastTests(FastEntryTestCase):
    def test_the_pages_of_a_series_and_a_season_lead_here(self):
        for path in (f"series/{self.series.pk}", f"season/{self.season.pk}"):
            response = self.client.get(f"/admin/catalog/{path}/change/")
            self.assertContains(response, f"/admin/catalog/{path}/paste-cast/")
        self.assertContains(response, self.copy)
        self.assertContains(response, self.add)
        assert self.client.get(self.cast).status_code == 200
        assert self.client.get(self.cast_of_series).status_code == 200
        assert self.client.get("/admin/catalog/season/99999/paste-cast/").status_code == 404

    def test_nothing_is_saved_before_it_was_seen(self):
        titus = make_person("Titus Welliver")
        response, form = self.preview(CAST)
        assert self.outcomes(response) == [
            "This cannot be split into an actor and a character. Write “Actor as Character”.",
            *["New part"] * 5,
            "This says the same as line 2.",
        ]
        assert form["person-2"] == str(titus.pk)
        assert form["character-2"] == "new"
        assert "take-1" not in form
        assert form["take-2"] == "on"
        assert Person.objects.count() == 1
        assert not Portrayal.objects.exists()

    def test_says_of_new_drafts_that_they_may_be_there_already(self):
        make_person("Titus Welliver")
        response = self.enter("Titus Weliver as Harry Bosch")
        self.assertContains(response, "Among the new drafts 1 may be there already")
        self.assertContains(response, 'href="/admin/catalog/likelyduplicate/">look at')
        assert "may be there already" not in self.enter("Amy Aquino as Grace").content.decode()

    def test_saves_what_was_shown_and_says_so(self):
        make_person("Titus Welliver")
        make_character("Harry Bosch")
        response = self.enter(CAST, kind="main", is_billed="on")
        self.assertContains(
            response,
            "5 parts added; as new drafts: 4 people and 3 characters.",
        )
        self.assertContains(response, "since they say nothing clear or new: “Cast”; “Titus")
        assert self.parts() == [
            ("Titus Welliver", "Harry Bosch", "main", [2]),
            ("Jamie Hector", "Jerry Edgar", "main", [2]),
            ("Amy Aquino", "Grace Billets", "main", [2]),
            ("Madison Lintz", "Maddie Bosch", "main", [2]),
            ("Jimmy Kimmel", "Themselves", "self", [2]),
        ]
        assert [part.billing for part in Portrayal.objects.order_by("pk")] == [1, 2, 3, 4, 5]
        assert Portrayal.objects.get(person__name="Madison Lintz").note == "uncredited"
        assert Person.objects.get(name="Jamie Hector").state == State.DRAFT
        assert Person.objects.get(name="Jamie Hector").slug == "jamie-hector"

    def test_new_people_are_not_shown_to_visitors(self):
        self.enter("Jamie Hector as Jerry Edgar")
        self.client.logout()
        self.assertNotContains(self.client.get("/series/bosch/"), "Jamie")
        assert self.client.get("/people/jamie-hector/").status_code == 404

    def test_a_second_time_there_is_nothing_to_do(self):
        self.enter(CAST)
        response, _ = self.preview(CAST)
        assert self.outcomes(response)[1:6] == ["Nothing to do: it is all there"] * 5
        before = Change.objects.count()
        self.assertContains(self.enter(CAST), "0 parts added.")
        assert len(self.parts()) == 5
        assert Change.objects.count() == before

    def test_adds_the_season_to_a_part_that_is_there(self):
        part = make_portrayal(
            make_person("Titus Welliver"),
            make_character("Harry Bosch"),
            self.series,
            [make_season(self.series, 1)],
            kind="main",
        )
        response, _ = self.preview("Titus Welliver as Harry Bosch")
        assert self.outcomes(response) == ["Already there: the season is added"]
        response = self.enter("Titus Welliver as Harry Bosch")
        self.assertContains(response, "0 parts added; 1 part of before filled in.")
        assert [season.number for season in part.seasons.order_by("number")] == [1, 2]
        assert Portrayal.objects.count() == 1

    def test_fills_in_the_kind_that_was_not_known(self):
        part = make_portrayal(
            make_person("Titus"), make_character("Harry"), self.series, [self.season], kind=""
        )
        response, _ = self.preview("Titus as Harry", kind="main")
        assert self.outcomes(response) == ["Already there: what is missing is filled in"]
        self.enter("Titus as Harry", kind="main")
        part.refresh_from_db()
        assert part.kind == "main"

    def test_a_part_of_another_kind_is_another_part(self):
        titus, harry = make_person("Titus"), make_character("Harry")
        make_portrayal(titus, harry, self.series, kind="guest")
        self.enter("Titus as Harry", kind="main")
        assert [kind for _, _, kind, _ in self.parts()] == ["guest", "main"]

    def test_what_was_announced_stays_beside_what_was_seen(self):
        titus, harry = make_person("Titus"), make_character("Harry")
        make_portrayal(titus, harry, self.series, announced=True, kind="")
        self.enter("Titus as Harry")
        assert sorted(part.announced for part in Portrayal.objects.all()) == [False, True]

    def test_a_series_has_parts_without_seasons(self):
        self.enter("Titus as Harry", self.cast_of_series)
        assert self.parts() == [("Titus", "Harry", "", [])]
        response, _ = self.preview("Titus as Harry", self.cast_of_series)
        assert self.outcomes(response) == ["Nothing to do: it is all there"]

    def test_one_new_draft_for_each_name(self):
        self.enter("Titus as Harry\nTitus as Old Harry\nRenée as Harry\nrenee as Maddie")
        assert sorted(Person.objects.values_list("name", flat=True)) == ["Renée", "Titus"]
        assert Character.objects.count() == 3
        assert Portrayal.objects.count() == 4

    def test_is_one_change_that_can_be_undone(self):
        response = self.enter("Titus as Harry\nJamie as Jerry")
        change = Change.objects.get()
        self.assertContains(response, f"/admin/catalog/change/{change.pk}/change/")
        self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
        assert not Portrayal.objects.exists()
        assert not Person.objects.exists()

    def test_finds_people_by_their_other_names_whatever_the_accents(self):
        renee = make_person("Renée Smith", other_names="R. J. Smith\nRenata Schmidt")
        harry = make_character("Hieronymus Bosch", full_name="Harry Bosch")
        for name in ("RENEE SMITH", "Renata Schmidt", "RJ Smith", "R J Smith"):
            with self.subTest(name=name):
                _, form = self.preview(f"{name} as Harry Bosch")
                assert form["person-1"] == str(renee.pk)
                assert form["character-1"] == str(harry.pk)

    def test_finds_nobody_by_half_a_name(self):
        make_person("Renée Smith Jones")
        _, form = self.preview("Renée Smith as Harry")
        assert form["person-1"] == "new"


class ChoosingTests(FastEntryTestCase):
    def test_of_two_of_one_name_one_must_be_chosen(self):
        one = make_person("John Smith", born="1962")
        two = make_person("John Smith")
        response, form = self.preview("John Smith as Cop")
        assert self.outcomes(response) == ["Choose who is meant."]
        assert form["person-1"] == ""
        self.assertContains(response, "John Smith (born 1962)")
        response = self.enter("John Smith as Cop")
        self.assertContains(response, "Nothing was saved. Some lines need you")
        assert not Portrayal.objects.exists()
        self.enter("John Smith as Cop", **{"person-1": str(two.pk)})
        assert Portrayal.objects.get().person == two
        self.enter("John Smith as Thief", **{"person-1": str(one.pk)})
        assert one.portrayals.count() == 1

    def test_a_character_of_this_series_comes_first(self):
        make_character("Cop")
        here = make_character("Cop")
        make_portrayal(make_person(), here, self.series)
        _, form = self.preview("John Smith as Cop")
        assert form["character-1"] == str(here.pk)

    def test_asks_whether_whom_the_actor_plays_is_meant(self):
        titus, harry = make_person("Titus"), make_character("Harry Bosch")
        make_portrayal(titus, harry, self.series)
        response, form = self.preview("Titus as Detective Bosch\nTitus as Somebody Else")
        assert self.outcomes(response) == ["Choose who is meant.", "New part"]
        assert (form["character-1"], form["character-2"]) == ("", "new")
        self.enter("Titus as Detective Bosch", **{"character-1": str(harry.pk)})
        assert Character.objects.count() == 1

    def test_a_new_one_may_be_wanted_all_the_same(self):
        make_person("John Smith")
        self.enter("John Smith as Cop", **{"person-1": "new"})
        assert list(Person.objects.order_by("pk").values_list("slug", flat=True)) == [
            "john-smith",
            "john-smith-2",
        ]

    def test_a_line_may_be_left_out(self):
        self.enter("Titus as Harry\nJamie as Jerry", **{"take-1": None})
        assert self.parts() == [("Jamie", "Jerry", "", [2])]
        assert not Person.objects.filter(name="Titus").exists()

    def test_without_a_line_nothing_is_saved(self):
        response = self.enter("Titus as Harry", **{"take-1": None})
        self.assertContains(response, "Nothing was saved. No line is ticked.")
        self.assertContains(self.enter("Cast"), "No line is ticked.")

    def test_two_lines_of_one_part_are_one(self):
        make_person("Titus Welliver", other_names="T. Welliver")
        response, _ = self.preview("Titus Welliver as Harry\nT. Welliver as Harry")
        assert self.outcomes(response)[1] == "This is the same part as line 1."
        self.enter("Titus Welliver as Harry\nT. Welliver as Harry")
        assert Portrayal.objects.count() == 1

    def test_preview_again_keeps_what_was_chosen(self):
        two = [make_person("John Smith") for _ in range(2)][1]
        _, form = self.preview("John Smith as Cop\nA as B")
        del form["take-2"]
        response = self.client.post(self.cast, {**form, "person-1": str(two.pk), "preview": ""})
        assert self.outcomes(response) == ["New part", "Left out"]
        assert read_form(response.content.decode())["person-1"] == str(two.pk)

    def test_somebody_else_is_found_by_a_name(self):
        """Whom the list calls otherwise than the catalogue does, which keeps the name it has."""
        titus = make_person("Titus Welliver", other_names="T. B. Welliver")
        harry = make_character("Harry Bosch")
        _, form = self.preview("Tito as Hieronymus\nA as B")
        form |= {"person-1": "else", "person-name-1": "tb welliver"}
        form |= {"character-1": "else", "character-name-1": "HARRY BOSCH"}
        response = self.client.post(self.cast, {**form, "save": ""})
        self.assertContains(response, "Nothing was saved. You wrote names: look at whom they mean")
        assert not Portrayal.objects.exists()
        form = read_form(response.content.decode())
        assert (form["person-1"], form["character-1"]) == (str(titus.pk), str(harry.pk))
        response = self.client.post(self.cast, {**form, "save": ""}, follow=True)
        self.assertContains(response, "2 parts added; as new drafts: 1 person and 1 character.")
        assert self.parts()[0] == ("Titus Welliver", "Harry Bosch", "", [2])

    def test_somebody_else_may_have_the_part_already(self):
        titus, harry = make_person("Titus Welliver"), make_character("Harry Bosch")
        make_portrayal(titus, harry, self.series, [self.season])
        _, form = self.preview("Tito as Harry Bosch")
        form |= {"person-1": "else", "person-name-1": "Titus Welliver", "preview": ""}
        response = self.client.post(self.cast, form)
        assert self.outcomes(response) == ["Nothing to do: it is all there"]

    def test_of_two_who_are_found_one_must_be_chosen(self):
        two = [make_person("John Smith") for _ in range(2)][1]
        _, form = self.preview("Johnny as Cop")
        form |= {"person-1": "else", "person-name-1": "John Smith", "preview": ""}
        response = self.client.post(self.cast, form)
        assert self.outcomes(response) == ["Choose who is meant."]
        form = read_form(response.content.decode())
        self.client.post(self.cast, {**form, "person-1": str(two.pk), "save": ""})
        assert Portrayal.objects.get().person == two

    def test_a_name_that_nobody_has_comes_back(self):
        for name, problem in [
            ("Nemo", "Nobody is in the catalogue as “Nemo”: write another name."),
            ("", "Write who it is."),
            ("\x00<b>", "Nobody is in the catalogue as"),
        ]:
            fields = {"person-1": "else", "person-name-1": name}
            response = self.enter("Titus as Harry", **fields)
            self.assertContains(response, "Nothing was saved. Some lines need you")
            [outcome] = self.outcomes(response)
            assert outcome.startswith(problem)
            form = read_form(response.content.decode())
            assert (form["person-1"], form["person-name-1"]) == ("else", name)
        assert not Person.objects.exists()

    def test_lines_that_stay_as_they_are_keep_what_was_chosen(self):
        """One line is mended, another one goes: that must not cost the work on all the others."""
        two = [make_person("John Smith") for _ in range(2)][1]
        _, form = self.preview("Cast\nJohn Smith as Cop\nTitus, Harry\nA as B")
        form |= {"person-2": str(two.pk), "text": "John Smith as Cop\nTitus as Harry\nA as B"}
        del form["take-4"]
        response = self.client.post(self.cast, {**form, "preview": ""})
        assert self.outcomes(response) == ["New part", "New part", "Left out"]
        assert read_form(response.content.decode())["person-1"] == str(two.pk)

    def test_a_key_that_nobody_has_is_nobody(self):
        for value in ("99999", "9" * 30, "x", "-1", ""):
            response = self.enter("Titus as Harry", **{"person-1": value})
            self.assertContains(response, "Choose who is meant.")
        assert not Portrayal.objects.exists()

    def test_a_list_that_was_changed_is_shown_again_first(self):
        _, form = self.preview("Titus as Harry")
        response = self.client.post(self.cast, {**form, "text": "Jamie as Jerry", "save": ""})
        self.assertContains(response, "has changed since the preview: look at it again")
        assert self.outcomes(response) == ["New part"]
        assert not Portrayal.objects.exists()

    def test_whoever_came_into_the_catalogue_meanwhile_is_shown_first(self):
        _, form = self.preview("Titus as Harry")
        titus = make_person("Titus")
        response = self.client.post(self.cast, {**form, "save": ""})
        self.assertContains(response, "has changed since the preview")
        again = read_form(response.content.decode())
        assert again["person-1"] == str(titus.pk)
        self.client.post(self.cast, {**again, "save": ""})
        assert Person.objects.count() == 1
        assert Portrayal.objects.get().person == titus

    def test_an_unreadable_form_comes_back(self):
        for data, error in [
            ({"text": ""}, "This field is required."),
            ({"text": "A as B\n" * 301}, "These are 301 lines. Paste 300 at a time"),
            ({"text": "x" * 100_001}, "at most 100000 characters"),
            ({"text": "A as B", "kind": "hero"}, "not one of the available choices"),
            ({"text": "A\x00 as B"}, "Null characters are not allowed."),
        ]:
            for action in ("preview", "save"):
                with self.subTest(error=error, action=action):
                    self.assertContains(self.client.post(self.cast, {**data, action: ""}), error)
        assert not Portrayal.objects.exists()


class CostTests(FastEntryTestCase):
    def cost(self, lines):
        text = "\n".join(
            f"Actor {number} as Role {number}\nSomebody {number} as New {number}"
            for number in range(lines)
        )
        with CaptureQueriesContext(connection) as statements:
            response, _ = self.preview(text)
        assert len(response.context["casting"].proposals) == 2 * lines
        return len(statements)

    def test_a_preview_costs_the_same_however_long_the_list(self):
        for number in range(150):
            person = make_person(f"Actor X{number}", other_names=f"Actor {number}")
            make_portrayal(person, make_character(f"Role {number}"), self.series, [self.season])
        self.cost(1)  # what is looked up once in the life of a process
        few, many = self.cost(2), self.cost(150)
        assert few == many <= 12


class RightsTests(FastEntryTestCase):
    CASTING = ("add_portrayal", "change_portrayal", "view_series", "view_season")
    # A part depends on entries of three kinds.
    PUBLISHING = ("publish_series", "publish_person", "publish_character")

    def test_who_may_not_cast_is_refused(self):
        self.sign_in("add_portrayal", "view_season", "change_season")
        for path in (self.cast, self.copy, self.add):
            assert self.client.get(path).status_code == 403
            assert self.client.post(path, {"text": "A as B", "save": ""}).status_code == 403
        response = self.client.get(f"/admin/catalog/season/{self.season.pk}/change/")
        self.assertNotContains(response, "paste-cast")

    def test_who_may_not_see_the_series_is_refused(self):
        self.sign_in("add_portrayal", "change_portrayal", "add_episode")
        for path in (self.cast, self.cast_of_series, self.copy, self.add):
            assert self.client.get(path).status_code == 403

    def test_visitors_are_sent_to_sign_in(self):
        self.client.logout()
        for path in (self.cast, self.cast_of_series, self.copy, self.add):
            self.assertRedirects(self.client.get(path), f"/admin/login/?next={path}")

    def test_a_form_needs_its_token(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.editor)
        for path in (self.cast, self.copy, self.add):
            assert client.post(path, {"text": "A as B"}).status_code == 403

    def test_who_may_not_add_people_or_characters_must_choose(self):
        self.sign_in(*self.CASTING, *self.PUBLISHING)
        response = self.enter("Titus as Harry")
        self.assertContains(response, "You may not add people")
        make_person("Titus")
        response = self.enter("Titus as Harry")
        self.assertContains(response, "You may not add characters")
        make_character("Harry")
        self.enter("Titus as Harry")
        assert Portrayal.objects.count() == 1

    def test_who_may_not_publish_makes_nothing_visible(self):
        self.sign_in(*self.CASTING, *self.PUBLISHING[:2], "add_person", "add_character")
        titus, harry = make_person("Titus"), make_character("Harry")
        response = self.enter("Titus as Harry")
        self.assertContains(response, "Visitors would see this at once")
        assert not Portrayal.objects.exists()
        # A draft among those that it depends on keeps it hidden.
        self.enter("Titus as Jerry")
        assert [part.shown_from for part in Portrayal.objects.all()] == [None]
        # Nor is anything added to what they see already.
        part = make_portrayal(titus, harry, self.series)
        response = self.enter("Titus as Harry")
        self.assertContains(response, "Visitors would see this at once")
        assert not part.seasons.exists()

    def test_in_a_series_that_is_a_draft_everybody_may_cast(self):
        self.series.state = State.DRAFT
        self.series.save()
        self.sign_in(*self.CASTING)
        make_portrayal(make_person("Titus"), make_character("Harry"), self.series)
        self.enter("Titus as Harry")
        assert self.season.portrayals.count() == 1

    def test_who_may_publish_adds_to_what_is_shown(self):
        self.sign_in(*self.CASTING, *self.PUBLISHING)
        make_person("Titus"), make_character("Harry")
        self.enter("Titus as Harry")
        self.client.logout()
        self.assertContains(self.client.get("/series/bosch/"), "Titus")


class CopiedCastTests(FastEntryTestCase):
    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        cls.one = make_season(cls.series, 1)
        make_season(cls.series, 0)
        cls.pilot = make_episode(cls.one, 1)
        cls.harry = make_portrayal(make_person("Titus"), None, cls.series, [cls.one])
        cls.edgar = make_portrayal(make_person("Jamie"), None, cls.series, [cls.one])
        cls.killed = make_portrayal(
            make_person("Victim"), None, cls.series, [cls.one], last_episode=cls.pilot
        )
        make_portrayal(make_person("Promised"), None, cls.series, [cls.one], announced=True)
        make_portrayal(make_person("Stays"), None, cls.series, [cls.one, cls.season])
        make_portrayal(make_person("Elsewhere"), None, make_series())

    def test_offers_who_was_there_and_is_not_here_yet(self):
        response = self.client.get(self.copy)
        offers = response.context["offers"]
        assert {offer.part.person.name: offer.is_ticked for offer in offers} == {
            "Titus": True,
            "Jamie": True,
            "Victim": False,
        }
        self.assertContains(response, "It ends in S1E1: change that on its page first.")
        assert not self.season.portrayals.filter(pk=self.harry.pk).exists()

    def test_takes_over_what_stays_ticked(self):
        response = self.client.post(self.copy, {"part": [self.harry.pk]}, follow=True)
        self.assertContains(response, "1 part taken over from Bosch, season 1.")
        assert [s.number for s in self.harry.seasons.order_by("number")] == [1, 2]
        assert [s.number for s in self.edgar.seasons.all()] == [1]
        rest = [offer.part for offer in self.client.get(self.copy).context["offers"]]
        assert self.edgar in rest
        assert self.harry not in rest

    def test_is_one_change_that_can_be_undone(self):
        self.client.post(self.copy, {"part": [self.harry.pk, self.edgar.pk]})
        change = Change.objects.exclude(kind="before").get()
        self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
        assert [s.number for s in self.harry.seasons.all()] == [1]
        assert [s.number for s in self.edgar.seasons.all()] == [1]

    def test_who_has_left_comes_back_on_the_part_s_own_page_only(self):
        response = self.client.post(self.copy, {"part": [self.harry.pk, self.killed.pk]})
        self.assertContains(response, "Some parts cannot be taken over")
        assert not self.season.portrayals.filter(pk__in=[self.harry.pk, self.killed.pk]).exists()

    def test_nothing_ticked_is_nothing_saved(self):
        for part in ([], ["x"], [Portrayal.objects.get(person__name="Elsewhere").pk]):
            response = self.client.post(self.copy, {"part": part})
            self.assertContains(response, "Nothing was saved. No part is ticked.")

    def test_a_first_season_has_none_before_it(self):
        path = f"/admin/catalog/season/{self.one.pk}/copy-cast/"
        self.assertContains(self.client.get(path), "There is no season before this one")
        self.assertContains(self.client.post(path), "There is no season before this one")

    def test_says_when_everybody_is_here(self):
        for part in (self.harry, self.edgar, self.killed):
            part.seasons.add(self.season)
        self.assertContains(self.client.get(self.copy), "is in this season already")

    def test_who_may_not_publish_makes_nothing_visible(self):
        self.sign_in("change_portrayal", "view_season")
        self.assertContains(self.client.get(self.copy), "Visitors would see this at once")
        response = self.client.post(self.copy, {"part": [self.harry.pk]})
        self.assertContains(response, "Some parts cannot be taken over")
        assert [s.number for s in self.harry.seasons.all()] == [1]

    def test_costs_the_same_however_many_there_are(self):
        def cost():
            with CaptureQueriesContext(connection) as statements:
                self.client.get(self.copy)
            return len(statements)

        few = cost()
        for _ in range(20):
            make_portrayal(None, None, self.series, [self.one])
        assert cost() == few


class EpisodesTests(FastEntryTestCase):
    def fill(self, **fields):
        response = self.client.post(self.add, {"fill": "", **fields})
        assert response.status_code == 200
        return response, read_form(response.content.decode())

    def save(self, form, **fields):
        return self.client.post(self.add, {**form, **fields, "save": ""}, follow=True)

    def stored(self):
        return [
            (e.number, e.name, e.aired and e.aired.iso, e.runtime)
            for e in Episode.objects.of(self.season)
        ]

    def test_a_grid_that_is_refused_comes_with_what_it_was_filled_with(self):
        plan = {"first": "18 March 2016", "rhythm": "at-once", "runtime": "45", "titles": "A\nB"}
        _, form = self.fill(count="3", **plan)
        for _ in range(2):
            response = self.save(form, **{"episodes-0-aired": "rubbish"})
            boxes = {box.name: box.value() for box in response.context["plan"]}
            assert boxes == {"count": "3", **plan}
            form = read_form(response.content.decode())

    def test_fills_a_grid_that_follows_on(self):
        make_episode(self.season, 1, name="Trunk Music", aired="2016-03-11")
        response, form = self.fill(count="3", first="18 March 2016", rhythm="weekly", runtime="45")
        self.assertContains(response, "Trunk Music")
        assert [form[f"episodes-{n}-number"] for n in range(3)] == ["2", "3", "4"]
        assert [form[f"episodes-{n}-aired"] for n in range(3)] == [
            "2016-03-18",
            "2016-03-25",
            "2016-04-01",
        ]
        assert form["episodes-0-runtime"] == "45"
        assert len(self.stored()) == 1

    def test_saves_the_filled_rows(self):
        _, form = self.fill(count="4")
        response = self.save(
            form,
            **{
                "episodes-0-name": "Trunk Music",
                "episodes-0-aired": "Mar 2016",
                "episodes-2-aired": "27 March 2016",
                "episodes-2-runtime": "45",
            },
        )
        self.assertContains(response, "2 episodes added.")
        assert self.stored() == [
            (1, "Trunk Music", "2016-03", None),
            (3, "", "2016-03-27", 45),
        ]

    def test_takes_a_list_of_titles(self):
        titles = "1. Trunk Music – 11 March 2016\n2. The Thing About Secrets\n\n5. Victim of Night"
        _, form = self.fill(titles=titles, first="2016-03-11", rhythm="at-once", count="10")
        self.save(form)
        assert self.stored() == [
            (1, "Trunk Music", "2016-03-11", None),
            (2, "The Thing About Secrets", "2016-03-11", None),
            (5, "Victim of Night", "2016-03-11", None),
        ]

    def test_of_a_wrong_grid_nothing_is_saved(self):
        make_episode(self.season, 9, name="Taken")
        _, form = self.fill(count="3")
        form |= {f"episodes-{n}-name": f"Name {n}" for n in range(3)}
        for wrong, error in [
            ({"episodes-1-number": "9"}, "“Taken” has this number already."),
            ({"episodes-1-number": "10"}, "Row 1 has this number too."),
            ({"episodes-1-number": ""}, "Write its number."),
            ({"episodes-1-number": "x"}, "Enter a whole number."),
            ({"episodes-1-number": "10000"}, "less than or equal to 9999"),
            ({"episodes-1-aired": "soon"}, "“soon” is not a date that can be read."),
            ({"episodes-1-aired": "3/4/2016"}, "has the day first for some"),
            ({"episodes-1-runtime": "-5"}, "greater than or equal to 0"),
            ({"episodes-1-name": "x" * 201}, "at most 200 characters"),
            ({f"episodes-{n}-name": "" for n in range(3)}, "No row has more than its number."),
            ({"episodes-TOTAL_FORMS": "101"}, "Please submit at most 100 forms."),
            ({"episodes-TOTAL_FORMS": ""}, "(Hidden field TOTAL_FORMS) This field is required."),
        ]:
            with self.subTest(error=error):
                response = self.save(form, **wrong)
                self.assertContains(response, error)
                self.assertContains(response, "Nothing was saved.")
        assert [number for number, *_ in self.stored()] == [9]

    def test_a_plan_that_cannot_be_read_comes_back(self):
        for plan, error in [
            ({}, "Write how many, or paste their titles."),
            ({"count": "0"}, "greater than or equal to 1"),
            ({"count": "101"}, "less than or equal to 100"),
            ({"count": "3", "first": "March 2016"}, "March 2016 is none: write the day"),
            ({"count": "3", "first": "spring"}, "is not a date that can be read"),
            ({"titles": "A\n" * 101}, "These are 101 lines."),
        ]:
            with self.subTest(plan=plan):
                response, form = self.fill(**plan)
                self.assertContains(response, error)
                assert "episodes-TOTAL_FORMS" not in form

    def test_is_one_change_that_can_be_undone(self):
        _, form = self.fill(titles="Trunk Music\nVictim of the Night")
        self.save(form, why="From the press release")
        change = Change.objects.get()
        assert change.revision.comment == "From the press release"
        self.client.post(f"/admin/catalog/change/{change.pk}/undo/")
        assert self.stored() == []

    def test_who_may_not_add_episodes_is_refused(self):
        self.sign_in("view_season", "change_season")
        assert self.client.get(self.add).status_code == 403
        assert self.client.post(self.add, {"count": "3"}).status_code == 403

    def test_who_may_not_publish_adds_none_that_is_seen_at_once(self):
        _, form = self.fill(titles="Trunk Music")
        self.sign_in("view_season", "add_episode")
        self.assertContains(self.client.get(self.add), "You may not publish")
        self.assertContains(self.save(form), "You may not publish")
        self.series.state = State.IN_REVIEW
        self.series.save()
        waits = "“Bosch” is in review. Take it back to draft"
        self.assertContains(self.client.get(self.add), waits)
        self.assertContains(self.save(form), waits)
        assert self.stored() == []
        self.series.state = State.DRAFT
        self.series.save()
        self.save(form)
        assert len(self.stored()) == 1

    def test_dates_are_as_precise_as_they_are_written(self):
        _, form = self.fill(titles="A\t2016\nB\tMar 2016\nC\t27 March 2016")
        self.save(form)
        assert [PartialDate(iso).precision for _, _, iso, _ in self.stored()] == [
            "year",
            "month",
            "day",
        ]


class SameMomentTests(TransactionTestCase):
    def test_two_who_paste_the_same_list_save_it_once(self):
        season = make_season(make_series("Bosch"), 1)
        path = f"/admin/catalog/season/{season.pk}/paste-cast/"
        users = get_user_model().objects
        clients = []
        for name in ("anna", "ben"):
            client = Client()
            client.force_login(users.create_superuser(name))
            page = client.post(path, {"text": "Titus as Harry\nJamie as Jerry"})
            clients.append((client, read_form(page.content.decode())))

        def save(pair):
            client, form = pair
            try:
                return client.post(path, {**form, "save": ""}).status_code
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            statuses = sorted(pool.map(save, clients))
        # One was saved; the other sees who is in the catalogue by now.
        assert statuses == [200, 302]
        assert Person.objects.count() == 2
        assert Portrayal.objects.count() == 2
