"""Whether this process serves, and whether it can: for load balancers and monitors."""

from django.db import Error, ProgrammingError
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponseNotAllowed, JsonResponse

from catalog import replicas
from catalog.schema import migrations_known
from catalog.time_limits import limit_statements

_PATIENCE = 2  # seconds that a statement may take


class HealthMiddleware:
    """Answers ``/health/live`` and ``/health/ready`` before anything else looks at the request.

    So they answer over plain http and to any host name: a load balancer asks from inside, by
    address.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (answer := _ANSWERS.get(request.path_info)) is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = answer()
        response["Cache-Control"] = "no-store"
        return response


def _live():
    """The process serves; nothing else is asked."""
    return JsonResponse({"status": "live"})


def _ready():
    """The database answers, and has the tables that this version of the code needs.

    With replicas it is the one that public pages are read from just now: as long as there is one,
    the site can be read.
    """
    why = _why_not_ready()
    if why is None:
        return JsonResponse({"status": "ready"})
    return JsonResponse({"status": "not ready", "why": why}, status=503)


_ANSWERS = {"/health/live": _live, "/health/ready": _ready}


def _why_not_ready():
    try:
        with limit_statements(_PATIENCE):
            missing = migrations_known() - _migrations_applied(replicas.chosen())
    except Error:
        return "The database does not answer."
    if missing:
        return f"{len(missing)} migrations are not applied: run manage.py migrate."
    return None


def _migrations_applied(alias):
    try:
        rows = MigrationRecorder.Migration.objects.using(alias)
        return set(rows.values_list("app", "name"))
    except ProgrammingError:
        return set()  # not even the table of them is there
