"""The second factor of an account: a code that a phone shows, or one of a list to use once.

The phone's key is a ``TOTPDevice``, the list a ``StaticDevice``. A session that has given the
factor names the phone, so a phone that is taken away or another one is asked for anew.
"""

import re
from math import ceil

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

CODES = 10  # to use once

_GIVEN = "second_factor"
_PHONE, _LIST = "Phone", "Codes to use once"
_LONGEST_HALF_WAY = 10 * 60  # seconds between the password and the code
# The wait doubles with each wrong code, from a second to some nine minutes and no further: who
# knows the password must not be able to keep the owner out for days.
_MOST_FAILURES = 10


def phone_of(user):
    """The phone whose codes are asked for, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def key_of(user):
    """The phone that ``user`` is setting up and has not confirmed, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def codes_left(user) -> int:
    return StaticToken.objects.filter(device__user=user).count()


def begin(user):
    """Makes a key for a phone. It counts for nothing before a code of it is confirmed."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        TOTPDevice.objects.create(user=user, name=_PHONE, confirmed=False)


def confirm(user, told: str):
    """The phone, if ``told`` is its code; it is asked for from now on. Raises ValidationError."""
    with transaction.atomic():
        phone = _of(user, confirmed=False).first()
        if phone is None or _of(user).exists():
            raise ValidationError("This key is no longer valid. Begin again.")
        problem = _problem(phone, _tidy(told))
        if problem is None:
            phone.confirmed = True
            phone.save(update_fields=["confirmed"])
    if problem:
        raise ValidationError(problem)
    return phone


def check(user, told: str):
    """The phone of ``user``, if ``told`` is its code or one to use once. Raises ValidationError."""
    code = _tidy(told)
    with transaction.atomic():
        phone = _of(user).first()
        if phone is None:
            raise ValidationError("There is no second factor any more. Sign in again.")
        # By its form, not by trying both: a wrong code of one is no failure of the other.
        if re.fullmatch("[0-9]{6}", code):
            problem = _problem(phone, code)
        else:
            codes = StaticDevice.objects.select_for_update().filter(user=user).first()
            problem = _problem(codes or phone, _kept(code))
    # Not inside, where it would undo the counting of failures.
    if problem:
        raise ValidationError(problem)
    return phone


def new_codes(user) -> list[str]:
    """Codes to use once, in the place of those that there were; nobody can read them again."""
    codes = [StaticToken.random_token() for _ in range(CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name=_LIST)
        StaticToken.objects.bulk_create(
            StaticToken(device=device, token=_kept(code)) for code in codes
        )
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def take_away(user) -> bool:
    """Whether there was one. From now on the password alone signs in, or another is set up."""
    with transaction.atomic():
        found, _ = TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
    return found > 0


def is_owed(user, session) -> bool:
    """Whether ``user``, who is signed in by password in ``session``, has still to give one.

    One statement. Who must have one and has none owes it too.
    """
    phones = TOTPDevice.objects.filter(user=user, confirmed=True)
    phone = phones.values_list("pk", flat=True).first()
    if phone is None:
        return settings.REQUIRE_SECOND_FACTOR
    return session.get(_GIVEN) != phone


def wait_for(session):
    """Lets ``session`` end soon, unless the second factor is given."""
    session.set_expiry(_LONGEST_HALF_WAY)


def give(session, phone):
    """Lets ``session`` count as signed in with ``phone``, under another key than before."""
    session.cycle_key()
    session.set_expiry(None)
    session[_GIVEN] = phone.pk


def _of(user, *, confirmed=True):
    return TOTPDevice.objects.select_for_update().filter(user=user, confirmed=confirmed)


def _tidy(told):
    return re.sub(r"[\s-]", "", told).lower()


def _kept(code):
    """What is stored of a code to use once: who reads the database cannot sign in with it."""
    return salted_hmac("catalog.second_factor", code, algorithm="sha256").hexdigest()[:16]


def _problem(device, code):
    """Why ``device`` does not take ``code``, or None if it does; then it never does again."""
    device.throttling_failure_count = min(device.throttling_failure_count, _MOST_FAILURES)
    is_allowed, why = device.verify_is_allowed()
    if not is_allowed:
        seconds = ceil((why["locked_until"] - timezone.now()).total_seconds())
        return f"Too many codes were wrong. Wait {_in_words(seconds)}, then give the next one."
    if device.verify_token(code):
        return None
    return "This code is not right, or was used before. Wait for the next one on your phone."


def _in_words(seconds):
    number, unit = (seconds, "second") if seconds < 120 else (ceil(seconds / 60), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"
