"""Signing in with a second factor, and the page on which editors set theirs up."""

from base64 import b32encode
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ..later import Later
from ..second_factor import (
    begin,
    check,
    codes_left,
    confirm,
    give,
    is_owed,
    key_of,
    new_codes,
    phone_of,
    take_away,
    wait_for,
)

segno = Later("segno")

_FEW_CODES = 3  # of those to use once


class CodeForm(forms.Form):
    """Gives ``phone``, by ``taken_by(user, code)`` of catalog.second_factor."""

    code = forms.CharField(
        label="Code",
        max_length=40,
        error_messages={"required": "Write the code that your phone shows."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args, user, taken_by=check):
        super().__init__(*args)
        self._user, self._taken_by = user, taken_by

    def clean_code(self):
        self.phone = self._taken_by(self._user, self.cleaned_data["code"])


@never_cache
@sensitive_post_parameters()
def sign_in(request):
    """Django's page; whoever then owes a second factor is led on to it."""
    if request.method == "POST":
        response = admin.site.login(request)
        if response.status_code == 302 and is_owed(request.user, request.session):
            wait_for(request.session)
            return _led_on(request.user, response.url)
        return response
    if (user := _half_signed_in(request)) is not None:
        return _led_on(user, request.GET.get(REDIRECT_FIELD_NAME, ""))
    return admin.site.login(request)


@never_cache
@sensitive_post_parameters()
def second_step(request):
    """Asks who has given the password for a code."""
    user = _half_signed_in(request)
    if user is None or phone_of(user) is None:
        return redirect_to_login(_next(request))
    if "leave" in request.POST:
        return _left(request)
    form = CodeForm(request.POST or None, user=user)
    form.fields["code"].widget.attrs["autofocus"] = True
    if form.is_valid():
        give(request.session, form.phone)
        request.user = user
        left = codes_left(user)
        if left < _FEW_CODES:
            text = f"You have {left} codes to use once. Make new ones under “Second factor”."
            messages.warning(request, text)
        return redirect(_next(request))
    context = {"title": "Second step", "form": form, "next": _next(request)}
    return _page(request, "second_step", context)


@never_cache
@sensitive_post_parameters()
def second_factor(request):
    """Where editors set theirs up, make new codes to use once, and switch it off."""
    user = request.user if admin.site.has_permission(request) else _half_signed_in(request)
    if user is None:
        return redirect_to_login(request.get_full_path())
    if is_half := user is not request.user:
        if phone_of(user) is not None:
            return _led_on(user, request.get_full_path())
        if "leave" in request.POST:
            return _left(request)
    deed = request.POST.get("do")
    is_on = phone_of(user) is not None
    if deed == "begin" and not is_on:
        begin(user)
        return redirect("admin:second_factor")
    form = CodeForm(
        request.POST if deed in {"confirm", "codes", "off"} else None,
        user=user,
        taken_by=check if is_on else confirm,
    )
    if form.is_valid():
        if deed == "off":
            take_away(user)
            messages.success(request, "The second factor is switched off.")
            return redirect("admin:second_factor")
        if not is_on:
            give(request.session, form.phone)
            request.user = user
        context = {"title": "Codes to use once", "codes": new_codes(user), "is_new": not is_on}
        return _page(request, "codes", context)
    context = {
        "title": "Second factor",
        "form": form,
        "is_on": is_on,
        "is_half": is_half,
        "is_required": settings.REQUIRE_SECOND_FACTOR,
        "left": codes_left(user),
    }
    if not is_on and (phone := key_of(user)) is not None:
        context |= _key(phone)
    return _page(request, "second_factor", context)


urls = [
    path("login/", sign_in, name="login"),
    path("login/code/", second_step, name="second_step"),
    path("second-factor/", second_factor, name="second_factor"),
]


def _half_signed_in(request):
    """Who has given the password and owes the second factor, or None."""
    user = request.by_password
    is_half = user.is_authenticated and not request.user.is_authenticated
    return user if is_half and user.is_active and user.is_staff else None


def _led_on(user, address):
    """The step that ``user`` owes before ``address``."""
    if phone_of(user) is None:
        return redirect("admin:second_factor")
    query = urlencode({REDIRECT_FIELD_NAME: address})
    return redirect(f"{reverse('admin:second_step')}?{query}")


def _next(request):
    address = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else reverse("admin:index")


def _left(request):
    logout(request)
    return redirect("admin:login")


def _key(phone):
    """What a phone needs to know: to read off the screen, and as a picture for its camera."""
    text = b32encode(phone.bin_key).decode()
    drawn = segno.make(phone.config_url, error="m", micro=False)
    return {
        "key": " ".join(text[i : i + 4] for i in range(0, len(text), 4)),
        "picture": drawn.png_data_uri(scale=5, border=4),
    }


def _page(request, name, context):
    context = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/second_factor/{name}.html", context)
