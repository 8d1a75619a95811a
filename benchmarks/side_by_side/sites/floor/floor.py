"""The least that Django can answer: one view, no middleware, no database, no template."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path


def hello(request):
    return HttpResponse("Hello, world")


settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="for the benchmark only",  # noqa: S106 - it protects nothing
)
urlpatterns = [path("", hello)]
application = get_wsgi_application()
