"""Filters that update in place and suggestions while one types, by keyboard and by hand."""

import re

from playwright.sync_api import expect

from tests.browser.pages import BrowserTestCase
from tests.factories import make_person

WIDE = {"width": 1440, "height": 900}
SMALL = {"width": 390, "height": 844}


class FindingTestCase(BrowserTestCase):
    def assert_address(self, page, path):
        expect(page).to_have_url(self.live_server_url + path)

    def note_console(self, message):
        # htmx tells of each request that it gives up for a newer one.
        if not message.text.startswith(("htmx:afterRequest", "htmx:sendAbort")):
            super().note_console(message)

    def hold(self, page, address):
        """The requests for ``address`` from now on, which wait until they are let go."""
        held = []

        def keep(route):
            held.append(route)

        page.route(address, keep)
        return held

    def let_go(self, page, held):
        """Continues the first request that was held, as soon as there is one."""
        for _ in range(2_000):
            if held:
                break
            page.wait_for_timeout(10)
        held[0].continue_()

    def mark(self, page):
        page.evaluate("window.isSamePage = true")

    def is_same_page(self, page):
        return page.evaluate("window.isSamePage === true")


def box_of(page, name):
    return page.get_by_role("checkbox", name=re.compile(f"^{re.escape(name)}( \\d|$)"))


def suggestions(page, **asked):
    return page.get_by_role("listbox").get_by_role("option", **asked)


def option_of(page, name):
    return suggestions(page).filter(has=page.get_by_text(name, exact=True))


def is_of_a_script(request):
    return request.resource_type == "xhr"


def count_of_results(page):
    return page.locator("#results-heading")


class FilteringInPlaceTests(FindingTestCase):
    def test_a_box_updates_the_list_and_keeps_the_focus(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        self.mark(page)
        box_of(page, "Ballard").focus()
        page.keyboard.press("Space")
        self.assert_address(page, "/characters/?series=ballard")
        expect(page.get_by_role("link", name="Colleen Hatteras")).to_be_visible()
        expect(page.get_by_role("link", name="Grace Billets")).to_have_count(0)
        expect(box_of(page, "Ballard")).to_be_focused()
        expect(box_of(page, "Ballard")).to_be_checked()
        expect(page.locator("#announcement")).to_have_text(count_of_results(page).inner_text())
        expect(page).to_have_title(re.compile("Characters"))
        page.keyboard.press("Space")
        self.assert_address(page, "/characters/")
        expect(box_of(page, "Ballard")).to_be_focused()
        assert self.is_same_page(page)
        assert self.faults == []

    def test_a_box_ticked_before_the_scripts_arrive_counts(self):
        page = self.open(viewport=WIDE)
        held = self.hold(page, "**/js/filters.js")
        page.goto("/characters/", wait_until="commit")
        box_of(page, "Ballard").check()
        self.let_go(page, held)
        self.assert_address(page, "/characters/?series=ballard")
        expect(box_of(page, "Ballard")).to_be_checked()
        assert self.faults == []

    def test_back_and_forward_restore_the_list_and_its_boxes(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        all_of_them = count_of_results(page).inner_text()
        box_of(page, "Ballard").check()
        self.assert_address(page, "/characters/?series=ballard")
        of_ballard = count_of_results(page).inner_text()
        page.get_by_label("Sort").select_option(label="Name, Z to A")
        self.assert_address(page, "/characters/?series=ballard&sort=-name")
        page.get_by_label("Name", exact=True).fill("co")
        self.assert_address(page, "/characters/?series=ballard&q=co&sort=-name")

        page.go_back()
        self.assert_address(page, "/characters/?series=ballard&sort=-name")
        expect(page.get_by_label("Name", exact=True)).to_have_value("")
        page.go_back()
        expect(page.get_by_label("Sort")).to_have_value("")
        expect(box_of(page, "Ballard")).to_be_checked()
        expect(count_of_results(page)).to_have_text(of_ballard)
        page.go_back()
        self.assert_address(page, "/characters/")
        expect(box_of(page, "Ballard")).not_to_be_checked()
        expect(count_of_results(page)).to_have_text(all_of_them)
        page.go_forward()
        expect(box_of(page, "Ballard")).to_be_checked()
        expect(count_of_results(page)).to_have_text(of_ballard)
        page.get_by_role("link", name="Remove filter: Series Ballard").click()
        expect(box_of(page, "Ballard")).not_to_be_checked()
        expect(count_of_results(page)).to_be_focused()
        assert self.faults == []

    def test_what_is_typed_is_asked_for_after_a_pause_and_stays(self):
        page = self.open(viewport=WIDE)
        page.goto("/actors/")
        self.mark(page)
        page.get_by_label("Name", exact=True).press_sequentially("welliver", delay=20)
        self.assert_address(page, "/actors/?q=welliver")
        expect(page.get_by_role("link", name="Titus Welliver")).to_be_visible()
        expect(page.get_by_label("Name", exact=True)).to_be_focused()
        expect(page.get_by_label("Name", exact=True)).to_have_value("welliver")
        assert self.is_same_page(page)
        assert self.faults == []

    def test_leaving_the_box_asks_no_second_time(self):
        page = self.open(viewport=WIDE)
        page.goto("/actors/")
        page.get_by_label("Name", exact=True).fill("welliver")
        self.assert_address(page, "/actors/?q=welliver")
        asked = []
        page.on("request", lambda request: is_of_a_script(request) and asked.append(request.url))
        page.get_by_label("Name", exact=True).blur()
        box_of(page, "Ballard").focus()
        page.get_by_role("link", name="Remove filter: Name “welliver”").click()
        self.assert_address(page, "/actors/")
        assert asked == [f"{self.live_server_url}/actors/"]

    def test_a_chip_takes_its_filter_away_everywhere(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/?series=ballard&q=co")
        self.mark(page)
        page.get_by_role("link", name="Remove filter: Series Ballard").focus()
        page.keyboard.press("Enter")
        self.assert_address(page, "/characters/?q=co")
        expect(box_of(page, "Ballard")).not_to_be_checked()
        expect(count_of_results(page)).to_be_focused()
        page.get_by_role("link", name="Remove filter: Name “co”").click()
        self.assert_address(page, "/characters/")
        expect(page.get_by_label("Name", exact=True)).to_have_value("")
        box_of(page, "Bosch").check()
        self.assert_address(page, "/characters/?series=bosch")
        page.get_by_role("link", name="Clear all").click()
        self.assert_address(page, "/characters/")
        expect(box_of(page, "Bosch")).not_to_be_checked()
        assert self.is_same_page(page)
        assert self.faults == []

    def test_the_next_page_is_read_from_its_top(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/?series=bosch")
        self.mark(page)
        page.get_by_role("link", name="Next").click()
        self.assert_address(page, "/characters/?series=bosch&page=2")
        expect(count_of_results(page)).to_contain_text("25–")
        expect(count_of_results(page)).to_be_focused()
        expect(count_of_results(page)).to_be_in_viewport()
        assert self.is_same_page(page)
        box_of(page, "Ballard").check()
        self.assert_address(page, "/characters/?series=bosch&series=ballard")
        assert self.faults == []

    def test_links_to_other_pages_are_ordinary_links_and_back_leads_to_the_list(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        self.mark(page)
        box_of(page, "Ballard").check()
        self.assert_address(page, "/characters/?series=ballard")
        page.get_by_role("link", name="Colleen Hatteras").click()
        self.assert_address(page, "/characters/colleen-hatteras/")
        assert not self.is_same_page(page)
        page.go_back()
        self.assert_address(page, "/characters/?series=ballard")
        expect(page.get_by_role("heading", level=1)).to_have_text("Characters")
        expect(box_of(page, "Ballard")).to_be_checked()
        expect(page.get_by_role("link", name="Grace Billets")).to_have_count(0)
        assert self.faults == []

    def test_without_an_answer_the_browser_goes_there_itself(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        self.mark(page)
        page.route(
            "**/characters/?*",
            lambda route: (
                route.abort() if route.request.resource_type == "xhr" else route.continue_()
            ),
        )
        box_of(page, "Ballard").check()
        self.assert_address(page, "/characters/?series=ballard")
        expect(page.get_by_role("link", name="Colleen Hatteras")).to_be_visible()
        assert not self.is_same_page(page)

    def test_a_change_during_a_request_is_not_lost(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        self.hold(page, "**/characters/?series=ballard")
        box_of(page, "Ballard").check()
        expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
        box_of(page, "Bosch: Legacy").check()
        self.assert_address(page, "/characters/?series=bosch-legacy&series=ballard")
        expect(box_of(page, "Ballard")).to_be_checked()
        expect(box_of(page, "Bosch: Legacy")).to_be_checked()
        expect(page.locator("#results")).not_to_have_attribute("aria-busy", "true")
        assert self.faults == []


class SmallScreenTests(FindingTestCase):
    def test_the_panel_opens_counts_and_leads_to_the_list(self):
        page = self.open(viewport=SMALL, has_touch=True)
        page.goto("/characters/")
        self.mark(page)
        expect(box_of(page, "Ballard")).to_be_hidden()
        page.locator("summary", has_text="Filters").tap()
        box_of(page, "Ballard").tap()
        self.assert_address(page, "/characters/?series=ballard")
        expect(page.locator("#filter-number")).to_have_text("1")
        expect(box_of(page, "Ballard")).to_be_visible()
        page.get_by_role("button", name="Show").tap()
        expect(box_of(page, "Ballard")).to_be_hidden()
        expect(count_of_results(page)).to_be_focused()
        expect(count_of_results(page)).to_be_in_viewport()
        assert self.is_same_page(page)
        assert self.faults == []


class TypeAheadTests(FindingTestCase):
    def test_a_person_is_chosen_by_keyboard_alone(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        self.mark(page)
        box = page.get_by_role("combobox", name="Actor by name")
        box.focus()
        page.keyboard.type("titus")
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
        option = suggestions(page, name="Titus Welliver", selected=True)
        expect(option).to_be_visible()
        expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id"))
        page.keyboard.press("Enter")
        self.assert_address(page, "/characters/?person=titus-welliver")
        expect(page.get_by_role("link", name="Harry Bosch")).to_be_visible()
        expect(box_of(page, "Titus Welliver")).to_be_checked()
        expect(box).to_be_focused()
        expect(box).to_have_value("")
        page.keyboard.press("Shift+Tab")
        expect(box_of(page, "Titus Welliver")).to_be_focused()
        page.keyboard.press("Space")
        self.assert_address(page, "/characters/")
        expect(box).to_be_focused()
        assert self.is_same_page(page)
        assert self.faults == []

    def test_a_person_is_chosen_by_pointer(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        page.get_by_role("combobox", name="Actor by name").press_sequentially("titus")
        suggestions(page, name="Titus Welliver").click()
        self.assert_address(page, "/characters/?person=titus-welliver")
        assert self.faults == []

    def test_a_name_may_be_written_out(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        page.get_by_role("combobox", name="Actor by name").fill("Titus Welliver")
        page.keyboard.press("Enter")
        self.assert_address(page, "/characters/?person=titus-welliver")
        expect(box_of(page, "Titus Welliver")).to_be_checked()
        assert self.faults == []

    def test_a_name_half_written_is_no_choice(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/?series=ballard")
        page.get_by_role("combobox", name="Actor by name").press_sequentially("zzz")
        page.keyboard.press("Tab")
        box_of(page, "Bosch").check()
        self.assert_address(page, "/characters/?series=bosch&series=ballard")
        expect(page.locator("#results")).not_to_contain_text("zzz")
        assert self.faults == []

    def test_what_was_wrong_is_told_until_it_is_mended(self):
        page = self.open(viewport=SMALL, has_touch=True)
        page.goto("/characters/?sort=age&series=bosch")
        told = "This list cannot be sorted by “age”."
        expect(page.locator("#results")).to_contain_text(told)
        expect(page.get_by_label("Sort")).to_be_visible()
        expect(page.get_by_label("Sort")).to_have_attribute("aria-invalid", "true")
        box_of(page, "Ballard").tap()
        self.assert_address(page, "/characters/?series=bosch&series=ballard")
        expect(page.get_by_label("Sort")).not_to_have_attribute("aria-invalid", "true")
        expect(page.get_by_text(told)).to_have_count(0)
        assert self.faults == []

    def test_an_unknown_name_is_told(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        page.get_by_role("combobox", name="Actor by name").fill("Xyzzy")
        page.keyboard.press("Enter")
        told = "There is no person called “Xyzzy”."
        expect(page.locator("#facet-person")).to_contain_text(told)
        expect(page.locator("#announcement")).to_contain_text(told)
        expect(page.get_by_role("combobox", name="Actor by name")).to_have_value("Xyzzy")
        assert self.faults == []

    def test_what_is_being_typed_survives_an_answer(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/")
        box = page.get_by_role("combobox", name="Actor by name")
        held = self.hold(page, "**/characters/?series=ballard")
        box_of(page, "Ballard").check()
        expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
        box.press_sequentially("tit")
        self.let_go(page, held)
        self.assert_address(page, "/characters/?series=ballard")
        expect(box).to_be_focused()
        expect(box).to_have_value("tit")
        page.keyboard.type("us")
        expect(suggestions(page, name="Titus Welliver")).to_be_visible()
        assert self.faults == []

    def test_names_tell_what_they_would_leave_and_none_empties_the_list(self):
        page = self.open(viewport=WIDE)
        page.goto("/characters/?series=ballard")
        box = page.get_by_role("combobox", name="Actor by name")
        box.press_sequentially("ma")
        expect(suggestions(page).first).to_have_text("Maggie Q 1")
        empty = option_of(page, "Madison Lintz")
        expect(empty).to_have_text("Madison Lintz 0 (would leave nothing)")
        expect(empty).to_be_disabled()
        empty.click(force=True)
        page.keyboard.press("ArrowUp")
        expect(suggestions(page).last).to_have_attribute("aria-selected", "true")
        expect(suggestions(page).last).to_be_disabled()
        page.keyboard.press("Enter")
        expect(empty).to_be_visible()
        self.assert_address(page, "/characters/?series=ballard")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        self.assert_address(page, "/characters/?series=ballard&person=maggie-q")
        assert self.faults == []


class HeaderSuggestionTests(FindingTestCase):
    def box(self, page):
        return page.get_by_role("banner").get_by_role("combobox", name="Search the catalogue")

    def test_a_suggestion_is_followed_by_keyboard_alone(self):
        page = self.open(viewport=WIDE)
        page.goto("/")
        box = self.box(page)
        box.focus()
        expect(box).to_have_attribute("aria-expanded", "false")
        page.keyboard.type("hatteras")
        option = option_of(page, "Colleen Hatteras")
        expect(option).to_contain_text("Character")
        expect(page.get_by_role("status").filter(has_text="suggestion")).to_have_text(
            re.compile(r"^\d suggestions?$")
        )
        page.keyboard.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowUp")
        expect(option).to_have_attribute("aria-selected", "false")
        page.keyboard.press("ArrowUp")
        expect(suggestions(page).last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Home")
        expect(suggestions(page, selected=True)).to_have_count(0)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        self.assert_address(page, "/characters/colleen-hatteras/")
        assert self.faults == []

    def test_enter_alone_searches(self):
        page = self.open(viewport=WIDE)
        page.goto("/")
        self.box(page).press_sequentially("ballard")
        expect(suggestions(page).first).to_be_visible()
        page.keyboard.press("Enter")
        self.assert_address(page, "/search/?q=ballard")

    def test_escape_and_tab_close_and_an_empty_box_shows_nothing(self):
        page = self.open(viewport=WIDE)
        page.goto("/")
        box, options = self.box(page), suggestions(page)
        box.press_sequentially("ball")
        expect(options.first).to_be_visible()
        page.keyboard.press("Escape")
        expect(options).to_have_count(0)
        expect(box).to_have_value("ball")
        page.keyboard.press("ArrowDown")
        expect(options.first).to_be_visible()
        box.fill("")
        expect(options).to_have_count(0)
        expect(box).to_have_attribute("aria-expanded", "false")
        box.press_sequentially("ball")
        expect(options.first).to_be_visible()
        page.keyboard.press("Tab")
        expect(options).to_have_count(0)
        expect(box).not_to_be_focused()
        assert self.faults == []

    def test_a_finger_follows_a_suggestion(self):
        page = self.open(viewport=SMALL, has_touch=True)
        page.goto("/")
        self.box(page).press_sequentially("renee")
        option_of(page, "Renée Ballard").tap()
        self.assert_address(page, "/characters/renee-ballard/")
        assert self.faults == []

    def test_a_name_that_looks_like_markup_is_text(self):
        make_person("<img src=x onerror=alert(1)> Crowley")
        page = self.open(viewport=WIDE)
        page.goto("/")
        self.box(page).press_sequentially("crowley")
        expect(suggestions(page).first).to_contain_text("<img src=x")
        expect(page.locator(".combobox img")).to_have_count(0)
        assert self.faults == []

    def test_without_suggestions_the_form_still_searches(self):
        page = self.open(viewport=WIDE)
        page.route("**/search/suggest/**", lambda route: route.abort())
        page.goto("/")
        self.box(page).press_sequentially("ballard")
        page.keyboard.press("Enter")
        self.assert_address(page, "/search/?q=ballard")


class WithoutScriptsTests(FindingTestCase):
    def test_filters_are_a_form_and_links(self):
        page = self.open(viewport=WIDE, java_script_enabled=False)
        page.goto("/characters/")
        box_of(page, "Ballard").check()
        page.get_by_label("Actor by name").fill("maggie q")
        page.get_by_role("button", name="Show").click()
        self.assert_address(page, "/characters/?series=ballard&person=maggie-q")
        expect(page.get_by_role("link", name="Renée Ballard")).to_be_visible()
        expect(box_of(page, "Maggie Q")).to_be_checked()
        page.get_by_role("link", name="Remove filter: Actor Maggie Q").click()
        self.assert_address(page, "/characters/?series=ballard")
        page.get_by_role("link", name="Clear all").click()
        page.get_by_role("link", name="Next").click()
        self.assert_address(page, "/characters/?page=2")
        assert self.faults == []

    def test_the_panel_is_a_disclosure_on_a_small_screen(self):
        page = self.open(viewport=SMALL, java_script_enabled=False)
        page.goto("/characters/?series=ballard")
        expect(page.locator("#filter-number")).to_have_text("1")
        page.locator("summary", has_text="Filters").click()
        box_of(page, "Ballard").uncheck()
        page.get_by_role("button", name="Show").click()
        self.assert_address(page, "/characters/")
        assert self.faults == []


class AccessibilityTests(FindingTestCase):
    def test_lists_with_filters_and_open_suggestions_keep_nobody_out(self):
        for viewport in [SMALL, WIDE]:
            with self.subTest(width=viewport["width"]):
                page = self.open(viewport=viewport)
                page.goto("/characters/?series=ballard&kind=main")
                if viewport is SMALL:
                    page.locator("summary", has_text="Filters").click()
                box_of(page, "Bosch: Legacy").check()
                expect(page.locator("#filter-number")).to_have_text("3")
                page.get_by_role("combobox", name="Actor by name").press_sequentially("ma")
                expect(suggestions(page).first).to_be_visible()
                page.keyboard.press("ArrowDown")
                self.assert_keeps_nobody_out(page)
                page.goto("/search/?q=bosch")
                page.get_by_role("banner").get_by_role("combobox").press_sequentially("bo")
                expect(suggestions(page).first).to_be_visible()
                page.keyboard.press("ArrowDown")
                self.assert_keeps_nobody_out(page)
                assert self.faults_since() == []
