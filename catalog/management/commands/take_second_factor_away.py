from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from ...second_factor import take_away


class Command(BaseCommand):
    help = (
        "Takes the second factor of an account away, for the day on which phone and codes are both "
        "lost. The password then signs in alone, or, where a second factor is required, leads to "
        "setting up another one."
    )

    def add_arguments(self, parser):
        parser.add_argument("name", help="of the account")

    def handle(self, *, name, **options):
        users = get_user_model()
        try:
            user = users.objects.get_by_natural_key(name)
        except users.DoesNotExist:
            raise CommandError(f"There is no account “{name}”.") from None
        if not take_away(user):
            raise CommandError(f"“{name}” has no second factor.")
        self.stdout.write(f"The second factor of “{name}” is taken away.")
