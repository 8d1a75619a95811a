from django.utils.cache import patch_cache_control

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
        if not self._is_editor(request):
            request.audience = visitor()
            return self.get_response(request)
        request.audience = editor()
        response = self.get_response(request)
        # Whatever stands between here and the editor must not keep a page with drafts.
        patch_cache_control(response, private=True, no_store=True)
        return response

    @staticmethod
    def _is_editor(request):
        if not request.session.session_key:
            return False
        user = request.user
        return user.is_active and user.is_staff and user.has_module_perms("catalog")


class RevisionMiddleware:
    """Raises the catalogue's revision after every request that may have changed something.

    All of the admin's changes are unsafe requests of someone signed in, so none can be
    forgotten; even one that ended in an error may have changed something before.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in _SAFE_METHODS and request.user.is_staff:
            Revision.objects.rise()
        return response
