from .audience import editor, visitor
from .models import Revision

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class AudienceMiddleware:
    """Sets ``request.audience``: what this request may see.

    Only a request that carries a session is asked who it is, so that the pages of
    everybody else depend on no cookie and cost no look-up.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.audience = editor() if self._is_editor(request) else visitor()
        return self.get_response(request)

    @staticmethod
    def _is_editor(request):
        if not request.session.session_key:
            return False
        return request.user.is_active and request.user.is_staff


class RevisionMiddleware:
    """Raises the catalogue's revision after every request that may have changed something.

    All of the admin's changes are unsafe requests, so none can be forgotten.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in _SAFE_METHODS and response.status_code < 400:
            Revision.objects.rise()
        return response
