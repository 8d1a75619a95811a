"""How the first account, and later ones, come to be."""

import io
from unittest import mock

from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import TestCase

from .admin.client import make_groups

GOOD = "crate and barrel, 1987"


class Terminal(io.StringIO):
    def isatty(self):
        return True


def create(names, passwords, *arguments, stdin=None):
    """What is printed while these are typed; CommandError as the command raises it."""
    said = io.StringIO()
    with (
        mock.patch("sys.stdin", stdin or Terminal()),
        mock.patch("builtins.input", side_effect=names),
        mock.patch("getpass.getpass", side_effect=passwords),
    ):
        call_command("create_editor", *arguments, stdout=said, stderr=said)
    return said.getvalue()


class CreateEditorTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_groups()

    def test_the_first_account_may_do_everything(self):
        said = create(["anna"], [GOOD, GOOD])
        user = User.objects.get()
        assert user.is_superuser
        assert user.is_staff
        assert user.check_password(GOOD)
        assert "role administrator: it may do everything" in said
        assert GOOD not in said

    def test_a_later_one_is_an_editor(self):
        User.objects.create_superuser("anna")
        assert "“lee” can sign in now. Role: editor." in create(["lee"], [GOOD, GOOD])
        user = User.objects.get(username="lee")
        assert not user.is_superuser
        assert user.is_staff
        assert user.has_perm("catalog.publish_person")

    def test_a_role_can_be_chosen(self):
        User.objects.create_superuser("anna")
        create(["lee"], [GOOD, GOOD], "--role", "contributor")
        user = User.objects.get(username="lee")
        assert user.has_perm("catalog.add_person")
        assert not user.has_perm("catalog.publish_person")
        create(["kim"], [GOOD, GOOD], "--role", "administrator")
        assert User.objects.get(username="kim").is_superuser

    def test_a_role_that_is_none_is_refused(self):
        with self.assertRaisesMessage(CommandError, "invalid choice: 'boss'"):
            create([], [], "--role", "boss")

    def test_the_first_is_no_contributor(self):
        with self.assertRaisesMessage(CommandError, "There is no administrator yet"):
            create([], [], "--role", "contributor")

    def test_a_dismissed_administrator_is_none(self):
        User.objects.create_superuser("anna", is_active=False)
        create(["lee"], [GOOD, GOOD])
        assert User.objects.get(username="lee").is_superuser

    def test_a_name_that_is_taken_or_none_is_asked_for_again(self):
        User.objects.create_superuser("anna")
        said = create(["Anna", "", "a b", "lee"], [GOOD, GOOD])
        assert "There is an account “Anna” already. Choose another name." in said
        assert "This field cannot be blank." in said
        assert "Enter a valid username." in said
        assert User.objects.filter(username="lee").exists()

    def test_passwords_that_differ_are_asked_for_again(self):
        said = create(["anna"], [GOOD, "another", GOOD, GOOD])
        assert "The two are not the same." in said
        assert User.objects.get().check_password(GOOD)

    def test_a_weak_password_is_refused_with_the_reason(self):
        said = create(
            ["annabosch"], ["annabosch"] * 2 + ["12345678"] * 2 + ["abc"] * 2 + [GOOD] * 2
        )
        for reason in ("too similar to the username", "entirely numeric", "at least 12 characters"):
            assert reason in said
        assert User.objects.get().check_password(GOOD)

    def test_without_a_terminal_nothing_is_made(self):
        with self.assertRaisesMessage(CommandError, "so it needs a terminal"):
            create(["anna"], [GOOD, GOOD], stdin=io.StringIO())
        assert not User.objects.exists()

    def test_stopped_half_way_nothing_is_made(self):
        for names, passwords in [([EOFError], []), (["anna"], [GOOD, KeyboardInterrupt])]:
            with self.assertRaisesMessage(CommandError, "No account was created."):
                create(names, passwords)
        assert not User.objects.exists()

    def test_a_group_that_is_gone_is_named(self):
        User.objects.create_superuser("anna")
        Group.objects.all().delete()
        with self.assertRaisesMessage(CommandError, "There is no group “Editor” any more"):
            create(["lee"], [GOOD, GOOD])
        assert User.objects.count() == 1
