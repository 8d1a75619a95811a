"""The application that gunicorn or granian serves."""

import os

from django.conf import settings
from django.core.signals import request_finished
from django.core.wsgi import get_wsgi_application

from .loading import load_all
from .upkeep import Upkeep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "franchise.settings")

application = get_wsgi_application()
load_all()
request_finished.connect(Upkeep(), weak=False)

if settings.PAGE_CACHE_MB:
    # It reads models, which are there only now.
    from catalog.edge import Edge

    application = Edge(application, size=settings.PAGE_CACHE_MB * 2**20)
