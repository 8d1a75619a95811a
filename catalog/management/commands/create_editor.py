import getpass
import sys

from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from ...roles import CONTRIBUTOR, EDITOR

ADMINISTRATOR = "administrator"
_GROUPS = {"editor": EDITOR, "contributor": CONTRIBUTOR}
_MAY = {
    ADMINISTRATOR: "may do everything, and give others accounts",
    "editor": "may do all of the catalogue: change, publish, merge and revert",
    "contributor": "may write drafts and send them to review",
}


class Command(BaseCommand):
    help = (
        "Creates an account for someone who edits the catalogue, and asks for its name and "
        "password. The first account is an administrator; later ones are editors unless --role "
        "says something else."
    )

    def add_arguments(self, parser):
        parser.add_argument("--role", choices=_MAY, help="What the account may do.")

    def handle(self, *, role, **options):
        if not sys.stdin.isatty():
            raise CommandError("This asks for a name and a password, so it needs a terminal.")
        is_first = not self._administrators().exists()
        role = role or (ADMINISTRATOR if is_first else "editor")
        if is_first and role != ADMINISTRATOR:
            raise CommandError(
                "There is no administrator yet, who could give others accounts: create one first, "
                "without a role."
            )
        user = get_user_model()(is_staff=True, is_active=True, is_superuser=role == ADMINISTRATOR)
        groups = [self._group(_GROUPS[role])] if role in _GROUPS else []
        self.stdout.write(f"The new account is of the role {role}: it {_MAY[role]}.")
        try:
            self._ask_for_name(user)
            self._ask_for_password(user)
        except (KeyboardInterrupt, EOFError):
            raise CommandError("No account was created.") from None
        with transaction.atomic():
            user.save()
            user.groups.set(groups)
        self.stdout.write(f"“{user.get_username()}” can sign in now. Role: {role}.")

    def _administrators(self):
        return get_user_model().objects.filter(is_superuser=True, is_active=True, is_staff=True)

    def _group(self, name):
        group = Group.objects.filter(name=name).first()
        if group is None:
            raise CommandError(
                f"There is no group “{name}” any more. Create it in the admin, or give the account "
                "its permissions there after creating it as an administrator."
            )
        return group

    def _ask_for_name(self, user):
        field = user._meta.get_field(user.USERNAME_FIELD)
        while True:
            try:
                name = field.clean(user.normalize_username(input("Name: ").strip()), user)
            except ValidationError as error:
                self._say(error.messages)
                continue
            if type(user).objects.filter(**{f"{field.name}__iexact": name}).exists():
                self._say([f"There is an account “{name}” already. Choose another name."])
                continue
            setattr(user, field.name, name)
            return

    def _ask_for_password(self, user):
        while True:
            password = getpass.getpass("Password (it is not shown): ")
            if password != getpass.getpass("The same again: "):
                self._say(["The two are not the same. Nothing is kept of them; type both anew."])
                continue
            try:
                password_validation.validate_password(password, user)
            except ValidationError as error:
                self._say([*error.messages, "Choose another one."])
                continue
            user.set_password(password)
            return

    def _say(self, lines):
        for line in lines:
            self.stderr.write(line)
