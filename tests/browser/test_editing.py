"""Editors at work in real browsers: two at the same page, and what can be taken back."""

import json
import re

from django.contrib.auth.models import User
from playwright.sync_api import expect

from catalog.models import Character, Season, State
from tests.browser.pages import BrowserTestCase, violations_in, width_beyond_screen
from tests.factories import make_person
from tests.importers import tvmaze as made


class EditingTests(BrowserTestCase):
    faults_of_the_stock = {}  # by what tells one screen from another

    def sign_in_as(self, name, **options):
        User.objects.create_superuser(name, password="let me edit")
        page = self.open(**{"viewport": {"width": 1440, "height": 900}, **options})
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill("let me edit")
        page.get_by_role("button", name="Log in").click()
        expect(page.locator("#logout-form")).to_be_visible()
        return page

    def save(self, page):
        self.send(page, page.get_by_role("button", name="Save and continue editing").first)

    def send(self, page, button):
        """Presses ``button``, and waits for the page that answers."""
        with page.expect_navigation():
            button.click()

    def open_person(self, page, name):
        page.goto(f"/admin/catalog/person/?q={name}")
        page.get_by_role("link", name=name).click()
        expect(page.get_by_label("Birth place")).to_be_visible()

    def usual_faults(self, page):
        """What axe finds on a page that is Django's own."""
        assert self.faults == []
        found = violations_in(page)
        self.faults_since()  # axe writes inline styles, which the policy of the site refuses
        return found

    def stock_faults(self, page):
        """What axe finds on a form, a list and a question of Django's own, looked for once."""
        scheme = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        screen = (page.viewport_size["width"], scheme)
        if screen not in self.faults_of_the_stock:
            self.faults_of_the_stock[screen] = self.look_for_stock_faults(page)
        return self.faults_of_the_stock[screen]

    def look_for_stock_faults(self, page):
        found = set()
        question = f"/admin/auth/user/{User.objects.first().pk}/delete/"
        paths = ("/admin/auth/user/add/", "/admin/auth/user/", question)
        place = page.url
        for path in paths:
            page.goto(path)
            found |= self.usual_faults(page)
        page.goto(place)
        return found

    def assert_no_worse(self, page, usual):
        assert self.usual_faults(page) <= usual

    def choose(self, page, box, text):
        """Pick from an autocomplete box as one types in it."""
        page.locator(f"{box} + .select2").click()
        page.locator(".select2-search__field").last.fill(text)
        page.locator(".select2-results__option", has_text=text).first.click()

    def test_who_adds_a_name_that_is_there_is_asked_and_finds_both_in_the_list(self):
        page = self.sign_in_as("anna", viewport={"width": 390, "height": 800})
        usual = self.stock_faults(page)
        page.goto("/admin/catalog/person/add/")
        # Django's own boxes for relations and times have faults too, and so has “Show all”.
        usual |= self.usual_faults(page)
        page.goto("/admin/catalog/person/")
        usual |= self.usual_faults(page)
        page.go_back()
        page.locator("#id_name").fill("titus wélliver")
        page.get_by_role("button", name="Save", exact=True).first.click()
        asked = page.get_by_role("group", name="Of the same name")
        expect(asked.get_by_role("link", name="Titus Welliver")).to_be_visible()
        self.assert_no_worse(page, usual)
        asked.get_by_label("This is another person").check()
        page.get_by_role("button", name="Save", exact=True).first.click()
        expect(page.get_by_text("was added successfully")).to_be_visible()
        page.goto("/admin/")
        page.get_by_role("link", name="Likely duplicates to look at").click()
        self.assert_no_worse(page, usual)
        page.get_by_role("link", name="Compare and merge Titus Welliver").click()
        expect(page.get_by_role("heading", name="Merge people")).to_be_visible()

    def test_a_person_and_a_part_are_added_published_and_seen(self):
        page = self.sign_in_as("anna")
        page.goto("/admin/catalog/person/add/")
        page.locator("#id_name").fill("Zoë Newcomer")
        page.get_by_label("State").select_option("Published")
        page.get_by_role("button", name="Add another Part").click()
        self.choose(page, "#id_portrayals-0-character", "Harry Bosch")
        self.choose(page, "#id_portrayals-0-series", "Ballard")
        page.locator("#id_portrayals-0-kind").select_option("Guest")
        page.get_by_label("Why").fill("Seen in the credits.")
        self.save(page)
        visitor = self.open()
        visitor.goto("/people/zoe-newcomer/")
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Zoë Newcomer")
        expect(
            visitor.get_by_role("main").get_by_role("link", name="Harry Bosch").first
        ).to_be_visible()
        assert self.faults == []

    def test_two_who_change_the_same_box_settle_it(self):
        anna, bert = self.sign_in_as("anna"), self.sign_in_as("bert")
        for page in (anna, bert):
            self.open_person(page, "Titus Welliver")
        anna.get_by_label("Birth place").fill("Boston")
        anna.get_by_label("Born").fill("March 1962")
        self.save(anna)
        bert.get_by_label("Birth place").fill("Connecticut")
        bert.get_by_label("Biography").fill("An actor and a painter.")
        self.save(bert)
        expect(
            bert.get_by_text(re.compile("^anna changed this on .* while you were"))
        ).to_be_visible()
        assert bert.get_by_label("Birth place").input_value() == "Connecticut"
        assert bert.get_by_label("Born").input_value() == "1962-03"
        expect(bert.locator(".conflict-theirs")).to_have_text("Boston")
        self.assert_no_worse(bert, self.usual_faults(anna))
        bert.get_by_label("What anna saved").check()
        self.save(bert)
        expect(bert.locator(".messagelist .success")).to_be_visible()
        visitor = self.open()
        visitor.goto("/people/titus-welliver/")
        expect(visitor.get_by_text("Boston")).to_be_visible()
        expect(visitor.get_by_text("An actor and a painter.")).to_be_visible()
        assert self.faults == []

    def test_a_change_is_read_compared_undone_and_restored(self):
        page = self.sign_in_as("anna")
        self.open_person(page, "Titus Welliver")
        for place in ("Boston", "Hartford", "Bridgeport"):
            page.get_by_label("Birth place").fill(place)
            self.save(page)
        usual = self.usual_faults(page) | self.stock_faults(page)
        page.get_by_role("link", name="History").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("History: Titus Welliver")
        self.assert_no_worse(page, usual)
        page.get_by_role("button", name="Compare one and two").click()
        expect(page.locator("#content-main")).to_contain_text("Hartford → Bridgeport")
        self.assert_no_worse(page, usual)
        page.go_back()
        page.get_by_role("link", name="Undo this change").first.click()
        self.assert_no_worse(page, usual)
        page.get_by_role("button", name="Undo this change").click()
        expect(page.locator(".messagelist .success")).to_have_text("It is as it was before.")
        self.assert_no_worse(page, usual)
        self.open_person(page, "Titus Welliver")
        assert page.get_by_label("Birth place").input_value() == "Hartford"
        page.get_by_role("link", name="History").click()
        page.get_by_role("link", name="Restore as it then was").last.click()
        self.assert_no_worse(page, usual)
        self.send(page, page.get_by_role("button", name="Restore what is ticked"))
        self.open_person(page, "Titus Welliver")
        assert page.get_by_label("Birth place").input_value() == "Boston"
        assert self.faults == []

    def test_what_was_deleted_is_recovered(self):
        page = self.sign_in_as("anna", viewport={"width": 390, "height": 844})
        self.open_person(page, "Mitzi Roberts")
        page.get_by_role("link", name="Delete", exact=True).first.click()
        self.send(page, page.get_by_role("button", name="Yes, I’m sure"))
        visitor = self.open()
        visitor.goto("/people/mitzi-roberts/")
        expect(visitor.get_by_role("heading", level=1)).not_to_have_text("Mitzi Roberts")
        assert any(fault.startswith("404") for fault in self.faults_since())
        page.goto("/admin/catalog/change/?deed=deleted")
        page.locator("#result_list tbody th a").first.click()
        page.get_by_role("link", name="Recover what was deleted").click()
        self.send(page, page.get_by_role("button", name="Recover what was deleted"))
        visitor.goto("/people/mitzi-roberts/")
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Mitzi Roberts")
        assert self.faults == []

    def test_our_pages_keep_nobody_out_that_the_stock_admin_lets_in(self):
        self.walk_our_pages({"width": 1440, "height": 900}, "light")

    def test_our_pages_fit_a_phone_in_the_dark(self):
        self.walk_our_pages({"width": 390, "height": 844}, "dark")

    def walk_our_pages(self, viewport, scheme):
        page = self.sign_in_as("anna", viewport=viewport, color_scheme=scheme)
        usual = self.stock_faults(page)
        season = Season.objects.get(series__slug="bosch", number=2)
        character = Character.objects.get(slug="harry-bosch")
        make_person("Draft Person", state=State.DRAFT)
        for path in (
            "/admin/",
            "/admin/catalog/change/",
            f"/admin/catalog/season/{season.pk}/copy-cast/",
            f"/admin/catalog/season/{season.pk}/delete/",
            f"/admin/catalog/character/merge/?one={character.pk}",
            "/people/draft-person/",
        ):
            with self.subTest(path=path):
                page.goto(path)
                self.assert_no_worse(page, usual)
                self.assert_fits(page)
        page.goto(f"/admin/catalog/season/{season.pk}/paste-cast/")
        page.get_by_label("Cast list").fill("Tito as Harry Bosch\nNobody")
        page.get_by_role("button", name="Preview").click()
        page.locator("[name=person-1]").select_option("Somebody else…")
        page.locator("[name=person-name-1]").fill("Nemo")
        page.get_by_role("button", name="Save the ticked lines").click()
        expect(page.get_by_text("Nobody is in the catalogue as “Nemo”")).to_be_visible()
        self.assert_no_worse(page, usual)
        self.assert_fits(page)
        page.goto(f"/admin/catalog/season/{season.pk}/add-episodes/")
        page.get_by_label("How many").fill("2")
        page.get_by_role("button", name="Show the grid").click()
        page.get_by_label("Aired, row 1").fill("some day")
        page.get_by_role("button", name="Save the episodes").click()
        expect(page.get_by_text("“some day” is not a date")).to_be_visible()
        self.assert_no_worse(page, usual)
        self.assert_fits(page)
        page.goto("/admin/catalog/series/import-tvmaze/")
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_text("Write the id of a show, or choose files.")).to_be_visible()
        self.assert_no_worse(page, usual)
        self.assert_fits(page)
        part = made.cast(made.person(name="Titus Welliver"), made.character(name="Harry Bosch"))
        answer = made.show(1505, "Bosch", embed={"cast": [part]}, summary="<p>Harry again.</p>")
        content = json.dumps(answer).encode()
        page.get_by_label("Files").set_input_files(
            {"name": "show.json", "mimeType": "application/json", "buffer": content}
        )
        page.get_by_role("button", name="Preview").click()
        page.get_by_label("Series Bosch is").select_option("new")
        page.get_by_role("button", name="Preview again").first.click()
        expect(page.get_by_label("Person Titus Welliver is")).to_be_visible()
        self.assert_no_worse(page, usual)
        self.assert_fits(page)
        page.get_by_label("Series Bosch is").select_option(index=0)
        page.get_by_role("button", name="Import").click()
        expect(page.get_by_text("lead to other questions")).to_be_visible()
        page.get_by_role("button", name="Import").click()
        expect(page.get_by_text(re.compile(r"; \d+ suggested"))).to_be_visible()
        page.goto("/admin/catalog/suggestion/")
        self.assert_no_worse(page, usual)
        self.assert_fits(page)
        assert self.faults == []

    def assert_fits(self, page):
        assert width_beyond_screen(page) <= 0

    def test_rows_are_no_wider_than_their_page(self):
        page = self.sign_in_as("anna")
        for path, rows in (
            ("/admin/catalog/watchorder/?q=ballard", "#steps-group"),
            ("/admin/catalog/person/?q=welliver", "#credits-group"),
            ("/admin/catalog/organization/?q=los+angeles+police", "#memberships-group"),
        ):
            with self.subTest(path=path):
                page.goto(path)
                page.locator("#result_list tbody th a").first.click()
                size = page.locator(rows).evaluate("rows => rows.scrollWidth - rows.clientWidth")
                assert size <= 0
                assert "select-name" not in self.usual_faults(page)

    def test_two_are_merged_and_the_merge_is_undone(self):
        self.merge_and_undo(1440)

    def test_two_are_merged_on_a_phone(self):
        self.merge_and_undo(390)

    def merge_and_undo(self, width):
        page = self.sign_in_as("anna", viewport={"width": width, "height": 900})
        page.goto("/admin/catalog/person/add/")
        page.locator("#id_name").fill("Titus Weliver")
        page.get_by_label("Birth place").fill("New Haven")
        page.get_by_label("State").select_option("Published")
        self.save(page)
        usual = self.usual_faults(page) | self.stock_faults(page)
        page.goto("/admin/catalog/person/?q=titus")
        for name in ("Titus Weliver", "Titus Welliver"):
            page.get_by_role("row").filter(has_text=name).get_by_role("checkbox").check()
        page.locator("select[name=action]").select_option("Merge two people")
        page.get_by_role("button", name="Go", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Merge people")
        self.assert_no_worse(page, usual)
        page.locator("input[name=keep]").nth(self.place_of(page, "Titus Welliver")).check()
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_text("This is what would be done")).to_be_visible()
        self.assert_no_worse(page, usual)
        page.get_by_label("Why").fill("A misspelling.")
        self.send(page, page.get_by_role("button", name="Merge"))
        visitor = self.open()
        visitor.goto("/people/titus-weliver/")
        expect(visitor).to_have_url(re.compile("/people/titus-welliver/$"))
        self.assert_no_worse(page, usual)
        self.send(page, page.get_by_role("button", name="Undo this merge"))
        visitor.goto("/people/titus-weliver/")
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Titus Weliver")
        assert self.faults == []

    @staticmethod
    def place_of(page, name):
        heads = page.locator(".merging-sides thead th").all_text_contents()
        return [head.strip() for head in heads].index(name)
