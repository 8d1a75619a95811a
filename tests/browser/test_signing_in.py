"""Signing in, with a second factor, as a browser and a keyboard meet it."""

from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.browser.pages import BrowserTestCase, width_beyond_screen
from tests.test_second_factor import Phone, let_time_pass

PASSWORD = "a long phrase for anna"


class SigningInTests(BrowserTestCase):
    def setUp(self):
        super().setUp()
        User.objects.create_superuser("anna", password=PASSWORD)

    def assert_fit_for_all(self, page):
        assert width_beyond_screen(page) <= 0
        assert self.faults_since() == []
        self.assert_keeps_nobody_out(page)
        self.faults_since()  # axe writes inline styles, which the policy of the site refuses

    def give_password(self, page):
        """By keyboard alone: the box for the name has the focus already."""
        page.goto("/admin/")
        expect(page.get_by_label("Username")).to_be_focused()
        page.keyboard.type("anna")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        self.enter(page)

    def enter(self, page):
        with page.expect_navigation():
            page.keyboard.press("Enter")

    def press(self, page, role, name):
        page.get_by_role(role, name=name).focus()
        self.enter(page)

    def test_a_second_factor_is_set_up_and_given_by_keyboard_on_a_phone(self):
        for scripts in (True, False):
            with self.subTest(scripts=scripts):
                self.set_up_and_give(scripts)
                User.objects.get().totpdevice_set.all().delete()

    def set_up_and_give(self, scripts):
        page = self.open(viewport={"width": 390, "height": 800}, java_script_enabled=scripts)
        look = self.assert_fit_for_all if scripts else lambda page: None  # axe is a script
        page.goto("/admin/login/")
        look(page)
        self.give_password(page)
        self.press(page, "link", "Second factor")
        look(page)
        self.press(page, "button", "Set it up")
        look(page)
        phone = Phone(page.locator(".second-factor__key").inner_text())
        page.get_by_label("Code").press_sequentially("000000")
        self.enter(page)
        expect(page.get_by_text("This code is not right")).to_be_visible()
        look(page)
        let_time_pass()
        page.get_by_label("Code").fill(phone.code())
        self.enter(page)
        expect(page.get_by_role("listitem").filter(has=page.locator("code"))).to_have_count(10)
        look(page)
        first = page.locator("li code").first.inner_text()
        self.press(page, "link", "I have kept them")
        page.goto("/admin/second-factor/")
        look(page)
        page.goto("/admin/password_change/")
        look(page)
        self.press(page, "button", "Log out")
        look(page)
        self.give_password(page)
        # The box for the code has the focus.
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
        expect(page.get_by_label("Code")).to_be_focused()
        look(page)
        page.keyboard.type(first)
        self.enter(page)
        expect(page.locator("#logout-form")).to_be_visible()
        assert self.faults_since() == []
