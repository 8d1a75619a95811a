from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import SimpleLazyObject

from .audience import Audience
from .cacheable import MOMENT, SAFE_METHODS, parameters_of
from .models import Revision
from .preview import PARAMETER, Preview
from .progress import COOKIE, ONCE, SHOW, Progress, keep
from .renamed import by_present_slugs
from .roles import NotShownError
from .second_factor import is_owed
from .time_limits import limit_statements

# Whoever keeps a page asks whether it is still so; meanwhile others may get it a second longer, as
# they may from the page cache.
_KEPT_AND_CHECKED = "public, max-age=0, must-revalidate, stale-while-revalidate=1"


class SecondFactorMiddleware:
    """Takes nobody for signed in whose second factor is still to come.

    ``request.user`` is nobody then, so that all behind this need not know of it. Who has given the
    password is ``request.by_password``, for the pages that ask for the rest.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        by_password = request.by_password = request.user
        request.user = SimpleLazyObject(lambda: self._whole(by_password, request.session))
        return self.get_response(request)

    @staticmethod
    def _whole(user, session):
        is_half = user.is_authenticated and is_owed(user, session)
        return AnonymousUser() if is_half else user


class AudienceMiddleware:
    """Sets ``request.audience``: what this request may see; and, for editors, ``preview``.

    Only a request that carries a session is asked who it is, so that the pages of
    everybody else depend on no cookie but that of their progress, if they told any, and
    cost no look-up. A progress that cannot be read is dropped; one that tells of a series by a
    slug that it had before is told anew.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_editor = self._is_editor(request)
        said, is_malformed = self._told(request)
        told = by_present_slugs(said)
        is_set_aside = told is not None and request.GET.get(SHOW) == ONCE
        own = Audience(
            sees_drafts=is_editor,
            progress=None if is_set_aside else told,
            set_aside=told if is_set_aside else None,
            moment=request.META.get(MOMENT) or timezone.now(),
        )
        # Nobody else's address can ask for more, or for anything, than a visitor gets.
        request.preview = Preview.of(request.GET.get(PARAMETER, "")) if is_editor else None
        request.audience = request.preview.audience(own) if is_editor else own
        response = self.get_response(request)
        # Whatever stands between here and the visitor must not give such a page to others.
        if is_editor:
            patch_cache_control(response, private=True, no_store=True)
        elif told is not None or is_malformed:
            patch_vary_headers(response, ["Cookie"])
            patch_cache_control(response, private=True, no_cache=True)
        elif self._is_for_everybody(request, response):
            patch_vary_headers(response, ["Cookie"])
            response["Cache-Control"] = _KEPT_AND_CHECKED
        if COOKIE not in response.cookies:
            if is_malformed:
                response.delete_cookie(COOKIE, samesite="Lax")
            elif told != said:
                # Before the old slug may be used for something else.
                keep(response, told, is_secure=request.is_secure())
        return response

    @staticmethod
    def _is_for_everybody(request, response):
        match = request.resolver_match
        return (
            response.status_code == 200
            and match is not None
            and parameters_of(match.func) is not None
            and not response.cookies
            and not response.has_header("Cache-Control")
        )

    @staticmethod
    def _told(request):
        """The progress that the request tells, and whether it tells one that cannot be read."""
        text = request.COOKIES.get(COOKIE)
        if text is None:
            return None, False
        try:
            return Progress.parse(text), False
        except ValueError:
            return None, True

    @staticmethod
    def _is_editor(request):
        if not request.session.session_key:
            return False
        user = request.user
        return user.is_active and user.is_staff and user.has_module_perms("catalog")


class StatementTimeoutMiddleware:
    """Cuts off the statements of public pages that take too long.

    Whoever asks for too much would otherwise hold up a worker, and the database, for all. What
    editors do may take its time: exports, counts of what is missing, and whatever is saved.
    """

    _ADMIN = reverse_lazy("admin:index")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_public = request.method in SAFE_METHODS and not request.path_info.startswith(
            str(self._ADMIN)
        )
        with limit_statements(settings.STATEMENT_TIMEOUT if is_public else 0):
            return self.get_response(request)


class NotShownMiddleware:
    """Answers whoever was about to change what visitors see, and may not publish.

    By then nothing of it is left: what raised it has been rolled back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, NotShownError):
            return None
        # What had been said of the change before is not so.
        list(messages.get_messages(request))
        messages.error(request, f"Nothing was changed: {' '.join(exception.messages)}")
        return HttpResponseRedirect(request.get_full_path())


class RevisionMiddleware:
    """Raises the catalogue's revision after every request that may have changed something.

    Recorded changes have raised it already, within their transactions. All of the admin's changes
    are unsafe requests of someone signed in, so what is recorded nowhere is not forgotten either;
    even one that ended in an error may have changed something before. To sign in or out changes
    nothing: who does it is nobody before or afterwards.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_editors = request.method not in SAFE_METHODS and request.user.is_staff
        response = self.get_response(request)
        if is_editors and request.user.is_staff:
            Revision.objects.rise()
        return response
