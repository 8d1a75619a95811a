"""Signing in with a second factor: setting it up, giving it, losing it."""

import datetime as dt
import re
import tempfile
import time
from base64 import b32decode
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import Client, TestCase, TransactionTestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from catalog.models import Series, State
from catalog.roles import EDITOR

from .admin.client import make_groups
from .factories import make_series

PASSWORD = "a long phrase for anna"
PAGE = "/admin/second-factor/"
STEP = "/admin/login/code/"
STEPS_OF_A_PHONE = 30  # seconds


class Phone:
    """The app on it: knows a key, shows a code."""

    def __init__(self, key):
        self._key = b32decode(key.replace(" ", ""))

    def code(self, later=0):
        """The one of now, or of ``later`` seconds."""
        totp = TOTP(self._key)
        totp.time = time.time() + later
        return f"{totp.token():06}"


def make_people():
    make_groups()
    users = get_user_model().objects
    anna = users.create_user("anna", password=PASSWORD, is_staff=True)
    anna.groups.add(Group.objects.get(name=EDITOR))
    return anna, users.create_superuser("root", password=PASSWORD)


def sign_in(client, name="anna", address="/admin/"):
    sent = {"username": name, "password": PASSWORD, "next": address}
    return client.post("/admin/login/", sent)


def set_up(client):
    """The phone, and the codes to use once; as an editor does it."""
    client.post(PAGE, {"do": "begin"})
    key = re.search(r'__key">([A-Z2-7 ]+)<', client.get(PAGE).text)[1]
    phone = Phone(key)
    response = client.post(PAGE, {"do": "confirm", "code": phone.code()})
    return phone, codes_on(response)


def codes_on(response):
    return re.findall("<li><code>(.{9})</code>", response.text)


def let_time_pass(seconds=STEPS_OF_A_PHONE):
    """So that the phone's present code is a new one, and waits are nearer their end."""
    earlier = F("throttling_failure_timestamp") - dt.timedelta(seconds=seconds)
    TOTPDevice.objects.update(last_t=-1, drift=0, throttling_failure_timestamp=earlier)
    StaticDevice.objects.update(throttling_failure_timestamp=earlier)


class SecondFactorTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.anna, cls.root = make_people()

    def editor(self):
        """Anna's browser, signed in by the password."""
        client = Client()
        assert sign_in(client).status_code == 302
        return client

    def with_a_phone(self):
        """(her browser, the phone, the codes), a while after setting it up."""
        client = self.editor()
        phone, codes = set_up(client)
        let_time_pass()
        return client, phone, codes

    def is_in(self, client):
        return client.get("/admin/").status_code == 200


class SettingUpTests(SecondFactorTestCase):
    def test_a_code_of_the_phone_switches_it_on(self):
        client = self.editor()
        assert "Set it up" in client.get(PAGE).text
        client.post(PAGE, {"do": "begin"})
        page = client.get(PAGE)
        assert 'src="data:image/png;base64,' in page.text
        assert "no-store" in page["Cache-Control"]
        assert "is <strong>on</strong>" not in page.text
        _, codes = set_up(client)
        assert len(set(codes)) == 10
        assert "is <strong>on</strong>" in client.get(PAGE).text
        assert self.is_in(client)

    def test_a_key_alone_asks_for_nothing(self):
        self.editor().post(PAGE, {"do": "begin"})
        assert self.is_in(self.editor())

    def test_a_wrong_code_switches_nothing_on(self):
        client = self.editor()
        client.post(PAGE, {"do": "begin"})
        response = client.post(PAGE, {"do": "confirm", "code": "000000"})
        assert "This code is not right" in response.text
        assert self.is_in(self.editor())

    def test_another_key_makes_the_first_worthless(self):
        client = self.editor()
        client.post(PAGE, {"do": "begin"})
        first = TOTPDevice.objects.get().key
        client.post(PAGE, {"do": "begin"})
        assert TOTPDevice.objects.get().key != first

    def test_nothing_is_shown_twice(self):
        client, _, codes = self.with_a_phone()
        key = TOTPDevice.objects.get().bin_key
        page = client.get(PAGE).text
        assert "data:image" not in page
        assert "__key" not in page
        assert not any(code in page for code in codes)
        client.force_login(self.root)
        for path in ("/admin/otp_totp/totpdevice/", "/admin/otp_static/staticdevice/"):
            assert client.get(path).status_code == 404
        assert key  # that there was one to look for

    def test_a_second_one_does_not_take_its_place_unasked(self):
        client, _, _ = self.with_a_phone()
        before = TOTPDevice.objects.get().key
        client.post(PAGE, {"do": "begin"})
        client.post(PAGE, {"do": "confirm", "code": "000000"})
        assert TOTPDevice.objects.get().key == before

    def test_codes_are_not_kept_as_they_are(self):
        _, _, codes = self.with_a_phone()
        kept = set(StaticToken.objects.values_list("token", flat=True))
        assert len(kept) == 10
        assert not kept & {*codes, *(code.replace("-", "") for code in codes)}

    def test_nothing_of_it_is_told_or_exported(self):
        client, phone, _ = self.with_a_phone()
        device = TOTPDevice.objects.get()
        client.post(PAGE, {"do": "off", "code": phone.code()})
        with tempfile.TemporaryDirectory() as folder:
            call_command("export_catalog", folder, all=True, verbosity=0)
            exported = "".join(it.read_text() for it in Path(folder).rglob("*.json"))
        told = "".join(map(str, LogEntry.objects.values_list("change_message", "object_repr")))
        for text in (exported, told):
            assert device.key not in text
            assert "otp" not in text

    def test_it_moves_with_its_account_to_another_database(self):
        _, phone, codes = self.with_a_phone()
        with tempfile.TemporaryDirectory() as folder:
            file = f"{folder}/accounts.json"
            call_command(
                "dumpdata",
                *("auth.user", "otp_totp", "otp_static"),
                natural_foreign=True,
                natural_primary=True,
                output=file,
                verbosity=0,
            )
            get_user_model().objects.all().delete()
            call_command("loaddata", file, verbosity=0)
        for code in (phone.code(), codes[0]):
            client = self.editor()
            assert not self.is_in(client)
            client.post(STEP, {"code": code})
            assert self.is_in(client)

    def test_new_codes_take_the_place_of_the_old(self):
        client, phone, codes = self.with_a_phone()
        new = codes_on(client.post(PAGE, {"do": "codes", "code": phone.code()}))
        assert len(new) == 10
        other = self.editor()
        other.post(STEP, {"code": codes[0]})
        assert not self.is_in(other)
        let_time_pass()
        other.post(STEP, {"code": new[0]})
        assert self.is_in(other)

    def test_it_is_switched_off_with_a_code_and_not_without(self):
        client, phone, _ = self.with_a_phone()
        client.post(PAGE, {"do": "off"})
        client.post(PAGE, {"do": "off", "code": "000000"})
        assert TOTPDevice.objects.exists()
        let_time_pass()
        assert client.post(PAGE, {"do": "off", "code": phone.code()}).status_code == 302
        assert not TOTPDevice.objects.exists()
        assert not StaticDevice.objects.exists()
        assert self.is_in(self.editor())


class SigningInTests(SecondFactorTestCase):
    def test_the_password_alone_is_nobody(self):
        make_series("Draft", state=State.DRAFT)
        signed_in, phone, _ = self.with_a_phone()
        assert signed_in.get("/series/draft/").status_code == 200
        client = Client()
        response = sign_in(client, address="/admin/catalog/series/")
        assert response.url == f"{STEP}?next=%2Fadmin%2Fcatalog%2Fseries%2F"
        assert client.get("/series/draft/").status_code == 404
        for path in ("/admin/", "/admin/catalog/series/", "/admin/password_change/", PAGE):
            with self.subTest(path=path):
                assert client.get(path).status_code == 302
                assert client.post(path, {"do": "begin"}).status_code == 302
        series = Series.objects.get()
        client.post(f"/admin/catalog/series/{series.pk}/delete/", {"post": "yes"})
        assert Series.objects.exists()
        page = client.get(response.url)
        assert "One more step" in page.text
        response = client.post(STEP, {"code": phone.code(), "next": "/admin/catalog/series/"})
        assert response.url == "/admin/catalog/series/"
        assert client.get(response.url).status_code == 200

    def test_who_comes_back_to_the_form_is_led_on(self):
        self.with_a_phone()
        client = self.editor()
        response = client.get("/admin/catalog/series/", follow=True)
        assert response.redirect_chain[-1][0].startswith(STEP)

    def test_codes_may_be_written_with_gaps(self):
        _, phone, codes = self.with_a_phone()
        code = phone.code()
        for told in (f" {code[:3]} {code[3:]} ", codes[0].upper(), codes[1].replace("-", "")):
            client = self.editor()
            client.post(STEP, {"code": told})
            assert self.is_in(client)

    def test_each_code_counts_once(self):
        _, phone, codes = self.with_a_phone()
        for code in (phone.code(), codes[0]):
            with self.subTest(code=code):
                first, second = self.editor(), self.editor()
                first.post(STEP, {"code": code})
                response = second.post(STEP, {"code": code})
                assert self.is_in(first)
                assert not self.is_in(second)
                assert "was used before" in response.text

    def test_a_code_of_somebody_else_is_none(self):
        self.with_a_phone()
        other = Client()
        sign_in(other, "root")
        phone, codes = set_up(other)
        let_time_pass()
        client = self.editor()
        for code in (phone.code(), codes[0]):
            client.post(STEP, {"code": code})
            assert not self.is_in(client)

    def test_the_last_codes_are_told_of(self):
        _, _, codes = self.with_a_phone()
        for number, code in enumerate(codes, 1):
            client = self.editor()
            response = client.post(STEP, {"code": code}, follow=True)
            assert ("codes to use once. Make new ones" in response.text) == (10 - number < 3)

    def test_sessions_elsewhere_owe_it_at_once(self):
        elsewhere = self.editor()
        assert self.is_in(elsewhere)
        self.with_a_phone()
        assert not self.is_in(elsewhere)

    def test_the_session_is_another_one_afterwards(self):
        _, phone, _ = self.with_a_phone()
        client = self.editor()
        before = client.cookies["sessionid"].value
        assert client.cookies["sessionid"]["max-age"] == 600
        client.post(STEP, {"code": phone.code()})
        assert client.cookies["sessionid"].value != before
        assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 60 * 60
        client.cookies["sessionid"] = before
        assert not self.is_in(client)

    def test_a_changed_password_leaves_its_owner_signed_in(self):
        client, _, _ = self.with_a_phone()
        new = "quite another phrase"
        sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        assert client.post("/admin/password_change/", sent).status_code == 302
        assert self.is_in(client)

    def test_it_leads_to_no_other_site(self):
        _, phone, _ = self.with_a_phone()
        client = self.editor()
        sent = {"code": phone.code(), "next": "https://elsewhere.example/"}
        assert client.post(STEP, sent).url == "/admin/"

    def test_one_can_leave_half_way(self):
        self.with_a_phone()
        client = self.editor()
        assert client.post(STEP, {"leave": "yes"}).url == "/admin/login/"
        assert "Password" in client.get("/admin/login/").text

    def test_without_a_password_nothing_is_asked(self):
        for path in (STEP, PAGE):
            response = Client().post(path, {"code": "123456", "do": "begin"})
            assert response.url.startswith("/admin/login/")
        assert not TOTPDevice.objects.exists()

    def test_hostile_codes_are_no_fault(self):
        self.with_a_phone()
        client = self.editor()
        for code in ("", "\0", "x" * 100_000, "١٢٣٤٥٦", "-12345", "1e5", "' OR 1=1 --"):
            with self.subTest(code=code[:10]):
                assert client.post(STEP, {"code": code}).status_code == 200
                let_time_pass(1000)

    def test_it_takes_one_statement(self):
        client, _, _ = self.with_a_phone()
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/password_change/")
        asked = [it["sql"] for it in queries if "otp_" in it["sql"]]
        assert len(asked) == 1


class ThrottleTests(SecondFactorTestCase):
    def test_wrong_codes_are_waited_for(self):
        _, phone, _ = self.with_a_phone()
        client = self.editor()
        for _ in range(4):
            client.post(STEP, {"code": "000000"})
            let_time_pass(8)
        client.post(STEP, {"code": "000000"})
        # Not even the right one, nor from elsewhere.
        for browser in (client, self.editor()):
            response = browser.post(STEP, {"code": phone.code()})
            assert "Too many codes were wrong. Wait 16 seconds" in unescape(response.text)
        let_time_pass(16)
        client.post(STEP, {"code": phone.code()})
        assert self.is_in(client)

    def test_the_wait_has_an_end(self):
        _, phone, codes = self.with_a_phone()
        client = self.editor()
        for _ in range(30):
            for code in ("000000", "wrong"):
                client.post(STEP, {"code": code})
            let_time_pass(10_000)
        client.post(STEP, {"code": "000000"})
        response = client.post(STEP, {"code": phone.code()})
        assert "Wait 9 minutes" in response.text
        # Who has the list may still come in.
        client.post(STEP, {"code": codes[0]})
        assert self.is_in(client)


@override_settings(REQUIRE_SECOND_FACTOR=True)
class RequiredTests(SecondFactorTestCase):
    def test_who_has_none_gets_no_further_than_to_set_it_up(self):
        make_series("Draft", state=State.DRAFT)
        client = Client()
        assert sign_in(client).url == PAGE
        page = client.get("/admin/catalog/series/", follow=True)
        assert page.redirect_chain[-1][0] == PAGE
        assert "you need a second factor" in page.text
        assert client.get("/series/draft/").status_code == 404
        assert client.get("/admin/password_change/").status_code == 302
        set_up(client)
        assert self.is_in(client)
        assert client.get("/series/draft/").status_code == 200

    def test_who_was_signed_in_before_is_led_there_too(self):
        with self.settings(REQUIRE_SECOND_FACTOR=False):
            client = self.editor()
            assert self.is_in(client)
        assert not self.is_in(client)

    def test_who_has_one_gives_it(self):
        _, phone, _ = self.with_a_phone()
        client = Client()
        assert sign_in(client).url.startswith(STEP)
        client.post(STEP, {"code": phone.code()})
        assert self.is_in(client)

    def test_switched_off_it_has_to_be_set_up_again(self):
        client, phone, _ = self.with_a_phone()
        response = client.post(PAGE, {"do": "off", "code": phone.code()}, follow=True)
        assert "you need a second factor" in response.text
        assert not self.is_in(client)

    def test_one_can_leave_half_way(self):
        client = self.editor()
        assert client.post(PAGE, {"leave": "yes"}).url == "/admin/login/"


class LostTests(SecondFactorTestCase):
    action = "take_second_factors_away"

    def setUp(self):
        self.with_a_phone()

    def take_away(self, client, *users):
        sent = {"action": self.action, "_selected_action": [user.pk for user in users]}
        return client.post("/admin/auth/user/", sent, follow=True)

    def test_an_administrator_takes_it_away(self):
        client = Client()
        client.force_login(self.root)
        page = self.take_away(client, self.anna)
        assert "The second factor of anna is taken away." in page.text
        assert self.is_in(self.editor())
        entry = LogEntry.objects.get()
        assert (entry.user, entry.object_repr) == (self.root, "anna")

    def test_nobody_else_does(self):
        kim = get_user_model().objects.create_user("kim", is_staff=True)
        kim.user_permissions.set(Permission.objects.filter(codename__endswith="_user"))
        client = Client()
        client.force_login(kim)
        assert self.action not in client.get("/admin/auth/user/").text
        self.take_away(client, self.anna)
        assert TOTPDevice.objects.exists()

    def test_ones_own_takes_a_code(self):
        client = Client()
        sign_in(client, "root")
        set_up(client)
        assert "Yours was left" in self.take_away(client, self.root).text
        assert TOTPDevice.objects.filter(user=self.root).exists()

    def test_the_list_of_accounts_asks_nothing_for_each(self):
        client = Client()
        client.force_login(self.root)
        counts = []
        for number in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/admin/auth/user/").status_code == 200
            counts.append(len(queries))
            for more in range(3):
                get_user_model().objects.create_user(f"more-{number}-{more}")
        assert counts[0] == counts[1]

    def test_a_command_takes_it_away(self):
        call_command("take_second_factor_away", "anna", verbosity=0)
        assert self.is_in(self.editor())
        for name, why in [("anna", "has no second factor"), ("nobody", "There is no account")]:
            with self.assertRaisesMessage(CommandError, why):
                call_command("take_second_factor_away", name)


class AtOnceTests(TransactionTestCase):
    def test_of_many_who_give_the_same_code_one_comes_in(self):
        make_people()
        client = Client()
        sign_in(client)
        phone, codes = set_up(client)
        let_time_pass()
        for code in (phone.code(), codes[0]):
            browsers = [Client() for _ in range(6)]
            for browser in browsers:
                sign_in(browser)

            def give(browser, code=code):
                try:
                    return browser.post(STEP, {"code": code}).status_code
                finally:
                    connection.close()

            with ThreadPoolExecutor(len(browsers)) as pool:
                answers = sorted(pool.map(give, browsers))
            assert answers == [200] * 5 + [302]
            let_time_pass(10_000)
